"""Body proportions as seen in the image."""

import numpy as np

from hipcv.kinematics.geometry import length
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.values import FloatArray

TORSO = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)

SHANK_ENDS = [of_side(part, side) for side in Side for part in ("knee", "ankle")]


def trunk_px(image_px: FloatArray) -> FloatArray:
    """From the middle of the shoulders to that of the hips: image_px (..., 33, 2) -> (..., 2)."""
    shoulders, hips = (image_px[..., points, :].mean(axis=-2) for points in (TORSO[:2], TORSO[2:]))
    return np.asarray(hips - shoulders)


def thigh_per_shank(image_px: FloatArray) -> FloatArray:
    """Ratio of thigh to shank as seen: image_px (..., 33, 2) -> (...); small when seated facing the camera.

    The two thighs are added as arrows, so that knees that are wide apart do not count; seen from the side, both point the same way.
    """
    hips, knees = (image_px[..., [of_side(part, side) for side in Side], :] for part in ("hip", "knee"))
    ratio: FloatArray = length((knees - hips).sum(axis=-2)) / np.maximum(shanks_px(image_px).sum(axis=-1), 1e-9)
    return ratio


def trunk_per_shank(image_px: FloatArray) -> FloatArray:
    """Ratio of the trunk, from the shoulders to the hips, to the shank as seen: image_px (..., 33, 2) -> (...)."""
    shoulders, hips = (image_px[..., points, :].mean(axis=-2) for points in (TORSO[:2], TORSO[2:]))
    ratio: FloatArray = length(hips - shoulders) / np.maximum(shanks_px(image_px).mean(axis=-1), 1e-9)
    return ratio


def shanks_px(image_px: FloatArray) -> FloatArray:
    """Length of both shanks as seen: image_px (..., 33, 2) -> (..., 2)."""
    ends = [[of_side(part, side) for side in Side] for part in ("knee", "ankle")]
    return length(image_px[..., ends[1], :] - image_px[..., ends[0], :])
