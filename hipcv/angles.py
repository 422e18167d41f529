"""Landmarks to hip rotation, pelvis and trunk tilt.

The angle is a *planar shank inclination*: the line from knee to ankle in the plane of the picture, internal rotation positive for
either leg. It equals hip rotation while the femur points at the camera and the knee stays at 90° (REFERENCES of the project:
docs/method.md); it is not an ISB Cardan angle.

**The knee is held.** A rotation of the hip about the femur leaves the knee where it is, but the network drags the knee point after the
foot, by 0.05 to 0.14 of a shank. So the knee is taken from its place at rest, moved along with the trunk (for the shake of a hand-held
phone), and only a movement beyond that drag is believed.

**Two zeros.** The vertical of the picture is the clinical zero, but it leans with the phone: by e° it adds e° to the internal
rotation of one hip and takes e° from the other. The person's own rest posture is free of that. Both angles are kept.
"""

from dataclasses import dataclass

import numpy as np

from hipcv.geometry import angle_between_deg, from_down_deg, from_level_deg, length, pulled_in
from hipcv.landmarks import Side, of_side
from hipcv.people import TORSO
from hipcv.settings import Settings
from hipcv.signals import bridge_gaps, nanmedian, runs, smooth, speed, without_outliers
from hipcv.values import BodySeries, BoolArray, FloatArray, LandmarkSeries, RotationSeries, Zero

_LEGS = tuple(of_side(part, side) for side in Side for part in ("knee", "ankle"))
_USED = (*TORSO, *_LEGS)


def hip_rotation_deg(knee_px: FloatArray, ankle_px: FloatArray, side: Side) -> FloatArray:
    """Hip rotation, read from the swing of the shank in the frontal plane.

    True while the knee stays at 90° and the femur points at the camera.

    Parameters
    ----------
    knee_px, ankle_px : (n_frames, 2), px
        Upright, unmirrored image coordinates of the leg on `side`: x to the right, y **down**.

    Returns
    -------
    (n_frames,), deg in [-180, 180]
        0 = shank hanging straight down; internal rotation positive for either leg. NaN stays NaN.

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    References
    ----------
    Norkin & White, *Measurement of Joint Motion*: hip medial rotation, seated.
    """
    if knee_px.shape != ankle_px.shape:
        raise ValueError(f"knee_px {knee_px.shape} and ankle_px {ankle_px.shape} differ")
    return side.lateral_x * from_down_deg(ankle_px - knee_px)


def steady_points(series: LandmarkSeries, settings: Settings) -> FloatArray:
    """Image points without what is hardly visible or outside the picture, without single jumps, bridged over short gaps and smoothed: (n, 33, 2), px.

    Only the torso, knees and ankles are prepared; all other points are NaN.
    """
    points = np.full_like(series.image_px, np.nan)
    inside = ((series.image_px >= 0) & (series.image_px <= [series.width_px, series.height_px])).all(axis=2)
    hidden = (series.visibility < settings.min_visibility) | ~inside
    jump_px = 0.01 * max(series.width_px, series.height_px)
    for point in _USED:
        raw = np.where(hidden[:, point, None], np.nan, series.image_px[:, point])
        for axis in (0, 1):
            whole = bridge_gaps(series.time_s, without_outliers(raw[:, axis], floor=jump_px / 4), settings.longest_gap_s)
            points[:, point, axis] = smooth(series.time_s, whole, settings.cutoff_hz)
    return points


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """Where a leg hangs at rest: which frames, the angle from the vertical, the knee and the trunk there, the shank's length."""

    frames: BoolArray
    angle_deg: float
    knee_px: FloatArray
    anchor_px: FloatArray
    shank_px: float
    found: bool


def rotation_series(series: LandmarkSeries, points_px: FloatArray, settings: Settings) -> dict[Side, RotationSeries]:
    """The rotation of both hips and what may imitate it.

    Parameters
    ----------
    series : the landmarks as they came
    points_px : (n_frames, 33, 2), from `steady_points`
    """
    return {side: _leg(side, series, points_px, settings) for side in Side}


