"""One small picture from the beginning of a clip, to recognise it by, and to see whether it is mirrored."""

import cv2
import numpy as np

from hipcv.video.clip import Clip

_AT_S = 1.0
"""In the first second whoever started the phone may still be in front of it."""
_LONG_SIDE_PX = 480
_QUALITY = 85


def first_picture(clip: Clip) -> tuple[bytes, bytes]:
    """The upright picture after a second, or the last one of a shorter clip, as JPEG: as filmed, and mirrored.

    Raises
    ------
    ClipError
        It cannot be read.
    """
    rgb = None
    for frame in clip.frames():
        rgb = frame.rgb
        if frame.time_s >= _AT_S:
            break
    assert rgb is not None, "an open clip has a frame"
    scale = min(1.0, _LONG_SIDE_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _jpeg(small), _jpeg(small[:, ::-1])


def _jpeg(rgb: np.ndarray) -> bytes:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()
