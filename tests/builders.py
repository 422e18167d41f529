"""A subject seated in front of a camera, with a rotation of each hip that we choose: expected values never come from running the code."""

from dataclasses import dataclass, field

import numpy as np

from hipcv.landmarks import N_LANDMARKS, Landmark, Side, of_side
from hipcv.values import FloatArray, LandmarkSeries

WIDTH_PX, HEIGHT_PX = 540, 960
SHANK_PX = 170.0
THIGH_PX = 40.0
"""The thighs point at the camera, so little of them is seen."""
KNEE_Y, HIP_Y, SHOULDER_Y, NOSE_Y = 560.0, 530.0, 340.0, 250.0
MIDDLE_X = 270.0
HALF_KNEES, HALF_HIPS, HALF_SHOULDERS = 55.0, 40.0, 75.0
RATE_HZ = 30.0


def swings_deg(*parts: tuple[float, float], rate_hz: float = RATE_HZ) -> FloatArray:
    """Angle over time from (angle, seconds) parts, each held, joined by half-cosine swings of half a second.

    `swings_deg((0, 1), (30, 0.5), (-40, 0.5), (0, 1))` rests, rotates in by 30°, out by 40°, and rests again.
    """
    swing = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, round(0.5 * rate_hz), endpoint=False))
    samples = [np.full(round(parts[0][1] * rate_hz), float(parts[0][0]))]
    for (before, _), (angle, seconds) in zip(parts[:-1], parts[1:], strict=True):
        samples += [before + (angle - before) * swing, np.full(round(seconds * rate_hz), float(angle))]
    return np.concatenate(samples)


def still_deg(n_frames: int) -> FloatArray:
    """A leg that hangs."""
    return np.zeros(n_frames)


@dataclass
class Subject:
    """Everything that can be chosen; angles over time are (n_frames,), internal rotation positive."""

    left_deg: FloatArray
    right_deg: FloatArray
    roll_deg: float = 0.0
    """The scene looks turned clockwise by this."""
    shift_px: FloatArray | None = None
    """(n_frames, 2): the whole picture moves, as with a hand-held phone."""
    pelvis_tilt_deg: FloatArray | None = None
    """(n_frames,): left hip higher positive."""
    noise_px: float = 0.0
    time_s: FloatArray | None = None
    thigh_px: float = THIGH_PX
    scale: float = 1.0
    seed: int = 1
    hidden: dict[Landmark, slice] = field(default_factory=dict)

    def landmarks(self) -> LandmarkSeries:
        """The series as the pose network would give it."""
        n = len(self.left_deg)
        time_s = np.arange(n) / RATE_HZ if self.time_s is None else self.time_s
        points = np.zeros((n, N_LANDMARKS, 2))
        points[:, : Landmark.LEFT_SHOULDER] = [MIDDLE_X, NOSE_Y]
        for side, angle_deg in ((Side.LEFT, self.left_deg), (Side.RIGHT, self.right_deg)):
            self._place(points, side, angle_deg)
        points = self._filmed(points)
        visibility = np.ones((n, N_LANDMARKS))
        for point, frames in self.hidden.items():
            visibility[frames, point] = 0.1
        world_m = np.zeros((n, N_LANDMARKS, 3))
        world_m[:, :, :2] = (points - points.mean(axis=1, keepdims=True)) * 0.4 / SHANK_PX
        return LandmarkSeries(time_s, points, world_m, visibility, round(WIDTH_PX * self.scale), round(HEIGHT_PX * self.scale))

    def _place(self, points: FloatArray, side: Side, angle_deg: FloatArray) -> None:
        out = side.lateral_x
        swing = np.radians(out * angle_deg)
        hip = np.tile([MIDDLE_X + out * HALF_HIPS, HIP_Y], (len(angle_deg), 1))
        if self.pelvis_tilt_deg is not None:
            hip[:, 1] -= out * HALF_HIPS * np.tan(np.radians(self.pelvis_tilt_deg))
        knee = np.tile([MIDDLE_X + out * HALF_KNEES, HIP_Y + self.thigh_px], (len(angle_deg), 1))
        toward_foot = np.stack([np.sin(swing), np.cos(swing)], axis=1)
        points[:, of_side("shoulder", side)] = [MIDDLE_X + out * HALF_SHOULDERS, SHOULDER_Y]
        for part in ("elbow", "wrist", "pinky", "index", "thumb"):
            points[:, of_side(part, side)] = [MIDDLE_X + out * (HALF_SHOULDERS + 10), SHOULDER_Y + 120]
        points[:, of_side("hip", side)] = hip
        points[:, of_side("knee", side)] = knee
        for part, share in (("ankle", 1.0), ("heel", 1.08), ("foot_index", 1.15)):
            points[:, of_side(part, side)] = knee + share * SHANK_PX * toward_foot

    def _filmed(self, points: FloatArray) -> FloatArray:
        centre = np.array([WIDTH_PX / 2, HEIGHT_PX / 2])
        roll = np.radians(self.roll_deg)
        turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])  # clockwise on a screen, y down
        points = (points - centre) @ turn + centre
        if self.shift_px is not None:
            points = points + self.shift_px[:, None]
        if self.noise_px:
            points = points + np.random.default_rng(self.seed).normal(0, self.noise_px, points.shape)
        return points * self.scale


def three_reps(internal_deg: float, external_deg: float) -> FloatArray:
    """Rest, then internal and external rotation in turn, three times, then rest: 10.5 s."""
    pair = ((internal_deg, 0.6), (-external_deg, 0.6))
    return swings_deg((0, 1.0), *pair, *pair, *pair, (0, 1.0))


def both_legs(right: tuple[float, float], left: tuple[float, float]) -> Subject:
    """The right leg's three repetitions, then the left leg's; (internal, external) in degrees."""
    first, second = three_reps(*right), three_reps(*left)
    return Subject(
        left_deg=np.concatenate([still_deg(len(first)), second]),
        right_deg=np.concatenate([first, still_deg(len(second))]),
    )
