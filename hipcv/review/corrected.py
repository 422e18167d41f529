"""A measurement with a reviewer's edits applied.

The order is fixed, whatever the order of the edits: repetitions (reviewed_reps.py), the zero, ranges, findings on the legs and on mirroring,
differences between the hips with the recording's doubt, and the exchange of sides last.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hipcv.codes import Quantity
from hipcv.findings.of_recording import recording_doubt
from hipcv.kinematics import ranges
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference, Hip, Interval, Measurement, Range, Rep
from hipcv.review import chosen_zero, swap_sides
from hipcv.review.edits import AddRep, Numbered, SwapSides, added_key, measured_key
from hipcv.review.leg_findings import findings_again
from hipcv.review.reviewed_reps import check_once, reviewed_reps
from hipcv.values import RotationSeries

_SAME_DEG = 1e-3
"""Documents have four decimals, so what is computed again from them may differ by less than this."""
_Interval = TypeVar("_Interval", Range, Difference)


def corrected(measurement: Measurement, edits: Sequence[Numbered]) -> Measurement:
    """The measurement with all edits applied; without any, the same object.

    What differs from the measurement is marked `edited`; what no edit touches is exactly what the measurement holds. Measured repetitions
    keep their places, and added ones follow them, so that a still keeps its name: see `rep_keys`.

    Parameters
    ----------
    measurement : as it was measured, perhaps read back from a document, also of an earlier version
    edits : in the order in which they were made

    Raises
    ------
    ReviewError
        An edit cannot be applied to this measurement; the sentence says why.
    """
    if not edits:
        return measurement
    keyed = reviewed_reps(measurement, edits)
    check_once(keyed)
    rotation, lean, _ = chosen_zero.chosen(measurement, edits)
    hips = {side: _hip(measurement, tuple(keyed[side].values()), rotation[side]) for side in Side}
    changed = {side for side in Side if hips[side] is not measurement.hips[side]}
    exchanged = is_exchanged(edits)

    told = replace(measurement, findings=swap_sides.mirroring_stated(measurement)) if exchanged else measurement
    findings = findings_again(told, hips, rotation, changed)
    asymmetry, why = measurement.asymmetry, recording_doubt(findings)
    if changed or why != recording_doubt(measurement.findings):
        again = ranges.asymmetry(hips, measurement.settings, why)
        asymmetry = Asymmetry(**{one.field: _kept(measurement.asymmetry[one], again[one]) for one in Quantity})
    result = replace(measurement, rotation=rotation, lean=lean, hips=hips, asymmetry=asymmetry, findings=findings)
    return _all_edited(swap_sides.swapped(result)) if exchanged else result


def is_exchanged(edits: Sequence[Numbered]) -> bool:
    """Whether left and right are exchanged in the end: two exchanges cancel."""
    return sum(isinstance(edit, SwapSides) for _, edit in edits) % 2 == 1


def rep_keys(measurement: Measurement, edits: Sequence[Numbered]) -> dict[Side, tuple[str, ...]]:
    """The key of each repetition in `corrected(measurement, edits).hips[side].reps`, in the same order."""
    keys = {side: [measured_key(side, index) for index in range(len(measurement.hips[side].reps))] for side in Side}
    for number, edit in edits:
        if isinstance(edit, AddRep):
            keys[edit.side].append(added_key(edit.side, number))
    return {side: tuple(keys[side.other if is_exchanged(edits) else side]) for side in Side}


def _hip(measurement: Measurement, reps: tuple[Rep, ...], rotation: RotationSeries) -> Hip:
    """The hip with its ranges computed again; the measurement's own if neither a repetition nor the zero changed."""
    before = measurement.hips[rotation.side]
    was = measurement.rotation[rotation.side]
    if reps == before.reps and rotation is was:
        return before
    shifted = tuple(_counted_from(rep, rotation.zero_deg - was.zero_deg) for rep in reps)
    reps = tuple(_marked(rep, before.reps[index] if index < len(before.reps) else None) for index, rep in enumerate(shifted))
    again = ranges.hip_ranges(rotation.side, reps, rotation, measurement.settings)
    hip = replace(again, zero_edited=True) if rotation is not was else replace(before, reps=reps)
    spans: dict[str, Any] = {one.field: _kept(before[one], again[one]) for one in Quantity}
    return replace(hip, **spans)


def _counted_from(rep: Rep, higher_deg: float) -> Rep:
    """The repetition counted from a zero that lies this much higher; its angle from the vertical of the image stays."""
    return replace(rep, end_range_deg=rep.end_range_deg - rep.direction.sign * higher_deg) if higher_deg else rep


def _marked(rep: Rep, before: Rep | None) -> Rep:
    return rep if rep == before else replace(rep, edited=True)


def _kept(before: _Interval | None, again: _Interval | None) -> _Interval | None:
    """What was measured if nothing changed but the last decimals, else what was computed again, marked as edited."""
    if again is None:
        return None
    return before if before is not None and _same(before, again) else replace(again, edited=True)


def _same(a: Interval, b: Interval) -> bool:
    moved_deg = max(abs(a.value - b.value), abs(a.low - b.low), abs(a.high - b.high))
    return moved_deg < _SAME_DEG and _rest_of(a) == _rest_of(b)


def _rest_of(interval: Interval) -> object:
    """What an interval says besides its numbers."""
    if isinstance(interval, Difference):
        return interval.verdict, interval.why and interval.why.said()
    return interval.n_reps if isinstance(interval, Range) else None


def _all_edited(measurement: Measurement) -> Measurement:
    """Everything that has a side is marked as edited, as it was told of the other one."""

    def of_hip(hip: Hip) -> Hip:
        spans: dict[str, Any] = {one.field: span and replace(span, edited=True) for one in Quantity for span in [hip[one]]}
        return replace(hip, reps=tuple(replace(rep, edited=True) for rep in hip.reps), **spans)

    differences = {one.field: gap and replace(gap, edited=True) for one in Quantity for gap in [measurement.asymmetry[one]]}
    return replace(measurement, hips={side: of_hip(hip) for side, hip in measurement.hips.items()}, asymmetry=Asymmetry(**differences))
