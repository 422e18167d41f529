"""The 33 body points found by MediaPipe: their names, their order, and their left-right pairs."""

from enum import Enum, IntEnum

import numpy as np


class Side(Enum):
    """The subject's own left or right, never the image's."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def lateral_x(self) -> int:
        """Sign of image x that points away from the midline, subject facing the camera, image not mirrored."""
        return +1 if self is Side.LEFT else -1

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


SHOWN_SIDES = (Side.RIGHT, Side.LEFT)
"""Order in which the sides are shown to people: the right side is on the left of a person who faces the reader."""


class Landmark(IntEnum):
    """Index of each point in an array of shape (..., 33, ...); left and right are the subject's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


N_LANDMARKS = len(Landmark)
FACE = tuple(range(Landmark.NOSE, Landmark.MOUTH_RIGHT + 1))


def of_side(part: str, side: Side) -> Landmark:
    """The landmark of a paired body part: `of_side("knee", Side.LEFT)` is `Landmark.LEFT_KNEE`."""
    return Landmark[f"{side.name}_{part.upper()}"]


BODY = (
    Landmark.NOSE,
    *(of_side(part, side) for side in Side for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")),
)
"""Points whose bounding box encloses a person."""


def _swapped_order() -> np.ndarray:
    def twin(name: str) -> str:
        if "LEFT" in name:
            return name.replace("LEFT", "RIGHT")
        return name.replace("RIGHT", "LEFT")

    return np.array([Landmark[twin(point.name)] for point in Landmark])


SWAPPED = _swapped_order()
"""Index of the opposite point, (33,); `points[..., SWAPPED, :]` exchanges left and right."""

BONES = tuple(
    (a, b)
    for a, b in (
        (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
        (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
        (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
        (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
        (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
        (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
        (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
        (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
        (Landmark.LEFT_ANKLE, Landmark.LEFT_FOOT_INDEX),
        (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
        (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
        (Landmark.RIGHT_ANKLE, Landmark.RIGHT_FOOT_INDEX),
    )
)
"""Pairs of points connected by a line when drawn."""
