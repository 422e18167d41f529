"""The whole way in a real browser, on a phone's screen and on a desk's: upload, wait, read, play, take along."""

import re
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from hipcv.catalogues.words import Words, texts
from hipcv.jobs.queue import Queue
from hipcv.language import sentences
from hipcv.records.sealed_file import ENDING, unpack
from hipcv.rendering.leg_film import kept_view, leg_view
from hipcv.store.job import Camera, Request
from hipcv.store.store import Store
from tests.browser import DESKTOP, PHONE, browser, choose, measure_as, needs_browser, serve, settle, upload, window
from tests.conftest import SAMPLES
from tests.tiers import release
from tests.variants import rewritten

EN = texts("en")
TITLE = "After *the* holidays, see www.example.org"
pytestmark = [needs_browser, pytest.mark.pose]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running
        assert running.process.poll() is None, running.output.read_text()
        assert running.foreign_contacts() == ""
        assert "Traceback" not in running.output.read_text()


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(params=[PHONE, *release(DESKTOP)], ids=["phone", "desktop"])
def page(request, chromium, server):
    asked = []
    with window(chromium, request.param, asked) as opened:
        opened.goto(server.url)
        yield opened
    assert {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in {"data", "blob"}} == {"127.0.0.1"}


def numbers(page):
    """The table of the result, as `hipcv measure` prints it."""
    cells = page.locator(".hipcv-table tbody td").all_inner_texts()
    return [re.sub(r"\s*\n\s*(.+)", r" (\1)", cell.strip()).replace(" … ", " to ") for cell in cells[:9]]


def expected(measurement):
    return [cell for row in sentences.table_rows(measurement)[:3] for cell in row[1:]]


def wait_for_result(page):
    """However busy the machine is: a job that is left over would be in the way of the tests that follow."""
    page.get_by_role("heading", name=EN["result.title"], exact=True).wait_for(timeout=240_000)
    page.locator(".hipcv-table").first.wait_for()


def download(page, label):
    settle(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name=label).click()
    return Path(coming.value.path()).read_bytes()


def sent_file(page, folder, *shared):
    """What the therapist gets, opened into a new folder; the button names what is in it."""
    button = Words()("result.share_file_with", shared=shared) if shared else EN["result.share_file"]
    folder.mkdir()
    sent = folder.with_suffix(ENDING)
    sent.write_bytes(download(page, button))
    return unpack(sent, folder)


def test_an_uploaded_clip_becomes_the_numbers_of_the_command_line_a_video_and_a_report(page, server, memory, measured_sample, tmp_path):
    wanted = expected(measured_sample("p06_asym"))
    with server.remembering(memory):
        upload(page, SAMPLES / "p06_asym.mp4", title=TITLE)
        wait_for_result(page)
    assert numbers(page) == wanted
    assert_fits(page)
    assert TITLE in page.get_by_text(TITLE[:9]).first.inner_text().replace("\u2060", "")
    assert page.get_by_role("link", name="example").count() == 0
    settle(page)
    page.get_by_text(EN["result.video"], exact=True).click()
    video = page.locator("video")
    video.wait_for()
    page.wait_for_function("document.querySelector('video').readyState >= 2")
    page.wait_for_function("[...document.querySelectorAll('.hipcv-stills img')].length == 4")
    video.evaluate("video => video.play()")
    page.wait_for_function("document.querySelector('video').currentTime > 0.2")

    report_text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(download(page, EN["result.pdf"]))).pages)
    for cell in wanted:
        assert re.sub(r"\s", "", cell) in re.sub(r"\s", "", report_text)
    received, facts = sent_file(page, tmp_path / "with legs", "legs")
    assert expected(received.measurement) == wanted
    assert facts["title"] == ""
    assert kept_view(received) == leg_view(measured_sample("p06_asym"))
    page.get_by_text(EN["result.share_legs"]).click()
    assert sent_file(page, tmp_path / "numbers only")[0].leg_film is None
    page.get_by_text(EN["result.share_words"]).click()
    assert sent_file(page, tmp_path / "with words", "title", "note")[1]["title"] == TITLE
    assert not list((server.data / "jobs").iterdir())


