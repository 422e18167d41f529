"""A shank and its foot in front of a pinhole camera: where each point of the resting leg appears once the leg has rotated.

The leg is two flat pieces: the shank, which lies across the thigh at rest, and the instep, which slopes from the ankle toward the camera.
Both rotate rigidly about the thigh (hip rotation) and about the knee (extension). A rigidly moving flat piece maps from image to image by
a homography, so the whole leg is two homographies. Nothing here is fitted to a person except to their image.

Camera axes: x to the right, y down, z into the image. Lengths in shanks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.camera_view import THIGH
from hipcv.registration.priors import FRONT
from hipcv.values import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RestingLeg:
    """The leg at rest as seen: knee (2,), angle of the shank from straight down toward image right, and length in px."""

    knee: FloatArray
    angle_rad: float
    shank_px: float
    middle: FloatArray
    focal_px: float

    @property
    def line_of_sight(self) -> FloatArray:
        """From the camera to the knee, per unit of depth: x and y, (2,)."""
        seen: FloatArray = (self.knee - self.middle) / self.focal_px
        return seen


@dataclass(frozen=True, slots=True)
class ThighView:
    """How the camera sees one thigh, and what does not change about its leg. Lengths in shanks."""

    sideways: float
    downward: float
    """x and y of the unit vector along the thigh."""
    instep: float
    """Slope of the instep."""
    knee_x: float = 0.0
    knee_y: float = 0.0
    """From the landmarks' knee to the centre of rotation, in the image."""
    front: float = FRONT
    """How far in front of that centre the seen surface lies, along the thigh."""
    zoom: float = 0.0
    """Natural logarithm of the focal length over the assumed one; both legs share it."""

    def as_array(self) -> FloatArray:
        """The view as a vector (7,), in the order of the normal equations."""
        return np.array([self.sideways, self.downward, self.instep, self.knee_x, self.knee_y, self.front, self.zoom])

    def moved(self, step: FloatArray) -> "ThighView":
        """The view after a step (7,)."""
        return ThighView(*(self.as_array() + step).tolist())


_MANY, _TINY = 64, 1e-9
N_POSE, N_VIEW = 5, 7
SHIFT = slice(2, 4)
"""A pose is rotation (rad, positive toward image right), knee extension (rad), shift (2, px) and how far the ankle gives (rad, toes up
positive); a view is as in `ThighView`."""


