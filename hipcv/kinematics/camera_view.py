"""How the camera sees the person: what is in view, and how camera and trunk are turned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.body import trunk_px
from hipcv.kinematics.geometry import from_down_deg
from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.settings import Settings
from hipcv.values import BoolArray, CameraPitch, FloatArray, LandmarkSeries, RotationSeries

FOCAL_PER_LONG_SIDE = 0.86
"""Main cameras of phones have 24 to 28 mm (35 mm equivalent, by the diagonal), and stabilised video crops by 10 to 20 %: 0.75 to 0.98 of
the long side. A wide lens has less, a tele lens more."""
FOCAL_SD = 0.12
"""Of its natural logarithm."""
FAN_SD_DEG = 12.0
"""Prior for how far a phone looks up or down, and stands to the side."""
BUILT_SD_DEG = {"upright": 0.5, "level": 1.0}
"""How upright, and how level, rooms and seats are; besides, a level edge need not face the camera."""


def leans_deg(image_px: FloatArray) -> FloatArray:
    """Angle of each trunk from upright in the image, with the hips toward image right: (..., 33, 2) -> (...), in (-180, 180]; NaN stays NaN.

    So far the image has to be turned clockwise to be upright.
    """
    return from_down_deg(trunk_px(image_px))


def trunk_from_upright_deg(series: LandmarkSeries) -> float:
    """Angle of the trunk from upright in the image, over the whole clip; 180 = upside down."""
    return float(from_down_deg(nanmedian(trunk_px(series.image_px[series.found]), axis=0)))


def yaw_deg(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries]) -> float:
    """Angle of the camera toward the person's left, from the sideways offset of knees from hips at rest; NaN if both legs never rest."""
    rest = series.found & both_at_rest(rotation)
    if not rest.any():
        return float("nan")
    points = np.median(series.image_px[rest], axis=0)
    knees, hips = (points[[of_side(part, side) for side in Side]].mean(axis=0) for part in ("knee", "hip"))
    down = points[[of_side("ankle", side) for side in Side]].mean(axis=0) - knees
    shank_px = float(np.linalg.norm(down))
    # Offset across the body axis, so that camera roll is not mistaken for a camera off to the side.
    lean = np.radians(from_down_deg(down))
    offset = (knees - hips) @ np.array([np.cos(lean), -np.sin(lean)])
    return -float(np.degrees(np.arcsin(np.clip(offset / shank_px, -1, 1))))


def seconds(series: LandmarkSeries, flags: BoolArray) -> float:
    """Total time for which the flags are set, in seconds."""
    steps = np.diff(series.time_s, append=series.time_s[-1])
    return float(steps[flags].sum())


def inside(series: LandmarkSeries, points: Sequence[Landmark]) -> BoolArray:
    """Flags (n_frames,) of frames in which all these points lie within the image."""
    xy = series.image_px[:, points]
    return np.asarray(((xy >= 0) & (xy <= [series.width_px, series.height_px])).all(axis=(1, 2)))


def in_view(series: LandmarkSeries, points: Sequence[Landmark], settings: Settings) -> BoolArray:
    """Flags (n_frames,) of frames in which these points lie within the image and are not hidden."""
    return inside(series, points) & (series.visibility[:, points] >= settings.min_visibility).all(axis=1)


THIGH = 0.97
"""Length of a thigh in shanks, from joint to joint 0.93 to 1.03 in people (0.245 and 0.246 of stature by Drillis and Contini)."""
HIP_ABOVE = 0.14
"""Height of the network's hip point above the joint in a seated person, in shanks: 0.12 to 0.17 by clip."""
_YAW_GAIN = 1.3
"""The network's hip points stay near the line of the knees and show only two thirds to four fifths of a turn of the whole body."""
_TURN_SD, _OWN_SD = 0.05, 0.05
"""Uncertainty of the turn common to both thighs, and of each thigh's own direction: 3°, twice what the hip points of rendered people err."""
_HIP_HEIGHT_SD = 0.18
"""Uncertainty of how far a thigh points down, from its hip point: the point may lie 0.1 of a shank higher or lower."""
_THIGH_LEVEL_SD = 0.07
"""Uncertainty of how level the thighs of a seated person lie, 4°: the height of a seat is chosen so that the feet hang free."""
_CAMERA_LEVEL_SD = 0.2
"""Uncertainty of how level a camera is held, 12°, where the room does not show it."""
_ABDUCTION_SD, _FACING_SD = 0.10, 0.20
"""Uncertainty added when only one thigh is seen (abduction of a seated person, 6°), and when none is (people face the phone within 12°)."""


