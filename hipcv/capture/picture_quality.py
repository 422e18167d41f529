"""Light and sharpness of the image around the person, and whether the clip is one continuous recording."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hipcv.landmarks import Landmark
from hipcv.values import FloatArray, Frame, ImageArray

_SHARPNESS_HEIGHT_PX = 480
"""Sharpness is judged with the person at this height, so that it does not depend on the camera's resolution."""
_LIGHT_PX, _REBLUR_PX = 1.0, 3.0
_MIN_PX = 9
_THUMB_PX = 24
_EMPTY = 4.0
"""Spread in grey levels below which an image is plain black or white and is skipped."""
_CUT = 0.3
"""1 minus the correlation of neighbouring frames: steady, shaken, panned and noisy clips stay below 0.1, two rooms give 0.45 and more."""
_CUT_FRAMES = 4
_FLAT = 1e-3
"""Squared grey levels per pixel below which an image is flat and has no detail to lose."""


@dataclass(frozen=True, slots=True)
class PictureSample:
    """One frame: brightness 0 to 255 and blur 0 to 1 in the box around the person (the whole frame if nobody is there)."""

    time_s: float
    brightness: float
    blur: float
    cuts_s: tuple[float, ...] = ()
    """Times at which the whole image changes at once, from this sample until the next."""


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
    """How little an image changes when it is blurred once more: 0 = sharp, 1 = no detail left to lose.

    It is the share of gradient energy that remains. The image is lightly smoothed first; otherwise camera noise and the steps of an 8-bit
    image would pass for detail.

    References
    ----------
    The idea is that of Crété et al., "The blur effect", SPIE 6492 (2007), who sum differences and blur with a box; theirs rates a strong
    blur as weak.
    """
    if min(grey.shape) < _MIN_PX:
        return float("nan")
    factor = min(1.0, _SHARPNESS_HEIGHT_PX / grey.shape[0])
    scaled = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.float32)
    once = cv2.GaussianBlur(scaled, (0, 0), _LIGHT_PX)
    left = _energy(cv2.GaussianBlur(once, (0, 0), _REBLUR_PX))
    return left / max(_energy(once), _FLAT * float(once.size))


def _energy(picture: FloatArray) -> float:
    return sum(float(np.square(np.diff(picture, axis=axis)).sum(dtype=float)) for axis in (0, 1))


def thumbnail(frame: Frame) -> ImageArray:
    """The whole image as a few grey dots (n, n), for comparison with others."""
    step = max(1, min(frame.rgb.shape[:2]) // (4 * _THUMB_PX))  # four samples per dot are enough, and avoid reading every pixel
    small: ImageArray = cv2.resize(np.ascontiguousarray(frame.rgb[::step, ::step]), (_THUMB_PX, _THUMB_PX), interpolation=cv2.INTER_AREA)
    grey: ImageArray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return grey


def cuts_s(time_s: Sequence[float], thumbnails: Sequence[ImageArray]) -> list[float]:
    """Times at which one scene ends and another begins; one or two damaged frames are not a cut."""
    dots = np.reshape(thumbnails, (len(thumbnails), -1)).astype(float)
    shown = np.flatnonzero(dots.std(axis=1) > _EMPTY)
    if len(shown) <= 2 * _CUT_FRAMES:
        return []
    dots = dots[shown] - dots[shown].mean(axis=1, keepdims=True)
    dots /= np.linalg.norm(dots, axis=1, keepdims=True)
    after = np.arange(_CUT_FRAMES, len(dots) - _CUT_FRAMES)
    pairs = ((after - 1, after), (after - 1, after + _CUT_FRAMES), (after - _CUT_FRAMES, after))
    changed = np.min([1 - (dots[a] * dots[b]).sum(axis=1) for a, b in pairs], axis=0)
    return [float(time_s[shown[frame]]) for frame in after[changed > _CUT]]