def pose_of(
    turn_rad: float, extension_rad: float, shift_px: Sequence[float] | FloatArray = (0.0, 0.0), ankle_rad: float = 0.0
) -> FloatArray:
    """A pose (N_POSE,)."""
    return np.array([turn_rad, extension_rad, *shift_px, ankle_rad])


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Vector product of two (3,) vectors; ten times as fast as numpy's for a single pair."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def about(axis: FloatArray, angle_rad: float) -> FloatArray:
    """Rotation matrix about a unit axis (Rodrigues), right-handed: (3, 3)."""
    x, y, z = axis
    sin, cos = np.sin(angle_rad), np.cos(angle_rad)
    rest = 1 - cos
    return np.array(
        [
            [cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
            [y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
            [z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
        ]
    )


class LegCamera:
    """Homographies of one leg, from its image at rest to any pose."""

    def __init__(self, leg: RestingLeg) -> None:
        self.leg = leg
        self._known: dict[ThighView, tuple[FloatArray, FloatArray, FloatArray]] = {}

    def _projection(self, view: ThighView) -> tuple[FloatArray, FloatArray]:
        """The camera matrix and its inverse."""
        focal, (x, y) = self.leg.focal_px * np.exp(view.zoom), self.leg.middle
        camera = np.array([[focal, 0, x], [0, focal, y], [0, 0, 1.0]])
        return camera, np.array([[1, 0, -x], [0, 1, -y], [0, 0, focal]]) / focal

    def axes(self, view: ThighView) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Thigh direction (toward the camera), position of the knee, direction of the resting shank; all (3,)."""
        if view not in self._known:
            if len(self._known) > _MANY:
                self._known.clear()
            self._known[view] = self._axes(view)
        return self._known[view]

    def _axes(self, view: ThighView) -> tuple[FloatArray, FloatArray, FloatArray]:
        x, y = view.sideways, view.downward
        thigh = np.array([x, y, -np.sqrt(max(1 - x * x - y * y, 0.05))])
        seen = self.leg.knee + np.array([view.knee_x, view.knee_y]) * self.leg.shank_px
        camera, inverse = self._projection(view)
        knee = inverse @ np.array([*seen, 1.0]) * (camera[0, 0] / self.leg.shank_px)
        right = _cross(np.array([0, 1.0, 0]), thigh)
        right *= np.sign(right[0]) / np.linalg.norm(right)
        down = _cross(right, thigh)
        down *= np.sign(down[1])
        # The direction across the thigh that appears at the angle of the resting shank.
        wanted = np.array([np.sin(self.leg.angle_rad), np.cos(self.leg.angle_rad)])
        across = [self._seen(v, knee) @ [wanted[1], -wanted[0]] for v in (right, down)]
        shank = across[1] * right - across[0] * down
        return thigh, knee, shank * (np.sign(shank[1]) / np.linalg.norm(shank))

    def askew_rad(self, view: ThighView, down: FloatArray) -> float:
        """Turn of the resting shank about the thigh, from the true vertical `down` (3,), positive toward image right."""
        thigh, _, shank = self.axes(view)
        hanging = down - (down @ thigh) * thigh
        return float(np.arctan2(_cross(hanging, shank) @ thigh, hanging @ shank))

    @staticmethod
    def _seen(direction: FloatArray, at: FloatArray) -> FloatArray:
        """Direction in the image of a direction in space, at a point."""
        seen: FloatArray = direction[:2] - direction[2] * at[:2] / at[2]
        return seen

    def _turn(self, thigh: FloatArray, shank: FloatArray, pose: FloatArray) -> FloatArray:
        extension = about(_cross(shank, thigh), pose[1])  # turns the shank toward the direction of the thigh
        turned: FloatArray = self._drift(thigh, pose[SHIFT]) @ about(thigh, pose[0]) @ extension
        return turned

    def _drift(self, thigh: FloatArray, shift_px: FloatArray) -> FloatArray:
        """Turn of the thigh when the knee drifts in the image: the hip stays where it is."""
        drifted = thigh + np.array([*shift_px, 0.0]) / (self.leg.shank_px * THIGH)
        axis = _cross(thigh, drifted / np.linalg.norm(drifted))
        size = float(np.linalg.norm(axis))
        return about(axis / size, float(np.arcsin(min(1.0, size)))) if size > _TINY else np.eye(3)

    def homographies(self, view: ThighView, pose: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Homographies of shank and instep, from the image at rest to the image in this pose: (3, 3) each."""
        thigh, knee, shank = self.axes(view)
        camera, inverse = self._projection(view)
        turn = self._turn(thigh, shank, pose)
        shift = np.array([[1, 0, pose[2]], [0, 1, pose[3]], [0, 0, 1.0]])
        moved = knee - turn @ knee
        flat = []
        surface = knee + view.front * thigh
        given = about(_cross(shank, thigh), pose[4])  # the foot about the ankle
        foot_moved = moved + turn @ (surface + shank - given @ (surface + shank))
        for part, offset, normal, point in (
            (turn, moved, thigh, surface),
            (turn @ given, foot_moved, thigh - view.instep * shank, surface + shank),
        ):
            flat.append(shift @ camera @ (part + np.outer(offset, normal) / (normal @ point)) @ inverse)
        return flat[0], flat[1]

    def planar_turn_rad(self, view: ThighView, pose: FloatArray) -> float:
        """Rotation of the line from knee to ankle in the image since rest, positive toward image right."""
        thigh, knee, shank = self.axes(view)
        turned = self._turn(thigh, shank, pose) @ shank
        camera, _ = self._projection(view)
        ends = [camera @ (knee + vector) for vector in (shank, turned)]
        start = camera @ knee
        before, after = (end[:2] / end[2] - start[:2] / start[2] for end in ends)
        return float(np.arctan2(after[0], after[1]) - np.arctan2(before[0], before[1]))
