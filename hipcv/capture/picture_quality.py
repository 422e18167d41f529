"""Light and sharpness of the image around the person, and whether the clip is one continuous recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from hipcv.kinematics.signals import runs
from hipcv.landmarks import Landmark
from hipcv.values import BoolArray, FloatArray, Frame, ImageArray

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
_MIRRORED = 0.4
"""An image is mirrored from a frame on if the mirrored frame before differs from it by less than this share of what the frame before does."""
_SAME, _SAME_MOST = 0.05, 1
"""Mean and largest change of a dot, in grey levels, below which a frame repeats the one before, whatever compression adds. Clips of people
who sit still change by 0.16 on average."""
_ALIVE = 0.1
"""Share of the dots that change in nearly every frame of a recording with noise or a hand-held phone. Where fewer do, as in drawn films, a
still leg looks like a still picture."""
_JUMP, _AS_FAST, _STARTING_FRAMES = 8, 0.75, 8
"""In such a film a still picture has been frozen if a dot jumps by this many grey levels at its end, and by this share of its largest change
within the next so many frames: a leg starts gently."""
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
    shown, plain, _ = _unlike(thumbnails)
    return [float(time_s[frame]) for frame in shown[plain.min(axis=0) > _CUT]]


def mirrorings_s(time_s: Sequence[float], thumbnails: Sequence[ImageArray]) -> list[float]:
    """Times from which the image is the mirror image of what it was before."""
    shown, plain, mirrored = _unlike(thumbnails)
    return [float(time_s[frame]) for frame in shown[(mirrored < _MIRRORED * plain).all(axis=0)]]


def _unlike(thumbnails: Sequence[ImageArray]) -> tuple[Any, FloatArray, FloatArray]:
    """Frames that may follow a cut (k,), and 1 minus the correlation of frames before and after it, and of those before, mirrored, and after:
    (3, k), between neighbours and with frames further off.
    """
    dots = np.array(thumbnails).reshape(-1, _THUMB_PX, _THUMB_PX)
    mean = dots.mean(axis=(1, 2))
    spread = np.sqrt(_products(dots, dots) / _THUMB_PX**2 - np.square(mean))
    shown = np.flatnonzero(spread > _EMPTY)
    dots, mean, spread = dots[shown], mean[shown], spread[shown]
    after = np.arange(_CUT_FRAMES, len(dots) - _CUT_FRAMES)
    pairs = ((after - 1, after), (after - 1, after + _CUT_FRAMES), (after - _CUT_FRAMES, after))

    def unlike(before: ImageArray) -> FloatArray:
        return np.array(
            [1 - (_products(before[a], dots[b]) / _THUMB_PX**2 - mean[a] * mean[b]) / (spread[a] * spread[b]) for a, b in pairs]
        )

    return shown[after], unlike(dots), unlike(dots[:, :, ::-1])


def _products(first: ImageArray, second: ImageArray) -> FloatArray:
    """Sums of the products of two thumbnails (k, n, n), pair by pair: (k,); as bytes they take an eighth of the memory."""
    return np.asarray(np.einsum("kij,kij->k", first, second, dtype=float))


def frozen_s(time_s: Sequence[float], thumbnails: Sequence[ImageArray], longest_s: float) -> list[tuple[float, float]]:
    """First and last time of frames that only repeat the frame before, wherever that leaves more than `longest_s` without a new one.

    A leg that is truly held still does not count, neither in a recording, which has noise, nor in a film without any, where it moves off
    gently.
    """
    repeats, most, share = _changes(thumbnails)
    new = share[1:][~repeats[1:]]
    alive = len(new) > 0 and np.percentile(new, 5) >= _ALIVE
    spans = []
    for start, end in runs(repeats):
        after = most[end : end + _STARTING_FRAMES]
        jumps = len(after) > 0 and after[0] >= max(_JUMP, _AS_FAST * after.max())
        if time_s[min(end, len(repeats) - 1)] - time_s[start - 1] > longest_s and (alive or jumps):
            spans.append((time_s[start], time_s[end - 1]))
    return spans


def picture_rate_hz(time_s: Sequence[float], thumbnails: Sequence[ImageArray]) -> float:
    """How many new pictures there are in a second while something moves; infinite if too few to tell."""
    new_s = np.array(time_s)[~_changes(thumbnails)[0]]
    return float(1 / np.median(np.diff(new_s))) if len(new_s) > 2 * _CUT_FRAMES else float("inf")


def _changes(thumbnails: Sequence[ImageArray]) -> tuple[BoolArray, FloatArray, FloatArray]:
    """For each frame: whether it repeats the one before, the largest change of a dot, and the share of dots that changed."""
    dots = np.reshape(thumbnails, (len(thumbnails), -1))
    change = np.vstack([np.full_like(dots[:1], 2 * _SAME_MOST), np.maximum(dots[1:], dots[:-1]) - np.minimum(dots[1:], dots[:-1])])
    most = change.max(axis=1)
    return (change.mean(axis=1) < _SAME) & (most <= _SAME_MOST), most, (change > 0).mean(axis=1)