@pytest.mark.release
def test_a_refresh_in_the_middle_neither_restarts_nor_loses_the_measuring(page, server):
    before = len(list((server.data / "visits").iterdir()))
    page.get_by_role("button", name=EN["measure.sample"]).click()
    page.get_by_text(re.compile("^Measuring( …|:)")).wait_for()
    page.reload()
    page.get_by_text(re.compile("^Measuring( …|:)")).wait_for()
    wait_for_result(page)
    assert len(list((server.data / "visits").iterdir())) == before + 1


@pytest.mark.release
def test_the_first_look_is_shown_and_cancel_ends_it_and_leaves_nothing(page, server):
    wait_until_idle(server)  # the pictures of a test before this one may still be drawn
    before = len(list((server.data / "visits").iterdir()))
    upload(page, SAMPLES / "p07_oneleg.mp4")
    page.wait_for_url(re.compile("job="))
    page.get_by_test_id("stProgress").wait_for()
    page.wait_for_function(_IN_VIEW)
    page.locator("summary", has_text=re.compile(r"First look: \d of \d fine")).click()
    page.get_by_text(EN["measure.glance.one_person"]).first.wait_for()
    page.get_by_role("button", name=EN["measure.job.cancel"], exact=True).click()  # not the one of a file that is still coming
    page.get_by_text("p07_oneleg.mp4: cancelled").wait_for()
    wait_until_idle(server)
    assert len(list((server.data / "visits").iterdir())) == before


@pytest.mark.slow
def test_a_picture_that_lies_is_turned_and_measured(page, server, tmp_path):
    lies = rewritten("p07_oneleg", tmp_path / "lies.mp4", np.rot90, keep=lambda index: index < 100)
    settle(page)
    page.locator("input[type=file]").set_input_files(lies)
    page.get_by_text(EN["measure.ask.lies"]).wait_for()
    page.get_by_role("button", name=EN["measure.ask.turn"]).click()
    page.get_by_text(EN["measure.ask.lies"]).wait_for(state="detached")
    page.wait_for_function("[...document.querySelectorAll('[data-testid=stImage] img')].every(one => one.naturalWidth > one.naturalHeight)")
    page.get_by_test_id("stRadio").get_by_text(EN["measure.ask.first"], exact=True).click()
    page.get_by_role("radio", name=EN["measure.ask.first"], checked=True).wait_for(state="attached")
    page.get_by_role("button", name=EN["measure.ask.measure"], exact=True).click()
    wait_for_result(page)
    assert "°" in numbers(page)[0]


def chosen_in(page, server):
    """The files that wait, once this page has chosen one."""
    page.goto(server.url)
    choose(page, SAMPLES / "p07_oneleg.mp4")
    return {file.name for file in (server.data / "uploads").iterdir()}


@pytest.mark.release
def test_a_chosen_video_waits_as_long_as_its_tab_is_open_and_no_longer(chromium, server):
    """Who is asked which picture is right may first have to look for their glasses."""
    uploads = server.data / "uploads"
    with window(chromium, PHONE, []) as thinking:
        with window(chromium, PHONE, []) as closed:
            (first,) = chosen_in(thinking, server)
            (other,) = chosen_in(closed, server) - {first}
        thinking.wait_for_timeout(21_000)
        assert (uploads / first).exists()
        assert not (uploads / other).exists()
        measure_as(thinking, "first")
        thinking.wait_for_url(re.compile("job="))
        thinking.get_by_role("button", name=EN["measure.job.cancel"], exact=True).click()
        thinking.get_by_text("p07_oneleg.mp4: cancelled").wait_for()
    wait_until_idle(server)


@pytest.mark.release
def test_on_visits_a_result_that_comes_is_told_and_one_press_away(page, server):
    wait_until_idle(server)
    store = Store(server.data)
    Queue(store).add(SAMPLES / "p07_oneleg.mp4", "meanwhile.mp4", Request(Camera.BACK), copy=True)
    store.engine.dispose()
    page.goto(f"{server.url}/visits")
    page.get_by_test_id("stProgress").wait_for()
    page.get_by_text("The result of meanwhile.mp4 is ready.").wait_for(timeout=240_000)
    page.get_by_role("link", name=EN["measure.job.result"]).click()
    wait_for_result(page)


def shown_below(chip):
    """The sentence under a file that was not taken."""
    return chip.evaluate("""one => getComputedStyle(one, "::after").content.split('"')[1]""")


