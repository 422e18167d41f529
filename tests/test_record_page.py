"""The page for the record: the signed numbers, who signed them, the corrections, the course and the log, on one page whatever happens."""

from datetime import date, timedelta

import numpy as np
import pytest

from hipcv.catalogues.words import Words, languages
from hipcv.codes import Quantity
from hipcv.desk import review_state
from hipcv.desk.change_sentences import since_sentence
from hipcv.desk.record_page import record_page, record_values
from hipcv.kinematics.drawn_leg import drawn_leg
from hipcv.landmarks import Side
from hipcv.language.sentences import EDITED, intended_use, whole, zero_reason
from hipcv.measurement import Measurement
from hipcv.records import record
from hipcv.records.visit import Kind
from hipcv.rendering.report_pdf import page_values, report_pdf
from hipcv.review.edits import (
    AddRep,
    ChooseZero,
    Exclude,
    ExcludeReason,
    Include,
    MovePoints,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
)
from hipcv.store import log
from hipcv.store.people import NoteKind, PainfulSide, People
from hipcv.store.reviews import Instrument, Outcome, Reading, Reviews, Verdict
from hipcv.store.store import Store
from tests.desks import a_person, opened_desk
from tests.reviews import hold_middle_s
from tests.test_report_layout import MARGIN, MM, RULE, STRANGE, ink_of
from tests.test_report_page import HOSTILE, conforms, printed
from tests.tiers import release
from tests.visits import FIRST, add_visit

pytestmark = pytest.mark.pose

EN = Words("en")
LONG = "The third repetition is left out, as the knee slides outward; the others are held well. Pain at the end of the range, 3 of 10. "
OTHER_DAY, LATER_DAY = 7.0, 14.0


@pytest.fixture
def store(tmp_path):
    opened = opened_desk(tmp_path / "data")
    yield opened
    opened.engine.dispose()


# ---------------------------------------------------------------- what a reviewer does
def put(store, folder, person=None, days=OTHER_DAY, **choices):
    """A visit of a person, or of nobody; its id."""
    visit = add_visit(store, folder, days, **choices)
    if person:
        People(store).give_visit(visit.id, person.id)
    return visit.id


def signed(store, visit_id, *edits, outcome=None, **said):
    """The signature under a visit with these corrections."""
    if store.visit(visit_id).outcome:
        Reviews(store).reopen(visit_id)
    for edit in edits:
        review_state.add(store, review_state.open_review(store, visit_id), edit)
    review = review_state.open_review(store, visit_id)
    outcome = outcome or (Outcome.CORRECTED if review.edits else Outcome.ACCEPTED)
    return review_state.sign(store, review, Verdict(outcome, said.pop("reviewer", "Dr. Vogel"), **said))


def moved(measurement: Measurement, side, index, by_px):
    """The ankle of a repetition, placed aside of where it was seen."""
    drawn, time_s = drawn_leg(measurement, side), hold_middle_s(measurement.hips[side].reps[index])
    frame = int(np.abs(measurement.landmarks.time_s - time_s).argmin())
    knee, ankle = (tuple(map(float, points[frame])) for points in (drawn.knee_px, drawn.ankle_px))
    return MovePoints(f"{side.value}-{index}", time_s, knee, (ankle[0] + by_px, ankle[1]))


def eight_edits(measurement):
    return [
        moved(measurement, Side.RIGHT, 0, 12.0),
        moved(measurement, Side.RIGHT, 1, -14.0),
        Exclude("right-2", ExcludeReason.COMPENSATED, LONG),
        Include("left-0"),
        moved(measurement, Side.LEFT, 1, 9.0),
        RatePelvis("left-2", PelvisRating.STILL),
        ChooseZero(ZeroChoice.PICTURE),
        Exclude("left-3", ExcludeReason.PAIN),
    ]


def plain(store, folder):
    return signed(store, put(store, folder, a_person(store, birth_year=1961, painful_side=PainfulSide.RIGHT)))


