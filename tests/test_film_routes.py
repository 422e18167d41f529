"""What the page that films may ask of the server, and what it gets."""

import hashlib
import json
import re
from functools import partial

import pytest

from hipcv.catalogues.words import languages, texts
from hipcv.filmed import filmed_of
from hipcv.jobs.supervisor import Supervisor
from hipcv.store.job import Camera, State
from hipcv.store.store import Store
from hipcv.web.server import film_routes
from hipcv.web.server.film_files import VENDOR, VENDOR_SHA256, file_named
from hipcv.web.server.open_tabs import OpenTabs
from hipcv.web.server.service import Service
from tests.asgi import ask

ABOUT = {
    "camera": "user",
    "ended": "complete",
    "looks_per_s": 9.5,
    "movements": [{"side": "left", "direction": "internal", "start_s": 1.0, "end_s": 3.0, "hold_s": [1.5, 2.5], "against": ""}],
}
MARKED = {"X-Hipcv-Film": "yes", "Content-Type": "video/webm"}


@pytest.fixture
def service(tmp_path):
    store = Store(tmp_path / "data")
    supervisor = Supervisor(store)
    yield Service(store, supervisor.queue, supervisor, OpenTabs())
    store.engine.dispose()


@pytest.fixture
def client(service):
    """Asks for a path."""
    return partial(ask, film_routes.routes(lambda: service))


def send(client, about=ABOUT, body=b"a film", **headers):
    return client("/film/clip", method="POST", query={"about": json.dumps(about), "lang": "en"}, headers={**MARKED, **headers}, body=body)


def left_over(service):
    return list(service.store.uploads.iterdir())


def test_a_recording_goes_into_the_queue_with_what_the_coach_saw(client, service):
    answer = send(client)
    assert answer.status == 201
    (job,) = service.queue.jobs(State.WAITING)
    assert (job.id, job.request.camera, job.name[-5:]) == (answer.json()["job"], Camera.BACK, ".webm")
    assert filmed_of(job.request.filmed) == filmed_of(ABOUT)
    assert (service.store.job_folder(job.id) / "clip").read_bytes() == b"a film"
    assert left_over(service) == []


@pytest.mark.parametrize(
    ("status", "about", "body", "headers"),
    [
        pytest.param(403, ABOUT, b"x", {"Sec-Fetch-Site": "cross-site"}, id="from another site"),
        pytest.param(403, ABOUT, b"x", {"Content-Type": "text/html"}, id="no video"),
        pytest.param(400, {}, b"x", {}, id="nothing told"),
        pytest.param(400, [], b"x", {}, id="a list"),
        pytest.param(400, {**ABOUT, "camera": "../../x"}, b"x", {}, id="an unknown camera"),
        pytest.param(400, {**ABOUT, "looks_per_s": float("nan")}, b"x", {}, id="no number"),
        pytest.param(400, {**ABOUT, "movements": ABOUT["movements"] * 201}, b"x", {}, id="too many movements"),
        pytest.param(400, {**ABOUT, "movements": [{**ABOUT["movements"][0], "start_s": 1e9}]}, b"x", {}, id="far too late"),
        pytest.param(413, ABOUT, b"", {}, id="empty"),
    ],
)
def test_what_is_no_recording_of_ours_is_refused_and_leaves_nothing(status, about, body, headers, client, service):
    answer = send(client, about, body, **headers)
    assert answer.status == status
    assert answer.json()["problem"] == texts("en")["film.not_taken"]
    assert (service.queue.jobs(), left_over(service)) == ([], [])


def test_without_its_mark_nothing_is_taken(client, service):
    answer = client("/film/clip", method="POST", query={"about": json.dumps(ABOUT)}, headers={"Content-Type": "video/webm"}, body=b"x")
    assert answer.status == 403
    assert service.queue.jobs() == []


def test_a_recording_that_is_too_large_leaves_nothing(client, service, monkeypatch):
    monkeypatch.setattr(film_routes.limits, "MAX_BYTES", 10)
    assert send(client, body=b"x" * 11).status == 413
    assert (service.queue.jobs(), left_over(service)) == ([], [])


@pytest.mark.parametrize(
    "name", ["", "main.js", "coach/coach.js", "eyes.js", "vendor/vision_bundle.cjs", "vendor/vision_wasm_internal.wasm", "lite.task"]
)
def test_the_files_of_the_page_come_with_a_policy_that_allows_this_machine_alone(name, client):
    answer = client(f"/film/{name}")
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy


@pytest.mark.parametrize(
    "name", ["../config.toml", "movements.toml", "package.json", "..%2Fconfig.toml", "vendor/", "vendor/LICENSE", "coach", "full.task"]
)
def test_nothing_else_is_served(name, client):
    assert client(f"/film/{name}").status == 404
    assert file_named(name) is None


@pytest.mark.parametrize("language", languages())
def test_every_text_of_the_page_is_in_its_language(language, client):
    words = client("/film/page.json", query={"lang": language}).json()["words"]
    assert words["title"] == texts(language)["film.title"]
    assert all(
        words[f"checked.{name}"] for name in re.findall(r'^  \["(\w+)", ', client("/film/coach/checks.js").body.decode(), re.MULTILINE)
    )


def test_what_others_wrote_is_unchanged():
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in VENDOR_SHA256} == VENDOR_SHA256
    assert (VENDOR / "LICENSE").is_file()
