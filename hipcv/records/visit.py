"""A stored measurement with the person's details of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any


class Kind(Enum):
    """Kind of visit: which of its day, or the sample."""

    SINGLE = "single"
    BEFORE = "before"
    AFTER = "after"
    SAMPLE = "sample"
    """The sample video: shows somebody else, so it is not part of a person's history."""


OWN_KINDS = (Kind.SINGLE, Kind.BEFORE, Kind.AFTER)
"""Kinds that a person can choose for a visit."""


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A stored measurement with the person's details of it."""

    id: str
    measured_at: datetime
    title: str
    kind: Kind
    note: str
    document: dict[str, Any]
    person_id: str | None = None
    """None = the person at this computer, or somebody who is not known yet."""
    received: bool = False
    """Whether it came as a file from another installation."""
    asked_code: str = ""
    """The code with which a therapist asked for it, as the file says."""
    outcome: str = ""
    """Outcome of the latest signed version; empty while it waits for a signature."""

    @property
    def clip(self) -> str:
        """The person's name for the video file."""
        return str(self.document["clip"]["name"])

    @property
    def day(self) -> date:
        """The day on which it was measured, where the reader is."""
        return self.measured_at.astimezone().date()

    @property
    def when(self) -> datetime | date:
        """When it was measured, as far as it is known: of one that came as a file, the day alone."""
        return self.day if self.received else self.measured_at

    def facts(self, *, with_words: bool = False) -> dict[str, str]:
        """Details for a file to be sent (records/sealed_file.py); the person's own words are included only on request."""
        return {
            "title": self.title if with_words else "",
            "measured_on": self.day.isoformat(),
            "kind": self.kind.value,
            "note": self.note if with_words else "",
        }


def before_and_after(visits: Sequence[Visit]) -> list[tuple[Visit, Visit]]:
    """Each visit after a treatment or exercise with the last one before it on the same day; `visits` are in order of time."""
    pairs = []
    for later in visits:
        if later.kind is Kind.AFTER:
            before = [one for one in visits if one.kind is Kind.BEFORE and one.day == later.day and one.measured_at <= later.measured_at]
            pairs += [(before[-1], later)] if before else []
    return pairs
