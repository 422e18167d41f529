"""Days and moments in the reader's own format."""

from datetime import date, datetime
from typing import Protocol

from hipcv.catalogues.words import Words


def day_text(day: date, words: Words) -> str:
    """`02 Mar 2026`; of a moment, the day where the reader is."""
    return (day.astimezone() if isinstance(day, datetime) else day).strftime(words("app.day_format"))


def moment_text(moment: datetime, words: Words) -> str:
    """`02 Mar 2026, 12:00`."""
    return moment.astimezone().strftime(words("app.date_format"))


class Dated(Protocol):
    """A visit, or a line about one."""

    @property
    def measured_at(self) -> datetime:
        """When it was measured."""

    @property
    def received(self) -> bool:
        """Whether it came as a file, which tells the day only."""


def visit_text(visit: Dated, words: Words) -> str:
    """The moment of a visit, as far as it is known: `02 Mar 2026, 12:00`, or of one that came as a file `02 Mar 2026`."""
    return (day_text if visit.received else moment_text)(visit.measured_at, words)
