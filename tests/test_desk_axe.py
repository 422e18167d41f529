"""Every page of the desk and of the patient's app can be used by those who see little, hear it read out, or have no mouse: axe finds nothing.

axe judges text only where it is on the screen, so the windows are tall enough for whole pages, with everything unfolded.
"""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from hipcv.catalogues.words import texts
from hipcv.desk.reply import write_reply
from hipcv.store.reviews import Reviews
from hipcv.store.settings import DESK, remember
from hipcv.store.store import Store
from tests.browser import DESKTOP, PHONE, browser, needs_browser, serve, settle, window
from tests.practice import fill
from tests.tiers import release
from tests.visits import add_visit

EN = texts("en")
pytestmark = [needs_browser, pytest.mark.pose, pytest.mark.slow]
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
TALL = 6000
TABLET_WIDTH = 820
PHONE_LIGHT, PHONE_DARK, TABLET_LIGHT, TABLET_DARK, DESKTOP_LIGHT, DESKTOP_DARK = (
    (width, scheme) for width in (PHONE["width"], TABLET_WIDTH, DESKTOP["width"]) for scheme in ("light", "dark")
)
LOOKS = [
    pytest.param((PHONE_LIGHT, DESKTOP_DARK), id="phone light, desktop dark"),
    pytest.param((PHONE_DARK, DESKTOP_LIGHT), id="phone dark, desktop light", marks=pytest.mark.release),
    pytest.param((TABLET_LIGHT, TABLET_DARK), id="tablet", marks=pytest.mark.release),
]
STAGE, ROW, CHART = ".stage .shank", ".row", "svg.marks"
"""What is drawn by scripts, and so comes after the page."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("practice"), "127.0.0.1", "--desk") as running:
        yield running


@pytest.fixture(scope="module")
def store(server):
    opened = Store(server.data)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def practice(store, kept_record):
    return fill(store, [kept_record])


@pytest.fixture(scope="module")
def home(store, practice, kept_record, tmp_path_factory):
    """The same installation as the app of one person, who has visits and an answer."""
    remember(store, DESK, False)
    for day in (0, 14):
        visit = add_visit(store, kept_record, day, "Week")
    answer = tmp_path_factory.mktemp("answer") / "answer.hipcv"
    write_reply(store, Reviews(store).signatures(practice.signed)[-1], answer)
    return visit.id, answer


@pytest.fixture(scope="module")
def opened(server):
    with browser() as chromium, window(chromium, {"width": PHONE["width"], "height": TALL}, [], reduced_motion="reduce") as page:
        yield page


@pytest.fixture(params=LOOKS)
def page(request, opened):
    opened.looks = request.param
    look_like(opened, opened.looks[0])
    return opened


def look_like(page, look):
    """Another width and another theme, as when a window is drawn larger or night falls."""
    width, scheme = look
    page.set_viewport_size({"width": width, "height": TALL})
    page.emulate_media(color_scheme=scheme)


_FILLED = "[...document.querySelectorAll('details[open] [data-testid=stExpanderDetails]')].every(one => one.innerText.trim())"
"""The content of what is unfolded comes from the server only afterwards."""
_AT_REST = "[...document.querySelectorAll('details')].every(one => !one.style.height && !one.getAnimations().length)"
"""While a fold still opens, which takes Streamlit half a second, its edge lies across what is in it."""


def go(page, server, address, *drawn):
    """Open a page and unfold everything on it."""
    page.goto(f"{server.url}/{address}")
    settle(page)
    unfold(page)
    for selector in drawn:
        page.locator(selector).first.wait_for(state="attached")
    settle(page)


def unfold(page):
    """Everything on a page, with its content."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
    page.wait_for_function(_FILLED)


def in_the_way(page) -> Iterator[str]:
    """What axe finds, by law or by good practice, and does not call minor, one line each."""
    for found in Axe().run(page, options=RULES).response["violations"]:
        for node in found["nodes"] if found["impact"] != "minor" else ():
            yield f"{found['id']} {json.dumps(node['target'])}\n  {node['html'][:200]}\n  {node['failureSummary']}"


def assert_usable(page):
    """In both looks."""
    for look in page.looks:
        look_like(page, look)
        page.wait_for_function("scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme", arg=look[1])
        settle(page)
        page.wait_for_function(_AT_REST)
        assert "\n".join(in_the_way(page)) == "", look


# ---------------------------------------------------------------- the desk
@pytest.mark.parametrize("address", ["inbox", *release("people", "agreement")])
def test_an_empty_desk(page, server, address):
    go(page, server, address)
    assert_usable(page)


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("inbox", [ROW]),
        ("people", [ROW]),
        ("person?person={person}", [ROW, CHART]),
        ("review?visit={waiting}", [STAGE]),
        ("review?visit={corrected}", [STAGE]),
        ("review?visit={signed}", [STAGE]),
        pytest.param("result?visit={signed}", [CHART], marks=pytest.mark.release),  # as at home
        ("agreement", [CHART]),
        ("desk", []),
    ],
    ids=["inbox", "people", "person", "waiting", "corrected", "signed", "result", "agreement", "settings"],
)
def test_a_desk_at_work(page, server, practice, address, drawn):
    go(page, server, address.format(**vars(practice)), *drawn)
    assert_usable(page)


def test_tools_of_a_review(page, server, practice):
    go(page, server, f"review?visit={practice.waiting}", STAGE)
    page.get_by_role("button", name=EN["review.stage.add"], exact=True).click()
    assert_usable(page)
    page.get_by_role("button", name=EN["review.stage.cancel"]).click()
    page.get_by_role("button", name=EN["review.stage.vertical"]).click()
    page.locator(".compare .shank").first.wait_for()
    page.get_by_role("button", name=EN["review.move"]).click()
    page.get_by_role("button", name=EN["review.give_nobody"]).wait_for()
    assert_usable(page)


def test_a_question_before_something_is_lost(page, server, practice):
    go(page, server, f"review?visit={practice.waiting}", STAGE)
    page.get_by_role("button", name=EN["visits.delete"], exact=True).click()
    page.get_by_role("dialog").wait_for()
    assert_usable(page)


# ---------------------------------------------------------------- the app of one person
@pytest.mark.parametrize("address", ["", "guide", "visits", "stored", "about"])
def test_the_app_of_one_person(page, server, home, address):
    go(page, server, address, *([CHART] if address == "visits" else []))
    assert_usable(page)


def test_a_result_at_home(page, server, home):
    go(page, server, f"result?visit={home[0]}", CHART)
    assert_usable(page)


def test_an_answer_that_is_opened(page, server, home):
    go(page, server, "open")
    assert_usable(page)
    page.locator("input[type=file]").set_input_files(home[1])
    page.get_by_text(EN["open.answer.heading"]).wait_for()
    settle(page)
    unfold(page)
    page.locator(CHART).first.wait_for(state="attached")
    assert_usable(page)
