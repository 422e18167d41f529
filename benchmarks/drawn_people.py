"""A seated person made of tubes, and a pinhole camera that sees where every point of them is: drawn with numpy and OpenCV alone.

World axes, in metres: x toward the person's left, y down, z away from a camera that stands in front; the person faces -z, and the origin
lies midway between the hip joints. Lengths of segments are shares of stature by Drillis and Contini (1966).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hipcv.landmarks import Side
from hipcv.values import FloatArray

WIDTH_PX, HEIGHT_PX = 540, 960
FULL_FRAME_DIAGONAL_MM = 43.27
_THIGH, _SHANK, _TRUNK, _HALF_SHOULDERS = 0.245, 0.246, 0.288, 0.129
_HIPS_M, _STATURE_M = 0.17, 1.75
"""Distance of the hip joints in a person of this stature."""
_AROUND = 18
"""Quads around a tube."""
DOWN = np.array([0.0, 1.0, 0.0])
Colour = tuple[float, float, float]
Joints = dict[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera; pixels are counted from the corner of the image, x right, y down."""

    position: FloatArray
    turn: FloatArray
    """(3, 3), from world axes to x right, y down, z into the image."""
    focal_px: float

    @classmethod
    def aimed(cls, at: FloatArray, distance_m: float, focal_mm: float, yaw_deg: float, pitch_deg: float, roll_deg: float) -> "Camera":
        """A camera that looks at a point (3,) from a distance in m.

        Parameters
        ----------
        focal_mm : equivalent on the diagonal of full frame
        yaw_deg : the camera stands this far toward the person's left
        pitch_deg : it stands low and looks up by this
        roll_deg : the scene appears turned clockwise by this
        """
        yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
        ahead = np.array([-np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
        right = np.cross(DOWN, ahead)
        right /= np.linalg.norm(right)
        level = np.stack([right, np.cross(ahead, right), ahead])
        rolled = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        focal_px = focal_mm / FULL_FRAME_DIAGONAL_MM * float(np.hypot(WIDTH_PX, HEIGHT_PX))
        return cls(at - distance_m * ahead, rolled @ level, focal_px)

    def seen(self, points: FloatArray) -> FloatArray:
        """Points (..., 3) of the world in the axes of the camera, m."""
        return np.asarray((points - self.position) @ self.turn.T)

    def project(self, points: FloatArray) -> FloatArray:
        """Points (..., 3) of the world in the image: (..., 2), px."""
        seen = self.seen(points)
        return np.asarray(self.focal_px * seen[..., :2] / seen[..., 2:] + np.array([WIDTH_PX, HEIGHT_PX]) / 2)


@dataclass(frozen=True, slots=True)
class LegPose:
    """Rotation about the thigh from the vertical plane (internal positive), opening of the knee beyond 90°, and abduction of the thigh;
    deg. `hem` (2,) is how far a loose hem is off the axis, laterally and forward, in shanks.
    """

    rotation_deg: float = 0.0
    opening_deg: float = 0.0
    abduction_deg: float = 8.0
    hem: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class LegAxes:
    """Unit vectors of a leg in the world, (3,) each: along the thigh, along the shank, the shank's outer side and its front."""

    thigh: FloatArray
    shank: FloatArray
    lateral: FloatArray
    front: FloatArray


def leg_axes(side: Side, pose: LegPose) -> LegAxes:
    """Axes of one leg; its thigh is level. The rotation is that of `samples/README.md`: atan2((A-K).lat, (A-K).down) about the thigh."""
    abduction, turn, opening = np.radians([pose.abduction_deg, pose.rotation_deg, pose.opening_deg])
    out = side.lateral_x
    thigh = np.array([out * np.sin(abduction), 0.0, -np.cos(abduction)])
    outward = np.array([out * np.cos(abduction), 0.0, np.sin(abduction)])
    across = np.cos(turn) * DOWN + np.sin(turn) * outward
    return LegAxes(
        thigh=thigh,
        shank=np.cos(opening) * across + np.sin(opening) * thigh,
        lateral=np.cos(turn) * outward - np.sin(turn) * DOWN,
        front=np.cos(opening) * thigh - np.sin(opening) * across,
    )


@dataclass(frozen=True)
class Person:
    """Build and clothes of one person, by a random draw; `clothes` is skin, tight or loose."""

    seed: int
    clothes: str = "skin"

    @cached_property
    def _build(self) -> dict[str, float]:
        """Stature in m; girth as a share of the usual; how far the foot points down and outward, deg; how far the calf sits inward, shanks."""
        draw = np.random.default_rng([self.seed, 1])
        low_high = {"stature_m": (1.58, 1.88), "girth": (0.92, 1.1), "point_deg": (25, 38), "toe_out_deg": (-2, 10), "calf_in": (0.0, 0.02)}
        return {name: float(draw.uniform(*span)) for name, span in low_high.items()}

    @property
    def shank_m(self) -> float:
        """Length of a shank."""
        return _SHANK * self._build["stature_m"]

    @property
    def thigh_m(self) -> float:
        """Length of a thigh."""
        return _THIGH * self._build["stature_m"]

    @property
    def trunk_m(self) -> float:
        """Height of the shoulders above the hip joints."""
        return _TRUNK * self._build["stature_m"]

    @property
    def half_hips_m(self) -> float:
        """Half of the distance of the hip joints."""
        return _HIPS_M / 2 * self._build["stature_m"] / _STATURE_M

    @property
    def half_shoulders_m(self) -> float:
        """Half of the distance of the shoulder joints."""
        return _HALF_SHOULDERS * self._build["stature_m"]

    @property
    def girth(self) -> float:
        """Thickness of the limbs as a share of the usual."""
        return self._build["girth"]

    @property
    def calf_in(self) -> float:
        """How far inward of the axis the calf sits, in shanks."""
        return self._build["calf_in"]

    def foot_axes(self, axes: LegAxes) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Unit vectors of a hanging foot: toward the toes, toward the sole, and across; (3,) each. It is rigid with the shank."""
        point, out = np.radians([self._build["point_deg"], self._build["toe_out_deg"]])
        ahead = np.cos(out) * axes.front + np.sin(out) * axes.lateral
        across = np.cos(out) * axes.lateral - np.sin(out) * axes.front
        return np.cos(point) * ahead + np.sin(point) * axes.shank, np.cos(point) * axes.shank - np.sin(point) * ahead, across

    def leg_joints(self, side: Side, pose: LegPose) -> Joints:
        """Centres of hip, knee and ankle, with heel and foot_index, (3,) each in m."""
        axes = leg_axes(side, pose)
        toward_toes, toward_sole, _ = self.foot_axes(axes)
        hip = np.array([side.lateral_x * self.half_hips_m, 0.0, 0.0])
        knee = hip + self.thigh_m * axes.thigh
        ankle = knee + self.shank_m * axes.shank
        heel = ankle + self.shank_m * (-0.10 * toward_toes + 0.12 * toward_sole)
        toe = ankle + self.shank_m * (0.42 * toward_toes + 0.09 * toward_sole)
        return {"hip": hip, "knee": knee, "ankle": ankle, "heel": heel, "foot_index": toe}

    def upper_joints(self, side: Side) -> Joints:
        """Joints of one arm, m; the hand rests on the seat beside the body."""
        out, up = side.lateral_x, -self.trunk_m
        shoulder = np.array([out * self.half_shoulders_m, up, 0.03])
        elbow = np.array([out * (self.half_shoulders_m + 0.05), 0.45 * up, 0.07])
        wrist = np.array([out * (self.half_shoulders_m + 0.06), 0.0, 0.02])
        return {"shoulder": shoulder, "elbow": elbow, "wrist": wrist}

    @property
    def head(self) -> FloatArray:
        """Middle of the head, m: (3,)."""
        return np.array([0.0, -self.trunk_m - 0.133 * self._build["stature_m"], 0.0])


@dataclass(frozen=True, slots=True)
class Quads:
    """Corners (n, 4, 3) in m, a point within the body behind each (n, 3), and colour (n, 3), 0 to 255."""

    corners: FloatArray
    inside: FloatArray
    colour: FloatArray

    @classmethod
    def joined(cls, parts: list["Quads"]) -> "Quads":
        """All quads of several parts."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("corners", "inside", "colour")))


def tube(centres: FloatArray, widths: FloatArray, across: FloatArray, forward: FloatArray, colour: FloatArray, n: int = _AROUND) -> Quads:
    """A surface around a line of centres (m, 3): elliptic rings of half widths (m, 2), m, along two unit vectors (3,).

    `colour` is (m - 1, n, 3), or anything that broadcasts to it.
    """
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    round_ = widths[:, None, 0, None] * np.cos(angle)[:, None] * across + widths[:, None, 1, None] * np.sin(angle)[:, None] * forward
    rings = centres[:, None] + round_
    after = np.roll(rings, -1, axis=1)
    corners = np.stack([rings[:-1], after[:-1], after[1:], rings[1:]], axis=2)
    inside = np.broadcast_to((centres[:-1, None] + centres[1:, None]) / 2, (*corners.shape[:2], 3))
    return Quads(corners.reshape(-1, 4, 3), inside.reshape(-1, 3), np.broadcast_to(colour, inside.shape).reshape(-1, 3))


def ball(
    middle: FloatArray, radii: tuple[float, float, float], axes: tuple[FloatArray, FloatArray, FloatArray], colour: FloatArray
) -> Quads:
    """An ellipsoid with half axes in m along three unit vectors; the rings lie across the first."""
    angle = np.linspace(0, np.pi, 9)
    centres = middle - np.cos(angle)[:, None] * radii[0] * axes[0]
    widths = np.sin(angle)[:, None] * np.array(radii[1:])
    return tube(centres, widths, axes[1], axes[2], colour)


def box(low: FloatArray, high: FloatArray, colour: Colour, pieces: tuple[int, int, int]) -> Quads:
    """A box along the axes of the world, its faces cut into pieces along x, y and z so that they can be sorted by depth."""
    corners = []
    for axis in range(3):
        one, two = [other for other in range(3) if other != axis]
        edges = [np.linspace(low[k], high[k], pieces[k] + 1) for k in (one, two)]
        for end in (low[axis], high[axis]):
            for a0, a1 in zip(edges[0][:-1], edges[0][1:], strict=True):
                for b0, b1 in zip(edges[1][:-1], edges[1][1:], strict=True):
                    face = np.empty((4, 3))
                    face[:, axis] = end
                    face[:, one], face[:, two] = [a0, a1, a1, a0], [b0, b0, b1, b1]
                    corners.append(face)
    quads = np.array(corners)
    return Quads(quads, np.broadcast_to((low + high) / 2, (len(quads), 3)), np.broadcast_to(np.array(colour), (len(quads), 3)))
