"""A subject seated in front of a camera, with a rotation of each hip that we choose: expected values never come from running the code."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from hipcv.assessment import assess
from hipcv.capture.capture import Capture
from hipcv.capture.picture_quality import PictureSample
from hipcv.codes import FindingCode, Reason, Severity, Verdict
from hipcv.findings import of_recording
from hipcv.kinematics import angles
from hipcv.landmarks import N_LANDMARKS, SWAPPED, Landmark, Side, of_side
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Assessment, Asymmetry, Difference, Finding, Hip, Measurement, ModelInfo, Range, Rep
from hipcv.settings import Mirrored, Settings, Step
from hipcv.values import BodySeries, CameraRoll, Direction, FloatArray, LandmarkSeries, ReadFaults, RotationSeries, VideoInfo, Zero

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
    for (before, _), (angle, seconds) in pairwise(parts):
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
    knees_aside_px: float = 0.0
    """Knees and feet are seen this far to the right of the hips, as by a camera that stands aside."""
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
        knee = np.tile([MIDDLE_X + out * HALF_KNEES + self.knees_aside_px, HIP_Y + self.thigh_px], (len(angle_deg), 1))
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


# ---------------------------------------------------------------- one leg, other times, other pictures
def right_leg(*parts: tuple[float, float], **choices: Any) -> Subject:
    """The right leg moves as in `swings_deg`, the left one hangs."""
    right_deg = swings_deg(*parts)
    return Subject(left_deg=still_deg(len(right_deg)), right_deg=right_deg, **choices)


def at_times(subject: Subject, time_s: FloatArray) -> Subject:
    """The same movement, filmed at other moments."""
    filmed_s = np.arange(len(subject.left_deg)) / RATE_HZ
    left_deg, right_deg = (np.interp(time_s, filmed_s, leg_deg) for leg_deg in (subject.left_deg, subject.right_deg))
    return replace(subject, left_deg=left_deg, right_deg=right_deg, time_s=time_s)


def only_frames(series: LandmarkSeries, kept: Any) -> LandmarkSeries:
    """Some of the frames, with their own times."""
    return replace(
        series,
        time_s=series.time_s[kept],
        image_px=series.image_px[kept],
        world_m=series.world_m[kept],
        visibility=series.visibility[kept],
        blind=series.blind[kept],
        turned=series.turned[kept],
    )


def in_mirror(series: LandmarkSeries) -> LandmarkSeries:
    """What the network makes of the flipped picture: it takes the subject's right leg for a left one."""
    return replace(
        series,
        image_px=series.image_px[:, SWAPPED] * [-1, 1] + [series.width_px, 0],
        world_m=series.world_m[:, SWAPPED] * [-1, 1, 1],
        visibility=series.visibility[:, SWAPPED],
    )


def unseen(series: LandmarkSeries, point: Landmark, *spans_s: tuple[float, float]) -> LandmarkSeries:
    """The same with a point out of sight during spans of time."""
    visibility = series.visibility.copy()
    for start_s, end_s in spans_s:
        visibility[(series.time_s >= start_s) & (series.time_s < end_s), point] = 0.1
    return replace(series, visibility=visibility)


def with_nobody(series: LandmarkSeries, frames: Any) -> LandmarkSeries:
    """The same with nobody found in some frames."""
    image_px, world_m, visibility = series.image_px.copy(), series.world_m.copy(), series.visibility.copy()
    image_px[frames], world_m[frames], visibility[frames] = np.nan, np.nan, 0.0
    return replace(series, image_px=image_px, world_m=world_m, visibility=visibility)


