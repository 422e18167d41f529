"""Camera movement since the reference frame, measured on everything outside the person."""

import cv2
import numpy as np

from hipcv.kinematics.body import shanks_px
from hipcv.landmarks import BODY, Side, of_side
from hipcv.values import FloatArray, ImageArray

_MOST_POINTS = 200
_FEWEST_POINTS = 8
_STILL = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class CameraMotion:
    """Points of the room in the first image, tracked into every other one (pyramidal Lucas-Kanade, outliers removed by RANSAC)."""

    def __init__(self, rgb: ImageArray, image_px: FloatArray) -> None:
        self._grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
        room = np.full(self._grey.shape, 255, np.uint8)
        shank_px = float(shanks_px(image_px).max())
        body = image_px[list(BODY)]
        left, top = body.min(axis=0) - 0.4 * shank_px
        right, bottom = body.max(axis=0) + 0.4 * shank_px
        cv2.rectangle(room, (int(left), int(top)), (int(right), int(bottom)), 0, -1)
        knees_y = min(image_px[of_side("knee", side)][1] for side in Side)
        # where a foot may swing
        cv2.rectangle(room, (int(left - shank_px), int(knees_y)), (int(right + shank_px), int(bottom + 0.2 * shank_px)), 0, -1)
        self._points = cv2.goodFeaturesToTrack(self._grey, _MOST_POINTS, 0.01, 8, mask=room)

    def from_reference(self, rgb: ImageArray) -> FloatArray:
        """Shift, rotation and scale from the first image to this one, (2, 3); no movement if the room shows too little to tell."""
        if self._points is None or len(self._points) < _FEWEST_POINTS:
            return _STILL.copy()
        grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
        found, status, _ = cv2.calcOpticalFlowPyrLK(self._grey, grey, self._points, None, winSize=(15, 15), maxLevel=3)
        seen = status[:, 0] == 1
        if seen.sum() < _FEWEST_POINTS:
            return _STILL.copy()
        cv2.setRNGSeed(1)  # the same bytes give the same numbers
        transform, agree = cv2.estimateAffinePartial2D(self._points[seen], found[seen], ransacReprojThreshold=1.0)
        if transform is None or agree.sum() < max(_FEWEST_POINTS, 0.4 * seen.sum()):
            return _STILL.copy()
        result: FloatArray = transform
        return result
