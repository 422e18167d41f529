"""Tables of the store. A change here needs a migration (hipcv/store/migrations); a test compares the two."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Double, ForeignKey, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_ID = String(32)


class Moment(TypeDecorator[datetime]):
    """A point in time, always with its zone: SQLite drops the zone, so UTC is stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time converted to UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored time, marked as UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Base class of all tables."""


class PersonRow(Base):
    """Somebody who is measured, as the practice names them."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    code: Mapped[str] = mapped_column(String(80), index=True)
    """A code or a name."""
    birth_year: Mapped[int | None] = mapped_column(default=None)
    painful_side: Mapped[str] = mapped_column(String(10), default="")
    """A value of `people.PainfulSide`."""
    note: Mapped[str] = mapped_column(Text, default="")
    archived: Mapped[bool] = mapped_column(default=False, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class VisitRow(Base):
    """One stored measurement; its images are in the folder of the same name."""

    __tablename__ = "visit"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    measured_at: Mapped[datetime] = mapped_column(Moment, index=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    """A value of `visit.Kind`."""
    note: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`hipcv-measurement/1`, as measured: corrections are edits on top of it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), default=None, index=True)
    """None = the person at this computer, or somebody who is not known yet."""
    received: Mapped[bool] = mapped_column(default=False)
    """Whether it came as a file from another installation."""
    taken_in_at: Mapped[datetime] = mapped_column(Moment, index=True)
    asked_code: Mapped[str] = mapped_column(String(12), default="")
    """The code with which the therapist asked for it, as the file says."""
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the document: the same file again has the same."""
    clip: Mapped[str] = mapped_column(String(300))
    """Name of the video."""
    clip_sha256: Mapped[str] = mapped_column(String(64), index=True)
    severity: Mapped[int] = mapped_column(default=0)
    """Gravest finding: 0 none, 1 info, 2 warning, 3 serious."""
    outcome: Mapped[str] = mapped_column(String(12), default="", index=True)
    """Outcome of the latest signed version; empty while it waits for a signature."""


class JobRow(Base):
    """One clip that is waiting, being measured, or could not be measured."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    """A value of `job.State`."""
    name: Mapped[str] = mapped_column(String(300))
    """The person's name for the clip: a label, never a path."""
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The person's request: a `job.Request`."""
    stage: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    stage_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    glance: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Results of the quick check of the clip."""
    sentence: Mapped[str] = mapped_column(Text, default="")
    """The reason why there is no result."""
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visit.id", ondelete="SET NULL"), default=None)


class EditRow(Base):
    """One correction of a measurement by a reviewer."""

    __tablename__ = "edit"
    __table_args__ = (UniqueConstraint("visit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    """Counts from 1 within a visit; never used twice."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(default=False)


class SignatureRow(Base):
    """One signed version of a visit; a later one names the one that it replaces, none is ever changed."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("visit_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    replaces: Mapped[int | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(String(12))
    """A value of `reviews.Outcome`."""
    reviewer: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime] = mapped_column(Moment)
    comment_patient: Mapped[str] = mapped_column(Text)
    comment_record: Mapped[str] = mapped_column(Text)
    film_again: Mapped[str] = mapped_column(Text)
    """What to film again, if the video is not usable."""
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`hipcv-measurement/1` with the corrections in it."""


class ReadingRow(Base):
    """A reading of a goniometer or an inclinometer at a visit."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(5))
    quantity: Mapped[str] = mapped_column(String(10))
    value_deg: Mapped[float] = mapped_column(Double)
    """Positive in its own direction."""
    instrument: Mapped[str] = mapped_column(String(20))
    passive: Mapped[bool] = mapped_column(default=False)
    reader: Mapped[str] = mapped_column(String(120))
    taken_at: Mapped[datetime] = mapped_column(Moment)


class CourseNoteRow(Base):
    """A treatment, an exercise or anything else that belongs on a person's course."""

    __tablename__ = "course_note"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)


class AskRow(Base):
    """A measurement that was asked for: its code leads a file back to the person."""

    __tablename__ = "ask"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)


class LogRow(Base):
    """One entry of the log (store/log.py); the database refuses to change or delete one."""

    __tablename__ = "log"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(32), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class SettingRow(Base):
    """What this installation remembers, as whether the desk is open."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
