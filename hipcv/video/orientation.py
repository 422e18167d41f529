"""How a stored picture becomes upright."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame

from hipcv.errors import UnsupportedClip
from hipcv.values import ImageArray

_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True, slots=True)
class Orientation:
    """Quarter turns counter-clockwise, after an optional exchange of left and right."""

    quarter_turns: int = 0
    flipped: bool = False

    def apply(self, rgb: ImageArray) -> ImageArray:
        """The upright picture, contiguous."""
        if self.flipped:
            rgb = cv2.flip(rgb, 1)
        if self.quarter_turns:
            rgb = cv2.rotate(rgb, _TURNS[self.quarter_turns])
        return np.ascontiguousarray(rgb)


def of_picture(picture: VideoFrame, name: str) -> Orientation:
    """From the display matrix, whose 2 x 2 part is a turn by a quarter, with or without a mirroring.

    Raises
    ------
    UnsupportedClip
        A turn by anything but quarters.
    """
    a, b, c, d = _display_matrix(picture)
    flipped = a * d - b * c < 0
    if flipped:  # undo a left-right mirroring of the stored picture first
        a, b = -a, -b
    turn_deg = float(np.degrees(np.arctan2(-b, a)))
    quarter_turns = round(turn_deg / 90)
    if abs(turn_deg - 90 * quarter_turns) > 1:
        raise UnsupportedClip("turn_unknown", about=name, degrees=turn_deg)
    return Orientation(quarter_turns % 4, bool(flipped))


def _display_matrix(picture: VideoFrame) -> tuple[float, float, float, float]:
    """Where a step to the right, (a, b), and a step down, (c, d), in the stored picture lead on the screen."""
    try:
        data: Any = picture.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # The picture carries something that this PyAV has no name for (a second eye's view, say); it then tells the turn alone.
        turn_rad = np.radians(picture.rotation)
        return np.cos(turn_rad), -np.sin(turn_rad), np.sin(turn_rad), np.cos(turn_rad)
    if data is None:
        return 1.0, 0.0, 0.0, 1.0
    a, b, _, c, d, *_ = np.frombuffer(data, dtype=np.int32) / 65536.0
    return a, b, c, d
