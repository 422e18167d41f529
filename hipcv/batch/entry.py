"""One clip of a run, with everything known about it beforehand."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hipcv.landmarks import SHOWN_SIDES
from hipcv.settings import Mirrored, Turn
from hipcv.values import Direction

KNOWN_COLUMNS = ("clip", "subject", "session", "group", "date", "mirrored", "turn")
REFERENCE_COLUMNS = {f"reference_{side.value}_{direction.value}_deg": (side, direction) for side in SHOWN_SIDES for direction in Direction}
"""Angles read with a goniometer or another method, in degrees; external rotation is positive, too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One clip of a run."""

    number: int
    """Position in the whole list, from 0."""
    clip: str
    """Name in the tables: the path below the folder, or as the manifest has it."""
    path: str
    mirrored: str = Mirrored.AUTO.value
    turn: int = Turn.NONE.value
    subject: str = ""
    session: str = ""
    group: str = ""
    date: str = ""
    references: Mapping[str, float] = field(default_factory=dict)
    """Reference angles, by the names in `REFERENCE_COLUMNS`."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further columns of the manifest, copied to the tables."""
    key: str = ""
    """Stem of the clip's file names; derived from `clip`, so that it stays the same when the list grows."""

    @property
    def picture_key(self) -> str:
        """How its picture is taken: what the settings of clips of one run differ in."""
        return picture_key(self.mirrored, self.turn)


def picture_key(mirrored: str, turn: int) -> str:
    """A name for the two settings that may differ between the clips of a run."""
    return f"{mirrored} {turn}" if turn else mirrored


def key_of(clip: str) -> str:
    """A file name that every system accepts, with enough of a hash (80 bits) that no two clips of any study share it.

    >>> key_of("anna/second visit.MOV")
    'second-visit.MOV-9c55b99a5c67d79eb0b1'
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", clip.rsplit("/", 1)[-1]).strip("-.")[:60]
    digest = hashlib.sha256(clip.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return f"{name}-{digest}" if name else digest
