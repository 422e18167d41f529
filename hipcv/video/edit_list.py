"""What the edit list of a track does to time: ISO/IEC 14496-12, box `elst`, as QuickTime and phones write it.

A delay at the start, a trim and pieces that follow each other leave time alone. Nothing else can be measured: FFmpeg ignores a change of
speed, and for a pause it shows the start of the recording again. Pieces that are left out or repeated are shown as listed, but a movement
that is shown twice must not count twice.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise

_SAME_RATE = 0.01
"""A speed that differs by less moves a hold of a second by a hundredth of one: less than a frame."""
_SAME_S = 0.01
"""Two times in different ticks are rounded differently; a frame lasts longer than this at up to 100 frames/s."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry: a piece of the recording, or a pause."""

    start_s: float | None
    """Time in the recording at which the piece starts; None for a pause."""
    duration_s: float
    rate: float
    """Speed at which it is played; 0 for a still picture that is held."""


@dataclass(frozen=True, slots=True)
class AlteredTime:
    """Why times in the track are not those of the recording: a case of `errors.time_altered`, and the speed or the number of pieces."""

    case: str
    seen: float


def read(table: memoryview, movie_hz: int, track_hz: int) -> list[Edit]:
    """Entries of a table (the box without its name), as far as it is there; `movie_hz` and `track_hz` are ticks per second."""
    layout = ">Qqi" if bytes(table[:1]) == b"\1" else ">Iii"
    size = struct.calcsize(layout)
    n_entries = max(0, min(int.from_bytes(table[4:8], "big"), (len(table) - 8) // size))
    entries = struct.iter_unpack(layout, table[8 : 8 + n_entries * size])
    return [
        Edit(None if start == -1 else start / max(track_hz, 1), duration / max(movie_hz, 1), rate / 65536)
        for duration, start, rate in entries
    ]


def altered_time(edits: Sequence[Edit]) -> AlteredTime | None:
    """What the edits do to time beyond a delay and a trim; None if nothing."""
    pieces = list(dropwhile(lambda edit: edit.start_s is None, edits))
    for edit in pieces:
        if edit.start_s is not None and edit.rate and abs(edit.rate - 1) > _SAME_RATE:
            return AlteredTime("speed", edit.rate)
    return None if all(_follows(*pair) for pair in pairwise(pieces)) else AlteredTime("pieces", len(pieces))


def _follows(before: Edit, after: Edit) -> bool:
    """Whether both play, the second one from where the first one ends."""
    if before.start_s is None or after.start_s is None or not before.rate or not after.rate:
        return False
    return abs(after.start_s - before.start_s - before.duration_s) <= _SAME_S
