"""Hip rotation and the tilt of pelvis and trunk, from landmarks.

The angle is a *planar shank inclination*: the line from knee to ankle in the image plane, internal rotation positive for either leg. It
equals hip rotation while the femur points at the camera and the knee stays at 90° (docs/method.md); it is not an ISB Cardan angle.

**The knee is held.** Hip rotation about the femur leaves the knee where it is, but the network drags the knee point after the foot, by
0.05 to 0.14 of a shank. The knee is therefore taken from its place at rest and moved along with the trunk (to follow the shake of a
hand-held phone); only movement beyond that drag is accepted.

**Two zeros.** Angles are kept both from the vertical of the image and from the leg's own rest posture; camera_roll.py decides which zero
the reported angle uses.
"""

from collections.abc import Sequence

import numpy as np

from hipcv.kinematics.body import TORSO
from hipcv.kinematics.geometry import angle_between_deg, from_down_deg, from_level_deg, length, pulled_in
from hipcv.kinematics.rest import Rest, find_rest
from hipcv.kinematics.seated import from_rest_direction_deg
from hipcv.kinematics.signals import bridge_gaps, nanmedian, smooth, without_outliers
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.settings import Settings
from hipcv.values import BodySeries, BoolArray, FloatArray, LandmarkSeries, RotationSeries, Zero

_LEGS = tuple(of_side(part, side) for side in Side for part in ("knee", "ankle", "foot_index"))
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
    return from_rest_direction_deg(ankle_px - knee_px, side)


def steady_points(series: LandmarkSeries, settings: Settings, wanted: Sequence[Landmark] = _USED) -> FloatArray:
    """Prepared image points: hidden or outside points and single jumps removed, short gaps bridged, smoothed; (n_frames, 33, 2), px.

    Frames that tell nothing, and those on either side of a pause, are left out, so that nothing is read across them. Only the `wanted` points are prepared (torso, knees, ankles and toes); all others are NaN.
    """
    points = np.full_like(series.image_px, np.nan)
    inside = ((series.image_px >= 0) & (series.image_px <= [series.width_px, series.height_px])).all(axis=2)
    unfilmed = series.unfilmed(settings.longest_gap_s)
    hidden = (series.visibility < settings.min_visibility) | ~inside | unfilmed[:, None]
    jump_px = 0.01 * max(series.width_px, series.height_px)
    for point in wanted:
        raw = np.where(hidden[:, point, None], np.nan, series.image_px[:, point])
        for axis in (0, 1):
            whole = bridge_gaps(series.time_s, without_outliers(raw[:, axis], floor=jump_px / 4), settings.longest_gap_s)
            points[:, point, axis] = smooth(series.time_s, whole, settings.cutoff_hz)
    return points


def rotation_series(series: LandmarkSeries, points_px: FloatArray, settings: Settings) -> dict[Side, RotationSeries]:
    """Rotation of both hips, with the movements that can imitate it.

    Parameters
    ----------
    series : the landmarks as captured
    points_px : (n_frames, 33, 2), from `steady_points`
    """
    rests = {side: find_rest(series.time_s, _seen_deg(points_px, side), settings) for side in Side}
    return {side: _leg(side, rests[side], series, points_px, settings) for side in Side}


def _seen_deg(points_px: FloatArray, side: Side) -> FloatArray:
    return hip_rotation_deg(points_px[:, of_side("knee", side)], points_px[:, of_side("ankle", side)], side)


def _leg(side: Side, rest: Rest, series: LandmarkSeries, points_px: FloatArray, settings: Settings) -> RotationSeries:
    hip, knee, ankle = (points_px[:, of_side(part, side)] for part in ("hip", "knee", "ankle"))
    seen_deg = _seen_deg(points_px, side)
    at_rest = rest.frames if rest.found else np.isfinite(seen_deg)
    shank_px = float(nanmedian(length(ankle - knee)[at_rest], axis=0))
    rest_knee = nanmedian(knee[at_rest], axis=0)
    anchor = points_px[:, [*TORSO, of_side("knee", side.other)]]
    body_shift = nanmedian(anchor - nanmedian(anchor[at_rest], axis=0), axis=1)
    travel = knee - rest_knee - body_shift
    held_knee = rest_knee + body_shift + pulled_in(travel, settings.knee_slack * shank_px)
    from_vertical = hip_rotation_deg(held_knee, ankle, side)
    rest_deg = float(np.nanmedian(from_vertical[at_rest])) if rest.found else np.nan
    return RotationSeries(
        side=side,
        time_s=series.time_s,
        image_angle_deg=seen_deg,
        from_vertical_deg=from_vertical,
        from_rest_deg=from_vertical - rest_deg,
        knee_travel_percent=100 * side.lateral_x * travel[:, 0] / shank_px,
        thigh_abduction_deg=_thigh_abduction_deg(hip, knee, shank_px, side),
        knee_extension_deg=_knee_extension_deg(series, side, at_rest),
        moving=np.abs(from_vertical - (rest_deg if rest.found else 0.0)) > settings.min_excursion_deg,
        zero=Zero.REST if rest.found else Zero.GRAVITY,
        rest_deg=rest_deg,
        rest_doubt_deg=rest.doubt_deg,
        shank_px=shank_px,
    )


def _thigh_abduction_deg(hip: FloatArray, knee: FloatArray, shank_px: float, side: Side) -> FloatArray:
    """Outward angle of the thigh, from the sideways offset of the knee; assumes thigh and shank of about equal length."""
    sideways = side.lateral_x * (knee - hip)[:, 0] / shank_px
    angle: FloatArray = np.degrees(np.arcsin(np.clip(sideways, -1.0, 1.0)))
    return angle


def _knee_extension_deg(series: LandmarkSeries, side: Side, rest: BoolArray) -> FloatArray:
    """Knee extension relative to rest, from the network's own depth estimate: coarse, kept only to notice large changes."""
    hip, knee, ankle = (series.world_m[:, of_side(part, side)] for part in ("hip", "knee", "ankle"))
    inner_deg = angle_between_deg(hip - knee, ankle - knee)
    if not np.isfinite(inner_deg[rest]).any():
        return np.full(len(inner_deg), np.nan)
    extension: FloatArray = smooth(series.time_s, inner_deg - np.nanmedian(inner_deg[rest]), 3.0)
    return extension


def body_series(time_s: FloatArray, points_px: FloatArray) -> BodySeries:
    """Tilt of pelvis, trunk and shoulders in the image plane, from points_px (n_frames, 33, 2)."""
    left_shoulder, right_shoulder, left_hip, right_hip = (points_px[:, point] for point in TORSO)
    trunk_up = (left_shoulder + right_shoulder - left_hip - right_hip) / 2
    return BodySeries(
        time_s=time_s,
        pelvis_tilt_deg=from_level_deg(left_hip - right_hip),
        trunk_lean_deg=from_down_deg(-trunk_up) * -1,
        shoulder_tilt_deg=from_level_deg(left_shoulder - right_shoulder),
    )
