"""The page for the record: one signed version on one A4 page, with the person, the reviewer, the corrections and the course.

The measurement is printed as on the page for a therapist (rendering/report_pdf.py); typst/report_record.typ lays out what is added to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk import lines
from hipcv.desk.change_sentences import since_sentence
from hipcv.desk.course import Course, CourseVisit, course_of
from hipcv.desk.review_state import numbered
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.dates import day_text
from hipcv.language.sentences import EDITED, whole
from hipcv.measurement import Asymmetry
from hipcv.records.arrays import arrays_of
from hipcv.records.read_document import measurement_of
from hipcv.records.record import Record
from hipcv.records.visit import Kind, Visit
from hipcv.rendering.report_pdf import HASH_LETTERS, page_values
from hipcv.rendering.typesetting import all_printable, typeset
from hipcv.review.corrected import corrected
from hipcv.review.edit_sentences import edit_sentences
from hipcv.store import log
from hipcv.store.access import Action
from hipcv.store.people import People, Person
from hipcv.store.reviews import Outcome, Reading, Reviews, Signature
from hipcv.store.store import Store

_MOST_VISITS = 6
"""Of the course: the first one and the latest."""
_MOST_NOTES = 4
_MOST_READINGS = 6


def record_page(store: Store, signature: Signature, words: Words) -> bytes:
    """The page of a signed version as a tagged PDF (PDF/UA-1).

    Raises
    ------
    VisitNotFound, PersonNotFound, RecordError
        The visit, or some of its files, are not there.
    ReviewError
        A correction was made by a newer version.
    UnreadableResult
        The signed document is not whole.
    """
    return typeset("report", all_printable(record_values(store, signature, words)))


def record_values(store: Store, signature: Signature, words: Words) -> dict[str, Any]:
    """Every value that the template prints. Raises as `record_page`."""
    visit, kept = store.visit(signature.visit_id), store.record(signature.visit_id)
    person = People(store).person(visit.person_id) if visit.person_id else None
    edits = [numbered(edit) for edit in signature.edits]
    arrays = arrays_of(corrected(kept.measurement, edits))
    signed = Record(kept.folder, signature.document, measurement_of(signature.document, arrays))  # its numbers are those that were signed
    values = page_values(signed, visit, words)
    verdict = signature.verdict
    added = {
        "signed": lines.version_text(signature, words),
        "reviewer": verdict.reviewer,
        "day": signature.signed_at.astimezone().strftime(words("report.date_format")),
        "again": _again(signature, words),
        "comment": words("review.sign.said_comment_record", text=verdict.comment_record) if verdict.comment_record else "",
        "corrections": edit_sentences(kept.measurement, edits, words),
        "course": _course(course_of(store, person.id), visit, signature, words) if person else None,
        "readings": _readings(Reviews(store).readings(visit.id), words),
        "log": _log_entry(store, signature, words),
    }
    head = {**values["visit"], **_head(visit, person, words)}
    return {**values, "visit": head, "verdicts": _together(signed.measurement.asymmetry, values["verdicts"], words), "record": added}


def _head(visit: Visit, person: Person | None, words: Words) -> dict[str, str]:
    """The person in place of the title; a title goes to the visit's note, as both are the person's own words."""
    kind = words(f"app.kind.{visit.kind.value}") if visit.kind is not Kind.SINGLE else ""
    if person is None:
        return {"kind": kind}
    return {
        "title": person.code,
        "kind": " · ".join(part for part in (lines.about(person, words), kind) if part),
        "note": " · ".join(part for part in (visit.title, visit.note) if part),
    }


def _together(asymmetry: Asymmetry, verdicts: Sequence[Sequence[str]], words: Words) -> list[list[str]]:
    """Verdicts of label and text, where those with the same text share a line: `IR, Total:`."""
    told: dict[str, list[tuple[str, str]]] = {}
    for quantity, (label, said) in zip(asymmetry.found(), verdicts, strict=True):
        told.setdefault(said, []).append((label, words(f"app.short.{quantity}")))
    return [[labels[0][0] if len(labels) == 1 else f"{', '.join(short for _, short in labels)}:", said] for said, labels in told.items()]


def _again(signature: Signature, words: Words) -> str:
    """What to film again, or at least that nothing is known of it, if the numbers must not be used; else nothing."""
    if signature.verdict.outcome is not Outcome.NOT_USABLE:
        return ""
    return words("review.sign.said_film_again", text=signature.verdict.film_again or "–")


# ---------------------------------------------------------------------- course
def _course(course: Course, visit: Visit, signature: Signature, words: Words) -> dict[str, Any]:
    """Signed visits up to this one, which is shown as in this version; the change since the one before; notes in between."""
    earlier = [one for one in course.visits if one.visit.id != visit.id and one.visit.measured_at <= visit.measured_at]
    this = CourseVisit(replace(visit, document=dict(signature.document)), signature)
    unusable = signature.verdict.outcome is Outcome.NOT_USABLE
    shown = [*earlier, *([] if unusable else [this])]
    rows = [_row(one, words) for one in shown] if earlier else []
    notes = _notes(course, [*earlier, this], words)
    return {
        "header": [words("report.record.day"), *(f"{words(f'app.short.{one}')} {words('report.record.sides')}" for one in Quantity)],
        "rows": [*rows[:1], *rows[1:][1 - _MOST_VISITS :]],
        "n_left_out": max(0, len(rows) - _MOST_VISITS),
        "said": _change(earlier, this, words, unusable=unusable),
        "notes": notes[-_MOST_NOTES:],
        "n_notes_left_out": max(0, len(notes) - _MOST_NOTES),
    }


def _row(one: CourseVisit, words: Words) -> list[str]:
    day, kind = _day(one, words), one.visit.kind
    hips = [one.visit.document["hips"][side.value] for side in SHOWN_SIDES]
    when = f"{day}, {words(f'report.record.kind.{kind.value}')}" if kind in (Kind.BEFORE, Kind.AFTER) else day
    return [when, *(" / ".join(_angle(hip[quantity.field]) for hip in hips) for quantity in Quantity)]


def _angle(span: Mapping[str, Any] | None) -> str:
    """`33°`, with the mark of a correction if it rests on one."""
    return f"{whole(span['value'])}°{EDITED if span.get('edited') else ''}" if span else "–"


def _day(one: CourseVisit, words: Words) -> str:
    return day_text(one.visit.day, words)


def _change(earlier: Sequence[CourseVisit], this: CourseVisit, words: Words, *, unusable: bool) -> str:
    if not earlier:
        return words("report.record.first")
    if unusable:
        return words("report.record.without_this")
    before = earlier[-1].visit
    return since_sentence(before, this.visit, words)


def _notes(course: Course, visits: Sequence[CourseVisit], words: Words) -> list[str]:
    """Treatments, exercises and other notes from the first of these visits to the last one."""
    first, last = (one.visit.day for one in (visits[0], visits[-1]))
    return [
        f"{day_text(note.day, words)} {words(f'course.kind.{note.kind.value}')}: {note.note}"
        for note in course.notes
        if first <= note.day <= last
    ]


# ---------------------------------------------------------------------- readings and log
def _readings(readings: Sequence[Reading], words: Words) -> str:
    """`Read at this visit: Goniometer (active): Right IR 32°, Left IR 28°`, the first ones; nothing if there are none."""
    if not readings:
        return ""
    more = len(readings) - _MOST_READINGS
    told = [*_by_instrument(readings[:_MOST_READINGS], words), *([words("report.findings.more", n=more)] if more > 0 else [])]
    return words("report.record.readings", readings="; ".join(told))


def _by_instrument(readings: Iterable[Reading], words: Words) -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for one in readings:
        mode = words("readings.passive" if one.passive else "readings.active")
        side, quantity = words(f"app.side.{one.side.value}"), words(f"app.short.{one.quantity}")
        kinds.setdefault(f"{words(f'readings.{one.instrument.value}')} ({mode})", []).append(
            f"{side} {quantity} {words.short(one.value_deg)}°"
        )
    for kind, told in kinds.items():
        yield f"{kind}: {', '.join(told)}"


def _log_entry(store: Store, signature: Signature, words: Words) -> str:
    """Number and hash of the entry of this signature in the log, so that the paper holds on to it; nothing if no log is kept."""
    with store.gate.reading(Action.SEE, signature.visit_id) as session:
        found = [
            entry
            for entry in log.entries(session, signature.visit_id)
            if entry.action == Action.SIGNED.value and entry.detail["version"] == signature.version
        ]
    return words("report.foot.log", number=str(found[-1].number), sha256=found[-1].hash[:HASH_LETTERS]) if found else ""