def corrected(store, folder):
    person = a_person(store, "B-1204", painful_side=PainfulSide.BOTH)
    visit_id = put(store, folder, person, title="Week 3", note=LONG)
    signed(store, put(store, folder, person, 0.0))
    signed(store, visit_id)
    for index in range(9):
        Reviews(store).add_reading(visit_id, Reading(Side.RIGHT, Quantity.INTERNAL, 20.0 + index, Instrument.GONIOMETER))
        People(store).add_note(person.id, FIRST.date() + timedelta(1), NoteKind.TREATMENT, LONG)
    edits = eight_edits(store.record(visit_id).measurement)
    return signed(store, visit_id, *edits, comment_record=LONG * 20, reviewer="Dr. Maximiliane " + "Vogelsang-" * 8)


def unusable(store, folder):
    person = a_person(store, "Carolin " + "Cassiopeia " * 6)
    signed(store, put(store, folder, person, 0.0))
    return signed(store, put(store, folder, person), outcome=Outcome.NOT_USABLE, film_again=LONG * 20, comment_record=LONG)


def exchanged(store, folder):
    return signed(store, put(store, folder, a_person(store)), SwapSides())


def added(store, folder):
    visit_id = put(store, folder, a_person(store))
    rep = store.record(visit_id).measurement.hips[Side.LEFT].reps[0]
    return signed(store, visit_id, Exclude("left-0", ExcludeReason.OTHER), AddRep(Side.LEFT, rep.direction, rep.start_s, rep.end_s))


def nobodys(store, folder):
    return signed(store, put(store, folder, title="Week 3"), Exclude("right-0", ExcludeReason.STOPPED_EARLY))


def ten_before(store, folder):
    person = a_person(store, "F. Ten")
    for week in range(10):
        signed(store, put(store, folder, person, 7.0 * week, kind=Kind.BEFORE if week % 2 else Kind.SINGLE))
        People(store).add_note(person.id, FIRST.date() + timedelta(7 * week), NoteKind.EXERCISE, f"Exercise {week}, {LONG}")
    return signed(store, put(store, folder, person, 70.0), comment_record=LONG)


def all_at_once(store, folder):
    signature = ten_before(store, folder)
    edits = eight_edits(store.record(signature.visit_id).measurement)
    return signed(store, signature.visit_id, *edits, comment_record=LONG * 20)


CASES = (plain, corrected, all_at_once, *release(unusable, exchanged, added, nobodys, ten_before))


# ---------------------------------------------------------------- one page
def assert_has_room(store, signature, words):
    """Nothing runs out of the page at the sides, nor into the foot: a name above the rule takes up to six millimetres."""
    page = ink_of(record_values(store, signature, words))
    rule = np.flatnonzero(page[:, RULE].all(axis=1))[-1]
    assert not page[:, : MARGIN - 2].any()
    assert not page[:, 2 - MARGIN :].any()
    assert not page[rule - 9 * MM : rule - 6 * MM].any()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_it_is_one_tagged_page_with_the_numbers_that_were_signed(store, kept_record, case):
    signature = case(store, kept_record)
    assert len(told := numbers(signature.document)) == 6
    for words in map(Words, languages()):
        pdf = record_page(store, signature, words)
        text = printed(pdf)
        assert [number for number in numbers(signature.document, words) if number not in text] == []
        assert (words("report.result.edited", mark=EDITED) in text) == any(EDITED in one for one in told)
        assert intended_use(words) in text
        assert conforms(pdf)
        assert_has_room(store, signature, words)


@pytest.mark.parametrize("language", languages())
def test_a_leg_alone_is_one_page(store, measured_sample, tmp_path, language):
    (tmp_path / "kept").mkdir()
    record.write(measured_sample("p07_oneleg"), tmp_path / "kept")
    signature, words = signed(store, put(store, tmp_path / "kept", a_person(store))), Words(language)
    text = printed(record_page(store, signature, words))
    assert [number for number in numbers(signature.document, words) if number not in text] == []
    assert words("report.result.not_compared") in text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["emoji", "markup", "a path", *release(*sorted(STRANGE.keys() - {"emoji", "markup", "a path"}))])
def test_whatever_was_written_does_no_harm(store, kept_record, name):
    signature = hostile(store, kept_record, STRANGE[name])
    pdf = record_page(store, signature, EN)
    assert intended_use(EN) in printed(pdf)
    assert conforms(pdf)
    assert_has_room(store, signature, EN)


