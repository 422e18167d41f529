"""One measurement that is kept, and what the person says of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class Kind(Enum):
    """Which visit of its day this is."""

    SINGLE = "single"
    BEFORE = "before"
    AFTER = "after"
    SAMPLE = "sample"
    """The video that is shipped: somebody else, so it is no part of a person's history."""


OWN_KINDS = (Kind.SINGLE, Kind.BEFORE, Kind.AFTER)
"""What a person may say of a visit."""


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One measurement that is kept, and what the person says of it."""

    id: str
    measured_at: datetime
    title: str
    kind: Kind
    note: str
    document: dict[str, Any]

    @property
    def clip(self) -> str:
        """What the person called the video file."""
        return str(self.document["clip"]["name"])

    def facts(self, *, with_words: bool = False) -> dict[str, str]:
        """What goes into a file that is sent (share.py); the person's own words only if they say so."""
        return {
            "title": self.title if with_words else "",
            "measured_on": self.measured_at.astimezone().date().isoformat(),
            "kind": self.kind.value,
            "note": self.note if with_words else "",
        }
