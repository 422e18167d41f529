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


_MANY = 64
_IDENTITY = np.eye(3)
_AXES, _LATER, _EARLIER = [0, 1, 2], [2, 0, 1], [1, 2, 0]
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


class Axis:
    """A unit axis (3,) about which something turns."""

    def __init__(self, along: FloatArray) -> None:
        self.along = along
        self.cross = _crossing(along)
        self._twice = self.cross @ self.cross

    def turns(self, angle_rad: FloatArray) -> FloatArray:
        """Rotation matrices about it (Rodrigues), right-handed: angles (n,) -> (n, 3, 3)."""
        turned: FloatArray = (
            _IDENTITY + np.sin(angle_rad)[:, None, None] * self.cross + (1 - np.cos(angle_rad))[:, None, None] * self._twice
        )
        return turned


def _crossing(vector: FloatArray) -> FloatArray:
    """Matrices that multiply as the vector product with vectors (..., 3): (..., 3, 3)."""
    cross = np.zeros((*vector.shape, 3))
    cross[..., _LATER, _EARLIER] = vector[..., _AXES]
    cross[..., _EARLIER, _LATER] = -vector[..., _AXES]
    return cross


@dataclass(frozen=True, slots=True, eq=False)
class _Axes:
    """How a leg is placed in space under a view."""

    thigh: Axis
    """Toward the camera."""
    knee: FloatArray
    shank: FloatArray
    """Direction at rest."""
    hinge: Axis
    """A turn about it brings the shank toward the direction of the thigh."""


class LegCamera:
    """Homographies of one leg, from its image at rest to any pose."""

    def __init__(self, leg: RestingLeg) -> None:
        self.leg = leg
        self._known: dict[ThighView, _Axes] = {}

    def _projection(self, view: ThighView) -> tuple[FloatArray, FloatArray]:
        """The camera matrix and its inverse."""
        focal, (x, y) = self.leg.focal_px * np.exp(view.zoom), self.leg.middle
        camera = np.array([[focal, 0, x], [0, focal, y], [0, 0, 1.0]])
        return camera, np.array([[1, 0, -x], [0, 1, -y], [0, 0, focal]]) / focal

    def _seated(self, view: ThighView) -> _Axes:
        if view not in self._known:
            if len(self._known) > _MANY:
                self._known.clear()
            self._known[view] = self._axes(view)
        return self._known[view]

    def _axes(self, view: ThighView) -> _Axes:
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
        shank *= np.sign(shank[1]) / np.linalg.norm(shank)
        return _Axes(Axis(thigh), knee, shank, Axis(_cross(shank, thigh)))

    def askew_rad(self, view: ThighView, down: FloatArray) -> float:
        """Turn of the resting shank about the thigh, from the true vertical `down` (3,), positive toward image right."""
        seated = self._seated(view)
        thigh, shank = seated.thigh.along, seated.shank
        hanging = down - (down @ thigh) * thigh
        return float(np.arctan2(_cross(hanging, shank) @ thigh, hanging @ shank))

    @staticmethod
    def _seen(direction: FloatArray, at: FloatArray) -> FloatArray:
        """Direction in the image of a direction in space, at a point."""
        seen: FloatArray = direction[:2] - direction[2] * at[:2] / at[2]
        return seen

    def _turns(self, seated: _Axes, poses: FloatArray) -> FloatArray:
        """How the shank has turned in each pose: (n, 3, 3)."""
        turned: FloatArray = self._drifts(seated.thigh, poses[:, SHIFT]) @ seated.thigh.turns(poses[:, 0]) @ seated.hinge.turns(poses[:, 1])
        return turned

    def _drifts(self, thigh: Axis, shifts_px: FloatArray) -> FloatArray:
        """Turns of the thigh when the knee drifts in the image (n, 2): the hip stays where it is."""
        drifted = np.tile(thigh.along, (len(shifts_px), 1))
        drifted[:, :2] += shifts_px / (self.leg.shank_px * THIGH)
        drifted /= np.sqrt(np.einsum("nk,nk->n", drifted, drifted))[:, None]
        cross = _crossing(drifted @ thigh.cross.T)
        turned: FloatArray = _IDENTITY + cross + cross @ cross / (1 + drifted @ thigh.along)[:, None, None]
        return turned

    def homographies(self, view: ThighView, poses: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Homographies of shank and instep, from the image at rest to the image in each pose: (n, N_POSE) -> (n, 3, 3) each."""
        seated = self._seated(view)
        thigh, knee, shank = seated.thigh.along, seated.knee, seated.shank
        camera, inverse = self._projection(view)
        turns = self._turns(seated, poses)
        shift = np.tile(_IDENTITY, (len(poses), 1, 1))
        shift[:, :2, 2] = poses[:, SHIFT]
        moved = knee - turns @ knee
        surface = knee + view.front * thigh
        ankle = surface + shank
        given = seated.hinge.turns(poses[:, 4])  # the foot about the ankle
        foot_moved = moved + (turns @ (ankle - given @ ankle)[..., None])[..., 0]
        pieces = ((turns, moved, thigh, surface), (turns @ given, foot_moved, thigh - view.instep * shank, ankle))
        flat = [
            shift @ camera @ (part + offset[:, :, None] * normal / (normal @ point)) @ inverse for part, offset, normal, point in pieces
        ]
        return flat[0], flat[1]

    def planar_turns_rad(self, view: ThighView, poses: FloatArray) -> FloatArray:
        """Rotation of the line from knee to ankle in the image since rest, positive toward image right: (n, N_POSE) -> (n,)."""
        seated = self._seated(view)
        knee, shank = seated.knee, seated.shank
        camera, _ = self._projection(view)
        ends = (knee + np.vstack([shank, self._turns(seated, poses) @ shank])) @ camera.T
        start = camera @ knee
        lines = ends[:, :2] / ends[:, 2:] - start[:2] / start[2]
        angles = np.arctan2(lines[:, 0], lines[:, 1])
        return np.asarray(angles[1:] - angles[0])

    def planar_turn_rad(self, view: ThighView, pose: FloatArray) -> float:
        """The same for one pose (N_POSE,)."""
        return float(self.planar_turns_rad(view, pose[None])[0])
