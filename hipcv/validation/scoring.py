"""Compares one measurement with its clip's truth: end ranges, differences between the hips, repetitions, and frame by frame."""

from typing import Any

import numpy as np

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.measurement import Measurement, Rep
from hipcv.statistics.agreement import BOTH_SIDES, Row
from hipcv.validation.comparison import Camera, FrameError
from hipcv.validation.truth import DIRECTION_KEYS, SIDE_KEYS
from hipcv.values import Direction


def true_deg(truth: dict[str, Any], side: Side, quantity: str) -> float | None:
    """The true angle, positive in its own direction; None if it was not performed."""
    hip = truth["protocol"].get(SIDE_KEYS[side], {})
    if quantity == "total":
        return hip.get("total_arc_deg")  # type: ignore[no-any-return]
    key = next(key for direction, key in DIRECTION_KEYS.items() if direction.value == quantity)
    return hip.get(key, {}).get("mean_end_range_deg")  # type: ignore[no-any-return]


def compare(measured: Measurement, truth: dict[str, Any]) -> tuple[list[Row], list[str]]:
    """The rows of one clip, and the quantities that the truth has but the measurement lacks."""
    rows, unmeasured = [], []
    clip = measured.clip.name
    for side in Side:
        hip = measured.hips[side]
        spans = {quantity: hip[quantity] for quantity in Quantity}
        for quantity, span in spans.items():
            true = true_deg(truth, side, quantity)
            if true is None:
                continue
            if span is None:
                unmeasured.append(f"{clip}: {side.value} {quantity}")
            else:
                rows.append(Row(clip, side.value, quantity, true, span.value, span.low, span.high))
    return rows, unmeasured


def compare_sides(measured: Measurement, truth: dict[str, Any]) -> list[Row]:
    """Right minus left of every quantity that was measured and truly performed on both sides."""
    rows = []
    found = measured.asymmetry
    differences = {quantity: found[quantity] for quantity in Quantity}
    for quantity, difference in differences.items():
        right, left = (true_deg(truth, side, quantity) for side in (Side.RIGHT, Side.LEFT))
        if difference is not None and right is not None and left is not None:
            rows.append(
                Row(measured.clip.name, BOTH_SIDES, quantity, right - left, difference.value, difference.low, difference.high),
            )
    return rows


def count_true(truth: dict[str, Any]) -> int:
    """Number of repetitions truly performed."""
    return sum(len(_true_reps(truth, side, direction)) for side in Side for direction in Direction)


def _true_reps(truth: dict[str, Any], side: Side, direction: Direction) -> list[dict[str, float]]:
    reps: list[dict[str, float]] = truth["protocol"].get(SIDE_KEYS[side], {}).get(DIRECTION_KEYS[direction], {}).get("reps", [])
    return reps


def count_reps(measured: Measurement, truth: dict[str, Any]) -> tuple[int, int, int]:
    """Numbers of true, missed and invented repetitions; each found repetition matches at most one true one."""
    n_true = n_missed = n_invented = 0
    for side in Side:
        for direction in Direction:
            true = _true_reps(truth, side, direction)
            found = [rep for rep in measured.hips[side].reps if rep.direction is direction]
            hit = _n_paired(found, [one["peak_s"] for one in true])
            n_true += len(true)
            n_missed += len(true) - hit
            n_invented += len(found) - hit
    return n_true, n_missed, n_invented


def _n_paired(found: list[Rep], peaks_s: list[float]) -> int:
    """Number of true peaks that lie within a found repetition, each within a different one."""
    free = sorted(found, key=lambda rep: rep.end_s)
    for peak_s in sorted(peaks_s):
        around = next((rep for rep in free if rep.start_s < peak_s < rep.end_s), None)
        if around:
            free.remove(around)
    return len(found) - len(free)


def frame_errors(measured: Measurement, truth: dict[str, Any]) -> list[FrameError]:
    """Error over time for each leg that moved, in the frames in which it did; empty if the truth has no frames."""
    frames = truth.get("frames")
    if not frames:
        return []
    active, frames_s = np.array(frames["active_leg"], dtype=object), np.array(frames["t"], dtype=float)
    found = []
    for side, key in SIDE_KEYS.items():
        rotation = measured.rotation[side]
        shown = np.searchsorted((frames_s[1:] + frames_s[:-1]) / 2, rotation.time_s)  # the nearest frame
        moving = active[shown] == key
        if not moving.any():
            continue
        true = np.array(frames[key]["hip_rot_deg"], dtype=float)[shown]
        errors = (rotation.internal_rotation_deg - true)[moving]
        known = errors[np.isfinite(errors)]
        rmse = float(np.sqrt(np.mean(known**2))) if len(known) else None
        found.append(FrameError(measured.clip.name, side.value, len(errors), len(known), rmse))
    return found


def camera(measured: Measurement, truth: dict[str, Any]) -> Camera | None:
    """The camera's true position with the measured roll; None if the truth does not state it."""
    told = truth.get("camera", {})
    yaw_deg, roll_deg = told.get("yaw_deg"), told.get("roll_deg")
    # both rolls refer to the unmirrored image
    return None if yaw_deg is None and roll_deg is None else Camera(yaw_deg, roll_deg, measured.lean.roll_deg)
