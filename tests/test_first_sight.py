"""The patient's pages as they are met on a phone: what stands where, what a finger hits, and in whose language."""

import re
from datetime import date, timedelta

import icalendar
import pytest

from hipcv.catalogues.words import Words, texts
from hipcv.records.visit import Kind
from hipcv.store.store import Store
from hipcv.web.parts import reminder
from tests.browser import PHONE, browser, needs_browser, serve, settle, window
from tests.visits import add_visit

EN, DE = texts("en"), texts("de")
PAGES = ("measure", "guide", "result", "visits", "open", "stored", "about")
pytestmark = [needs_browser, pytest.mark.pose, pytest.mark.slow]

_TOO_SMALL = """() => {
  const kinds = 'a[href], button, summary, input, select, textarea, [role=button], [role=radio], [role=checkbox], [role=tab], [role=switch]';
  const hit = (one) => one.matches('input') ? one.closest('label') ?? one.parentElement : one;
  const hidden = (one) => one.type === 'file' || getComputedStyle(one).visibility === 'hidden' || !one.checkVisibility()
    || one.matches('p a, figcaption a, [data-testid=stSkipToContent]') || one.closest('[data-testid=stSidebar]')?.offsetWidth < 100;
  return [...document.querySelectorAll(kinds)].filter((one) => !hidden(one)).map((one) => [one, hit(one).getBoundingClientRect()])
    .filter(([one, box]) => box.width < 43.5 || box.height < 43.5)
    .map(([one, box]) => `${one.outerHTML.slice(0, 200)}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
}"""
_SPOKEN = """() => [...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].filter((one) => one.checkVisibility())
  .flatMap((one) => [one.ariaLabel, one.title, one.placeholder, one.alt]).filter(Boolean)"""
_ENGLISH = re.compile(
    r"\b(upload|browse|file|drag|drop|limit|per|download|open|close|delete|show|data|copy|full ?screen|view|expand|collapse|sidebar"
    r"|help|press|enter|apply|submit|choose|choosing|select|option|options|results?|search|link|heading|skip|content|the|and|of)\b",
    re.IGNORECASE,
)
"""Words that Streamlit writes, and that no German sentence has."""


@pytest.fixture(scope="module")
def server(tmp_path_factory, kept_record):
    with serve(tmp_path_factory.mktemp("home")) as running:
        store = Store(running.data)
        for day, kind in ((0, Kind.BEFORE), (0.02, Kind.AFTER), (14, Kind.SINGLE)):
            add_visit(store, kept_record, day, "", kind)
        store.engine.dispose()
        yield running


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def phone(chromium, server):
    with window(chromium, PHONE, [], has_touch=True, is_mobile=True) as page:
        yield page


def go(page, server, address, unfolded=False):
    page.goto(f"{server.url}/{address}")
    settle(page)
    if unfolded:
        page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
        page.wait_for_function("[...document.querySelectorAll('details[open]')].every(one => one.innerText.trim().includes('\\n'))")
        settle(page)


def bottom(page, locator):
    """The lower edge in the whole page."""
    box = locator.bounding_box()
    return box["y"] + box["height"] + page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")


# ---------------------------------------------------------------------- what stands where
def test_the_first_screen_has_the_test_one_sentence_and_two_large_buttons(phone, server):
    go(phone, server, "")
    film = phone.get_by_role("link", name=EN["measure.film_now"])
    choose = phone.get_by_test_id("stFileUploaderDropzone").locator("button")
    assert choose.get_attribute("aria-label") == EN["measure.choose"]
    drawing = phone.get_by_alt_text(EN["measure.test_alt"])
    assert drawing.evaluate("image => image.naturalWidth") > 0
    places = [bottom(phone, one) for one in (drawing, phone.get_by_text(EN["measure.intro"]), film, choose)]
    assert places == sorted(places)
    assert places[-1] <= PHONE["height"]
    for one in (film, choose):
        assert one.bounding_box()["height"] >= 60
    assert phone.get_by_test_id("stRadio").count() == 0


def test_the_name_stands_beside_the_menu(phone, server):
    go(phone, server, "")
    menu = phone.get_by_test_id("stExpandSidebarButton")
    assert "hipcv" in menu.evaluate("one => getComputedStyle(one, '::after').content")
    assert menu.get_attribute("aria-label") == EN["app.menu"]


def test_how_to_film_begins_with_its_pictures_and_has_one_red_box(phone, server):
    go(phone, server, "guide")
    box = phone.get_by_test_id("stAlert")
    assert box.count() == 1
    assert EN["guide.first.stop"] in box.inner_text()
    assert bottom(phone, phone.locator("[data-testid=stImage] img").first) < PHONE["height"]


