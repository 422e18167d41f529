"""How a stored image has to be turned to be upright, as its file says; upright.py turns it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.video.frame import VideoFrame

from hipcv.errors import UnsupportedClip


@dataclass(frozen=True, slots=True)
class Orientation:
    """Quarter turns counter-clockwise, after an optional left-right flip."""

    quarter_turns: int = 0
    flipped: bool = False

    def turned(self, quarter_turns: int) -> "Orientation":
        """With so many further quarter turns, counter-clockwise."""
        return Orientation((self.quarter_turns + quarter_turns) % 4, self.flipped)


def of_picture(picture: VideoFrame, name: str) -> Orientation:
    """Orientation from the display matrix, whose 2 x 2 part is a rotation by quarter turns, with or without mirroring.

    Raises
    ------
    UnsupportedClip
        A rotation by anything but quarter turns.
    """
    a, b, c, d = _display_matrix(picture)
    flipped = a * d - b * c < 0
    if flipped:  # first undo a left-right mirroring of the stored image
        a, b = -a, -b
    turn_deg = float(np.degrees(np.arctan2(-b, a)))
    quarter_turns = round(turn_deg / 90)
    if abs(turn_deg - 90 * quarter_turns) > 1:
        raise UnsupportedClip("turn_unknown", about=name, degrees=turn_deg)
    return Orientation(quarter_turns % 4, bool(flipped))


def check_flat(picture: VideoFrame, name: str) -> None:
    """Refuse what a 360° camera makes: straight lines are bent in it, so that no angle can be read.

    Raises
    ------
    UnsupportedClip
        The file says that the picture is (a part of) a sphere.
    """
    with suppress(ValueError):  # side data unknown to this PyAV
        if picture.side_data.get("SPHERICAL") is not None:
            raise UnsupportedClip("picture_spherical", about=name)


def _display_matrix(picture: VideoFrame) -> tuple[float, float, float, float]:
    """Directions on screen of a step to the right, (a, b), and a step down, (c, d), in the stored image."""
    try:
        data: Any = picture.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # The frame carries side data unknown to this PyAV (such as a second eye's view); then only the rotation is available.
        turn_rad = np.radians(picture.rotation)
        return np.cos(turn_rad), -np.sin(turn_rad), np.sin(turn_rad), np.cos(turn_rad)
    if data is None:
        return 1.0, 0.0, 0.0, 1.0
    a, b, _, c, d, *_ = np.frombuffer(data, dtype=np.int32) / 65536.0
    return a, b, c, d
