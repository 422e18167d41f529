"""A stored image, turned to be upright."""

import cv2
import numpy as np

from hipcv.values import ImageArray
from hipcv.video.orientation import Orientation

_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


def upright(rgb: ImageArray, orientation: Orientation) -> ImageArray:
    """The upright image, contiguous; the same one if it is upright already."""
    if orientation.flipped:
        rgb = cv2.flip(rgb, 1)
    if orientation.quarter_turns:
        rgb = cv2.rotate(rgb, _TURNS[orientation.quarter_turns])
    return np.ascontiguousarray(rgb)