@dataclass(frozen=True, slots=True, eq=False)
class ThighGuess:
    """Direction of a thigh before its image is looked at: x and y of its unit vector in camera axes (x right, y down); all (2,)."""

    direction: FloatArray
    shared_sd: FloatArray
    """Of what both thighs share: how the body is turned against the camera, and how far the camera looks down."""
    own_sd: FloatArray


def thigh_guess(points_px: FloatArray, at_rest: BoolArray, side: Side, size_px: tuple[int, int], pitch: CameraPitch | None) -> ThighGuess:
    """Direction of the thigh at rest, from the landmarks and the room.

    Knees and hips are placed at their depths in front of a pinhole camera. The turn common to both thighs is that of the body against the
    camera; the difference between them is abduction. If the other thigh is not seen, this one is used alone; if this one is not seen, it
    is assumed to point at the camera. How far it points down is weighed against the camera's pitch, as seated thighs are about level.

    Parameters
    ----------
    points_px : (n_frames, 33, 2)
    at_rest : (n_frames,), when both legs rest, or only this one if they never rest together
    pitch : of the camera, from the room
    """
    thighs, rays = thighs_and_rays(nanmedian(points_px[at_rest], axis=0), size_px)
    own_sd = np.full(2, _OWN_SD)
    if np.isfinite(thighs[side]).all():
        pair = [side] if not np.isfinite(thighs[side.other]).all() else [side, side.other]
        shared = np.mean([thighs[one] for one in pair], axis=0)
        ray = np.mean([rays[one] for one in pair], axis=0)
        own = thighs[side] - shared
        shared[0] = _YAW_GAIN * (shared[0] + ray[0]) - ray[0]  # the gain applies only to the turn away from the line of sight
        height_sd = _HIP_HEIGHT_SD
        own_sd[0] = np.hypot(_OWN_SD, 0.0 if len(pair) == 2 else _ABDUCTION_SD)
    else:
        shared, own, height_sd = -rays[side], np.zeros(2), _FACING_SD
        own_sd[0] = _FACING_SD
    shared[1], down_sd = _weighed(shared[1], height_sd, pitch)
    direction = shared + own
    limit = 0.7  # nobody sits facing the camera at more than 45 degrees
    direction = direction * min(1.0, limit / max(float(np.linalg.norm(direction)), 1e-9))
    return ThighGuess(direction, np.array([_TURN_SD, down_sd]), own_sd)


def _weighed(down: float, sd: float, pitch: CameraPitch | None) -> tuple[float, float]:
    """How far thighs point down in camera axes, and its standard deviation: from the hip points and from the camera's pitch."""
    level = float(np.sin(np.radians(pitch.pitch_deg))) if pitch else 0.0
    level_sd = float(np.hypot(np.radians(pitch.sd_deg) if pitch else _CAMERA_LEVEL_SD, _THIGH_LEVEL_SD))
    precision = sd**-2 + level_sd**-2
    return (down * sd**-2 + level * level_sd**-2) / precision, precision**-0.5


def thighs_and_rays(points_px: FloatArray, size_px: tuple[int, int]) -> tuple[dict[Side, FloatArray], dict[Side, FloatArray]]:
    """Both thighs from the hip points, and the lines of sight to the knees: x and y of each, (2,); points_px (33, 2)."""
    focal = FOCAL_PER_LONG_SIDE * max(size_px)
    middle = np.array(size_px) / 2
    thighs, rays = {}, {}
    for side in Side:
        hip, knee, ankle = (points_px[of_side(part, side)] for part in ("hip", "knee", "ankle"))
        shank_px = float(np.linalg.norm(ankle - knee))
        depth = focal / shank_px
        joint = hip + np.array([0.0, HIP_ABOVE * shank_px])
        rays[side] = (knee - middle) / focal
        thighs[side] = ((knee - middle) * depth - (joint - middle) * (depth + THIGH)) / focal / THIGH
    return thighs, rays
