"""The visits of a practice as lines of a list, worst first, without reading their documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, tuple_

from hipcv.codes import Severity
from hipcv.records.visit import Kind
from hipcv.store.access import Action
from hipcv.store.reviews import Outcome
from hipcv.store.sql_tables import PersonRow, VisitRow
from hipcv.store.store import Store
from hipcv.store.visit_rows import severity_rank


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in a list."""

    id: str
    measured_at: datetime
    taken_in_at: datetime
    title: str
    clip: str
    kind: Kind
    received: bool
    severity: int
    outcome: str
    person_id: str | None
    person_code: str


class Show(Enum):
    """Which visits a list holds."""

    WAITING = "waiting"
    """Not signed yet."""
    DOUBTFUL = "doubtful"
    """Not signed yet, and with a serious finding."""
    NOBODYS = "nobodys"
    """Not signed yet, and not given to a person."""
    SIGNED = "signed"
    ALL = "all"


def _condition(show: Show) -> ColumnElement[bool]:
    waits = and_(VisitRow.outcome == "", VisitRow.kind != Kind.SAMPLE.value)
    return {
        Show.WAITING: waits,
        Show.DOUBTFUL: and_(waits, VisitRow.severity >= severity_rank(Severity.SERIOUS.value)),
        Show.NOBODYS: and_(waits, VisitRow.person_id.is_(None)),
        Show.SIGNED: VisitRow.outcome != "",
        Show.ALL: true(),
    }[show]


_WORST_FIRST = (VisitRow.severity.desc(), VisitRow.taken_in_at)
_LATEST_FIRST = (VisitRow.measured_at.desc(), VisitRow.taken_in_at.desc())


def _when(line: VisitLine) -> tuple[datetime, datetime]:
    """A file states no time: of two from one day, the one that came first counts as the earlier."""
    return line.measured_at, line.taken_in_at


def counts(store: Store) -> dict[Show, int]:
    """How many visits each list holds."""
    with store.gate.reading(Action.LIST) as session:
        row = session.execute(select(*(func.count().filter(_condition(show)) for show in Show)).select_from(VisitRow)).one()
        return dict(zip(Show, row, strict=True))


def lines(store: Store, show: Show, search: str = "", *, most: int = 50, after: int = 0) -> list[VisitLine]:
    """Visits of a list: the most serious findings first, then those that have waited longest; of the signed ones the latest first.

    Parameters
    ----------
    search : words that the person's code, the title or the name of the video must hold, in any case
    most, after : how many lines, and how many before them are left out
    """
    waiting = show in {Show.WAITING, Show.DOUBTFUL, Show.NOBODYS}
    order = _WORST_FIRST if waiting else _LATEST_FIRST
    query, words = _query(_condition(show), order), search.casefold().split()
    if not words:
        return _found(store, query.limit(most).offset(after))
    # Not in the database: not every one of them knows that Ä and ä are one letter.
    return [line for line in _found(store, query) if _holds(line, words)][after : after + most]


def next_waiting(store: Store, visit_id: str) -> str | None:
    """The id of the visit that waits behind this one; after the last one the list starts again. None if no other waits.

    This one may have been signed meanwhile; it keeps its place in the list.
    """
    waits = select(VisitRow.id).where(_condition(Show.WAITING), VisitRow.id != visit_id)
    waits = waits.order_by(*_WORST_FIRST, VisitRow.id).limit(1)
    with store.gate.reading(Action.LIST) as session:
        if (this := session.get(VisitRow, visit_id)) is None:
            return session.scalar(waits)
        later = tuple_(VisitRow.taken_in_at, VisitRow.id) > tuple_(literal(this.taken_in_at), literal(this.id))
        behind = or_(VisitRow.severity < this.severity, and_(VisitRow.severity == this.severity, later))
        return session.scalar(waits.where(behind)) or session.scalar(waits)


def of_person(store: Store, person_id: str) -> list[VisitLine]:
    """All visits of a person, the latest first."""
    return _found(store, _query(VisitRow.person_id == person_id, _LATEST_FIRST))


def every(store: Store) -> list[VisitLine]:
    """All visits of the practice, the latest first."""
    return _found(store, _query(true(), _LATEST_FIRST))


_COLUMNS = [getattr(VisitRow, name) for name in VisitLine.__slots__ if name not in {"kind", "person_code"}]


def _query(condition: ColumnElement[bool], order: Sequence[Any]) -> Select[Any]:
    whose = select(VisitRow.kind, PersonRow.code, *_COLUMNS).outerjoin(PersonRow, PersonRow.id == VisitRow.person_id)
    return whose.where(condition).order_by(*order, VisitRow.id)


def _found(store: Store, query: Select[Any]) -> list[VisitLine]:
    names = [column.key for column in _COLUMNS]
    with store.gate.reading(Action.LIST) as session:
        return [
            VisitLine(kind=Kind(kind), person_code=code or "", **dict(zip(names, values, strict=True)))
            for kind, code, *values in session.execute(query)
        ]


def _holds(line: VisitLine, words: Sequence[str]) -> bool:
    text = f"{line.person_code} {line.title} {line.clip}".casefold()
    return all(word in text for word in words)


def same_again(store: Store, fingerprint: str, clip_sha256: str) -> tuple[str | None, str | None]:
    """Ids of a visit that is the very same measurement, and of another one of the same video; None where there is none."""
    with store.gate.reading(Action.LIST) as session:
        same = session.scalar(select(VisitRow.id).where(VisitRow.fingerprint == fingerprint).limit(1))
        video = session.scalar(select(VisitRow.id).where(VisitRow.clip_sha256 == clip_sha256, VisitRow.fingerprint != fingerprint).limit(1))
    return same, video


def before_each(store: Store, lines: Sequence[VisitLine]) -> dict[str, VisitLine]:
    """Of each visit the latest usable one of the same person before it, by the visit's id; visits without one are left out."""
    people = {line.person_id for line in lines if line.person_id}
    usable = and_(VisitRow.person_id.in_(people), VisitRow.outcome != Outcome.NOT_USABLE.value)
    known, found = _found(store, _query(usable, [VisitRow.measured_at, VisitRow.taken_in_at])), {}
    for line in lines:
        before = [one for one in known if one.person_id == line.person_id and _when(one) < _when(line)]
        if before:
            found[line.id] = before[-1]
    return found
