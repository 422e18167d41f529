"""A visit as a row, and back: with what the lists need of its document, so that they need not read it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hipcv.codes import Severity
from hipcv.errors import VisitNotFound, VisitSigned
from hipcv.records.visit import Kind, Visit
from hipcv.store.log import hash_of
from hipcv.store.sql_tables import VisitRow

MOST_TITLE = 200
_MOST_NAME = 300


def row_of(visit: Visit) -> VisitRow:
    """The row of a visit that comes into the store now."""
    return VisitRow(
        id=visit.id,
        measured_at=visit.measured_at,
        title=visit.title.strip()[:MOST_TITLE],
        kind=visit.kind.value,
        note=visit.note,
        document=visit.document,
        person_id=visit.person_id,
        received=visit.received,
        taken_in_at=datetime.now(UTC),
        asked_code=visit.asked_code,
        fingerprint=fingerprint(visit),
        clip=visit.clip[:_MOST_NAME],
        clip_sha256=str(visit.document["clip"]["sha256"]),
        severity=max((severity_rank(finding["severity"]) for finding in visit.document["findings"]), default=0),
        outcome=visit.outcome,
    )


def visit_of(row: VisitRow) -> Visit:
    """The visit of a row."""
    return Visit(
        id=row.id,
        measured_at=row.measured_at,
        title=row.title,
        kind=Kind(row.kind),
        note=row.note,
        document=row.document,
        person_id=row.person_id,
        received=row.received,
        asked_code=row.asked_code,
        outcome=row.outcome,
    )


def fingerprint(visit: Visit) -> str:
    """SHA-256 of the document: the same measurement has the same, however it was packed and whatever was written beside it."""
    return hash_of(visit.document)


def severity_rank(severity: str) -> int:
    """Severity as a number to sort by: 0 is none, then as in `Severity`."""
    return 1 + list(Severity).index(Severity(severity))


def visit_row(session: Session, visit_id: str) -> VisitRow:
    """The row of a visit; raises `VisitNotFound`."""
    if (row := session.get(VisitRow, visit_id)) is None:
        raise VisitNotFound("visit_gone")
    return row


def open_visit_row(session: Session, visit_id: str) -> VisitRow:
    """The same, to be changed. Raises `VisitSigned` if the visit is locked: whose it is, and of which day, is part of what was signed."""
    row = visit_row(session, visit_id)
    if row.outcome:
        raise VisitSigned("visit_signed")
    return row


def measured_documents(session: Session, visit_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The documents of visits as they were measured, by id; without those that were deleted."""
    return dict(session.execute(select(VisitRow.id, VisitRow.document).where(VisitRow.id.in_(visit_ids))).all())
