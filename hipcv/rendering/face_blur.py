"""Locates heads in the image and makes them unrecognisable. Privacy comes first: in doubt more is blurred, never less."""

import cv2
import numpy as np
import numpy.typing as npt

from hipcv.kinematics.body import TORSO
from hipcv.kinematics.geometry import length
from hipcv.landmarks import FACE, Landmark
from hipcv.values import BoolArray, FloatArray, ImageArray, LandmarkSeries

Box = npt.NDArray[np.intp]
"""(..., 4): left, top, right, bottom in px, half-open and within the image."""

# Extent of a head in units of its width (ear to ear, about 15 cm), from the middle of the face: crown 0.8 up, chin 0.65 down, ears 0.5
# to the side. The rest allows for hair and for the error of the landmarks.
_UP, _DOWN, _ASIDE = 1.5, 1.25, 1.15
_HEAD_PER_SHOULDERS = 0.42
"""Ear to ear over the distance of the shoulder joints (about 36 cm); for a face in profile, where the two ears coincide."""
_HEAD_PER_TRUNK = 0.30
"""Ear to ear over the distance from shoulders to hips (about 50 cm); for a person seen from the side."""
_SHAKE_S = 0.15
_REMEMBERED_S = 0.5
_CELLS = 6
"""A blurred box keeps this many cells along its shorter side; a face within it spans about three."""


def boxes_to_blur(series: LandmarkSeries, min_visibility: float, *, others: bool) -> Box:
    """The box to blur in each frame: (n_frames, 4).

    Parameters
    ----------
    series : landmarks in the coordinates of the displayed image
    min_visibility : a face or shoulder below this counts as unknown
    others : whether other people are in the image, whose heads were not located

    Returns
    -------
    (n_frames, 4)
        The head where it is known, or was known less than half a second away. Otherwise everything down to the shoulders, and at least
        the upper third. The whole image where nobody was found. With others in the image, the full width down to the chin.
    """
    heads = _remembered(series.time_s, head_boxes_px(series, min_visibility))
    boxes = np.where(np.isfinite(heads), heads, _fallback_px(series, min_visibility))
    if others:
        boxes[:, :2] = 0.0
        boxes[:, 2] = series.width_px
    limit = np.array([series.width_px, series.height_px] * 2)
    outward = np.concatenate([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])], axis=1)
    inside: Box = np.clip(outward, 0, limit).astype(np.intp)
    return inside


def head_boxes_px(series: LandmarkSeries, min_visibility: float) -> FloatArray:
    """The head including hair as a box (left, top, right, bottom): (n_frames, 4); NaN where the face is not visible."""
    left_shoulder, right_shoulder, left_hip, right_hip = (series.image_px[:, point] for point in TORSO)
    shoulders, hips = (left_shoulder + right_shoulder) / 2, (left_hip + right_hip) / 2
    face = series.image_px[:, FACE].mean(axis=1)
    ears = length(series.image_px[:, Landmark.LEFT_EAR] - series.image_px[:, Landmark.RIGHT_EAR])
    size = np.max([ears, _HEAD_PER_SHOULDERS * length(left_shoulder - right_shoulder), _HEAD_PER_TRUNK * length(shoulders - hips)], axis=0)
    boxes: FloatArray = np.concatenate([face, face], axis=1) + size[:, None] * [-_ASIDE, -_UP, _ASIDE, _DOWN]
    visible = np.median(series.visibility[:, FACE], axis=1) >= min_visibility
    upright = face[:, 1] < shoulders[:, 1]
    inside = (boxes[:, 2] > 0) & (boxes[:, 3] > 0) & (boxes[:, 0] < series.width_px) & (boxes[:, 1] < series.height_px)
    boxes[~(visible & upright & inside)] = np.nan
    return boxes


def _remembered(time_s: FloatArray, known: FloatArray) -> FloatArray:
    """Each head box merged with its neighbours in time, so that a jump of the landmarks exposes nothing; gaps get the nearby boxes, widened."""
    seen: BoolArray = np.isfinite(known[:, 0])
    reach = np.where(seen, _SHAKE_S, _REMEMBERED_S)
    starts, ends = np.searchsorted(time_s, time_s - reach), np.searchsorted(time_s, time_s + reach, side="right")
    united = np.full_like(known, np.nan)
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        near = known[start:end][seen[start:end]]
        if len(near):
            united[i] = np.concatenate([near[:, :2].min(axis=0), near[:, 2:].max(axis=0)])
    margin = np.where(seen, 0.0, (united[:, 2] - united[:, 0]) / 2)
    boxes: FloatArray = united + margin[:, None] * [-1, -1, 1, 1]
    return boxes


def _fallback_px(series: LandmarkSeries, min_visibility: float) -> FloatArray:
    """The upper part of the image at full width; the whole image where nobody was found."""
    shoulders = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    heights = np.where(series.visibility[:, shoulders] >= min_visibility, series.image_px[:, shoulders, 1], -np.inf)
    bottom = np.maximum(heights.max(axis=1), series.height_px / 3)
    bottom[~series.found] = series.height_px
    boxes = np.zeros((len(bottom), 4))
    boxes[:, 2], boxes[:, 3] = series.width_px, bottom
    return boxes


def blur(rgb: ImageArray, box: Box) -> None:
    """Blur the box (4,) in place beyond recognition: it is reduced to a few cells, each the mean of its pixels, then smoothed."""
    left, top, right, bottom = (int(edge) for edge in box)
    height, width = bottom - top, right - left
    if min(height, width) < 1:
        return
    cell = max(1.0, min(height, width) / _CELLS)
    cells = cv2.resize(
        rgb[top:bottom, left:right], (max(1, round(width / cell)), max(1, round(height / cell))), interpolation=cv2.INTER_AREA
    )
    cells = cv2.GaussianBlur(cells, (3, 3), 0, borderType=cv2.BORDER_REPLICATE)
    rgb[top:bottom, left:right] = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR)
