"""Where the coach that watched the filming and the measurement disagree on what counts as a repetition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hipcv.filmed import SeenMovement
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.measurement import Measurement, Rep
from hipcv.values import Direction


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Of one leg and direction: repetitions that only one of the two counted, by the seconds at which they lie."""

    side: Side
    direction: Direction
    coach_only_s: tuple[float, ...]
    measured_only_s: tuple[float, ...]


def disagreements(measurement: Measurement) -> Iterator[Disagreement]:
    """Every leg and direction in which they disagree; nothing where no coach watched."""
    if measurement.filmed is None:
        return
    for side in SHOWN_SIDES:
        for direction in Direction:
            seen = [one for one in measurement.filmed.movements if (one.side, one.direction) == (side, direction) and one.counts]
            measured = [rep for rep in measurement.hips[side].reps if rep.direction is direction and rep.usable]
            if found := _compared(side, direction, seen, measured):
                yield found


def _compared(side: Side, direction: Direction, seen: Sequence[SeenMovement], measured: Sequence[Rep]) -> Disagreement | None:
    """What one of the two has counted where the other has nothing at that time."""
    coach_only = tuple(one.start_s for one in seen if not any(_overlap(rep, one) for rep in measured))
    measured_only = tuple(rep.start_s for rep in measured if not any(_overlap(rep, one) for one in seen))
    return Disagreement(side, direction, coach_only, measured_only) if coach_only or measured_only else None


def _overlap(rep: Rep, seen: SeenMovement) -> bool:
    return rep.start_s < seen.end_s and seen.start_s < rep.end_s
