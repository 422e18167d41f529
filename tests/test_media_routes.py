"""What the browser may ask for of a visit, and what it gets."""

from pathlib import Path

import pytest

from hipcv.jobs.supervisor import Supervisor
from hipcv.store.access import Action
from hipcv.store.store import Store, new_id
from hipcv.web.server import media_routes
from hipcv.web.server.open_tabs import OpenTabs
from hipcv.web.server.service import Service
from tests.asgi import ask

SERVED = {"figure.png": "image/png", "overlay.mp4": "video/mp4", "legs.mp4": "video/mp4", "right-0.jpg": "image/jpeg"}
KEPT_BACK = ["measurement.json", "arrays.npz", "legs.json", "video", "other.mp4", "other.jpg", "right-0.jpg.bak", ".right-0.jpg"]
CONTENT = bytes(range(200))


@pytest.fixture
def service(tmp_path):
    store = Store(tmp_path / "data")
    supervisor = Supervisor(store)
    return Service(store, supervisor.queue, supervisor, OpenTabs())


@pytest.fixture(params=["visits", "opened"])
def folder(request, service):
    """One of a visit that is kept, or of a file that is looked at; both hold more than is served."""
    made = service.store.folder / request.param / new_id()
    made.mkdir()
    for name in [*SERVED, *KEPT_BACK]:
        (made / name).write_bytes(CONTENT)
    return made


def answer(service, path, **headers):
    """Status, headers and body, for a path as it comes out of an address."""
    found = ask(media_routes.routes(lambda: service), path, headers=headers)
    return found.status, found.headers, found.body


@pytest.mark.parametrize("name", SERVED)
def test_pictures_and_films_are_served_and_stored_nowhere_else(service, folder, name):
    status, headers, body = answer(service, media_routes.address(folder, name))
    assert (status, headers["content-type"], body) == (200, SERVED[name], CONTENT)
    assert (headers["cache-control"], headers["cross-origin-resource-policy"]) == ("no-store", "same-origin")


def test_a_part_of_the_film_of_the_legs_is_served_alone(service, folder):
    status, headers, body = answer(service, media_routes.address(folder, "legs.mp4"), range="bytes=50-99")
    assert (status, headers["content-range"], body) == (206, "bytes 50-99/200", CONTENT[50:100])


@pytest.mark.parametrize("name", [*KEPT_BACK, "left-0.jpg", "../legs.mp4", "..", "", "LEGS.MP4", "legs.mp4\n", "right-٣.jpg"])
def test_nothing_else_of_a_visit_is_served(service, folder, name):
    assert answer(service, media_routes.address(folder, name))[0] == 404


@pytest.mark.parametrize("visit_id", ["0" * 32, "..", ".", "", "visits", "x" * 32, "A" * 32, "0" * 31, "0" * 32 + "\n", "٣" * 32])
def test_no_other_folder_is_served(service, folder, visit_id):
    """A folder lies there in each case; only that of a random id holds a visit."""
    (place := folder.parent / visit_id).mkdir(exist_ok=True)
    if visit_id != "0" * 32:
        (place / "legs.mp4").write_bytes(CONTENT)
    assert answer(service, f"/files/{visit_id}/legs.mp4")[0] == 404


def test_nothing_is_served_to_whoever_may_not_see_the_visit(service, folder):
    class Another:
        def allows(self, action, subject):
            return (action, subject) != (Action.SEE, folder.name)

    refusing = Store(service.store.folder, access=Another())
    asked = media_routes.address(folder, "legs.mp4")
    assert answer(service, asked)[0] == 200
    assert answer(Service(refusing, service.queue, service.supervisor, service.tabs), asked)[0] == 404
    refusing.engine.dispose()


def test_a_visit_is_found_without_looking_through_the_others(service, folder, monkeypatch):
    monkeypatch.setattr(Path, "iterdir", lambda path: pytest.fail(f"{path.name} was looked through"))
    assert answer(service, media_routes.address(folder, "legs.mp4"))[0] == 200
    assert answer(service, f"/files/{new_id()}/legs.mp4")[0] == 404
