"""Proportions of the body as the picture shows them: what tells a seated person from a standing one."""

import numpy as np

from hipcv.kinematics.geometry import length
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.values import FloatArray

TORSO = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
STANDING_THIGH_PER_SHANK = 0.75
"""Thigh over shank in the picture: about 1 standing (Drillis and Contini: 0.245 and 0.246 of stature), below 0.4 seated
with the knees toward a level camera."""


def thigh_per_shank(image_px: FloatArray) -> FloatArray:
    """Length of the thighs over that of the shanks as seen, image_px (..., 33, 2) -> (...): small when seated facing the camera."""
    ratio: FloatArray = _lengths_px(image_px, "hip", "knee").sum(axis=-1) / np.maximum(shanks_px(image_px).sum(axis=-1), 1e-9)
    return ratio


def shanks_px(image_px: FloatArray) -> FloatArray:
    """Length of both shanks as seen, image_px (..., 33, 2) -> (..., 2)."""
    return _lengths_px(image_px, "knee", "ankle")


def _lengths_px(image_px: FloatArray, upper: str, lower: str) -> FloatArray:
    ends = [[of_side(part, side) for side in Side] for part in (upper, lower)]
    return length(image_px[..., ends[1], :] - image_px[..., ends[0], :])
