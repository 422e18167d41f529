"""A morning at the desk, step by step, done by any hand (tests/hands.py): what is done, and what has to be seen after it."""

import csv
import io
import json
import math
import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error

from hipcv.catalogues.words import Words, texts
from hipcv.codes import Quantity
from hipcv.desk.request_code import new_code
from hipcv.desk.review_state import open_review
from hipcv.desk.take_in import take_in
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import whole
from hipcv.records.document import to_document
from hipcv.records.record import DOCUMENT
from hipcv.records.sealed_file import ENDING, unpack
from hipcv.store import audit, log
from hipcv.store.inbox import of_person
from hipcv.store.people import People
from hipcv.store.store import Store
from tests.browser import settle
from tests.hands import Keys
from tests.sent_files import altered, of_newer_version, sent_file
from tests.test_report_page import printed

EN, SAY = texts("en"), Words("en")


# ---------------------------------------------------------------- what is there
def put(store_folder, kept_record, tmp_path, number=99, **facts):
    """A visit of the sample, taken in by the program itself."""
    store = Store(store_folder)
    try:
        return take_in(store, sent_file(kept_record, tmp_path / "put.hipcv", number, **facts), "put.hipcv").visit_id
    finally:
        store.engine.dispose()


def go_to_review(page, desk, visit_id):
    """The review of a visit, when its film and its points are drawn."""
    page.goto(f"{desk.url}/review?visit={visit_id}")
    page.locator("[data-handle=ankle]").wait_for()
    settle(page)


def place(page, name):
    """Where a point is, in pixels of the image as filmed."""
    ring = page.locator(f"[data-handle={name}] .ring")
    return ring.evaluate("ring => [Number(ring.getAttribute('cx')), Number(ring.getAttribute('cy'))]")


def reading(page):
    """The angle beside the film."""
    return float(page.locator(".reading").get_attribute("data-degrees"))


def from_down_deg(knee, ankle):
    """Direction of a shank from straight down."""
    return math.degrees(math.atan2(ankle[0] - knee[0], ankle[1] - knee[1]))


def numbers(page):
    """The first table: right, left, and their difference, for IR, ER and total."""
    return [re.sub(r"\s+", " ", cell).strip() for cell in page.locator(".hipcv-table").first.locator("tbody td").all_inner_texts()]


def wait_for_edits(page, n):
    """Until so many corrections are listed."""
    page.get_by_role("button", name=EN["review.undo"]).wait_for()
    page.locator(f"ol li:nth-child({n})").first.wait_for()
    settle(page)


def dragged_as_predicted(hand, dx, dy):
    """Drag the ankle by a known number of pixels; the angle turns as geometry says."""
    page = hand.page
    knee, ankle, before = place(page, "knee"), place(page, "ankle"), reading(page)
    lines = page.locator("svg.lines")
    unit = float(lines.get_attribute("viewBox").split()[2]) / lines.bounding_box()["width"]  # image pixels per pixel of the screen
    if isinstance(hand, Keys):
        unit = 1  # an arrow key moves by one pixel of the image
    moved = (ankle[0] + unit * dx, ankle[1] + unit * dy)
    turn_deg = from_down_deg(knee, moved) - from_down_deg(knee, ankle)
    hand.drag("ankle", dx, dy)
    wait_for_edits(page, 1)
    assert abs(turn_deg) > 3
    assert abs(reading(page) - before) == pytest.approx(abs(turn_deg), abs=0.2)


# ---------------------------------------------------------------- the morning
def make_person(hand, code):
    """A new person, whose page then opens."""
    hand.go_to("people")
    hand.unfold("people.add")

    def keep():
        hand.write("people.code", code)
        hand.button("people.keep")

    once_or_twice(keep, hand.page.get_by_role("heading", name=code, exact=True))


def once_or_twice(act, outcome):
    """What is pressed while a busy machine draws the page anew is pressed again, as a person would."""
    act()
    with suppress(Error):
        outcome.wait_for(timeout=30_000)
    if not outcome.is_visible():
        act()
        outcome.wait_for()