def test_markup_is_printed_as_it_was_written(store, kept_record):
    text = printed(record_page(store, hostile(store, kept_record, HOSTILE), EN))
    start = HOSTILE[: HOSTILE.index("ש")].strip()  # what stands behind it runs from right to left
    assert text.count(start) == 7  # code, title, note, reviewer in two places, comment and a note on the course; the correction is cut


def hostile(store, folder, text):
    """A text in every place that somebody can write into."""
    person = a_person(store, text[:80])
    signed(store, put(store, folder, person, 0.0))
    People(store).add_note(person.id, FIRST.date() + timedelta(1), NoteKind.OTHER, text)
    visit_id = put(store, folder, person, title=text, note=text)
    Reviews(store).add_reading(visit_id, Reading(Side.LEFT, Quantity.EXTERNAL, 41.0, Instrument.INCLINOMETER, reader=text))
    return signed(store, visit_id, Exclude("right-0", ExcludeReason.OTHER, text), comment_record=text, comment_patient=text, reviewer=text)


# ---------------------------------------------------------------- numbers
def numbers(document, words=EN):
    """Every number of the table as a signed document has it."""
    found = [document["hips"][side.value][quantity.field] for side in Side for quantity in Quantity]
    return [
        f"{whole(one['value'])}°{f' {EDITED}' if one['edited'] else ''} {words('sentences.interval', low=whole(one['low']), high=whole(one['high']))}"
        for one in found
        if one
    ]


@pytest.mark.slow
def test_a_replaced_version_keeps_its_own_page(store, kept_record):
    visit_id = put(store, kept_record, a_person(store))
    first = signed(store, visit_id)
    second = signed(store, visit_id, moved(store.record(visit_id).measurement, Side.RIGHT, 0, 40.0))
    before, after = (printed(record_page(store, one, EN)) for one in (first, second))
    assert numbers(first.document)[3] in before
    assert EDITED not in before
    assert numbers(second.document)[3] in after
    assert numbers(first.document)[3] not in after
    assert "Version 1: accepted, Dr. Vogel" in before
    assert "Version 2, replaces version 1: accepted with corrections, Dr. Vogel" in after


def test_every_number_that_rests_on_a_correction_is_marked(store, kept_record):
    visit_id = put(store, kept_record, a_person(store))
    signature = signed(store, visit_id, moved(store.record(visit_id).measurement, Side.RIGHT, 0, 40.0))
    right, left = (signature.document["hips"][side]["internal_rotation_deg"] for side in ("right", "left"))
    text = printed(record_page(store, signature, EN))
    end = whole(signature.document["hips"]["right"]["reps"][0]["end_range_deg"])
    assert (right["edited"], left["edited"]) == (True, False)
    assert f"{whole(right['value'])}° {EDITED} (" in text
    assert f"{whole(left['value'])}° (" in text
    assert f"all: {end}°* {EDITED}, " in text


def test_after_a_chosen_zero_the_page_says_what_was_chosen(store, kept_record):
    signature = signed(store, put(store, kept_record), ChooseZero(ZeroChoice.PICTURE))
    measurement = review_state.open_review(store, signature.visit_id).measurement
    for words in map(Words, languages()):
        text = printed(record_page(store, signature, words))
        assert zero_reason(measurement.hips[Side.RIGHT], words) in text
        assert words("report.clip.rest", hips="").partition("(")[0].strip() not in text


def test_after_an_exchange_of_sides_each_picture_is_that_of_its_leg(store, kept_record):
    visit_id = put(store, kept_record)
    measured = page_values(store.record(visit_id), store.visit(visit_id), EN)["ends"]
    now = record_values(store, signed(store, visit_id, SwapSides()), EN)["ends"]
    assert [one["picture"] for one in now] == [one["picture"] for one in measured[2:] + measured[:2]]
    assert len({one["picture"] for one in now}) == 4
    assert [one["caption"] for one in now] == [one["caption"] for one in measured]