def test_a_result_folds_its_details_before_the_fifth_screen(phone, server):
    go(phone, server, "result")
    folds = phone.locator("summary", has_text=EN["result.over_time"])
    assert bottom(phone, folds) <= 4 * PHONE["height"]
    parts = [
        phone.get_by_role("heading", level=2).first,
        phone.locator(".hipcv-arcs"),
        phone.locator(".hipcv-table"),
        phone.locator(".hipcv-stills"),
        folds,
    ]
    places = [bottom(phone, one) for one in parts]
    assert places == sorted(places)


def test_on_a_desk_the_film_is_no_higher_than_the_screen_and_has_a_name(chromium, server):
    with window(chromium, {"width": 1440, "height": 900}, []) as page:
        go(page, server, "result", unfolded=True)
        film = page.locator("video")
        film.wait_for()
        assert film.bounding_box()["height"] <= 900
        assert film.get_attribute("aria-label") == EN["result.video"]
        arcs, table = (page.locator(selector).bounding_box() for selector in (".hipcv-arcs", ".hipcv-table"))
        assert arcs["x"] + arcs["width"] <= table["x"]


def test_result_without_a_choice_opens_the_latest(phone, server):
    go(phone, server, "result")
    assert "16 Mar 2026" in phone.get_by_test_id("stCaptionContainer").first.inner_text()


def test_visits_fold_but_the_latest(phone, server):
    go(phone, server, "visits")
    cards = phone.locator("details", has_text="Mar 2026")
    assert [card.get_attribute("open") is not None for card in cards.all()] == [True, False, False]
    assert "Right: IR" in cards.first.inner_text()


# ---------------------------------------------------------------------- fingers and languages
@pytest.mark.parametrize("name", PAGES)
def test_a_finger_hits_whatever_can_be_pressed(phone, server, name):
    go(phone, server, name, unfolded=True)
    assert phone.evaluate(_TOO_SMALL) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_german_page_is_english(phone, server, name):
    go(phone, server, f"{name}?lang=de", unfolded=True)
    icons = phone.evaluate("[...document.querySelectorAll('[data-testid=stIconMaterial]')].map(one => one.textContent)")
    own = " ".join(DE.values())
    text = phone.locator("[data-testid=stApp]").inner_text()
    told = [line for line in (*text.split("\n"), *phone.evaluate(_SPOKEN)) if line not in icons]
    found = {line: _ENGLISH.findall(line) for line in told if "et al." not in line}  # sources keep their titles
    assert {line: words for line, words in found.items() if not all(re.search(rf"\b{word}\b", own) for word in words)} == {}


def test_what_deletes_is_red(phone, server):
    go(phone, server, "visits")
    button = phone.get_by_role("button", name=EN["visits.delete"], exact=True).first
    red, green, blue = map(int, re.findall(r"\d+", button.evaluate("one => getComputedStyle(one).color"))[:3])
    assert red > 2 * max(green, blue)


def test_no_chart_has_a_menu(phone, server):
    go(phone, server, "visits", unfolded=True)
    phone.locator("svg.marks").first.wait_for(state="attached")
    assert not phone.get_by_test_id("stElementToolbar").first.is_visible()
    assert phone.locator(".vega-embed details").count() == 0 or not phone.locator(".vega-embed details").first.is_visible()


# ---------------------------------------------------------------------- the calendar
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_reminder_is_an_entry_that_calendars_read(language):
    words, day = Words(language), date(2026, 12, 28)
    (event,) = icalendar.Calendar.from_ical(reminder.entry(day, words)).walk("VEVENT")
    assert event.decoded("dtstart") == day
    assert event.decoded("dtend") == day + timedelta(days=1)
    assert str(event["summary"]) == words("visits.remind_title")
    assert str(event["description"]) == words("visits.remind_text")
    (alarm,) = event.walk("VALARM")
    assert (str(alarm["action"]), alarm.decoded("trigger")) == ("DISPLAY", timedelta(hours=9))


def test_the_page_gives_the_entry_for_the_chosen_week(phone, server):
    go(phone, server, "visits", unfolded=True)
    with phone.expect_download() as coming:
        phone.get_by_role("button", name=re.compile("^event|" + EN["visits.remind_entry"].split("{")[0])).click()
    (event,) = icalendar.Calendar.from_ical(coming.value.path().read_bytes()).walk("VEVENT")
    assert event.decoded("dtstart") - date.today() in {timedelta(weeks=4), timedelta(weeks=4, days=-1)}
