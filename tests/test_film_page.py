"""The page that films, in a real Chromium whose camera plays clips: from the first look to the numbers, and what goes wrong on the way."""

import json
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from hipcv.catalogues.words import texts
from hipcv.codes import Quantity
from hipcv.jobs.queue import Queue
from hipcv.landmarks import Side
from hipcv.settings import Mirrored, Settings
from hipcv.store.job import ACTIVE, State
from hipcv.store.store import Store
from tests.browser import DESKTOP, PHONE, needs_browser, serve, window
from tests.conftest import SAMPLES
from tests.fake_camera import WRONG, browser_with_camera, pictures, write_mjpeg
from tests.tiers import release

EN = texts("en")
CLIP = SAMPLES / "p01_front.mp4"
WITHIN_DEG = 1.5
SHARED = Path(__file__).resolve().parents[2] / "shared"
LYING = {"width": 844, "height": 390}
LEAST_TEXT_SHARE = 0.06
"""Of the height of the screen, to be read from 2.5 m."""
pytestmark = [needs_browser, pytest.mark.pose, pytest.mark.slow]


@pytest.fixture(scope="module")
def sample_film(tmp_path_factory):
    """The sample clip as a camera would give it, still for the first seconds."""
    return write_mjpeg(pictures(CLIP, still_s=7), tmp_path_factory.mktemp("camera") / "sample.mjpeg")


@pytest.fixture
def server(tmp_path):
    with serve(tmp_path) as running:
        yield running
        assert "Traceback" not in running.output.read_text()
        assert running.foreign_contacts() == ""


def open_film(page, server, camera="user"):
    page.goto(f"{server.url}/film/?lang=en")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    page.locator(f"input[value={camera}]").check()
    page.locator("#begin").click()


def coach(page):
    """What the coach says of itself."""
    return json.loads(page.locator("html").get_attribute("data-coach") or "{}")


