"""A morning at the desk in a real browser: people, files from patients, a review with corrections, a signature, what goes out."""

import csv
import io
import json
import math
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Error

from hipcv.catalogues.words import Words, texts
from hipcv.desk.request_code import new_code
from hipcv.language.sentences import whole
from hipcv.records.record import DOCUMENT
from hipcv.records.sealed_file import ENDING, unpack
from hipcv.store import audit, log
from hipcv.store.inbox import every, of_person
from hipcv.store.people import People
from hipcv.store.reviews import Reviews
from hipcv.store.store import Store
from tests.browser import DESKTOP, PHONE, browser, needs_browser, serve, settle, window
from tests.sent_files import altered, of_newer_version, sent_file
from tests.test_report_page import printed

EN, SAY = texts("en"), Words("en")
TABLET = {"width": 820, "height": 1180}
TALL = {**DESKTOP, "height": 1400}
pytestmark = [needs_browser, pytest.mark.pose]


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def desk(tmp_path):
    """A server with a new desk."""
    with serve(tmp_path, "127.0.0.1", "--desk") as running:
        yield running
        assert running.process.poll() is None, running.output.read_text()
        assert running.foreign_contacts() == ""
        assert "Traceback" not in running.output.read_text()


@pytest.fixture
def page(chromium, desk):
    asked = []
    with window(chromium, TALL, asked) as opened:
        opened.goto(desk.url)
        settle(opened)
        yield opened
    assert {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in {"data", "blob"}} == {"127.0.0.1"}


def press(page, key, **options):
    """Click the button with a text of the catalogue."""
    settle(page)
    page.get_by_role("button", name=EN[key], **options).first.click()
    settle(page)


def write(page, key, text):
    """Fill in a field, and leave it, as only then does the page take it."""
    settle(page)
    field = page.get_by_role("textbox", name=EN[key])
    field.fill(text)
    field.press("Tab")
    settle(page)


def sign_button(page):
    return page.get_by_test_id("stBaseButton-primaryFormSubmit").filter(has_text=EN["review.sign.sign"])


def sign(page):
    settle(page)
    sign_button(page).click()
    settle(page)


def choose(page, label, option):
    """Choose in a list; it closes when the page is drawn anew meanwhile, and is then opened again, as a person would."""
    settle(page)
    wanted = page.get_by_role("option", name=option)
    for _ in range(5):
        page.get_by_label(label).click()
        with suppress(Error):
            wanted.click(timeout=3_000)
            return
        page.keyboard.press("Escape")
    wanted.click()


def unfold(page, key):
    settle(page)
    page.locator("summary", has_text=EN[key]).first.click()


def download(page, key):
    settle(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name=EN[key]).click()
    return Path(coming.value.path()).read_bytes()


def go_to(page, name):
    page.get_by_test_id("stTopNavLink").filter(has_text=EN[f"app.page.{name}"]).first.click()
    page.get_by_role("heading", name=EN[f"{name}.title"], exact=True).wait_for()
    settle(page)


def make_person(page, code):
    go_to(page, "people")
    unfold(page, "people.add")
    write(page, "people.code", code)
    press(page, "people.keep")
    page.get_by_role("heading", name=code, exact=True).wait_for()


def give(page, files):
    """Take files in from the inbox."""
    go_to(page, "inbox")
    if not page.get_by_test_id("stFileUploaderDropzone").is_visible():
        unfold(page, "inbox.take_in")
    page.locator("input[type=file]").first.set_input_files(files)


def put(store_folder, kept_record, tmp_path, **facts):
    """A visit of the sample, taken in by the program itself."""
    from hipcv.desk.take_in import take_in

    store = Store(store_folder)
    try:
        return take_in(store, sent_file(kept_record, tmp_path / "put.hipcv", 99, **facts), "put.hipcv").visit_id
    finally:
        store.engine.dispose()


def open_review(page, desk, visit_id):
    page.goto(f"{desk.url}/review?visit={visit_id}")
    page.locator("[data-handle=ankle]").wait_for()
    settle(page)