def _leg(side: Side, series: LandmarkSeries, points_px: FloatArray, settings: Settings) -> RotationSeries:
    hip, knee, ankle = (points_px[:, of_side(part, side)] for part in ("hip", "knee", "ankle"))
    seen_deg = hip_rotation_deg(knee, ankle, side)
    anchor = points_px[:, [*TORSO, of_side("knee", side.other)]]
    rest = _rest(series.time_s, seen_deg, knee, ankle, anchor, settings)
    body_shift = nanmedian(anchor - rest.anchor_px, axis=1)
    travel = knee - rest.knee_px - body_shift
    held_knee = rest.knee_px + body_shift + pulled_in(travel, settings.knee_slack * rest.shank_px)
    from_vertical = hip_rotation_deg(held_knee, ankle, side)
    rest_deg = float(np.nanmedian(from_vertical[rest.frames])) if rest.found else np.nan
    moving = np.abs(from_vertical - rest.angle_deg) > settings.min_excursion_deg
    return RotationSeries(
        side=side,
        time_s=series.time_s,
        image_angle_deg=seen_deg,
        from_vertical_deg=from_vertical,
        from_rest_deg=from_vertical - rest_deg,
        knee_travel_percent=100 * side.lateral_x * travel[:, 0] / rest.shank_px,
        thigh_abduction_deg=_thigh_abduction_deg(hip, knee, rest.shank_px, side),
        knee_extension_deg=_knee_extension_deg(series, side, rest.frames),
        moving=moving,
        zero=Zero.REST if rest.found else Zero.GRAVITY,
        rest_deg=rest_deg,
        shank_px=rest.shank_px,
    )


def _rest(time_s: FloatArray, angle_deg: FloatArray, knee: FloatArray, ankle: FloatArray, anchor: FloatArray, settings: Settings) -> Rest:
    """The frames in which the leg hangs still between and beside its swings, or all frames if there are none."""
    still = np.abs(speed(time_s, smooth(time_s, angle_deg, settings.speed_cutoff_hz))) < settings.rest_speed_deg_s
    hanging = still & (np.abs(angle_deg) < settings.rest_limit_deg)
    frames = _lasting(time_s, hanging, settings.min_rest_s)
    if frames.any():  # a hold of a short range hangs still as well, and so does a leg that the other one drags along: leave them out
        away_deg = np.abs(angle_deg - _first_zero_deg(angle_deg, frames, settings))
        if (near := _lasting(time_s, frames & (away_deg < settings.hold_band_deg), settings.min_rest_s)).any():
            frames = near
    found = bool(frames.any())
    if not found:
        frames = np.isfinite(angle_deg)
    return Rest(
        frames=frames,
        angle_deg=float(np.nanmedian(angle_deg[frames])) if found else 0.0,
        knee_px=nanmedian(knee[frames], axis=0),
        anchor_px=nanmedian(anchor[frames], axis=0),
        shank_px=float(np.nanmedian(length(ankle - knee)[frames])) if frames.any() else np.nan,
        found=found,
    )


def _first_zero_deg(angle_deg: FloatArray, frames: BoolArray, settings: Settings) -> float:
    """Where the leg hangs at both ends of the clip, if that is one posture; else where it hangs most of the time.

    Most of the time alone would take the holds of a stiff hip for its rest where a single leg is filmed.
    """
    postures_deg = [float(np.median(angle_deg[start:end])) for start, end in runs(frames)]
    first, last = postures_deg[0], postures_deg[-1]
    return (first + last) / 2 if abs(first - last) < settings.min_excursion_deg else float(np.median(angle_deg[frames]))


def _lasting(time_s: FloatArray, flags: BoolArray, at_least_s: float) -> BoolArray:
    """The flags that stay set for a while."""
    result = np.zeros_like(flags)
    for start, end in runs(flags):
        if time_s[end - 1] - time_s[start] >= at_least_s:
            result[start:end] = True
    return result


def _thigh_abduction_deg(hip: FloatArray, knee: FloatArray, shank_px: float, side: Side) -> FloatArray:
    """How far the thigh points outward, from the knee's sideways offset; thigh and shank are about equally long."""
    sideways = side.lateral_x * (knee - hip)[:, 0] / shank_px
    angle: FloatArray = np.degrees(np.arcsin(np.clip(sideways, -1.0, 1.0)))
    return angle


def _knee_extension_deg(series: LandmarkSeries, side: Side, rest: BoolArray) -> FloatArray:
    """From the network's own guess of depth, relative to rest: coarse, kept to watch for large changes."""
    hip, knee, ankle = (series.world_m[:, of_side(part, side)] for part in ("hip", "knee", "ankle"))
    inner_deg = angle_between_deg(hip - knee, ankle - knee)
    if not np.isfinite(inner_deg[rest]).any():
        return np.full(len(inner_deg), np.nan)
    extension: FloatArray = smooth(series.time_s, inner_deg - np.nanmedian(inner_deg[rest]), 3.0)
    return extension


def body_series(time_s: FloatArray, points_px: FloatArray) -> BodySeries:
    """Tilt of pelvis, trunk and shoulders in the plane of the picture; points_px (n_frames, 33, 2)."""
    left_shoulder, right_shoulder, left_hip, right_hip = (points_px[:, point] for point in TORSO)
    trunk_up = (left_shoulder + right_shoulder - left_hip - right_hip) / 2
    return BodySeries(
        time_s=time_s,
        pelvis_tilt_deg=from_level_deg(left_hip - right_hip),
        trunk_lean_deg=from_down_deg(-trunk_up) * -1,
        shoulder_tilt_deg=from_level_deg(left_shoulder - right_shoulder),
    )
