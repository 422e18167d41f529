"""The result of one clip: repetitions, ranges, differences, findings, and the whole measurement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hipcv.catalogues.message import Message, Saying
from hipcv.catalogues.words import DEFAULT
from hipcv.codes import Doubt, FindingCode, Grade, Quantity, Reason, Severity, Verdict
from hipcv.filmed import Filmed
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import BodySeries, BoolArray, CameraRoll, Direction, FloatArray, LandmarkSeries, RotationSeries, VideoInfo, Zero


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition: from neutral or the opposite end to the end range, and back."""

    side: Side
    direction: Direction
    start_s: float
    hold_start_s: float
    hold_end_s: float
    end_s: float
    end_range_deg: float
    """High percentile of the held plateau where it was registered, else its median; positive in its own direction."""
    end_range_from_vertical_deg: float
    held: bool
    """Whether there was a plateau; without one, the end range is a high percentile."""
    usable: bool
    reasons: tuple[Reason, ...] = ()
    """Reasons why the repetition does not count, or caveats if it does."""
    grade: Grade = Grade.CLEAN
    planar_deg: float = float("nan")
    """The same end range in the image plane, uncorrected; positive in its own direction."""
    pelvis_deg: float = float("nan")
    """Pelvis tilt at end range since rest, left side higher positive; it has been subtracted."""
    knee_extension_deg: float = float("nan")
    sd_deg: float = float("nan")
    """One standard deviation of the end range from image, view and pelvis; NaN if only landmarks were used."""
    landmark_sd_deg: float = float("nan")
    """The same where only landmarks were used, from them, view and knee; NaN where the image was measured, or no view is known."""
    tilt_deg: float = 0.0
    """Change of pelvis or trunk tilt since rest during the hold, unsigned, from landmarks."""
    edited: bool = False
    """Whether a reviewer's correction changed it (hipcv/review)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An angle with its 95 % interval, in degrees."""

    value: float
    low: float
    high: float

    @property
    def mdc95_deg(self) -> float:
        """Smallest change between two such readings that exceeds their error (95 %): √2 times half the interval, as both err independently.

        It uses the interval as rounded in documents, so that a result read back gives the same value.
        """
        return float(2**0.5 * (round(self.high, 4) - round(self.low, 4)) / 2)


@dataclass(frozen=True, slots=True)
class Range(Interval):
    """A range of motion with its 95 % interval; `sd` is that of the repetitions, NaN for a single one."""

    sd: float
    n_reps: int
    edited: bool = False
    """Whether a reviewer's correction changed it."""