@pytest.mark.slow
def test_a_file_that_cannot_be_taken_is_told_why(page, tmp_path):
    large = tmp_path / "holiday.mp4"
    with large.open("wb") as file:
        file.truncate(600_000_000)
    (tmp_path / "notes.txt").write_text("no video")
    for name, why in ((large.name, EN["app.too_large"].format(megabytes=500)), ("notes.txt", EN["app.wrong_kind"])):
        page.reload()
        settle(page)
        page.locator("input[type=file]").set_input_files(tmp_path / name)
        chip = page.get_by_test_id("stFileChip")
        expect(chip.locator("[role=alert]")).to_have_text(why)
        assert shown_below(chip) == why
        assert_fits(page)


@pytest.mark.slow
def test_a_file_that_could_not_be_sent_is_said_and_can_be_chosen_again(page):
    settle(page)
    page.route("**/_stcore/upload_file/**", lambda route: route.abort())
    page.locator("input[type=file]").set_input_files(SAMPLES / "p07_oneleg.mp4")
    failed = page.get_by_test_id("stFileChip")
    page.wait_for_function(
        "document.querySelector('[data-testid=stFileChip] [role=alert]')?.textContent === TEXT".replace("TEXT", repr(EN["app.not_sent"]))
    )
    assert shown_below(failed) == EN["app.not_sent"]
    assert failed.get_by_role("button", name=f"{EN['app.remove']}: p07_oneleg.mp4", exact=True).count() == 1
    assert_fits(page)
    page.unroute("**/_stcore/upload_file/**")
    with page.expect_file_chooser() as coming:
        page.locator("[data-testid=stFileUploaderDropzone] button:not([data-testid=stFileChip] *)").click()
    coming.value.set_files(SAMPLES / "p07_oneleg.mp4")
    page.get_by_test_id("stRadio").wait_for()
    page.get_by_role("button", name=EN["measure.ask.other"]).click()
    page.get_by_role("button", name=EN["measure.ask.other"]).wait_for(state="detached")


def wait_until_idle(server):
    """Until no job is left, which a busy machine may take its time for."""
    end = time.monotonic() + 60
    while list((server.data / "jobs").iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not list((server.data / "jobs").iterdir())


_IN_VIEW = """() => {
    const box = document.querySelector("[data-testid=stProgress]").getBoundingClientRect();
    return box.top > 0 && box.bottom < innerHeight;
}"""


@pytest.mark.slow
def test_a_bad_file_is_one_sentence(page, server, tmp_path):
    bad = tmp_path / "holiday #1.mp4"
    bad.write_bytes(b"not a video")
    settle(page)
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_text("holiday #1.mp4: this is not a video").wait_for()
    assert page.get_by_text("Traceback").count() == 0
    page.get_by_role("button", name=EN["measure.job.again"]).click()
    page.get_by_text("holiday #1.mp4: this is not a video").wait_for(state="detached")


@pytest.mark.parametrize("name", ["measure", "guide", "visits", "open", "stored", "about"])
def test_no_page_is_wider_than_the_screen(page, server, name):
    page.goto(f"{server.url}/{name}")
    assert_fits(page)


def assert_fits(page):
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_who_uses_the_keyboard_sees_where_they_are(page):
    page.get_by_role("heading", name=EN["measure.title"]).wait_for()
    page.locator("[data-testid=stHtml] style").first.wait_for(state="attached")
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        kind, outlined = page.evaluate(_FOCUS)
        assert outlined, page.evaluate("document.activeElement.outerHTML")
        seen.add(kind)
    assert seen >= {"A", "BUTTON"}


_FOCUS = """() => {
    const focused = document.activeElement, label = focused.closest("label");
    const outlined = [focused, label].some(one => one && getComputedStyle(one).outlineStyle == "solid");
    const kind = focused.type == "radio" ? "RADIO" : focused.tagName;
    return [kind, outlined || !["A", "BUTTON", "RADIO"].includes(kind)];
}"""


def test_the_page_says_in_which_language_it_is(page, server):
    page.goto(f"{server.url}/about?lang=de")
    page.get_by_role("heading", name=texts("de")["about.title"], exact=True).wait_for()
    page.wait_for_function("document.documentElement.lang == 'de'")


def test_no_developer_menu_is_shown(page):
    page.get_by_role("heading", name=EN["measure.title"]).wait_for()
    assert page.get_by_test_id("stMainMenu").count() == 0
    assert page.get_by_text("Deploy").count() == 0
