"""Tables of the store. A change here needs a migration (hipcv/store/migrations); a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text, TypeDecorator
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
    """`hipcv-measurement/1`."""


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