@dataclass(frozen=True, slots=True)
class Hip:
    """Measurement of one hip; a range is None if it was not tested or not usable."""

    side: Side
    internal_rotation_deg: Range | None
    external_rotation_deg: Range | None
    total_deg: Range | None
    reps: tuple[Rep, ...]
    zero: Zero
    rest_deg: float
    rest_doubt_deg: float = 0.0
    upright_deg: float = 0.0
    upright_sd_deg: float = 0.0
    rest_askew_deg: float = float("nan")
    """As in `RotationSeries`; NaN where the leg was not seen at rest, or in documents of 0.1.0."""
    rest_askew_sd_deg: float = float("nan")
    zero_edited: bool = False
    """Whether a reviewer chose the zero."""

    def number_of(self, rep: Rep) -> int:
        """Number of a repetition among those of its direction, from 1, in order of time."""
        alike = [other for other in self.reps if other.direction is rep.direction]
        return 1 + sorted(alike, key=lambda other: other.start_s).index(rep)

    def __getitem__(self, quantity: Quantity) -> Range | None:
        return {
            Quantity.INTERNAL: self.internal_rotation_deg,
            Quantity.EXTERNAL: self.external_rotation_deg,
            Quantity.TOTAL: self.total_deg,
        }[quantity]


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """Right minus left of one quantity, in degrees, with its 95 % interval and verdict."""

    verdict: Verdict
    why: Saying | None = None
    """The reason for having no verdict, if there is none."""
    edited: bool = False
    """Whether a reviewer's correction changed it."""


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Differences between the hips; None if one side is missing."""

    internal_rotation_deg: Difference | None
    external_rotation_deg: Difference | None
    total_deg: Difference | None

    def __getitem__(self, quantity: Quantity) -> Difference | None:
        return {
            Quantity.INTERNAL: self.internal_rotation_deg,
            Quantity.EXTERNAL: self.external_rotation_deg,
            Quantity.TOTAL: self.total_deg,
        }[quantity]

    def found(self) -> dict[Quantity, Difference]:
        """Differences of all quantities that both hips have."""
        return {quantity: difference for quantity in Quantity if (difference := self[quantity]) is not None}


def doubt(code: Doubt, **values: Any) -> Message:
    """The reason for having no verdict on a difference."""
    return Message(f"doubts.{code}", values)


@dataclass(frozen=True, slots=True)
class Finding:
    """A caveat that stands beside the number: what was seen, what is needed, what to do.

    The sentence is made from code and values when it is shown; one from a document of another version is kept `as_written`.
    """

    code: str
    """A `FindingCode`; other versions may have further codes."""
    severity: Severity
    values: Mapping[str, Any] = field(default_factory=dict)
    as_written: Saying | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Message("", self.values).values)

    @classmethod
    def info(cls, code: FindingCode, **values: Any) -> "Finding":
        """A finding that is good to know."""
        return cls(code, Severity.INFO, values)

    @classmethod
    def warning(cls, code: FindingCode, **values: Any) -> "Finding":
        """A finding that makes the number less certain."""
        return cls(code, Severity.WARNING, values)

    @classmethod
    def serious(cls, code: FindingCode, **values: Any) -> "Finding":
        """A finding with which the number may mislead."""
        return cls(code, Severity.SERIOUS, values)

    def said(self, language: str = DEFAULT) -> str:
        """The sentence in a language."""
        return (self.as_written or Message(f"findings.{self.code}", self.values)).said(language)

    @property
    def message(self) -> str:
        """The sentence in English, as in documents."""
        return self.said()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The pose network that was used."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """The assessment of one clip from its landmarks and images."""

    rotation: dict[Side, RotationSeries]
    body: BodySeries
    lean: CameraRoll
    hips: dict[Side, Hip]


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """The complete result of one clip."""

    clip: VideoInfo
    model: ModelInfo
    settings: Settings
    mirrored: bool
    landmarks: LandmarkSeries
    rotation: dict[Side, RotationSeries]
    body: BodySeries
    lean: CameraRoll
    side_bias_deg: dict[Side, float]
    """Excess of each hip's internal rotation in the plain landmarks, judged by the mirrored image; it has been averaged out."""
    hips: dict[Side, Hip]
    asymmetry: Asymmetry
    findings: tuple[Finding, ...]
    proportions: Mapping[str, float] = field(default_factory=dict)
    """How the body is built (kinematics/proportions.py); empty in documents of 0.1.0."""
    filmed: Filmed | None = None
    """What the coach saw, if it was filmed with hipcv."""

    @property
    def flipped(self) -> BoolArray:
        """Flags (n_frames,) of frames whose landmarks lie mirrored to the image as filmed."""
        return np.asarray(self.landmarks.turned ^ self.mirrored)

    def as_filmed(self, image_px: FloatArray) -> FloatArray:
        """Points (n_frames, k, 2) of the unmirrored image, at their place in the image as filmed."""
        return np.where(self.flipped[:, None, None], image_px * [-1, 1] + [self.landmarks.width_px, 0], image_px)

    @property
    def landmarks_as_filmed(self) -> LandmarkSeries:
        """The landmarks at their place in the image as filmed, still named by the person's own sides."""
        return replace(self.landmarks, image_px=self.as_filmed(self.landmarks.image_px))
