"""One small picture from the beginning of a clip, to recognise it by, and to see whether it lies or is mirrored."""

import io

import cv2
from PIL import Image

from hipcv.values import Frame
from hipcv.video.clip import Clip

_AT_S = (0.3, 0.65, 1.0)
"""Several, as whoever started the phone may bend or sit down in the first second; the last is shown, as they may be in front of it before."""
_LONG_SIDE_PX = 480
_QUALITY = 85


def first_frames(clip: Clip) -> list[Frame]:
    """A few of the first second, the last of them to be shown; they lie in the memory of the open clip.

    Raises
    ------
    ClipError
        It cannot be read.
    """
    frames: list[Frame] = []
    for frame in clip.frames():
        if frame.time_s >= _AT_S[len(frames)]:
            frames.append(frame)
        if len(frames) == len(_AT_S):
            break
    return frames


def small_jpeg(frame: Frame) -> bytes:
    """A small JPEG of it."""
    scale = min(1.0, _LONG_SIDE_PX / max(frame.rgb.shape[:2]))
    small = cv2.resize(frame.rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    jpeg = io.BytesIO()
    Image.fromarray(small).save(jpeg, "JPEG", quality=_QUALITY)
    return jpeg.getvalue()