def wait_for(page, is_so, seconds=90):
    """Until the coach is so; returns what it says then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (now := coach(page)) and is_so(now):
            return now
        page.wait_for_timeout(100)
    raise AssertionError(coach(page))


def has_counted(now):
    """Whether a movement is there that must not be lost."""
    return now["counts"]["right"]["internal"] >= 1


def jobs(server):
    store = Store(server.data)
    try:
        return Queue(store).jobs(*ACTIVE, State.DONE, State.FAILED)
    finally:
        store.engine.dispose()


def left_over(server):
    return [path.name for path in (server.data / "uploads").iterdir()]


# ---------------------------------------------------------------- all the way
PROMISED_LOOKS_PER_S = 8
"""With fewer, as on a busy machine, the coach may ask for a movement again that was held."""


def test_a_good_clip_is_green_counted_recorded_sent_and_measured(server, sample_film, measured_sample):
    told, looks_per_s = assert_all_the_way(server, sample_film, measured_sample("p01_front"))
    counts = Counter((side, way) for side, way, against in told if not against)
    every_movement = {(side, way) for side in ("left", "right") for way in ("external", "internal")}
    asked_again = sum(bool(against) for *_, against in told)
    assert set(counts) == every_movement, told
    assert min(counts.values()) >= 3, told
    assert looks_per_s < PROMISED_LOOKS_PER_S or asked_again <= 1, told  # one may fall into a moment in which the machine stands still
    assert asked_again or max(counts.values()) == 3, told  # the clip is played on, so others are counted more often


@pytest.mark.release
@pytest.mark.parametrize("clip", ["p02_front_woman", "p06_asym"])
def test_other_people_are_measured_all_the_way(clip, server, tmp_path, memory):
    path = next((one for one in (SAMPLES / f"{clip}.mp4", SHARED / "clips" / f"{clip}.mp4") if one.exists()), None)
    if path is None:
        pytest.skip("needs the shared clips")
    film = write_mjpeg(pictures(path, still_s=7), tmp_path / "camera.mjpeg")
    told, _ = assert_all_the_way(server, film, memory.measure(path, settings=Settings(mirrored=Mirrored.NO)))
    for side in ("left", "right"):
        for way in ("external", "internal"):
            assert told.count((side, way, "")) >= 3, told  # two of a clip, which is played again


def assert_all_the_way(server, film, measured):
    """From the first look to numbers like those of the clip itself; returns what the coach told of each movement, and its looks a second."""
    asked = []
    with browser_with_camera(film) as chromium, window(chromium, PHONE, asked) as page:
        open_film(page, server)
        every_check = {key.removeprefix("film.checked.") for key in EN if key.startswith("film.checked.")}
        wait_for(page, lambda now: set(now["fine"]) == every_check)
        wait_for(page, lambda now: now["phase"] == "countdown", 10)
        page.wait_for_url("**/?job=*", timeout=180_000)
        page.get_by_role("heading", name=EN["result.title"], exact=True).wait_for(timeout=180_000)
    assert {urlsplit(url).hostname for url in asked if urlsplit(url).scheme in {"http", "https", "ws", "wss"}} == {"127.0.0.1"}
    store = Store(server.data)
    (visit,) = store.visits()
    store.engine.dispose()
    filmed = visit.document["filmed"]
    assert (filmed["camera"], filmed["ended"], visit.document["mirrored"]) == ("user", "complete", False)
    for side in Side:
        for quantity in Quantity:
            span = visit.document["hips"][side.value][quantity.field]
            assert span["value"] == pytest.approx(measured.hips[side][quantity].value, abs=WITHIN_DEG), (side, quantity)
    assert left_over(server) == []
    return [(one["side"], one["direction"], one["against"]) for one in filmed["movements"]], filmed["looks_per_s"]


# ---------------------------------------------------------------- what is wrong before
@pytest.mark.release
@pytest.mark.parametrize(
    ("clip", "expected"),
    [pytest.param("off_protocol/p14_yaw22.mp4", {"check.front.from_left", "check.front.from_right"}, id="22 degrees aside")],
)
def test_a_clip_that_is_wrong_by_itself_is_told(clip, expected, server, tmp_path):
    if not (SHARED / clip).exists():
        pytest.skip("needs the shared clips")
    film = write_mjpeg(pictures(SHARED / clip), tmp_path / "wrong.mjpeg")
    assert_told(film, expected, server)


@pytest.mark.parametrize("name", ["level", *release(*(name for name in WRONG if name != "level"))])
def test_what_is_wrong_is_said_and_nothing_starts(name, server, tmp_path):
    alter, expected = WRONG[name]
    assert_told(write_mjpeg(pictures(CLIP), tmp_path / "wrong.mjpeg", alter), expected, server)


def assert_told(film, expected, server):
    """The coach says what is wrong, and does not begin."""
    with browser_with_camera(film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        assert wait_for(page, lambda now: now["say"].startswith("check."), 20)["say"] in expected
        expect(page.locator("#say")).to_have_text(EN[f"film.{coach(page)['say']}"])
        end = time.monotonic() + 8
        while time.monotonic() < end:
            assert coach(page)["phase"] == "setup", coach(page)
            page.wait_for_timeout(200)
    assert jobs(server) == []


# ---------------------------------------------------------------- for everybody
LOOKS = [(size, scheme) for size in (PHONE, DESKTOP, LYING) for scheme in ("light", "dark")]


@pytest.mark.parametrize(
    ("size", "scheme"), [LOOKS[0], *(pytest.param(*look, marks=pytest.mark.release) for look in LOOKS[1:])], ids=lambda one: str(one)
)
def test_axe_finds_nothing_and_what_is_said_can_be_read_from_afar(size, scheme, server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, size, [], color_scheme=scheme) as page:
        page.goto(f"{server.url}/film/?lang=de")
        page.locator("html[data-ready=yes]").wait_for(state="attached")
        assert in_the_way(page) == []
        button = page.locator("#begin").bounding_box()
        assert button["y"] + button["height"] <= size["height"], "what begins it is not on the first screen"
        page.locator("#begin").click()
        wait_for(page, lambda now: now["phase"] == "setup")
        assert in_the_way(page) == []
        wait_for(page, lambda now: now["phase"] == "test")
        assert in_the_way(page) == []
        text_px = float(page.locator("#say").evaluate("say => getComputedStyle(say).fontSize").removesuffix("px"))
        assert text_px >= LEAST_TEXT_SHARE * size["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.context.set_offline(True)  # a busy machine may have counted a movement by now, which would be sent and its progress opened
        page.locator("#end").click()
        page.locator("#after-title").wait_for()
        assert in_the_way(page) == []


def in_the_way(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:100]) for one in found if one["impact"] != "minor"]


# ---------------------------------------------------------------- what goes wrong with camera, page and server
@pytest.mark.release
def test_no_camera_is_said_and_the_upload_stays(server):
    with browser_with_camera(None) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        expect(page.locator("#after-title")).to_have_text(EN["film.after.none.title"])
        page.locator("#choose").click()
        page.get_by_role("heading", name=EN["measure.title"], exact=True).wait_for()


def test_a_camera_that_may_not_be_used_is_said(server, sample_film):
    with browser_with_camera(sample_film, "--deny-permission-prompts", allowed=False) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        expect(page.locator("#after-title")).to_have_text(EN["film.after.refused.title"])
        expect(page.locator("#film-again")).to_be_visible()
    assert (jobs(server), left_over(server)) == ([], [])


@pytest.mark.release
def test_a_page_that_is_loaded_again_keeps_nothing_half(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        open_film(page, server)
        wait_for(page, lambda now: now["phase"] == "test")
        page.reload()
        page.locator("#begin").wait_for()
        assert coach(page) == {}
    assert (jobs(server), left_over(server)) == ([], [])


@pytest.mark.release
def test_a_pause_starting_over_and_ending_by_key(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        wait_for(page, lambda now: now["phase"] == "test")
        page.keyboard.press("p")
        assert wait_for(page, lambda now: now["phase"] == "paused", 5)["say"] == "paused.asked"
        page.keyboard.press("p")
        wait_for(page, lambda now: now["phase"] in {"test", "countdown"}, 5)
        page.keyboard.press("r")
        wait_for(page, lambda now: now["phase"] == "setup", 5)
        page.keyboard.press("Escape")
        expect(page.locator("#begin")).to_be_visible()
    assert (jobs(server), left_over(server)) == ([], [])


@pytest.mark.release
def test_a_camera_that_is_lost_before_any_movement_keeps_nothing(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        wait_for(page, lambda now: now["phase"] == "countdown")
        page.locator("#video").evaluate("video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
        expect(page.locator("#after-title")).to_have_text(EN["film.after.lost.title"])
    assert (jobs(server), left_over(server)) == ([], [])


@pytest.mark.release
def test_a_camera_that_is_lost_in_the_middle_loses_nothing_that_was_whole(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        wait_for(page, has_counted)
        page.locator("#video").evaluate("video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
        page.wait_for_url("**/?job=*")
    (job,) = jobs(server)
    assert job.request.filmed["ended"] == "lost"


@pytest.mark.release
def test_a_page_that_is_hidden_waits(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        wait_for(page, lambda now: now["phase"] == "test")
        page.evaluate(_HIDE, True)
        assert wait_for(page, lambda now: now["phase"] == "paused", 5)["say"] == "paused.hidden"
        page.evaluate(_HIDE, False)
        page.keyboard.press("p")
        wait_for(page, lambda now: now["phase"] == "test", 5)


_HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""As the browser tells it; one without a screen shows all its pages at once."""


@pytest.mark.release
def test_a_server_that_is_restarted_in_the_middle_loses_nothing(tmp_path, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        with serve(tmp_path) as before:
            open_film(page, before)
            wait_for(page, has_counted)
        page.locator("#end").click()
        expect(page.locator("#after-text")).to_have_text(EN["film.not_sent"])
        with serve(tmp_path, port=urlsplit(before.url).port) as after:
            page.locator("#retry").click()
            page.wait_for_url("**/?job=*")
            (job,) = jobs(after)
    assert job.request.filmed["ended"] == "asked"


@pytest.mark.release
def test_a_server_that_does_not_answer_loses_nothing(server, sample_film):
    with browser_with_camera(sample_film) as chromium, window(chromium, PHONE, []) as page:
        open_film(page, server)
        wait_for(page, has_counted)
        page.context.set_offline(True)
        page.locator("#end").click()
        expect(page.locator("#after-text")).to_have_text(EN["film.not_sent"])
        assert page.locator("#save").get_attribute("href").startswith("blob:")
        page.context.set_offline(False)
        page.locator("#retry").click()
        page.wait_for_url("**/?job=*")
    (job,) = jobs(server)
    assert job.request.filmed["ended"] == "asked"
