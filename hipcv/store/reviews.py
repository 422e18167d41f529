"""Reviews: corrections on top of a measurement, readings beside it, and signed versions, which are never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hipcv.codes import Quantity
from hipcv.errors import ReviewChanged
from hipcv.landmarks import Side
from hipcv.records.document import REVIEW
from hipcv.store import log
from hipcv.store.access import Action
from hipcv.store.database import forget_deleted
from hipcv.store.sql_tables import EditRow, ReadingRow, SignatureRow, VisitRow
from hipcv.store.store import Store
from hipcv.store.visit_rows import measured_documents, open_visit_row, visit_row

MOST_NAME, MOST_COMMENT = 120, 4000


class Outcome(StrEnum):
    """What a reviewer says of a measurement."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    """Accepted with corrections."""
    NOT_USABLE = "not_usable"


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """One correction; `content` is plain values, as review/edits.py writes them."""

    number: int
    made_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer signs, beside the numbers."""

    outcome: Outcome
    reviewer: str
    comment_patient: str = ""
    comment_record: str = ""
    film_again: str = ""
    """What to film again, if the video is not usable."""


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """One signed version."""

    visit_id: str
    version: int
    replaces: int | None
    verdict: Verdict
    signed_at: datetime
    edits: Sequence[KeptEdit]
    document: Mapping[str, Any]
    """`hipcv-measurement/1` with the corrections in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What lists show of a visit: the latest signed version while it is in force, else the measurement."""

    document: Mapping[str, Any]
    n_edits: int
    """Corrections in force; those of a visit that waits are not in the document yet."""


class Instrument(Enum):
    """What a reading was taken with."""

    GONIOMETER = "goniometer"
    INCLINOMETER = "inclinometer"


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of an instrument at a visit, positive in its own direction."""

    side: Side
    quantity: Quantity
    value_deg: float
    instrument: Instrument
    passive: bool = False
    reader: str = ""
    id: int = 0


class Reviews:
    """The reviews in a store."""

    def __init__(self, store: Store) -> None:
        self._store, self._gate = store, store.gate

    # ------------------------------------------------------------------ corrections
    def edits(self, visit_id: str) -> list[KeptEdit]:
        """Corrections in force, in the order in which they were made."""
        with self._gate.reading(Action.SEE, visit_id) as session:
            return [KeptEdit(row.number, row.made_at, row.content) for row in _in_force(session, visit_id)]

    def add_edit(self, visit_id: str, content: Mapping[str, Any], known: Sequence[int] | None = None) -> int:
        """Add a correction; returns its number.

        Parameters
        ----------
        known : numbers of the corrections beside which it was tried: two that are fine alone may contradict each other. None = any

        Raises
        ------
        ReviewChanged
            Other corrections are in force.
        VisitSigned
            The visit is locked.
        VisitNotFound
            It was deleted.
        """
        with self._gate.writing(Action.EDITED, visit_id, {"sha256": log.hash_of(content)}) as session:
            open_visit_row(session, visit_id)
            _check_known(_in_force(session, visit_id), known)
            number = 1 + (session.scalar(select(func.max(EditRow.number)).where(EditRow.visit_id == visit_id)) or 0)
            session.add(EditRow(visit_id=visit_id, number=number, made_at=datetime.now(UTC), content=dict(content)))
        return number

    def undo(self, visit_id: str, known: Sequence[int] | None = None, *, everything: bool = False) -> int:
        """Take back the latest correction, or all of them; returns how many. `known` and errors as above."""
        with self._gate.writing(Action.UNDONE, visit_id, {"everything": everything}) as session:
            open_visit_row(session, visit_id)
            rows = _in_force(session, visit_id)
            _check_known(rows, known)
            chosen = rows if everything else rows[-1:]
            for row in chosen:
                row.undone = True
            return len(chosen)

    # ------------------------------------------------------------------ signing
    def sign(self, visit_id: str, verdict: Verdict, document: Mapping[str, Any], edits: Sequence[int]) -> Signature:
        """Sign the visit, which locks it; a version signed before is replaced, and kept.

        Parameters
        ----------
        document : the measurement with its corrections
        edits : numbers of the corrections in it

        Raises
        ------
        ReviewChanged
            Other corrections are in force than those in the document, or another version was signed meanwhile.
        VisitSigned, VisitNotFound
            As for `add_edit`.
        """
        detail: dict[str, Any] = {}
        with self._gate.writing(Action.SIGNED, visit_id, detail) as session:
            visit = open_visit_row(session, visit_id)
            rows = _in_force(session, visit_id)
            _check_known(rows, edits)
            before = session.scalar(select(func.max(SignatureRow.version)).where(SignatureRow.visit_id == visit_id))
            if document.get(REVIEW, {}).get("replaces", before) != before:
                raise ReviewChanged("review_changed")
            row = _signature_row(visit_id, before, verdict, document, rows)
            session.add(row)
            visit.outcome = verdict.outcome.value
            session.flush()
            detail |= {"version": row.version, "sha256": log.signed_hash(row)}
            return _signature(row)

    def reopen(self, visit_id: str) -> None:
        """Unlock a signed visit, so that a new version can be made of it; what was signed stays."""
        with self._gate.writing(Action.REOPENED, visit_id) as session:
            session.execute(update(VisitRow).where(VisitRow.id == visit_id).values(outcome=""))

    def signatures(self, visit_id: str) -> list[Signature]:
        """All signed versions, earliest first."""
        query = select(SignatureRow).where(SignatureRow.visit_id == visit_id).order_by(SignatureRow.version)
        with self._gate.reading(Action.SEE, visit_id) as session:
            return [_signature(row) for row in session.scalars(query)]

    def signed_of(self, person_id: str) -> dict[str, Signature]:
        """The latest signed version of each visit of a person, by the visit's id."""
        mine = select(VisitRow.id).where(VisitRow.person_id == person_id)
        query = select(SignatureRow).where(SignatureRow.visit_id.in_(mine)).order_by(SignatureRow.version)
        with self._gate.reading(Action.SEE, person_id) as session:
            return {row.visit_id: _signature(row) for row in session.scalars(query)}

    def shown(self, visit_ids: Sequence[str]) -> dict[str, Shown]:
        """What lists show of these visits, by id; without those that were deleted."""
        edits = select(EditRow.visit_id, func.count()).where(EditRow.visit_id.in_(visit_ids), ~EditRow.undone).group_by(EditRow.visit_id)
        signed = (
            select(SignatureRow.visit_id, SignatureRow.document)
            .join(VisitRow, VisitRow.id == SignatureRow.visit_id)
            .where(SignatureRow.visit_id.in_(visit_ids), VisitRow.outcome != "")
            .order_by(SignatureRow.version)
        )
        with self._gate.reading(Action.LIST) as session:
            counted: dict[str, int] = dict(session.execute(edits).all())
            documents: dict[str, Mapping[str, Any]] = dict(session.execute(signed).all())
            missing = [visit_id for visit_id in visit_ids if visit_id not in documents]
            documents |= measured_documents(session, missing)
        return {visit_id: Shown(document, counted.get(visit_id, 0)) for visit_id, document in documents.items()}

    # ------------------------------------------------------------------ readings of an instrument
    def readings(self, visit_id: str) -> list[Reading]:
        """Readings at a visit, in the order in which they were typed in."""
        with self._gate.reading(Action.SEE, visit_id) as session:
            query = select(ReadingRow).where(ReadingRow.visit_id == visit_id).order_by(ReadingRow.id)
            return [_reading(row) for row in session.scalars(query)]

    def all_readings(self) -> list[tuple[str, Reading]]:
        """All readings of the practice, each with the id of its visit."""
        with self._gate.reading(Action.LIST) as session:
            return [(row.visit_id, _reading(row)) for row in session.scalars(select(ReadingRow).order_by(ReadingRow.id))]

    def add_reading(self, visit_id: str, reading: Reading) -> None:
        """Add a reading; a signed visit takes it, too, as it changes no number of the measurement. Raises `VisitNotFound`."""
        with self._gate.writing(Action.READING, visit_id) as session:
            visit_row(session, visit_id)
            session.add(
                ReadingRow(
                    visit_id=visit_id, side=reading.side.value, quantity=reading.quantity.value, value_deg=reading.value_deg,
                    instrument=reading.instrument.value, passive=reading.passive, reader=reading.reader[:MOST_NAME],
                    taken_at=datetime.now(UTC),
                )
            )  # fmt: skip

    def delete_reading(self, visit_id: str, reading_id: int) -> None:
        """Delete a reading."""
        with self._gate.writing(Action.READING_DELETED, visit_id) as session:
            session.execute(delete(ReadingRow).where(ReadingRow.id == reading_id, ReadingRow.visit_id == visit_id))
        forget_deleted(self._store.engine)


