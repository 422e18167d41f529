"""What is known of one pose of a leg before its image is looked at, as one more term of the fit (fit_pose.py)."""

from dataclasses import dataclass
from math import remainder, tau
from typing import Any

import numpy as np

from hipcv.registration.leg_camera import N_POSE, LegCamera, ThighView
from hipcv.values import FloatArray

FREEDOM = 3
"""Degrees of freedom of what is known: the fewer, the heavier its tails."""
_STEP = 1e-4
_SMALL: FloatArray = _STEP * np.vstack([np.zeros(N_POSE), np.eye(N_POSE)[:2]])
Equations = tuple[FloatArray, FloatArray]
"""Normal equations of a step: matrix and vector."""


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What is known of a pose beforehand: its components, and how the line from knee to ankle has turned in the image.

    Parameters
    ----------
    pose, precision : (N_POSE,), precision 0 = nothing is known of it
    planar_rad, planar_precision : of `LegCamera.planar_turn_rad`
    """

    camera: LegCamera
    pose: FloatArray
    precision: FloatArray
    planar_rad: float
    planar_precision: float
    bent_precision: float
    """Of a knee that bends further than it hangs."""

    def equations(self, view: ThighView, pose: FloatArray) -> Equations:
        """Normal equations of a step in pose.

        The farther off a pose is, the less firmly it is held, as people do what is not expected (Student's t).
        """
        held = _held(self.precision, pose - self.pose)
        matrix, vector = np.diag(held), -held * (pose - self.pose)
        shown, *moved = self.camera.planar_turns_rad(view, pose + _SMALL).tolist()
        slope = (np.array(moved) - shown) / _STEP
        off = remainder(shown - self.planar_rad, tau)
        weight = float(_held(self.planar_precision, off))
        matrix[:2, :2] += weight * np.outer(slope, slope)
        vector[:2] -= weight * off * slope
        if pose[1] < 0:
            matrix[1, 1] += self.bent_precision
            vector[1] -= self.bent_precision * pose[1]
        return matrix, vector

    def cost(self, view: ThighView, pose: FloatArray) -> float:
        """How unlikely this pose is: negative logarithm of its density, up to a constant."""
        off = remainder(self.camera.planar_turn_rad(view, pose) - self.planar_rad, tau)
        squares = np.append(self.precision * np.square(pose - self.pose), self.planar_precision * off**2)
        return float((FREEDOM + 1) / 2 * np.log1p(squares / FREEDOM).sum() + self.bent_precision * min(0.0, pose[1]) ** 2 / 2)


def _held(precision: Any, off: Any) -> Any:
    """Precision with which something this far off is still held (Student's t)."""
    return precision * (FREEDOM + 1) / (FREEDOM + precision * np.square(off))
