"""How good the picture is where the person is: light and sharpness."""

from dataclasses import dataclass

import cv2
import numpy as np

from hipcv.landmarks import Landmark
from hipcv.values import FloatArray, Frame, ImageArray

_SHARPNESS_HEIGHT_PX = 480
"""Sharpness is judged with the person at this height, so that it does not depend on the camera's resolution."""
_REBLUR_PX = 9


@dataclass(frozen=True, slots=True)
class PictureSample:
    """One frame: brightness 0 to 255 and blur 0 to 1 in the box around the person (the whole frame if nobody is there)."""

    time_s: float
    brightness: float
    blur: float


def sample(frame: Frame, image_px: FloatArray | None) -> PictureSample:
    """Light and sharpness of one frame; image_px (33, 2) or None."""
    grey = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY)
    if image_px is not None:
        grey = _box(grey, image_px)
    return PictureSample(frame.time_s, float(grey.mean()), blur(grey))


def _box(grey: ImageArray, image_px: FloatArray) -> ImageArray:
    height, width = grey.shape
    body = image_px[Landmark.LEFT_SHOULDER :]
    left, top = np.clip(body.min(axis=0), 0, [width - 1, height - 1]).astype(int)
    right, bottom = np.clip(body.max(axis=0), 0, [width - 1, height - 1]).astype(int)
    return grey[top : bottom + 1, left : right + 1]


def blur(grey: ImageArray) -> float:
    """How little a picture loses when it is blurred once more: 0 = sharp, 1 = nothing left to lose.

    References
    ----------
    Crété et al., "The blur effect: perception and estimation with a new no-reference perceptual blur metric", SPIE 6492 (2007).
    """
    if min(grey.shape) < _REBLUR_PX:
        return float("nan")
    factor = _SHARPNESS_HEIGHT_PX / grey.shape[0]
    scaled = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.float32)
    losses = []
    for axis, kernel in ((0, (1, _REBLUR_PX)), (1, (_REBLUR_PX, 1))):
        before = np.abs(np.diff(scaled, axis=axis))
        after = np.abs(np.diff(cv2.blur(scaled, kernel), axis=axis))
        kept = before.sum() - np.maximum(before - after, 0).sum()
        losses.append(kept / max(float(before.sum()), 1e-6))
    return float(max(losses))