def test_pictures_from_before_a_correction_are_called_so(store, kept_record):
    visit_id = put(store, kept_record)
    said = EN("report.stills.as_measured")
    assert said not in printed(record_page(store, signed(store, visit_id), EN))
    assert said in printed(record_page(store, signed(store, visit_id, Exclude("right-0", ExcludeReason.PAIN)), EN))


def test_the_page_of_a_patient_has_nothing_of_it(store, kept_record):
    visit = store.visit(corrected(store, kept_record).visit_id)
    text = printed(report_pdf(store.record(visit.id), visit, EN))
    for absent in ("B-1204", "Version", "Vogelsang", EN("report.record.corrections"), EN("report.record.course"), EDITED):
        assert absent not in text
    assert visit.title in text


# ---------------------------------------------------------------- person, reviewer, outcome
def test_person_reviewer_and_comment_stand_there(store, kept_record):
    person = a_person(store, "A. Adler", birth_year=1961, painful_side=PainfulSide.RIGHT, note="nobody prints this")
    signature = signed(store, put(store, kept_record, person), comment_record="Well held.", comment_patient="For you alone")
    text = printed(record_page(store, signature, EN))
    day = signature.signed_at.astimezone().strftime(EN("app.date_format"))
    for said in ("A. Adler", "born 1961 · right side hurts", f"Version 1: accepted, Dr. Vogel, {day}", "For the record: Well held."):
        assert said in text
    assert EN("report.record.no_corrections") in text
    assert "nobody prints this" not in text
    assert "For you alone" not in text


def test_a_visit_of_nobody_has_neither_person_nor_course(store, kept_record):
    text = printed(record_page(store, nobodys(store, kept_record), EN))
    assert "Week 3" in text
    assert "born" not in text
    assert EN("report.record.course") not in text


@pytest.mark.parametrize("language", languages())
def test_numbers_that_are_not_usable_are_called_so_first(store, kept_record, language):
    words = Words(language)
    signature = signed(store, put(store, kept_record), outcome=Outcome.NOT_USABLE, film_again="Both feet in the picture, please.")
    text = printed(record_page(store, signature, words))
    warned = text.index(words("report.record.unusable"))
    assert warned < text.index("Both feet in the picture, please.") < text.index(numbers(signature.document, words)[0])
    assert words("report.later") not in text
    assert "MDC95" not in text
    assert words("report.record.unusable") not in printed(record_page(store, plain(store, kept_record), words))


# ---------------------------------------------------------------- corrections
def test_each_correction_is_a_sentence(store, kept_record):
    edits = [Exclude("right-0", ExcludeReason.PAIN, "3 of 10"), RatePelvis("left-2", PelvisRating.STILL)]
    text = printed(record_page(store, signed(store, put(store, kept_record), *edits), EN))
    assert "1. Right, internal, repetition 1: left out (pain): “3 of 10”" in text
    assert "2. Left, internal, repetition 2: pelvis and trunk kept still" in text


@pytest.mark.slow
def test_corrections_that_have_no_room_are_counted(store, kept_record):
    text = printed(record_page(store, corrected(store, kept_record), EN))
    n_shown = next(n for n in range(8, 0, -1) if f"{n}. " in text.partition(EN("report.record.corrections"))[2])
    assert 4 <= n_shown < 8
    assert EN("report.record.left_out", n=8 - n_shown) in text


# ---------------------------------------------------------------- course
def test_the_course_has_the_first_visit_and_the_latest_ones(store, kept_record):
    signature = ten_before(store, kept_record)
    rows = record_values(store, signature, EN)["record"]["course"]["rows"]
    hips = signature.document["hips"]
    both = [" / ".join(f"{whole(hips[side][one.field]['value'])}°" for side in ("right", "left")) for one in Quantity]
    assert [row[0] for row in rows] == [
        "02 Mar 2026",
        "13 Apr 2026",
        "20 Apr 2026, before",
        "27 Apr 2026",
        "04 May 2026, before",
        "11 May 2026",
    ]
    assert all(row[1:] == both for row in rows)
    text = printed(record_page(store, signature, EN))
    assert EN("report.record.left_out", n=5) in text