def ask_for_a_measurement(hand):
    """A code for the person whose page is open, with something to hand out."""
    page = hand.page
    hand.unfold("person.ask")
    once_or_twice(lambda: hand.button("person.new_code"), page.locator("h2 code"))
    code = page.locator("h2 code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code)
    assert page.get_by_alt_text(EN["person.qr"]).evaluate("image => image.naturalWidth") > 0
    assert hand.download("person.sheet").startswith(b"%PDF")
    return code


def give(hand, files):
    """Take files in from the inbox."""
    unfold_what_takes_files(hand)
    hand.give(files)


def unfold_what_takes_files(hand):
    """It is unfolded by itself where the inbox is empty."""
    hand.go_to("inbox")
    if not hand.page.get_by_test_id("stFileUploaderDropzone").is_visible():
        hand.unfold("inbox.take_in")


def files_come(hand, desk, kept_record, tmp_path):
    """Two people, one asked for a measurement, and twenty files; returns the id of the one asked and of a visit of theirs."""
    page = hand.page
    make_person(hand, "Adler, A.")
    make_person(hand, "B-0042")
    code = ask_for_a_measurement(hand)

    files = [sent_file(kept_record, tmp_path / f"sent{n}.hipcv", n, asked_code=code) for n in range(8)]
    files += [sent_file(kept_record, tmp_path / f"plain{n}.hipcv", n) for n in range(8, 14)]
    files += [sent_file(kept_record, tmp_path / f"again{n}.hipcv", n, title="again") for n in range(3)]
    files += [sent_file(kept_record, tmp_path / "stranger.hipcv", 20, asked_code=new_code())]
    files += [altered(files[0], tmp_path / "altered.hipcv"), of_newer_version(files[1], tmp_path / "newer.hipcv")]
    assert len(files) == 20
    give(hand, files)
    page.get_by_text(SAY("inbox.taken", n=15)).wait_for()
    said = page.locator("[data-testid=stAlert]").all_inner_texts()
    assert sum("altered" in text for text in said) == 1
    assert sum("newer" in text for text in said) == 1
    assert "\n".join(said).count(EN["inbox.fate.same_known"].split(":")[1][:30]) == 3
    for show, count in (("waiting", 15), ("nobodys", 7), ("signed", 0)):
        page.get_by_text(SAY(f"inbox.filter.{show}", count=count), exact=True).wait_for()
    hand.button("inbox.dismiss")
    open_a_row(hand)

    store = Store(desk.data)
    (asked,) = [line.person.id for line in People(store).lines() if line.person.code == "B-0042"]
    theirs = [line.id for line in of_person(store, asked)]
    store.engine.dispose()
    assert len(theirs) == 8
    return asked, theirs[0]


def open_a_row(hand):
    """The first visit of the list: with the keys of the list, or by pressing it."""
    page = hand.page
    rows = page.locator(".row")
    first = rows.first.get_attribute("data-visit")
    if isinstance(hand, Keys):
        page.get_by_test_id("stApp").press("j")
        page.locator(".row:focus").wait_for()
        assert page.locator(".row:focus").get_attribute("data-visit") == first
        page.keyboard.press("j")
        assert page.locator(".row:focus").get_attribute("data-visit") == rows.nth(1).get_attribute("data-visit")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
    else:
        hand.press(rows.first)
    page.locator("[data-handle=ankle]").wait_for()
    assert first in page.url


def correct(hand, desk, visit_id):
    """A point is dragged, a repetition left out and added again by hand, a vertical set; returns the numbers that come of it."""
    page = hand.page
    measured = numbers(page)
    dragged_as_predicted(hand, 40, -20)
    assert reading_of(desk, visit_id) == pytest.approx(reading(page), abs=0.05)
    assert numbers(page) != measured
    assert "✎" in "".join(numbers(page))

    hand.press(page.locator(".reps button").nth(4))
    hand.choose(EN["review.rep.why"], SAY.word("exclude_reason", "compensated"))
    hand.button("review.rep.exclude")
    wait_for_edits(page, 2)
    assert page.locator(".reps button.out").count() == 1
    without = numbers(page)

    add_by_hand(hand, *times_and_rep(desk, visit_id, 4))
    assert page.locator(".reps button.out").count() == 1
    assert numbers(page) != without

    hand.press(page.get_by_role("button", name=EN["review.stage.vertical"]))
    turn_the_vertical(hand)
    hand.press(page.get_by_role("button", name=EN["review.stage.vertical_use"]))
    page.get_by_text("vertical line in the room").first.wait_for()
    wait_for_edits(page, 4)
    return numbers(page)


def turn_the_vertical(hand):
    """Drag its lower end aside; the film may just be changing its size, and the first grip then misses."""
    page = hand.page
    page.locator("[data-handle=lower]").wait_for()
    before = place(page, "lower")
    for _ in range(4):
        hand.drag("lower", 20, 0)
        if place(page, "lower") != before:
            return
        page.wait_for_timeout(300)
    raise AssertionError("the end of the vertical stays where it is")


def add_by_hand(hand, time_s, left_out):
    """Add the repetition that was left out, where it was."""
    page = hand.page
    n_reps = page.locator(".reps button").count()
    hand.press(page.get_by_role("button", name=EN["review.stage.add"], exact=True))
    hand.press(page.get_by_role("radio", name=EN[f"app.side.{left_out.side.value}"]))
    for at_s, key in ((left_out.start_s, "from"), (left_out.end_s, "to")):
        hand.show_frame(int(np.searchsorted(time_s, at_s)))
        hand.press(page.get_by_role("button", name=EN[f"review.stage.{key}"]))
    hand.press(page.get_by_role("button", name=EN["review.stage.add_now"]))
    wait_for_edits(page, 3)
    assert page.locator(".reps button").count() == n_reps + 1


def sign(hand):
    """Press the button under the verdict."""
    settle(hand.page)
    hand.press(hand.page.get_by_test_id("stBaseButton-primary").filter(has_text=EN["review.sign.sign"]))
    settle(hand.page)


def sign_and_hand_on(hand, tmp_path, corrected):
    """Sign, and find the corrected numbers in everything that goes out; returns the document that was signed."""
    page = hand.page
    hand.write("review.sign.name", "Dr. Vogel")
    hand.write("review.sign.comment_patient", "Keep it up")
    sign(hand)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    assert page.locator("[data-handle]").count() == 0

    answer = tmp_path / f"answer{ENDING}"
    answer.write_bytes(hand.download("review.out.reply"))
    (tmp_path / "answer").mkdir()
    record, _ = unpack(answer, tmp_path / "answer")
    assert (record.document["review"]["outcome"], record.document["review"]["reviewer"]) == ("corrected", "Dr. Vogel")
    assert angles_of_table(corrected) == angles_of(record.document)
    bundle = json.loads(hand.download("review.out.fhir"))
    values = {entry["resource"].get("valueQuantity", {}).get("value") for entry in bundle["entry"]}
    assert record.document["hips"]["left"]["internal_rotation_deg"]["value"] in values
    assert "by hand" in json.dumps(bundle)
    page_text = printed(hand.download("review.out.pdf"))
    assert "Version 1: accepted with corrections, Dr. Vogel" in page_text
    assert f"{whole(record.document['hips']['right']['internal_rotation_deg']['value'])}° ✎" in page_text
    return record.document


def course_shows(hand, desk, person_id, document):
    """The course of the person has the corrected numbers, and says that they are; so has the table that is taken out."""
    page = hand.page
    page.goto(f"{desk.url}/person?person={person_id}")
    chart = page.get_by_test_id("stVegaLiteChart")
    chart.wait_for()
    settle(page)
    right = document["hips"]["right"]["internal_rotation_deg"]
    assert right["edited"]
    span = " … ".join(whole(right[name]) for name in ("low", "high"))
    assert f"{whole(right['value'])}° ({span}) ✎" in chart.get_attribute("aria-label")
    page.get_by_text(SAY("person.export_edited", n=1, case="")).wait_for()
    rows = csv.DictReader(io.StringIO(hand.download("person.csv").decode("utf-8-sig")))
    (row,) = [row for row in rows if (row["side"], row["quantity"]) == ("right", "internal")]
    assert float(row["degrees"]) == pytest.approx(right["value"], abs=1e-4)
    assert (row["corrected_by_hand"], row["outcome"], row["reviewer"]) == ("True", "corrected", "Dr. Vogel")


def take_back(hand, desk, visit_id, measured):
    """A new version without any correction has the numbers of the measurement to the last digit, and the log tells of everything."""
    page = hand.page
    page.goto(f"{desk.url}/review?visit={visit_id}")
    hand.button("review.sign.reopen")
    hand.button("review.undo_all")
    page.get_by_text(EN["review.no_corrections"]).wait_for()
    assert numbers(page) == measured
    store = Store(desk.data)
    assert store.visit(visit_id).document == json.loads((store.folder_of(visit_id) / DOCUMENT).read_text(encoding="utf-8"))
    assert to_document(open_review(store, visit_id).measurement) == to_document(store.record(visit_id).measurement)
    with store.gate.reading() as session:
        out = [(entry.actor, entry.detail) for entry in log.entries(session, visit_id) if entry.action == "exported"]
    assert out == [("Dr. Vogel", {"format": name, "version": 1}) for name in ("reply", "fhir", "pdf")]
    assert audit.audit(store).faults == []
    store.engine.dispose()


# ---------------------------------------------------------------- what the server has
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
    """End range of the first repetition that was corrected."""
    store = Store(desk.data)
    try:
        moved = open_review(store, visit_id)
        return next(rep.end_range_deg for hip in moved.measurement.hips.values() for rep in hip.reps if rep.edited)
    finally:
        store.engine.dispose()


def angles_of(document):
    """A document's angles as the table shows them, row by row, right and left."""
    spans = [document["hips"][side.value][quantity.field] for quantity in Quantity for side in SHOWN_SIDES]
    return [f"{whole(span['value'])}°{' ✎' if span['edited'] else ''} {whole(span['low'])} … {whole(span['high'])}" for span in spans]


def angles_of_table(cells):
    """The same of the cells on a page, without the differences of the sides, which stand third."""
    return [cell for number, cell in enumerate(cells) if number % 3 != 2]


def morning(hand, desk, kept_record, tmp_path: Path):
    """All of it: people, files, a review with corrections, signature, what goes out, the course, and everything taken back."""
    asked, first = files_come(hand, desk, kept_record, tmp_path)
    go_to_review(hand.page, desk, first)
    measured = numbers(hand.page)
    corrected = correct(hand, desk, first)
    document = sign_and_hand_on(hand, tmp_path, corrected)
    course_shows(hand, desk, asked, document)
    take_back(hand, desk, first, measured)
