"""The one repetition that stands for a range, and the one frame that stands for a hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.measurement import Hip, Measurement
from hipcv.values import Direction


def representative_rep(hip: Hip, direction: Direction) -> int | None:
    """Index in `hip.reps` of the counted repetition closest to the range; None if there is no range.

    >>> from dataclasses import replace
    >>> from hipcv.landmarks import Side
    >>> from hipcv.measurement import Range, Rep
    >>> from hipcv.values import Zero
    >>> rep = Rep(Side.LEFT, Direction.INTERNAL, 0.0, 1.0, 2.0, 3.0, 27.0, 27.0, held=True, usable=True)
    >>> reps = (rep, replace(rep, end_range_deg=31.0), replace(rep, end_range_deg=30.0, usable=False))
    >>> hip = Hip(Side.LEFT, Range(30.0, 27.0, 33.0, 1.0, 2), None, None, reps, Zero.REST, 0.0)
    >>> representative_rep(hip, Direction.INTERNAL), representative_rep(hip, Direction.EXTERNAL)
    (1, None)
    """
    span = hip[Quantity.of(direction)]
    if span is None:
        return None
    counted = [index for index, rep in enumerate(hip.reps) if rep.usable and rep.direction is direction]
    return min(counted, key=lambda index: abs(hip.reps[index].end_range_deg - span.value), default=None)


def nearest_rep(hip: Mapping[str, Any], direction: Direction) -> int | None:
    """The same for a hip of a document."""
    span = hip[Quantity.of(direction).field]
    if span is None:
        return None
    counted = [index for index, rep in enumerate(hip["reps"]) if rep["usable"] and rep["direction"] == direction.value]
    return min(counted, key=lambda index: float(abs(hip["reps"][index]["end_range_deg"] - span["value"])), default=None)


def frames_of_holds(measurement: Measurement) -> dict[tuple[Side, int], int]:
    """For every repetition, by side and index: the measured frame nearest to the middle of its hold."""
    time_s = measurement.landmarks.time_s
    return {
        (side, index): int(np.argmin(np.abs(time_s - (rep.hold_start_s + rep.hold_end_s) / 2)))
        for side, hip in measurement.hips.items()
        for index, rep in enumerate(hip.reps)
    }
