"""No side is favoured: the network reads a left leg otherwise than a right one, so it also looks at the mirrored picture, and both are averaged.

A leg that is the left one in the picture is the right one in its mirror image. What the network reads differently there, it reads
differently for left and right; half of that is taken off. The mirrored picture is looked at three times a second: what differs depends on
the posture, and rest and holds last longer than that.
"""

from dataclasses import dataclass, replace

import numpy as np

from hipcv.kinematics.body import shanks_px
from hipcv.kinematics.geometry import from_down_deg, length
from hipcv.landmarks import SWAPPED, Side, of_side
from hipcv.values import BoolArray, FloatArray, LandmarkSeries

LOOK_S = 0.33
_FAR = 0.3
"""Shanks between two readings of the same knee or ankle beyond which one of them is of another leg, or another person."""
_FEWEST = 3
_LEGS = [of_side(part, side) for side in Side for part in ("knee", "ankle")]


@dataclass(frozen=True, slots=True, eq=False)
class MirrorLooks:
    """Poses found in the mirrored picture, put back: time_s (k,), image_px (k, 33, 2) in the picture itself, NaN = nobody found."""

    time_s: FloatArray
    image_px: FloatArray


def flipped(image_px: FloatArray, width_px: float) -> FloatArray:
    """Points (..., 33, 2) as in the picture's mirror image, left and right renamed; twice gives them back."""
    result: FloatArray = image_px[..., SWAPPED, :] * [-1, 1] + [width_px, 0]
    return result


def averaged(series: LandmarkSeries, looks: MirrorLooks) -> LandmarkSeries:
    """The series with half of what the mirrored picture reads otherwise added, interpolated over time; as it was with too few looks."""
    plain = _plain_px(series, looks)
    half = (looks.image_px - plain) / 2
    good = _same_legs(plain, looks.image_px)
    if good.sum() < _FEWEST:
        return series
    flat = half[good].reshape(int(good.sum()), -1)
    between = np.stack([np.interp(series.time_s, looks.time_s[good], column) for column in flat.T], axis=1)
    return replace(series, image_px=series.image_px + between.reshape(series.image_px.shape))


def bias_deg(series: LandmarkSeries, looks: MirrorLooks, side: Side) -> float:
    """By how much the plain reading shows more internal rotation of a leg than both readings together: mean over the clip; NaN = not known.

    `side` is the one that the network names.
    """
    plain_px = _plain_px(series, looks)
    good = _same_legs(plain_px, looks.image_px)
    if good.sum() < _FEWEST:
        return float("nan")
    plain, other = (from_down_deg(_shank(points[good], side)) for points in (plain_px, looks.image_px))
    return side.lateral_x * float(np.mean(plain - other)) / 2


def _plain_px(series: LandmarkSeries, looks: MirrorLooks) -> FloatArray:
    """(k, 33, 2): the series at the times of the looks, which are times of its own frames."""
    return series.image_px[np.clip(np.searchsorted(series.time_s, looks.time_s), 0, len(series.time_s) - 1)]


def _same_legs(plain_px: FloatArray, look_px: FloatArray) -> BoolArray:
    """(k,): whether a look found the same legs; False where either found nobody."""
    apart = length(look_px - plain_px)[:, _LEGS].max(axis=1)
    shank_px = np.fmax.reduce(shanks_px(plain_px), axis=-1)
    return np.asarray(apart < _FAR * shank_px)


def _shank(points_px: FloatArray, side: Side) -> FloatArray:
    """Knee to ankle: (n, 33, 2) -> (n, 2)."""
    vector: FloatArray = points_px[:, of_side("ankle", side)] - points_px[:, of_side("knee", side)]
    return vector