def _check_known(rows: Sequence[EditRow], known: Sequence[int] | None) -> None:
    if known is not None and [row.number for row in rows] != list(known):
        raise ReviewChanged("review_changed")


def _in_force(session: Session, visit_id: str) -> list[EditRow]:
    query = select(EditRow).where(EditRow.visit_id == visit_id, ~EditRow.undone).order_by(EditRow.number)
    return list(session.scalars(query))


def _signature_row(
    visit_id: str, before: int | None, verdict: Verdict, document: Mapping[str, Any], rows: Sequence[EditRow]
) -> SignatureRow:
    return SignatureRow(
        visit_id=visit_id,
        version=(before or 0) + 1,
        replaces=before,
        outcome=verdict.outcome.value,
        reviewer=verdict.reviewer.strip()[:MOST_NAME],
        signed_at=datetime.now(UTC),
        comment_patient=verdict.comment_patient.strip()[:MOST_COMMENT],
        comment_record=verdict.comment_record.strip()[:MOST_COMMENT],
        film_again=verdict.film_again.strip()[:MOST_COMMENT],
        edits=[{"number": row.number, "made_at": row.made_at.astimezone(UTC).isoformat(), "content": row.content} for row in rows],
        document=dict(document),
    )


def _signature(row: SignatureRow) -> Signature:
    verdict = Verdict(Outcome(row.outcome), row.reviewer, row.comment_patient, row.comment_record, row.film_again)
    edits = [KeptEdit(edit["number"], datetime.fromisoformat(edit["made_at"]), edit["content"]) for edit in row.edits]
    return Signature(row.visit_id, row.version, row.replaces, verdict, row.signed_at, edits, row.document)


def _reading(row: ReadingRow) -> Reading:
    return Reading(Side(row.side), Quantity(row.quantity), row.value_deg, Instrument(row.instrument), row.passive, row.reader, row.id)
