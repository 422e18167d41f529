"""A whole clip of a drawn person who does the seated test: what hipcv would have kept of it, and the true angles.

The landmarks are the projected joints with the habits of the pose network (docs/method.md, hipcv/kinematics/camera_view.py), each a random
draw per clip.
"""

from dataclasses import dataclass, field

import numpy as np
from drawn_body import HEM_SLACK, Figure, Looks
from drawn_people import DOWN, HEIGHT_PX, WIDTH_PX, Camera, LegPose, Person, leg_axes
from drawn_pictures import Studio
from scipy.ndimage import gaussian_filter1d

from hipcv.capture import picture_quality
from hipcv.capture.capture import Capture
from hipcv.capture.leg_footage import Footage
from hipcv.landmarks import FACE, N_LANDMARKS, Landmark, Side, of_side
from hipcv.values import Direction, FloatArray, Frame, LandmarkSeries, ReadFaults, VideoInfo

LANDMARK_HZ, EVERY = 30.0, 3
"""Landmarks per second, and every how many of them there is a picture."""
_REPS = 3
_REST_S, _SWING_S, _HOLD_S, _PAUSE_S = 1.5, 0.5, 0.8, 0.2
_FULL_DEG = 40.0
_FACE_M = np.array([0.0, 0.015, 0.03, 0.045, -0.015, -0.03, -0.045, 0.075, -0.075, 0.025, -0.025])
"""How far to the person's left each point of the face is."""
_HEM_LAG_S = 0.12
_HEM_HANGS = 0.10
"""How far a hem falls toward the vertical off a level shank, in shanks."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is assumed of a clip, one by one; the defaults are the ideal. Angles in degrees."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    """The camera looks up by this from below."""
    roll_deg: float = 0.0
    focal_mm: float = 35.0
    """Equivalent on the diagonal of full frame; hipcv assumes 32 (0.86 of the long side)."""
    distance_m: float = 2.5
    abduction_deg: float = 8.0
    opening_er_deg: float = 10.0
    """Opening of the knee at full external rotation; in proportion before. Below about 10, the legs pass through each other."""
    opening_ir_deg: float = 0.0
    drift_deg: float = 0.0
    """The thigh turns by this at full rotation, its knee away from the foot."""
    rest_left_deg: float = 0.0
    rest_right_deg: float = 0.0
    """How far the shank hangs outward at rest."""
    clothes: str = "skin"


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One repetition as it was drawn; `end_range_deg` is positive in its own direction, from the vertical plane through the thigh."""

    side: Side
    direction: Direction
    start_s: float
    end_s: float
    end_range_deg: float


@dataclass(frozen=True, slots=True)
class Habits:
    """How this clip's landmarks miss the joints: shares of a shank, unless stated otherwise."""

    hip_above: float
    yaw_seen: float
    """Share of a turn of the body that the hip points show."""
    hip_drag: float
    """Tilt of the hip line per degree of external rotation, the moving side down."""
    knee_drag: float
    """Movement of the knee point toward the foot at 40° of rotation."""
    off: FloatArray
    """(33, 2), where a point sits beside its joint all the time: 0.02 for ankles and feet, 0.01 elsewhere, one standard deviation."""
    noise_px: float = 1.0

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Habits":
        """The habits of one clip."""
        off = rng.normal(0, 0.01, (N_LANDMARKS, 2))
        off[Landmark.LEFT_ANKLE :] *= 2
        return cls(rng.normal(0.14, 0.03), rng.uniform(0.7, 0.8), rng.uniform(0.03, 0.09), rng.uniform(0.05, 0.14), off)


