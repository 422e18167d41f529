"""What comes out of one clip: repetitions, ranges, differences, caveats, and the whole measurement."""

from dataclasses import dataclass, replace
from enum import Enum

from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import BodySeries, Direction, LandmarkSeries, Lean, RotationSeries, VideoInfo, Zero

QUANTITIES = ("internal_rotation_deg", "external_rotation_deg", "total_deg")
"""What is measured of each hip and compared between them: fields of `Hip` and of `Asymmetry`."""


class Severity(Enum):
    """How much a finding weighs: a remark, a caveat to the number, or a reason to film again."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


class Verdict(Enum):
    """What may be said of a difference between the sides; it follows the interval, not the point."""

    WITHIN_ERROR = "within_measurement_error"
    SMALL = "small_difference"
    DIFFERENT = "difference"
    LARGE = "large_difference"
    NONE = "no_verdict"


class Grade(Enum):
    """How much of a repetition is the hip's own."""

    CLEAN = "clean"
    CORRECTED = "corrected"
    """The pelvis tilted along, and what it added was taken off."""
    SPOILED = "spoiled"
    """The pelvis or the trunk tilted along, and what that added could not be taken off: the interval says how much, or the repetition
    does not count."""


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition: neutral or the opposite end, then the end range, then back."""

    side: Side
    direction: Direction
    start_s: float
    hold_start_s: float
    hold_end_s: float
    end_s: float
    end_range_deg: float
    """Of the held plateau a high percentile where it was measured on the picture, else the median; positive in its own direction."""
    end_range_from_vertical_deg: float
    held: bool
    """Whether there was a plateau; without one the end range is a high percentile."""
    usable: bool
    reasons: tuple[str, ...] = ()
    """Codes: why the rep does not count, or what to bear in mind if it does."""
    grade: Grade = Grade.CLEAN
    planar_deg: float = float("nan")
    """The same end range in the plane of the picture, uncorrected; positive in its own direction."""
    pelvis_deg: float = float("nan")
    """Tilt of the pelvis at the end range since rest, left side higher positive; it is taken off."""
    knee_extension_deg: float = float("nan")
    sd_deg: float = float("nan")
    """One standard deviation of the end range from picture, view and pelvis; NaN where only landmarks speak."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An angle with its 95 % interval, in degrees."""

    value: float
    low: float
    high: float

    @property
    def mdc95_deg(self) -> float:
        """Smallest change between two such readings that exceeds their error (95 %): each errs for itself, so √2 times half the interval.

        Of the interval as documents hold it, so that a result that is read back says the same.
        """
        return float(2**0.5 * (round(self.high, 4) - round(self.low, 4)) / 2)


@dataclass(frozen=True, slots=True)
class Range(Interval):
    """A range of motion with its 95 % interval; `sd` is that of the repetitions, NaN for a single one."""

    sd: float
    n_reps: int


@dataclass(frozen=True, slots=True)
class Hip:
    """What was measured of one hip; a range is None where it was not tested or not usable."""

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

    def range_of(self, direction: Direction) -> Range | None:
        """Internal or external rotation."""
        return self.internal_rotation_deg if direction is Direction.INTERNAL else self.external_rotation_deg


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """Right minus left of one quantity, in degrees, with its 95 % interval and what may be said of it."""

    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """The difference between the hips; None where one side is missing."""

    internal_rotation_deg: Difference | None
    external_rotation_deg: Difference | None
    total_deg: Difference | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A caveat that stands beside the number: what was seen, what is needed, what to do."""

    code: str
    severity: Severity
    message: str

    @classmethod
    def info(cls, code: str, message: str) -> "Finding":
        """Good to know."""
        return cls(code, Severity.INFO, message)

    @classmethod
    def warning(cls, code: str, message: str) -> "Finding":
        """The number is less sure than it could be."""
        return cls(code, Severity.WARNING, message)

    @classmethod
    def serious(cls, code: str, message: str) -> "Finding":
        """The number may mislead."""
        return cls(code, Severity.SERIOUS, message)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The pose network that was used."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """Everything that came out of one clip."""

    clip: VideoInfo
    model: ModelInfo
    settings: Settings
    mirrored: bool
    landmarks: LandmarkSeries
    rotation: dict[Side, RotationSeries]
    body: BodySeries
    lean: Lean
    side_bias_deg: dict[Side, float]
    """By how much the landmarks alone read each hip's internal rotation too high, judged by the mirrored picture; it is averaged out."""
    hips: dict[Side, Hip]
    asymmetry: Asymmetry
    findings: tuple[Finding, ...]

    @property
    def landmarks_as_filmed(self) -> LandmarkSeries:
        """The landmarks, still under the person's own sides, where they lie in the picture as it was filmed."""
        series = self.landmarks
        if not self.mirrored:
            return series
        return replace(series, image_px=series.image_px * [-1, 1] + [series.width_px, 0])
