"""A leg as it is drawn in the image as filmed, and as a reviewer corrects it there.

The line of the shank runs from the ankle in the direction of the angle to the knee as it was held (angles.py explains why), so the line that
people see is the line that was measured.
"""

from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.angles import steady_points
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Measurement
from hipcv.values import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLeg:
    """One leg in the image as filmed; NaN = not seen."""

    knee_px: FloatArray
    """(n_frames, 2), as held."""
    ankle_px: FloatArray
    """(n_frames, 2), steady."""
    shank_deg: FloatArray
    """(n_frames,), direction from knee to ankle, from straight down toward image right."""
    outward_x: FloatArray
    """(n_frames,), sign of image x that points away from the midline."""


def drawn_leg(measurement: Measurement, side: Side, steady_px: FloatArray | None = None) -> DrawnLeg:
    """The leg on `side`; `steady_px` (n_frames, 33, 2) are steady points of the unmirrored image, if they are known already."""
    knee, ankle = of_side("knee", side), of_side("ankle", side)
    if steady_px is None:
        steady_px = steady_points(measurement.landmarks, measurement.settings, [knee, ankle])
    knee_px, ankle_px = np.moveaxis(measurement.as_filmed(steady_px[:, [knee, ankle]]), 1, 0)
    outward_x = side.lateral_x * np.where(measurement.flipped, -1.0, 1.0)
    shank_deg = outward_x * measurement.rotation[side].from_vertical_deg
    return DrawnLeg(held_knee_px(knee_px, ankle_px, shank_deg), ankle_px, shank_deg, outward_x)


def direction(from_down_deg: FloatArray | float) -> FloatArray:
    """Unit vectors at an angle from straight down, toward image right: (...) -> (..., 2)."""
    angle_rad = np.radians(from_down_deg)
    return np.stack([np.sin(angle_rad), np.cos(angle_rad)], axis=-1)


def held_knee_px(knee_px: FloatArray, ankle_px: FloatArray, shank_deg: FloatArray) -> FloatArray:
    """The point nearest to the seen knee from which the ankle lies in the measured direction: (n, 2), (n, 2), (n,) -> (n, 2)."""
    along = direction(shank_deg)
    shank_px = np.sum((ankle_px - knee_px) * along, axis=-1, keepdims=True)
    held: FloatArray = ankle_px - shank_px * along
    return held