@dataclass
class Protocol:
    """The movement over time, at the rate of the landmarks."""

    setting: Setting
    rng: np.random.Generator
    reps: list[TrueRep] = field(default_factory=list)
    angle_deg: dict[Side, FloatArray] = field(default_factory=dict)
    """(n_frames,), internal positive."""
    full_deg: dict[Side, dict[Direction, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Rest, three times in and three times out with the left leg, then with the right one, a rest between."""
        angles: dict[Side, list[FloatArray]] = {side: [] for side in Side}
        rests = {Side.LEFT: self.setting.rest_left_deg, Side.RIGHT: self.setting.rest_right_deg}

        def add(side: Side, moved: FloatArray) -> None:
            angles[side].append(moved)
            angles[side.other].append(np.full(len(moved), rests[side.other]))

        for side in Side:
            self.full_deg[side] = {Direction.INTERNAL: self.rng.uniform(28, 38), Direction.EXTERNAL: self.rng.uniform(32, 42)}
            add(side, _held(rests[side], _REST_S))
            for direction in Direction:
                for _ in range(_REPS):
                    start_s = sum(map(len, angles[side])) / LANDMARK_HZ
                    end_range = self.full_deg[side][direction] + self.rng.normal(0, 1.0)
                    add(side, _rep(rests[side], direction.sign * end_range))
                    end_s = sum(map(len, angles[side])) / LANDMARK_HZ
                    self.reps.append(TrueRep(side, direction, start_s, end_s, end_range))
        add(Side.RIGHT, _held(rests[Side.RIGHT], _REST_S))
        self.angle_deg = {side: np.concatenate(parts) for side, parts in angles.items()}

    def poses(self) -> list[dict[Side, LegPose]]:
        """Poses of both legs in every frame."""
        legs = {side: self._leg(side) for side in Side}
        return [dict(zip(Side, both, strict=True)) for both in zip(*legs.values(), strict=True)]

    def _leg(self, side: Side) -> list[LegPose]:
        turn, setting = self.angle_deg[side], self.setting
        share = {one: np.maximum(one.sign * turn, 0) / self.full_deg[side][one] for one in Direction}
        inward, outward = share[Direction.EXTERNAL], share[Direction.INTERNAL]
        opening = setting.opening_er_deg * inward + setting.opening_ir_deg * outward
        abduction = setting.abduction_deg + setting.drift_deg * (inward - outward)
        bare = [LegPose(*values) for values in zip(turn, opening, abduction, strict=True)]
        if setting.clothes != "loose":
            return bare
        late = np.interp(np.arange(len(turn)) / LANDMARK_HZ - _HEM_LAG_S, np.arange(len(turn)) / LANDMARK_HZ, turn)
        return [
            LegPose(p.rotation_deg, p.opening_deg, p.abduction_deg, _hem(side, p, behind))
            for p, behind in zip(bare, late - turn, strict=True)
        ]


def _held(angle_deg: float, seconds: float) -> FloatArray:
    return np.full(round(seconds * LANDMARK_HZ), float(angle_deg))


def _rep(rest_deg: float, end_deg: float) -> FloatArray:
    """From rest to an end range, held, and back."""
    out = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, round(_SWING_S * LANDMARK_HZ), endpoint=False))
    swing = rest_deg + (end_deg - rest_deg) * out
    return np.concatenate([swing, _held(end_deg, _HOLD_S), rest_deg + end_deg - swing, _held(rest_deg, _PAUSE_S)])


def _hem(side: Side, pose: LegPose, behind_deg: float) -> tuple[float, float]:
    """Where a loose hem is: it falls toward the vertical and comes late, until it lies on the leg."""
    axes = leg_axes(side, pose)
    off = _HEM_HANGS * np.array([DOWN @ axes.lateral, DOWN @ axes.front]) + [np.radians(behind_deg), 0.0]
    off *= min(1.0, HEM_SLACK / max(float(np.linalg.norm(off)), 1e-9))
    return float(off[0]), float(off[1])


@dataclass(frozen=True)
class DrawnClip:
    """One person in one setting; `seed` draws the person, the room, the movement and the habits of the landmarks."""

    setting: Setting
    seed: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", Person(self.seed, self.setting.clothes))
        object.__setattr__(self, "protocol", Protocol(self.setting, np.random.default_rng([self.seed, 7])))

    person: Person = field(init=False)
    protocol: Protocol = field(init=False)

    def camera(self) -> Camera:
        """The camera, aimed a little above the middle between the knees."""
        rest = LegPose(abduction_deg=self.setting.abduction_deg)
        knees = np.mean([self.person.leg_joints(side, rest)["knee"] for side in Side], axis=0)
        one = self.setting
        return Camera.aimed(knees - [0, 0.05, 0], one.distance_m, one.focal_mm, one.yaw_deg, one.pitch_deg, one.roll_deg)

    def studio(self) -> Studio:
        """The person before the camera."""
        return Studio(Figure(Looks(self.person)), self.camera(), self.seed)

    def joints_m(self, poses: dict[Side, LegPose]) -> FloatArray:
        """All 33 points in the world where the body has them, m: (33, 3)."""
        points = np.tile(self.person.head + np.array([0, 0.02, -0.09]), (N_LANDMARKS, 1))
        for side, pose in poses.items():
            arm = self.person.upper_joints(side)
            for part, place in {**arm, **self.person.leg_joints(side, pose)}.items():
                points[of_side(part, side)] = place
            for part in ("pinky", "index", "thumb"):
                points[of_side(part, side)] = arm["wrist"] + [0, 0.05, -0.03]
        points[list(FACE), 0] += _FACE_M
        return points

    def capture(self) -> Capture:
        """What hipcv keeps of the clip."""
        poses, camera, rng = self.protocol.poses(), self.camera(), np.random.default_rng([self.seed, 8])
        habits = Habits.drawn(rng)
        world = np.stack([self.joints_m(pose) for pose in poses])
        image_px = _with_habits(camera.project(world), self.protocol, habits, rng)
        seen = camera.seen(world)
        hips = seen[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1, keepdims=True)
        time_s = np.arange(len(poses)) / LANDMARK_HZ
        series = LandmarkSeries(time_s, image_px, seen - hips, np.full(image_px.shape[:2], 0.98), WIDTH_PX, HEIGHT_PX)
        footage, samples = self._film(poses, time_s, image_px)
        return Capture(series, _info(len(poses)), ReadFaults(), samples, 1, footage)

    def _film(
        self, poses: list[dict[Side, LegPose]], time_s: FloatArray, image_px: FloatArray
    ) -> tuple[Footage, tuple[picture_quality.PictureSample, ...]]:
        studio, footage, samples = self.studio(), Footage(), []
        shown, clean = None, studio.clean(poses[0])
        for index in range(0, len(poses), EVERY):
            if not footage.wants(float(time_s[index])):
                continue
            if poses[index] != shown:
                shown, clean = poses[index], studio.clean(poses[index])
            frame = Frame(float(time_s[index]), studio.noisy(clean, index))
            footage.add(frame, image_px[index])
            if index % round(5 * LANDMARK_HZ) == 0:
                samples.append(picture_quality.sample(frame, image_px[index]))
        return footage, tuple(samples)


def _with_habits(true_px: FloatArray, protocol: Protocol, habits: Habits, rng: np.random.Generator) -> FloatArray:
    """Points as the network would give them, from true ones (n, 33, 2)."""
    points = true_px.copy()
    hips, knees, ankles = ([of_side(part, side) for side in Side] for part in ("hip", "knee", "ankle"))
    shank_px = float(np.linalg.norm(true_px[0, ankles] - true_px[0, knees], axis=1).mean())
    aside = (true_px[0, hips] - true_px[0, knees]).mean(axis=0)[0]
    points[:, hips, 0] -= (1 - habits.yaw_seen) * aside
    points[:, hips, 1] -= habits.hip_above * shank_px
    half_px = np.abs(np.diff(true_px[0, hips, 0]))[0] / 2
    for side in Side:
        turn = protocol.angle_deg[side]
        along = side.lateral_x * np.sin(np.radians(turn)) / np.sin(np.radians(_FULL_DEG))
        points[:, of_side("knee", side), 0] += habits.knee_drag * shank_px * along
        points[:, of_side("hip", side), 1] += half_px * np.tan(np.radians(habits.hip_drag * np.maximum(-turn, 0)))
        points[:, of_side("hip", side.other), 1] -= half_px * np.tan(np.radians(habits.hip_drag * np.maximum(-turn, 0)))
    points += habits.off * shank_px
    noise = gaussian_filter1d(rng.normal(0, 1, points.shape), 2.0, axis=0)
    return np.asarray(points + habits.noise_px * noise / noise.std())


def _info(n_frames: int) -> VideoInfo:
    return VideoInfo(
        name="drawn.mp4",
        sha256="0" * 64,
        n_bytes=1,
        container="MP4/MOV",
        codec="h264",
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        rotation_deg=0,
        flipped=False,
        transfer="sdr",
        n_frames=n_frames,
        duration_s=n_frames / LANDMARK_HZ,
        frame_rate_hz=LANDMARK_HZ,
        camera_mirrored=False,
        front_camera=False,
    )
