"""How the person stands in the picture: what is in view, and how camera and trunk are turned."""

from collections.abc import Mapping, Sequence

import numpy as np

from hipcv.kinematics.body import TORSO
from hipcv.kinematics.geometry import from_down_deg
from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.settings import Settings
from hipcv.values import BoolArray, FloatArray, LandmarkSeries, RotationSeries

FOCAL_PER_LONG_SIDE = 0.92
"""Phones film at 30 to 36 mm of equivalent focal length on the long side (36 mm wide): 0.83 to 1.0; half a metre more or less of
distance hardly counts."""


def trunk_from_upright_deg(series: LandmarkSeries) -> float:
    """Angle of the trunk from upright in the picture, over the whole clip; 180 = upside down."""
    shoulders, hips = (series.image_px[series.found][:, points].mean(axis=1) for points in (TORSO[:2], TORSO[2:]))
    return float(from_down_deg(np.median(hips - shoulders, axis=0)))


def yaw_deg(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries]) -> float:
    """How far to the person's left the camera stands, from the sideways offset of the knees against the hips while both legs rest."""
    rest = series.found & both_at_rest(rotation)
    if not rest.any():
        return float("nan")
    points = np.median(series.image_px[rest], axis=0)
    knees, hips = (points[[of_side(part, side) for side in Side]].mean(axis=0) for part in ("knee", "hip"))
    down = points[[of_side("ankle", side) for side in Side]].mean(axis=0) - knees
    shank_px = float(np.linalg.norm(down))
    # offset across the body axis, so that a leaning phone does not look like one that stands aside
    lean = np.radians(from_down_deg(down))
    offset = (knees - hips) @ np.array([np.cos(lean), -np.sin(lean)])
    return -float(np.degrees(np.arcsin(np.clip(offset / shank_px, -1, 1))))


def seconds(series: LandmarkSeries, flags: BoolArray) -> float:
    """How long the flags are set."""
    steps = np.diff(series.time_s, append=series.time_s[-1])
    return float(steps[flags].sum())


def inside(series: LandmarkSeries, points: Sequence[Landmark]) -> BoolArray:
    """(n_frames,): whether all these points lie within the picture."""
    xy = series.image_px[:, points]
    return np.asarray(((xy >= 0) & (xy <= [series.width_px, series.height_px])).all(axis=(1, 2)))


def in_view(series: LandmarkSeries, points: Sequence[Landmark], settings: Settings) -> BoolArray:
    """(n_frames,): whether they lie within the picture and are not hidden."""
    return inside(series, points) & (series.visibility[:, points] >= settings.min_visibility).all(axis=1)


_THIGH = 0.97
"""Length of a thigh in shanks (0.87 to 1.03 in the made people; 0.245 and 0.246 of stature by Drillis and Contini)."""
_HIP_ABOVE = 0.14
"""The network's hip point lies above the joint by this much of a shank in a seated person: 0.12 to 0.17 by clip."""
_YAW_GAIN = 1.3
"""The network's hip points stay near the knees' line: of a turn of the whole body it shows two thirds to four fifths."""


_ABDUCTION_SD, _FACING_SD = 0.10, 0.20
"""What one thigh tells less well than two: a seated person's abduction (6°); and what none tells: who sits before a phone faces it (12°)."""


def thigh_direction(points_px: FloatArray, at_rest: BoolArray, side: Side, size_px: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Where the thigh points at rest: x and y of its unit vector in the camera's axes (x right, y down), (2,).

    Knees and hips are put at their depths in front of a pinhole camera; what both thighs share is the turn of the body against the camera,
    what sets them apart is abduction. Where the other thigh is not seen, its own is all there is; where neither is, it is taken to point
    at the camera.

    Parameters
    ----------
    points_px : (n_frames, 33, 2)
    at_rest : (n_frames,), when both legs rest, or this one where they never do together

    Returns
    -------
    The direction and its further standard deviation where less than both thighs tell of it, (2,) each.
    """
    thighs, rays = thighs_and_rays(nanmedian(points_px[at_rest], axis=0), size_px)
    if not np.isfinite(thighs[side]).all():
        return -rays[side], np.full(2, _FACING_SD)
    pair = [side] if not np.isfinite(thighs[side.other]).all() else [side, side.other]
    shared = np.mean([thighs[one] for one in pair], axis=0)
    ray = np.mean([rays[one] for one in pair], axis=0)
    own = thighs[side] - shared
    sideways = _YAW_GAIN * (shared[0] + ray[0]) - ray[0]  # the gain is one of what turns away from the line of sight
    direction = np.array([sideways + own[0], shared[1]])
    limit = 0.7  # beyond 45 degrees nobody sits in front of the camera any more
    direction = direction * min(1.0, limit / max(float(np.linalg.norm(direction)), 1e-9))
    return direction, np.array([0.0 if len(pair) == 2 else _ABDUCTION_SD, 0.0])


def thighs_and_rays(points_px: FloatArray, size_px: tuple[int, int]) -> tuple[dict[Side, FloatArray], dict[Side, FloatArray]]:
    """Both thighs as hip points show them, and the lines of sight to the knees: x and y of each, (2,); points_px (33, 2)."""
    focal = FOCAL_PER_LONG_SIDE * max(size_px)
    middle = np.array(size_px) / 2
    thighs, rays = {}, {}
    for side in Side:
        hip, knee, ankle = (points_px[of_side(part, side)] for part in ("hip", "knee", "ankle"))
        shank_px = float(np.linalg.norm(ankle - knee))
        depth = focal / shank_px
        joint = hip + np.array([0.0, _HIP_ABOVE * shank_px])
        rays[side] = (knee - middle) / focal
        thighs[side] = ((knee - middle) * depth - (joint - middle) * (depth + _THIGH)) / focal / _THIGH
    return thighs, rays
