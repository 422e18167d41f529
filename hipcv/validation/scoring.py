"""Compares one measurement with its clip's truth: end ranges, differences between the hips, repetitions, and frame by frame."""

from typing import Any

import numpy as np

from hipcv.codes import Quantity, Severity
from hipcv.landmarks import Side
from hipcv.measurement import Measurement, Rep
from hipcv.statistics.agreement import Row
from hipcv.validation.comparison import Camera, FrameError, Key, Validation, difference_rows, range_rows
from hipcv.validation.truth import DIRECTION_KEYS, SIDE_KEYS
from hipcv.validation.unwarned import warned_legs
from hipcv.values import Direction


def score(measured: Measurement, truth: dict[str, Any]) -> Validation:
    """The validation of one clip."""
    clip = measured.clip.name
    rows, unmeasured = compare(measured, truth)
    n_true, n_missed, n_invented = count_reps(measured, truth)
    place = camera(measured, truth)
    return Validation(
        n_clips=1,
        rows=tuple(rows),
        n_true_reps=n_true,
        n_missed=n_missed,
        n_invented=n_invented,
        warned=frozenset({clip} if any(finding.severity is not Severity.INFO for finding in measured.findings) else ()),
        warned_legs=warned_legs(clip, measured.findings),
        failures=tuple(unmeasured),
        asymmetry=tuple(compare_sides(measured, truth)),
        frames=tuple(frame_errors(measured, truth)),
        cameras={clip: place} if place else {},
    )


def true_angles_deg(truth: dict[str, Any]) -> dict[Key, float]:
    """The true angles that were performed, each positive in its own direction."""
    found = {}
    for side, side_key in SIDE_KEYS.items():
        hip = truth["protocol"].get(side_key, {})
        for direction, key in DIRECTION_KEYS.items():
            found[side, Quantity.of(direction)] = hip.get(key, {}).get("mean_end_range_deg")
        found[side, Quantity.TOTAL] = hip.get("total_arc_deg")
    return {key: value for key, value in found.items() if value is not None}


def compare(measured: Measurement, truth: dict[str, Any]) -> tuple[list[Row], list[str]]:
    """The rows of one clip, and the quantities that the truth has but the measurement lacks."""
    clip, true_deg = measured.clip.name, true_angles_deg(truth)
    ranges = {(side, quantity): span for side in Side for quantity in Quantity if (span := measured.hips[side][quantity])}
    unmeasured = [f"{clip}: {side.value} {quantity}" for side, quantity in true_deg if (side, quantity) not in ranges]
    return range_rows(clip, ranges.items(), true_deg), unmeasured


def compare_sides(measured: Measurement, truth: dict[str, Any]) -> list[Row]:
    """Right minus left of every quantity that was measured and truly performed on both sides."""
    return difference_rows(measured.clip.name, measured.asymmetry.found().items(), true_angles_deg(truth))


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