def place(page, name):
    """Where a point is, in pixels of the image as filmed."""
    ring = page.locator(f"[data-handle={name}] .ring")
    return ring.evaluate("ring => [Number(ring.getAttribute('cx')), Number(ring.getAttribute('cy'))]")


def reading(page):
    return float(page.locator(".reading").get_attribute("data-degrees"))


def direction_deg(page):
    (x0, y0), (x1, y1) = place(page, "knee"), place(page, "ankle")
    return math.degrees(math.atan2(x1 - x0, y1 - y0))


def numbers(page):
    """The first table: right, left, and their difference, for IR, ER and total."""
    return [re.sub(r"\s+", " ", cell).strip() for cell in page.locator(".hipcv-table").first.locator("tbody td").all_inner_texts()]


def drag(page, name, dx, dy):
    """Drag a point by so many pixels of the screen; returns reading and direction before and after."""
    handle = page.locator(f"[data-handle={name}] .ring")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = reading(page), direction_deg(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    after = reading(page), direction_deg(page)
    page.mouse.up()
    return before, after


def wait_for_edits(page, n):
    page.get_by_role("button", name=EN["review.undo"]).wait_for()
    page.locator(f"ol li:nth-child({n})").first.wait_for()
    settle(page)


# ---------------------------------------------------------------- what comes in
def test_a_morning_at_the_desk(page, desk, kept_record, tmp_path):
    asked, first = files_come(page, desk, kept_record, tmp_path)
    open_review(page, desk, first)
    measured = numbers(page)
    corrected = correct(page, desk, first)
    document = sign_and_hand_on(page, desk, first, corrected, tmp_path)
    course_shows(page, desk, asked, document)
    take_back(page, desk, first, measured)


def files_come(page, desk, kept_record, tmp_path):
    """Two people, one asked for a measurement, and twenty files; returns the id of the one asked and of a visit of theirs."""
    make_person(page, "Adler, A.")
    make_person(page, "B-0042")
    unfold(page, "person.ask")
    press(page, "person.new_code")
    code = page.locator("h2 code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code)
    assert page.get_by_alt_text(EN["person.qr"]).evaluate("image => image.naturalWidth") > 0
    assert download(page, "person.sheet").startswith(b"%PDF")

    files = [sent_file(kept_record, tmp_path / f"sent{n}.hipcv", n, asked_code=code) for n in range(8)]
    files += [sent_file(kept_record, tmp_path / f"plain{n}.hipcv", n) for n in range(8, 14)]
    files += [sent_file(kept_record, tmp_path / f"again{n}.hipcv", n, title="again") for n in range(3)]
    files += [sent_file(kept_record, tmp_path / "stranger.hipcv", 20, asked_code=new_code())]
    files += [altered(files[0], tmp_path / "altered.hipcv"), of_newer_version(files[1], tmp_path / "newer.hipcv")]
    assert len(files) == 20
    give(page, files)
    page.get_by_text(SAY("inbox.taken", n=15)).wait_for()
    said = page.locator("[data-testid=stAlert]").all_inner_texts()
    assert sum("altered" in text for text in said) == 1
    assert sum("newer" in text for text in said) == 1
    assert "\n".join(said).count(EN["inbox.fate.same_known"].split(":")[1][:30]) == 3
    for show, count in (("waiting", 15), ("nobodys", 7), ("signed", 0)):
        page.get_by_text(SAY(f"inbox.filter.{show}", count=count), exact=True).wait_for()

    press(page, "inbox.dismiss")
    page.get_by_test_id("stApp").press("j")
    page.locator(".row:focus").wait_for()
    first = page.locator(".row:focus").get_attribute("data-visit")
    page.keyboard.press("j")
    second = page.locator(".row:focus").get_attribute("data-visit")
    assert first != second
    page.keyboard.press("k")
    assert page.locator(".row:focus").get_attribute("data-visit") == first
    page.keyboard.press("Enter")
    page.locator("[data-handle=ankle]").wait_for()
    assert first in page.url

    store = Store(desk.data)
    (asked,) = [line.person.id for line in People(store).lines() if line.person.code == "B-0042"]
    theirs = [line.id for line in of_person(store, asked)]
    store.engine.dispose()
    assert len(theirs) == 8
    return asked, theirs[0]


def correct(page, desk, visit_id):
    """A point is dragged, a repetition left out and added again by hand, a vertical set; returns the numbers that come of it."""
    measured = numbers(page)
    before, after = drag(page, "ankle", 40, -20)
    assert abs(after[0] - before[0]) == pytest.approx(abs(after[1] - before[1]), abs=0.05)
    assert abs(after[1] - before[1]) > 5
    wait_for_edits(page, 1)
    assert reading(page) == pytest.approx(after[0], abs=0.05)
    kept = reading_of(desk, visit_id)
    assert kept == pytest.approx(after[0], abs=0.05)
    assert numbers(page) != measured
    assert "✎" in "".join(numbers(page))

    page.locator(".reps button").nth(4).click()
    choose(page, EN["review.rep.why"], SAY.word("exclude_reason", "compensated"))
    press(page, "review.rep.exclude")
    wait_for_edits(page, 2)
    assert page.locator(".reps button.out").count() == 1
    without = numbers(page)

    time_s, left_out = times_and_rep(desk, visit_id, 4)
    n_reps = page.locator(".reps button").count()
    page.get_by_role("button", name=EN["review.stage.add"], exact=True).click()
    page.get_by_role("radio", name=EN[f"app.side.{left_out.side.value}"]).check()
    for at_s, key in ((left_out.start_s, "from"), (left_out.end_s, "to")):
        set_frame(page, int(np.searchsorted(time_s, at_s)))
        page.get_by_role("button", name=EN[f"review.stage.{key}"]).click()
    page.get_by_role("button", name=EN["review.stage.add_now"]).click()
    wait_for_edits(page, 3)
    assert page.locator(".reps button").count() == n_reps + 1
    assert page.locator(".reps button.out").count() == 1
    assert numbers(page) != without

    page.get_by_role("button", name=EN["review.stage.vertical"]).click()
    lower = page.locator("[data-handle=lower]")
    lower.focus()
    for _ in range(2):
        lower.press("Shift+ArrowRight")
    page.get_by_role("button", name=EN["review.stage.vertical_use"]).click()
    page.get_by_text("vertical line in the room").first.wait_for()
    wait_for_edits(page, 4)
    return numbers(page)


def sign_and_hand_on(page, desk, visit_id, corrected, tmp_path):
    """Sign, and find the corrected numbers in everything that goes out; returns the document that was signed."""
    write(page, "review.sign.name", "Dr. Vogel")
    write(page, "review.sign.comment_patient", "Keep it up")
    sign(page)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    assert page.locator("[data-handle]").count() == 0

    answer = tmp_path / f"answer{ENDING}"
    answer.write_bytes(download(page, "review.out.reply"))
    (tmp_path / "answer").mkdir()
    record, _ = unpack(answer, tmp_path / "answer")
    assert (record.document["review"]["outcome"], record.document["review"]["reviewer"]) == ("corrected", "Dr. Vogel")
    assert cells(record.document) == corrected
    bundle = json.loads(download(page, "review.out.fhir"))
    values = {entry["resource"].get("valueQuantity", {}).get("value") for entry in bundle["entry"]}
    assert record.document["hips"]["left"]["internal_rotation_deg"]["value"] in values
    assert "by hand" in json.dumps(bundle)
    page_text = printed(download(page, "review.out.pdf"))
    assert "Version 1: accepted with corrections, Dr. Vogel" in page_text
    assert f"{whole(record.document['hips']['right']['internal_rotation_deg']['value'])}° ✎" in page_text
    return record.document


def course_shows(page, desk, person_id, document):
    """The course of the person has the corrected numbers, and says that they are; so has the table that is taken out."""
    page.goto(f"{desk.url}/person?person={person_id}")
    chart = page.get_by_test_id("stVegaLiteChart")
    chart.wait_for()
    settle(page)
    right = document["hips"]["right"]["internal_rotation_deg"]
    assert right["edited"]
    span = " … ".join(whole(right[name]) for name in ("low", "high"))
    assert f"{whole(right['value'])}° ({span}) ✎" in chart.get_attribute("aria-label")
    page.get_by_text(SAY("person.export_edited", n=1, case="")).wait_for()
    rows = csv.DictReader(io.StringIO(download(page, "person.csv").decode("utf-8-sig")))
    (row,) = [row for row in rows if (row["side"], row["quantity"]) == ("right", "internal")]
    assert float(row["degrees"]) == pytest.approx(right["value"], abs=1e-4)
    assert (row["corrected_by_hand"], row["outcome"], row["reviewer"]) == ("True", "corrected", "Dr. Vogel")


def take_back(page, desk, visit_id, measured):
    """A new version without any correction has the numbers of the measurement to the last digit, and the log tells of everything."""
    page.goto(f"{desk.url}/review?visit={visit_id}")
    press(page, "review.sign.reopen")
    press(page, "review.undo_all")
    page.get_by_text(EN["review.no_corrections"]).wait_for()
    assert numbers(page) == measured
    store = Store(desk.data)
    assert store.visit(visit_id).document == json.loads((store.folder_of(visit_id) / DOCUMENT).read_text(encoding="utf-8"))
    with store.gate.reading() as session:
        out = [entry.detail for entry in log.entries(session, visit_id) if entry.action == "exported"]
    assert out == [{"format": name, "version": 1} for name in ("reply", "fhir", "pdf")]
    assert audit.audit(store).faults == []
    store.engine.dispose()


def set_frame(page, frame):
    """Move the slider under the film."""
    page.locator(".frame").evaluate("(slider, frame) => { slider.value = frame; slider.dispatchEvent(new Event('input')); }", frame)


def times_and_rep(desk, visit_id, number):
    """The times of all frames, and one of the repetitions, in the order in which the page has them."""
    store = Store(desk.data)
    try:
        measured = store.record(visit_id).measurement
        reps = sorted((rep for hip in measured.hips.values() for rep in hip.reps), key=lambda rep: rep.start_s)
        return measured.landmarks.time_s, reps[number]
    finally:
        store.engine.dispose()


def reading_of(desk, visit_id):
    """End range of the first repetition as the server has it."""
    from hipcv.desk.review_state import open_review as opened

    store = Store(desk.data)
    try:
        moved = opened(store, visit_id)
        return next(rep.end_range_deg for hip in moved.measurement.hips.values() for rep in hip.reps if rep.edited)
    finally:
        store.engine.dispose()


def cells(document):
    """A document's numbers as the table shows them."""
    from hipcv.landmarks import SHOWN_SIDES
    from hipcv.language.sentences import whole

    found = []
    for field in ("internal_rotation_deg", "external_rotation_deg", "total_deg"):
        for side in SHOWN_SIDES:
            span = document["hips"][side.value][field]
            mark = " ✎" if span["edited"] else ""
            found.append(f"{whole(span['value'])}°{mark} {whole(span['low'])} … {whole(span['high'])}")
        found.append(None)
    shown = [re.sub(r"\s+", " ", text) if text else text for text in found]
    return _Table(shown)


class _Table:
    """Compares with the cells of a page, but for the differences of the sides."""

    def __init__(self, wanted):
        self.wanted = wanted

    def __eq__(self, other):
        return len(self.wanted) == len(other) and all(one is None or one == two for one, two in zip(self.wanted, other, strict=True))

    def __repr__(self):
        return repr(self.wanted)

    __hash__ = None


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_a_finger_moves_a_point(chromium, desk, kept_record, tmp_path, size):
    visit_id = put(desk.data, kept_record, tmp_path)
    with window(chromium, size, [], has_touch=True) as page:
        open_review(page, desk, visit_id)
        handle = page.locator("[data-handle=ankle] .ring")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 + 12  # beside the ring: a finger is wide
        before = reading(page), direction_deg(page)
        touch = page.context.new_cdp_session(page)
        for kind, dx in (("touchStart", 0), ("touchMove", 15), ("touchMove", 30), ("touchEnd", 30)):
            points = [] if kind == "touchEnd" else [{"x": x + dx, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        wait_for_edits(page, 1)
        assert abs(reading(page) - before[0]) == pytest.approx(abs(direction_deg(page) - before[1]), abs=0.2)
        assert abs(reading(page) - before[0]) > 3
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_keyboard_alone_moves_a_point_chooses_and_signs(page, desk, kept_record, tmp_path):
    visit_id = put(desk.data, kept_record, tmp_path)
    open_review(page, desk, visit_id)
    before = reading(page), direction_deg(page)
    page.locator("[data-handle=ankle]").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert abs(reading(page) - before[0]) == pytest.approx(abs(direction_deg(page) - before[1]), abs=0.2)
    wait_for_edits(page, 1)
    page.locator(".stage button").first.focus()
    heading = page.locator(".stage h3").inner_text()
    page.keyboard.press("n")
    page.wait_for_function("said => !document.body.innerText.includes('nothing') && true", arg=heading)
    settle(page)
    assert page.locator(".stage h3").inner_text() != heading
    name = page.get_by_role("textbox", name=EN["review.sign.name"])
    name.focus()
    page.keyboard.type("Dr. Vogel")
    sign_button(page).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    store = Store(desk.data)
    assert [one.verdict.reviewer for one in Reviews(store).signatures(visit_id)] == ["Dr. Vogel"]
    store.engine.dispose()


def test_not_usable_tells_the_patient_what_to_film_again_in_their_own_app(chromium, page, desk, kept_record, tmp_path):
    visit_id = put(desk.data, kept_record, tmp_path)
    open_review(page, desk, visit_id)
    page.get_by_text(EN["review.outcome.not_usable"], exact=True).click()
    sign(page)
    page.get_by_text(EN["review.sign.name_missing"]).wait_for()
    write(page, "review.sign.name", "Dr. Vogel")
    sign(page)
    page.get_by_text(EN["review.sign.film_again_missing"]).wait_for()
    choose(page, EN["review.sign.film_again"], EN["review.film_again.feet"])
    page.keyboard.press("Escape")
    sign(page)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    answer = tmp_path / f"answer{ENDING}"
    answer.write_bytes(download(page, "review.out.reply"))
    (tmp_path / "home").mkdir()
    with serve(tmp_path / "home") as home, window(chromium, PHONE, []) as phone:
        phone.goto(f"{home.url}/open")
        settle(phone)
        phone.locator("input[type=file]").set_input_files(answer)
        phone.get_by_text(EN["open.answer.heading"]).wait_for()
        text = phone.get_by_test_id("stMain").inner_text()
        assert EN["review.film_again.feet"] in text
        assert "Dr. Vogel" in text


def test_a_patient_at_home_sees_nothing_of_a_desk(chromium, tmp_path):
    with serve(tmp_path) as home, window(chromium, DESKTOP, []) as page:
        page.goto(home.url)
        settle(page)
        menu = page.get_by_test_id("stTopNavLink").all_inner_texts()
        assert [name.splitlines()[-1] for name in menu] == [
            EN[f"app.page.{name}"] for name in ("measure", "guide", "result", "visits", "open", "stored", "about")
        ]


def test_a_person_is_erased_with_everything(page, desk, kept_record, tmp_path):
    make_person(page, "Adler, A.")
    store = Store(desk.data)
    (line,) = People(store).lines()
    visit_id = put(desk.data, kept_record, tmp_path)
    People(store).give_visit(visit_id, line.person.id)
    page.goto(f"{desk.url}/person?person={line.person.id}")
    unfold(page, "person.erase")
    press(page, "person.erase_now")
    press(page, "person.erase_yes")
    page.get_by_text(EN["errors.person_gone"]).wait_for()
    assert every(store) == []
    assert list((desk.data / "visits").iterdir()) == []
    assert audit.audit(store).faults == []
    store.engine.dispose()
