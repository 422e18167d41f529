"""The people of a practice, and whose a visit is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hipcv.errors import PersonDetails, PersonNotFound
from hipcv.store.access import Action
from hipcv.store.database import forget_deleted
from hipcv.store.sql_tables import AskRow, CourseNoteRow, PersonRow, VisitRow
from hipcv.store.store import Store, new_id
from hipcv.store.visit_rows import open_visit_row

MOST_CODE, MOST_NOTE = 80, 4000
_OLDEST = 120


class PainfulSide(Enum):
    """The side that hurts, as the person says."""

    UNKNOWN = ""
    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is measured."""

    id: str
    code: str
    """A code or a name, as the practice likes."""
    birth_year: int | None = None
    painful_side: PainfulSide = PainfulSide.UNKNOWN
    note: str = ""
    archived: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list, with what has come of them."""

    person: Person
    n_visits: int
    n_waiting: int
    last_at: datetime | None


class NoteKind(Enum):
    """What happened on a day of a person's course."""

    TREATMENT = "treatment"
    EXERCISE = "exercise"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CourseNote:
    """A treatment, an exercise or anything else with its day."""

    id: int
    day: date
    kind: NoteKind
    note: str


class People:
    """The people in a store."""

    def __init__(self, store: Store) -> None:
        self._store, self._gate = store, store.gate

    def lines(self) -> list[PersonLine]:
        """All people by code, those in the archive too."""
        counted = (
            select(
                VisitRow.person_id,
                func.count().label("n"),
                func.count().filter(VisitRow.outcome == "").label("waiting"),
                func.max(VisitRow.measured_at).label("last"),
            )
            .group_by(VisitRow.person_id)
            .subquery()
        )
        query = select(PersonRow, counted.c.n, counted.c.waiting, counted.c.last).outerjoin(counted, counted.c.person_id == PersonRow.id)
        with self._gate.reading(Action.LIST) as session:
            found = [PersonLine(_person(row), n or 0, waiting or 0, last) for row, n, waiting, last in session.execute(query)]
        return sorted(found, key=lambda line: (line.person.code.casefold(), line.person.id))

    def person(self, person_id: str) -> Person:
        """One person.

        Raises
        ------
        PersonNotFound
            They were erased, merged with somebody else, or never existed.
        """
        with self._gate.reading(Action.SEE, person_id) as session:
            return _person(_row(session, person_id))

    def add(self, person: Person) -> Person:
        """Add a person; `id` and `created_at` are given here.

        Raises
        ------
        PersonDetails
            Without a code or name, or with a year in which nobody alive was born.
        """
        made = replace(checked(person), id=new_id(), created_at=datetime.now(UTC))
        with self._gate.writing(Action.PERSON_ADDED, made.id) as session:
            session.add(PersonRow(**{**asdict(made), "painful_side": made.painful_side.value}))
        return made

    def change(self, person: Person) -> None:
        """Change a person's details. Errors as for `person` and `add`."""
        said = checked(person)
        with self._gate.writing(Action.PERSON_CHANGED, person.id) as session:
            row = _row(session, person.id)
            row.code, row.birth_year, row.painful_side = said.code, said.birth_year, said.painful_side.value
            row.note, row.archived = said.note, said.archived
        forget_deleted(self._store.engine)

    def merge(self, kept_id: str, other_id: str) -> None:
        """Make two people one: all visits, notes and codes of the other become the kept one's, and the other is deleted.

        Details that only the other has are taken over, its note is appended. Errors as for `person`, or `PersonDetails` if both notes
        together are too long.
        """
        if kept_id == other_id:
            raise PersonNotFound("person_merged_with_itself")
        with self._gate.writing(Action.PERSON_MERGED, kept_id, {"other": other_id}) as session:
            kept, other = _row(session, kept_id), _row(session, other_id)
            kept.birth_year = kept.birth_year or other.birth_year
            kept.painful_side = kept.painful_side or other.painful_side
            kept.note = "\n".join(note for note in (kept.note, other.note) if note)
            if len(kept.note) > MOST_NOTE:
                raise PersonDetails("person_notes_long", most=MOST_NOTE)
            for table in (VisitRow, CourseNoteRow, AskRow):
                session.execute(update(table).where(table.person_id == other_id).values(person_id=kept_id))
            session.flush()
            session.expire(other)
            session.execute(delete(PersonRow).where(PersonRow.id == other_id))
        forget_deleted(self._store.engine)

    def give_visit(self, visit_id: str, person_id: str | None) -> None:
        """Say whose a visit is; None = nobody's. Errors as for `person`, or `VisitNotFound`, `VisitSigned`."""
        with self._gate.writing(Action.VISIT_MOVED, visit_id, {"person": person_id or ""}) as session:
            if person_id is not None:
                _row(session, person_id)
            open_visit_row(session, visit_id).person_id = person_id

    # ------------------------------------------------------------------ asking for a measurement
    def ask(self, person_id: str, code: str) -> None:
        """Keep the code that was given to a person, so that a file with it is theirs. Errors as for `person`."""
        with self._gate.writing(Action.ASKED, person_id) as session:
            _row(session, person_id)
            session.add(AskRow(code=code, person_id=person_id, asked_at=datetime.now(UTC)))

    def asked(self, code: str) -> str | None:
        """Id of the person to whom a code was given."""
        with self._gate.reading(Action.LIST) as session:
            return session.scalar(select(AskRow.person_id).where(AskRow.code == code))

    def codes(self, person_id: str) -> list[tuple[str, datetime]]:
        """Codes given to a person and when, the latest first."""
        query = select(AskRow.code, AskRow.asked_at).where(AskRow.person_id == person_id).order_by(AskRow.asked_at.desc())
        with self._gate.reading(Action.SEE, person_id) as session:
            return [(code, at) for code, at in session.execute(query)]

    # ------------------------------------------------------------------ notes on the course
    def notes(self, person_id: str) -> list[CourseNote]:
        """Notes on a person's course, earliest first."""
        query = select(CourseNoteRow).where(CourseNoteRow.person_id == person_id).order_by(CourseNoteRow.day, CourseNoteRow.id)
        with self._gate.reading(Action.SEE, person_id) as session:
            return [CourseNote(row.id, row.day, NoteKind(row.kind), row.note) for row in session.scalars(query)]

    def add_note(self, person_id: str, day: date, kind: NoteKind, note: str) -> None:
        """Put a note on a day of a person's course. Errors as for `person`."""
        with self._gate.writing(Action.PERSON_NOTE, person_id) as session:
            _row(session, person_id)
            session.add(CourseNoteRow(person_id=person_id, day=day, kind=kind.value, note=note.strip()[:MOST_NOTE]))

    def delete_note(self, person_id: str, note_id: int) -> None:
        """Take a note off a person's course."""
        with self._gate.writing(Action.PERSON_NOTE_DELETED, person_id) as session:
            session.execute(delete(CourseNoteRow).where(CourseNoteRow.id == note_id, CourseNoteRow.person_id == person_id))
        forget_deleted(self._store.engine)


