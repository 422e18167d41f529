"""A person's visits as a table, one row per visit, hip and quantity."""

from collections.abc import Iterator

from hipcv.codes import Quantity
from hipcv.desk.course import Course, CourseVisit
from hipcv.landmarks import SHOWN_SIDES
from hipcv.system.spreadsheet import csv_text, escaped

COLUMNS = (
    "person", "visit", "measured_at", "kind", "side", "quantity", "degrees", "low", "high", "n_reps", "corrected_by_hand", "outcome",
    "reviewer", "signed_at", "version", "hipcv",
)  # fmt: skip


def person_csv(course: Course) -> str:
    """The table with its header; degrees with four decimals, an empty cell = not measured, or not signed."""
    return csv_text([COLUMNS, *(row for one in course.visits for row in _rows(course, one))])


def _rows(course: Course, one: CourseVisit) -> Iterator[list[str]]:
    visit, signed = one.visit, one.signature
    review = [signed.verdict.outcome.value, signed.verdict.reviewer, signed.signed_at.isoformat(), signed.version] if signed else [""] * 4
    for side in SHOWN_SIDES:
        for quantity in Quantity:
            span = visit.document["hips"][side.value][quantity.field]
            numbers = [span["value"], span["low"], span["high"], span["n_reps"], span.get("edited", False)] if span else [""] * 5
            known = [course.person.code, visit.id, visit.when.isoformat(), visit.kind.value, side.value, quantity.value]
            cells = [*known, *numbers, *review, visit.document["software"]["hipcv"]]
            yield [escaped(cell) if isinstance(cell, str) else str(cell) for cell in cells]
