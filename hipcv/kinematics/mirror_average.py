"""Removal of the network's left-right bias, by averaging with its landmarks in the mirrored image.

The left leg of an image is the right leg of its mirror image. Any difference between the two readings is a difference in how the network
reads left and right legs, and half of it is subtracted. Two mirrored frames per second are enough: the difference depends on the
posture, and rest and holds last longer than that.
"""

from dataclasses import dataclass, replace

import numpy as np

from hipcv.kinematics.body import SHANK_ENDS, shanks_px
from hipcv.kinematics.geometry import from_down_deg, length
from hipcv.landmarks import SWAPPED, Side, of_side
from hipcv.values import BoolArray, FloatArray, LandmarkSeries

LOOK_S = 0.5
_FAR = 0.3
"""In shanks: two readings of the same knee or ankle further apart than this belong to different legs or people."""
_FEWEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class MirrorLooks:
    """Poses found in the mirrored image, flipped back: time_s (k,), image_px (k, 33, 2) in the original image, NaN = nobody found."""

    time_s: FloatArray
    image_px: FloatArray


def flipped(image_px: FloatArray, width_px: float) -> FloatArray:
    """Points (..., 33, 2) of the mirror image, left and right renamed; applying it twice restores the original."""
    result: FloatArray = image_px[..., SWAPPED, :] * [-1, 1] + [width_px, 0]
    return result


def flipped_series(series: LandmarkSeries) -> LandmarkSeries:
    """The landmarks of the mirror image, left and right renamed; applying it twice restores the original."""
    return replace(
        series,
        image_px=flipped(series.image_px, series.width_px),
        world_m=series.world_m[:, SWAPPED] * [-1, 1, 1],
        visibility=series.visibility[:, SWAPPED],
    )


def averaged(series: LandmarkSeries, looks: MirrorLooks) -> LandmarkSeries:
    """The series plus half of the difference to the mirrored readings, interpolated over time; unchanged if there are too few of them."""
    plain = _plain_px(series, looks)
    half = (looks.image_px - plain) / 2
    good = _same_legs(plain, looks.image_px)
    if good.sum() < _FEWEST:
        return series
    flat = half[good].reshape(int(good.sum()), -1)
    between = np.stack([np.interp(series.time_s, looks.time_s[good], column) for column in flat.T], axis=1)
    return replace(series, image_px=series.image_px + between.reshape(series.image_px.shape))


def bias_deg(series: LandmarkSeries, looks: MirrorLooks, side: Side) -> float:
    """Excess internal rotation in the plain reading over the mean of both readings, averaged over the clip; NaN = not known.

    `side` is as named by the network.
    """
    plain_px = _plain_px(series, looks)
    good = _same_legs(plain_px, looks.image_px)
    if good.sum() < _FEWEST:
        return float("nan")
    knee, ankle = of_side("knee", side), of_side("ankle", side)
    plain, other = (from_down_deg((points[:, ankle] - points[:, knee])[good]) for points in (plain_px, looks.image_px))
    return side.lateral_x * float(np.mean(plain - other)) / 2


def _plain_px(series: LandmarkSeries, looks: MirrorLooks) -> FloatArray:
    """The series at the times of the mirrored readings, which are times of its own frames: (k, 33, 2)."""
    return series.image_px[np.clip(np.searchsorted(series.time_s, looks.time_s), 0, len(series.time_s) - 1)]


def _same_legs(plain_px: FloatArray, look_px: FloatArray) -> BoolArray:
    """Flags (k,) of mirrored readings that found the same legs; False if either reading found nobody."""
    apart = length(look_px - plain_px)[:, SHANK_ENDS].max(axis=1)
    shank_px = np.fmax.reduce(shanks_px(plain_px), axis=-1)
    return np.asarray(apart < _FAR * shank_px)