def found(lines: Sequence[PersonLine], search: str, *, archived: bool = False) -> list[PersonLine]:
    """Those whose code, note or year of birth holds every word of a search, in any case; the archive is left out unless asked for."""
    words = search.casefold().split()

    def holds(person: Person) -> bool:
        text = f"{person.code} {person.note} {person.birth_year or ''}".casefold()
        return all(word in text for word in words)

    return [line for line in lines if line.person.archived <= archived and holds(line.person)]


def birth_years() -> tuple[int, int]:
    """The first and the last year in which somebody alive may have been born."""
    this_year = datetime.now().astimezone().year
    return this_year - _OLDEST, this_year


def checked(person: Person) -> Person:
    """A person's details as they are kept. Raises `PersonDetails`."""
    code = " ".join(person.code.split())
    if not code or len(code) > MOST_CODE:
        raise PersonDetails("person_code", most=MOST_CODE)
    first, last = birth_years()
    if person.birth_year is not None and not first <= person.birth_year <= last:
        raise PersonDetails("person_birth_year", first=first, last=last)
    return replace(person, code=code, note=person.note.strip()[:MOST_NOTE])


def _row(session: Session, person_id: str) -> PersonRow:
    row = session.get(PersonRow, person_id)
    if row is None:
        raise PersonNotFound("person_gone")
    return row


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.code, row.birth_year, PainfulSide(row.painful_side), row.note, row.archived, row.created_at)