# ---------------------------------------------------------------- the chain of measurement
@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the chain of `pipeline.measure` gives between landmarks and findings."""

    series: LandmarkSeries
    points_px: FloatArray
    rotation: dict[Side, RotationSeries]
    body: BodySeries
    lean: CameraRoll
    hips: dict[Side, Hip]

    def reps(self, side: Side) -> tuple[Rep, ...]:
        """All repetitions of one leg."""
        return self.hips[side].reps

    def counted(self, side: Side) -> str:
        """The directions of the repetitions that count, in order: `IEIE`."""
        return "".join(rep.direction.name[0] for rep in self.reps(side) if rep.usable)

    def end_ranges_deg(self, side: Side, direction: Direction) -> list[float]:
        """Those of the repetitions that count."""
        return [rep.end_range_deg for rep in self.reps(side) if rep.usable and rep.direction is direction]


def measured(subject: Subject | LandmarkSeries, settings: Settings | None = None) -> Measured:
    """Landmarks to hips, without a file or a model."""
    settings = settings or Settings()
    series = subject.landmarks() if isinstance(subject, Subject) else subject
    points_px = angles.steady_points(series, settings)
    seen = assess(series, points_px, settings)
    return Measured(series, points_px, seen.rotation, seen.body, seen.lean, seen.hips)


def given_settings(mirrored: Mirrored = Mirrored.NO) -> Settings:
    """For a subject of which there are no pictures."""
    return Settings(mirrored=mirrored, without=frozenset({Step.REGISTRATION}))


def findings_of(subject: Subject | LandmarkSeries, **choices: Any) -> tuple[Finding, ...]:
    """The findings of a subject; whatever `quality.findings` takes can be chosen, all else is as it should be."""
    seen = measured(subject)
    given: dict[str, Any] = {
        "clip": a_clip(),
        "faults": ReadFaults(),
        "samples": [PictureSample(0.0, 120.0, 0.3)],
        "n_people": 1,
        "rotation": seen.rotation,
        "body": seen.body,
        "lean": seen.lean,
        "hips": seen.hips,
        "n_swapped": 0,
        "settings": given_settings(),
        "frozen_s": (),
        "mirrorings_s": (),
        "smaller_person": False,
    } | choices
    told = {name: given[name] for name in ("clip", "faults", "n_people", "frozen_s", "mirrorings_s", "smaller_person")}
    taken = Capture(landmarks=seen.series, samples=tuple(given["samples"]), **told)
    assessment = Assessment(*(given[name] for name in ("rotation", "body", "lean", "hips")))
    return of_recording.findings(taken, seen.series, given["n_swapped"], assessment, given["settings"])


# ---------------------------------------------------------------- results made by hand
def a_clip(**choices: Any) -> VideoInfo:
    """A clip as a phone makes it."""
    clip = VideoInfo(
        name="clip.mp4",
        sha256="0123456789abcdef" * 4,
        n_bytes=4_000_000,
        container="MP4/MOV",
        codec="h264",
        width_px=1080,
        height_px=1920,
        rotation_deg=90,
        flipped=False,
        transfer="sdr",
        n_frames=450,
        duration_s=15.0,
        frame_rate_hz=30.0,
        camera_mirrored=None,
        front_camera=False,
    )
    return replace(clip, **choices)


def a_rep(direction: Direction = Direction.INTERNAL, end_range_deg: float = 30.0, side: Side = Side.RIGHT, **choices: Any) -> Rep:
    """A repetition that counts, held for a second."""
    rep = Rep(
        side=side,
        direction=direction,
        start_s=1.0,
        hold_start_s=1.5,
        hold_end_s=2.5,
        end_s=3.0,
        end_range_deg=end_range_deg,
        end_range_from_vertical_deg=end_range_deg,
        held=True,
        usable=True,
    )
    reasons = tuple(Reason(code) for code in choices.pop("reasons", ()))
    return replace(rep, reasons=reasons, **choices)


def a_range(value: float, half_width: float = 8.0, sd: float = 1.0, n_reps: int = 3) -> Range:
    """A range with an interval of our choice."""
    return Range(value, value - half_width, value + half_width, sd, n_reps)


def a_hip(side: Side, **choices: Any) -> Hip:
    """A hip of 30° and 40°, read from rest."""
    hip = Hip(
        side=side,
        internal_rotation_deg=a_range(30.0),
        external_rotation_deg=a_range(40.0),
        total_deg=a_range(70.0, 11.0),
        reps=(a_rep(side=side), a_rep(Direction.EXTERNAL, 40.0, side)),
        zero=Zero.REST,
        rest_deg=1.5,
    )
    return replace(hip, **choices)


def a_series(side: Side, time_s: FloatArray, angle_deg: FloatArray, **choices: Any) -> RotationSeries:
    """A leg of which everything but the angle is quiet."""
    quiet = np.zeros_like(angle_deg)
    series = RotationSeries(
        side=side,
        time_s=time_s,
        image_angle_deg=angle_deg,
        from_vertical_deg=angle_deg,
        from_rest_deg=angle_deg,
        knee_travel_percent=quiet,
        thigh_abduction_deg=quiet,
        knee_extension_deg=quiet,
        moving=np.abs(angle_deg) > 5,
        zero=Zero.REST,
        rest_deg=0.0,
        rest_doubt_deg=0.0,
        shank_px=SHANK_PX,
        rest_askew_deg=0.0,
        rest_askew_sd_deg=1.2,
    )
    return replace(series, **choices)


def a_measurement(**choices: Any) -> Measurement:
    """Four frames, the second of them without a person; the right hip tested, the left one without an external range."""
    seen = np.array([0.0, np.nan, 30.0, -40.0])
    series = with_nobody(Subject(np.zeros(4), np.zeros(4)).landmarks(), [1])
    left = a_hip(Side.LEFT, external_rotation_deg=None, total_deg=None, reps=(a_rep(side=Side.LEFT, reasons=("no_hold",), held=False),))
    measurement = Measurement(
        clip=a_clip(),
        model=ModelInfo("full", "f" * 64),
        settings=Settings(),
        mirrored=False,
        landmarks=series,
        rotation={side: a_series(side, series.time_s, seen) for side in Side},
        body=BodySeries(series.time_s, seen / 10, np.zeros(4), np.zeros(4)),
        lean=CameraRoll(0.5, 0.4),
        side_bias_deg={Side.LEFT: 0.8, Side.RIGHT: -0.3},
        hips={Side.LEFT: left, Side.RIGHT: a_hip(Side.RIGHT)},
        asymmetry=Asymmetry(Difference(-5.0, -17.0, 7.0, Verdict.WITHIN_ERROR), None, None),
        findings=(Finding.warning(FindingCode.BLUR),),
    )
    return replace(measurement, **choices)


def seated(**choices):
    """Both legs with three repetitions, right 35 and 40°, left 30 and 45°; anything about the subject can be chosen."""
    return replace(both_legs((35, 40), (30, 45)), **choices)


def never_at_rest():
    leg = swings_deg((30, 0.5), *[(-40, 0.5), (30, 0.5)] * 3)
    return Subject(still_deg(len(leg)), leg)


def written(severity: Severity, sentence: str, code: str = "code") -> Finding:
    """A finding with a sentence of our choice, as a document of another version brings it."""
    return Finding(code, severity, as_written=AsWritten(sentence))
