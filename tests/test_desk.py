"""What the desk makes of reviews: signed documents, answers, courses, tables, agreement with an instrument. On a real measurement."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk import agreement, fhir_export, reply, review_state
from hipcv.desk.change_sentences import since_sentence
from hipcv.desk.course import course_of
from hipcv.desk.person_csv import person_csv
from hipcv.errors import ReviewChanged, ReviewError, VisitSigned
from hipcv.landmarks import Side
from hipcv.records import sealed_file
from hipcv.records.document import REVIEW, as_text, to_document
from hipcv.records.record import DOCUMENT
from hipcv.records.visit import Kind
from hipcv.review.edits import AddRep, Exclude, ExcludeReason, Include, MovePoints, SwapSides
from hipcv.store import inbox
from hipcv.store.changes import variation_deg
from hipcv.store.people import NoteKind, People
from hipcv.store.reviews import Instrument, Outcome, Reading, Reviews, Verdict
from hipcv.store.store import Store
from hipcv.validation.against_goniometer import compare_with_goniometer
from tests.desks import NOON, a_person, opened_desk
from tests.visits import add_visit

EN = Words("en")
ACCEPTED = Verdict(Outcome.ACCEPTED, "Dr. Vogel", "Weiter so", "nur für die Akte")
pytestmark = pytest.mark.pose


@pytest.fixture
def store(tmp_path):
    opened = opened_desk(tmp_path / "data")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def visit(store, kept_record):
    return add_visit(store, kept_record)


def review(store, visit):
    return review_state.open_review(store, visit.id)


def signed(store, visit, verdict=ACCEPTED):
    return review_state.sign(store, review(store, visit), verdict)


# ---------------------------------------------------------------- a review
def test_a_review_without_corrections_is_the_measurement_itself(store, visit):
    opened = review(store, visit)
    assert opened.measurement is opened.record.measurement
    assert not opened.is_locked


def test_a_correction_that_cannot_be_is_not_kept(store, visit):
    with pytest.raises(ReviewError):
        review_state.add(store, review(store, visit), Include("right-77"))
    assert Reviews(store).edits(visit.id) == []


def test_corrections_change_the_numbers_and_taking_them_back_gives_the_same_document(store, visit):
    before = as_text(to_document(review(store, visit).measurement))
    review_state.add(store, review(store, visit), Exclude("right-0", ExcludeReason.COMPENSATED, "Becken"))
    review_state.add(store, review(store, visit), SwapSides())
    changed = review(store, visit)
    assert as_text(to_document(changed.measurement)) != before
    assert changed.own_sides.hips[Side.RIGHT].reps[0].usable is False
    assert review_state.pictures(changed)["left"][0] == "right-0"
    Reviews(store).undo(visit.id, everything=True)
    assert as_text(to_document(review(store, visit).measurement)) == before


def test_a_signed_document_says_who_signed_what_and_is_locked(store, visit):
    review_state.add(store, review(store, visit), Exclude("right-0", ExcludeReason.PAIN))
    one = signed(store, visit, replace(ACCEPTED, outcome=Outcome.CORRECTED))
    part = one.document[REVIEW]
    assert (part["version"], part["replaces"], part["outcome"], part["reviewer"]) == (1, None, "corrected", "Dr. Vogel")
    assert part["edits"] == [{"kind": "exclude", "rep": "right-0", "reason": "pain", "words": ""}]
    assert "nur für die Akte" not in json.dumps(one.document, ensure_ascii=False)
    assert review(store, visit).is_locked
    with pytest.raises(VisitSigned):
        review_state.add(store, review(store, visit), SwapSides())


# ---------------------------------------------------------------- the answer
def test_the_answer_holds_the_corrected_numbers_and_says_so(store, visit, tmp_path):
    rep = review(store, visit).measurement.hips[Side.LEFT].reps[0]
    middle = (rep.hold_start_s + rep.hold_end_s) / 2
    review_state.add(store, review(store, visit), MovePoints("left-0", middle, (300.0, 500.0), (430.0, 650.0)))
    one = signed(store, visit, replace(ACCEPTED, outcome=Outcome.CORRECTED))
    out = tmp_path / "answer.hipcv"
    reply.write_reply(store, one, out)
    (tmp_path / "opened").mkdir()
    record, _ = sealed_file.unpack(out, tmp_path / "opened")
    assert record.document == one.document
    assert record.measurement.hips[Side.LEFT].reps[0].edited
    assert "nur für die Akte" not in out.read_bytes().decode("latin-1")
    assert record.still(Side.LEFT, 0) is not None


def test_the_answer_of_exchanged_sides_shows_the_right_pictures(store, visit, tmp_path):
    review_state.add(store, review(store, visit), SwapSides())
    one = signed(store, visit, replace(ACCEPTED, outcome=Outcome.CORRECTED))
    reply.write_reply(store, one, tmp_path / "answer.hipcv")
    (tmp_path / "opened").mkdir()
    record, _ = sealed_file.unpack(tmp_path / "answer.hipcv", tmp_path / "opened")
    picture = record.still(Side.LEFT, 0)
    assert picture is not None
    assert picture.read_bytes() == (store.folder_of(visit.id) / "right-0.jpg").read_bytes()


def test_what_cannot_be_written_does_not_spoil_the_answer(store, visit, tmp_path):
    review_state.add(store, review(store, visit), Exclude("right-0", ExcludeReason.OTHER, "a\x07b"))
    one = signed(store, visit, Verdict(Outcome.CORRECTED, "V\x1b[31m", "line\nbreak\x00"))
    reply.write_reply(store, one, tmp_path / "answer.hipcv")
    (tmp_path / "opened").mkdir()
    record, _ = sealed_file.unpack(tmp_path / "answer.hipcv", tmp_path / "opened")
    assert record.document[REVIEW]["comment_patient"] == "line\nbreak\ufffd"
    assert record.document[REVIEW]["reviewer"] == "V\ufffd[31m"


# ---------------------------------------------------------------- the course
@pytest.fixture
def course_of_three(store, kept_record):
    """A person with a pair of one day and a visit a month later, all signed, and one that is not; a note between them."""
    person = a_person(store, "=SUM(A1)")
    kinds = ((0, Kind.BEFORE), (0.1, Kind.AFTER), (30, Kind.SINGLE), (31, Kind.SINGLE))
    visits = [add_visit(store, kept_record, days=days, kind=kind) for days, kind in kinds]
    for one in visits:
        People(store).give_visit(one.id, person.id)
    for one in visits[:3]:
        signed(store, one)
    People(store).add_note(person.id, date(2026, 3, 10), NoteKind.EXERCISE, "daily")
    return person, visits


def test_a_course_holds_signed_visits_pairs_and_notes(store, course_of_three):
    person, visits = course_of_three
    course = course_of(store, person.id)
    assert [one.visit.id for one in course.visits] == [one.id for one in visits[:3]]
    assert course.n_unsigned == 1
    assert [(a.visit.id, b.visit.id) for a, b in course.pairs()] == [(visits[0].id, visits[1].id)]
    assert [note.note for note in course.notes] == ["daily"]
    assert course.new_set_ups() == {}
    assert len(course_of(store, person.id, unsigned=True).visits) == 4


def test_what_is_not_usable_is_in_no_course(store, course_of_three):
    person, visits = course_of_three
    signed(store, visits[3], Verdict(Outcome.NOT_USABLE, "V", film_again="feet"))
    assert visits[3].id not in [one.visit.id for one in course_of(store, person.id, unsigned=True).visits]


def test_the_band_is_as_wide_as_published(store):
    assert variation_deg(Quantity.INTERNAL, same_day=False) == pytest.approx(8.3, abs=0.05)
    assert variation_deg(Quantity.TOTAL, same_day=False) == pytest.approx(11.8, abs=0.05)


def test_a_change_is_said_no_more_strongly_than_it_is(visit):
    later = json.loads(json.dumps(visit.document))
    first, last = replace(visit, measured_at=NOON), replace(visit, measured_at=NOON + timedelta(days=7), document=later)
    assert since_sentence(first, last, EN) == "Since 02 Mar 2026: every change is within measurement error."
    for name in ("value", "low", "high"):
        later["hips"]["right"]["internal_rotation_deg"][name] += 20
    sentence = since_sentence(first, last, EN)
    assert sentence == "Since 02 Mar 2026: right IR +20° (more than measurement error and usual variation)."
    later["software"]["model_sha256"] = "0" * 64
    assert since_sentence(first, last, EN).startswith("Cannot be compared with 02 Mar 2026: ")


def test_the_table_of_a_person_is_what_was_signed_and_no_formula(store, course_of_three):
    person, visits = course_of_three
    rows = list(csv.DictReader(io.StringIO(person_csv(course_of(store, person.id)))))
    assert len(rows) == 3 * 6
    assert {row["person"] for row in rows} == {"'=SUM(A1)"}
    first = visits[0].document["hips"]["right"]["internal_rotation_deg"]
    assert float(rows[0]["degrees"]) == first["value"]
    assert (rows[0]["corrected_by_hand"], rows[0]["reviewer"], rows[0]["version"]) == ("False", "Dr. Vogel", "1")


def test_a_course_goes_out_as_fhir(store, course_of_three):
    person, _ = course_of_three
    bundle = json.loads(fhir_export.of_course(store, course_of(store, person.id)))
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert (kinds.count("Patient"), kinds.count("Observation")) == (1, 18)


# ---------------------------------------------------------------- agreement with an instrument
def test_agreement_is_shown_from_ten_active_readings_of_two_people_on(store, kept_record):
    people = [a_person(store, name) for name in "ab"]
    visits = [add_visit(store, kept_record, days=n) for n in range(6)]
    reviews = Reviews(store)
    for n, one in enumerate(visits):
        People(store).give_visit(one.id, people[n % 2].id)
        for side in Side:
            measured = one.document["hips"][side.value]["internal_rotation_deg"]["value"]
            reviews.add_reading(one.id, Reading(side, Quantity.INTERNAL, round(measured - 2 - n % 3, 1), Instrument.GONIOMETER))
    reviews.add_reading(visits[0].id, Reading(Side.LEFT, Quantity.INTERNAL, 90, Instrument.GONIOMETER, passive=True))
    found = agreement.pairs(store, inbox.every(store))
    assert len(found) == 12
    assert agreement.agreement(found[:9]) is None
    assert agreement.agreement([pair for pair in found if pair.whose == people[0].id] * 2) is None
    result = agreement.agreement(found)
    assert result is not None
    assert result.bias_deg == pytest.approx(3.0, abs=0.1)
    assert result.lower.value < result.bias_deg < result.upper.value
    assert (result.n, result.n_people) == (12, 2)


def test_the_readings_and_results_are_what_validate_reads(store, visit, tmp_path):
    reviews, edited = Reviews(store), {**visit.document, "hips": {}}
    for passive, degrees in ((False, 41.5), (True, 55.0)):
        reviews.add_reading(visit.id, Reading(Side.LEFT, Quantity.EXTERNAL, degrees, Instrument.INCLINOMETER, passive=passive))
    reviews.sign(visit.id, replace(ACCEPTED, outcome=Outcome.CORRECTED), edited, [])
    with zipfile.ZipFile(io.BytesIO(agreement.readings_zip(store, inbox.every(store)))) as packed:
        packed.extractall(tmp_path)
    found = compare_with_goniometer(tmp_path / "results", tmp_path / "goniometer.csv")
    (row,) = found.rows
    assert (row.clip, row.side, row.quantity, row.true_deg) == ("visit-0001", "left", "external", 41.5)
    assert row.measured_deg == visit.document["hips"]["left"]["external_rotation_deg"]["value"]
    assert found.failures == ()
    assert "55" in (tmp_path / "passive.csv").read_text(encoding="utf-8-sig")


def test_what_was_not_usable_says_nothing_of_the_agreement(store, visit):
    Reviews(store).add_reading(visit.id, Reading(Side.LEFT, Quantity.EXTERNAL, 41.5, Instrument.INCLINOMETER))
    assert len(agreement.pairs(store, inbox.every(store))) == 1
    signed(store, visit, replace(ACCEPTED, outcome=Outcome.NOT_USABLE, film_again="Again"))
    assert agreement.pairs(store, inbox.every(store)) == []


# ---------------------------------------------------------------- two windows
def test_edits_of_two_windows_that_contradict_each_other_are_not_both_kept(store, visit):
    rep = review(store, visit).measurement.hips[Side.RIGHT].reps[0]
    first, second = review(store, visit), review(store, visit)
    review_state.add(store, first, Exclude("right-0", ExcludeReason.OTHER))
    again = AddRep(Side.RIGHT, rep.direction, rep.start_s, rep.end_s)
    review_state.add(store, first, again)
    with pytest.raises(ReviewError):
        review_state.add(store, second, again)
    assert len(review(store, visit).edits) == 2


def test_a_window_undoes_and_signs_only_what_it_shows(store, visit):
    stale = review(store, visit)
    review_state.add(store, stale, SwapSides())
    with pytest.raises(ReviewChanged):
        Reviews(store).undo(visit.id, stale.known)
    with pytest.raises(ReviewChanged):
        review_state.sign(store, stale, ACCEPTED)
    review_state.sign(store, review(store, visit), ACCEPTED)
    Reviews(store).reopen(visit.id)
    Reviews(store).undo(visit.id)
    with pytest.raises(ReviewChanged):  # it would call itself the first version
        review_state.sign(store, stale, ACCEPTED)


def test_a_signed_visit_stays_the_persons_and_of_its_day(store, visit):
    person = a_person(store)
    signed(store, visit, ACCEPTED)
    with pytest.raises(VisitSigned):
        People(store).give_visit(visit.id, person.id)
    with pytest.raises(VisitSigned):
        store.rename(visit.id, title="", kind=Kind.AFTER, note="", measured_at=visit.measured_at)
    Reviews(store).reopen(visit.id)
    People(store).give_visit(visit.id, person.id)
    assert store.visit(visit.id).person_id == person.id


def test_corrections_that_change_nothing_are_no_corrections(store, visit):
    review_state.add(store, review(store, visit), Include("right-0"))
    assert not review(store, visit).is_corrected
    review_state.add(store, review(store, visit), SwapSides())
    assert review(store, visit).is_corrected
    review_state.add(store, review(store, visit), SwapSides())
    assert not review(store, visit).is_corrected


def test_the_measurement_on_disk_is_never_written_over(store, visit):
    before = (store.folder_of(visit.id) / DOCUMENT).read_bytes()
    review_state.add(store, review(store, visit), SwapSides())
    signed(store, visit, replace(ACCEPTED, outcome=Outcome.CORRECTED))
    again = Store(store.folder)
    assert (again.folder_of(visit.id) / DOCUMENT).read_bytes() == before
    assert again.visit(visit.id).document == visit.document
    again.engine.dispose()