def test_only_signed_and_usable_visits_up_to_this_one_are_in_the_course(store, kept_record):
    person = a_person(store)
    for days, outcome in ((0.0, None), (1.0, Outcome.NOT_USABLE), (LATER_DAY, None)):
        signed(store, put(store, kept_record, person, days), outcome=outcome)
    put(store, kept_record, person, 2.0)
    course = record_values(store, signed(store, put(store, kept_record, person)), EN)["record"]["course"]
    assert [row[0] for row in course["rows"]] == ["02 Mar 2026", "09 Mar 2026"]


def test_the_course_marks_what_was_corrected_and_tells_the_change(store, kept_record):
    person = a_person(store)
    first = signed(store, put(store, kept_record, person, 0.0))
    visit_id = put(store, kept_record, person)
    now = signed(store, visit_id, moved(store.record(visit_id).measurement, Side.RIGHT, 0, 40.0))
    for words in map(Words, languages()):
        course = record_values(store, now, words)["record"]["course"]
        values = [[one.document["hips"][side]["internal_rotation_deg"]["value"] for side in ("right", "left")] for one in (first, now)]
        marks = [["", ""], [EDITED, ""]]
        assert [row[1] for row in course["rows"]] == [
            " / ".join(f"{whole(value)}°{mark}" for value, mark in zip(*row, strict=True)) for row in zip(values, marks, strict=True)
        ]
        said = since_sentence(store.visit(first.visit_id), store.visit(visit_id), words)
        assert said in printed(record_page(store, now, words))


@pytest.mark.slow
def test_the_first_visit_says_that_there_is_none_before(store, kept_record):
    assert EN("report.record.first") in printed(record_page(store, plain(store, kept_record), EN))


def test_notes_between_the_visits_are_printed_and_others_not(store, kept_record):
    person = a_person(store)
    signed(store, put(store, kept_record, person, 0.0))
    for day, note in ((date(2026, 3, 1), "too early"), (date(2026, 3, 4), "glide, grade III"), (date(2026, 3, 10), "too late")):
        People(store).add_note(person.id, day, NoteKind.TREATMENT, note)
    text = printed(record_page(store, signed(store, put(store, kept_record, person)), EN))
    assert "04 Mar 2026 Treatment: glide, grade III" in text
    assert "too early" not in text
    assert "too late" not in text


# ---------------------------------------------------------------- readings and log
def test_readings_stand_beside_the_numbers(store, kept_record):
    visit_id = put(store, kept_record)
    readings = [
        Reading(Side.RIGHT, Quantity.INTERNAL, 32.5, Instrument.GONIOMETER),
        Reading(Side.LEFT, Quantity.EXTERNAL, 41.0, Instrument.INCLINOMETER, passive=True),
        Reading(Side.LEFT, Quantity.INTERNAL, 30.0, Instrument.GONIOMETER),
    ]
    for reading in readings:
        Reviews(store).add_reading(visit_id, reading)
    text = printed(record_page(store, signed(store, visit_id), Words("de")))
    assert "Goniometer (aktiv): Rechts IR 32,5°, Links IR 30°; Inklinometer (passiv): Links AR 41°" in text


def test_readings_beyond_the_first_are_counted(store, kept_record):
    readings = record_values(store, corrected(store, kept_record), EN)["record"]["readings"]
    assert readings.endswith("Right IR 25°; and 3 more")


def test_number_and_hash_of_the_signature_in_the_log_are_in_the_foot(store, kept_record):
    visit_id = put(store, kept_record)
    signatures = [signed(store, visit_id), signed(store, visit_id, Exclude("right-0", ExcludeReason.PAIN))]
    with store.gate.reading() as session:
        kept = [entry for entry in log.entries(session, visit_id) if entry.action == "signed"]
    assert len(kept) == 2
    for signature, entry in zip(signatures, kept, strict=True):
        assert entry.hash == entry.computed_hash()
        assert f"Entry {entry.number} in the log of the desk, hash {entry.hash[:12]}" in printed(record_page(store, signature, EN))


def test_without_a_log_nothing_is_said_of_one(tmp_path, kept_record):
    store = Store(tmp_path / "home")
    assert "in the log" not in printed(record_page(store, signed(store, put(store, kept_record)), EN))
    store.engine.dispose()
