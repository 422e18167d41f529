"""What comes out of one clip: repetitions, ranges, differences, caveats, and the whole measurement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hipcv.catalogues.message import Message, Saying
from hipcv.catalogues.words import DEFAULT
from hipcv.codes import Doubt, FindingCode, Grade, Quantity, Reason, Severity, Verdict
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import BodySeries, CameraRoll, Direction, LandmarkSeries, RotationSeries, VideoInfo, Zero


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
    reasons: tuple[Reason, ...] = ()
    """Why the rep does not count, or what to bear in mind if it does."""
    grade: Grade = Grade.CLEAN
    planar_deg: float = float("nan")
    """The same end range in the plane of the picture, uncorrected; positive in its own direction."""
    pelvis_deg: float = float("nan")
    """Tilt of the pelvis at the end range since rest, left side higher positive; it is taken off."""
    knee_extension_deg: float = float("nan")
    sd_deg: float = float("nan")
    """One standard deviation of the end range from picture, view and pelvis; NaN where only landmarks speak."""
    tilt_deg: float = 0.0
    """How far the pelvis or the trunk was from its posture at rest during the hold, without sign, as landmarks show it."""


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

    def __getitem__(self, quantity: Quantity) -> Range | None:
        return {
            Quantity.INTERNAL: self.internal_rotation_deg,
            Quantity.EXTERNAL: self.external_rotation_deg,
            Quantity.TOTAL: self.total_deg,
        }[quantity]


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """Right minus left of one quantity, in degrees, with its 95 % interval and what may be said of it."""

    verdict: Verdict
    why: Saying | None = None
    """Why there is no verdict, where there is none."""


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """The difference between the hips; None where one side is missing."""

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
        """The differences of all quantities that both hips have."""
        return {quantity: difference for quantity in Quantity if (difference := self[quantity]) is not None}


def doubt(code: Doubt, **values: Any) -> Message:
    """Why nothing may be said of a difference."""
    return Message(f"doubts.{code}", values)


@dataclass(frozen=True, slots=True)
class Finding:
    """A caveat that stands beside the number: what was seen, what is needed, what to do.

    The sentence is made from code and values when it is shown; one that came with a document of another version is kept `as_written`.
    """

    code: str
    """A `FindingCode`; another version may have further ones."""
    severity: Severity
    values: Mapping[str, Any] = field(default_factory=dict)
    as_written: Saying | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Message("", self.values).values)

    @classmethod
    def info(cls, code: FindingCode, **values: Any) -> "Finding":
        """Good to know."""
        return cls(code, Severity.INFO, values)

    @classmethod
    def warning(cls, code: FindingCode, **values: Any) -> "Finding":
        """The number is less sure than it could be."""
        return cls(code, Severity.WARNING, values)

    @classmethod
    def serious(cls, code: FindingCode, **values: Any) -> "Finding":
        """The number may mislead."""
        return cls(code, Severity.SERIOUS, values)

    def said(self, language: str = DEFAULT) -> str:
        """The sentence in a language."""
        return (self.as_written or Message(f"findings.{self.code}", self.values)).said(language)

    @property
    def message(self) -> str:
        """The sentence in English, as documents hold it."""
        return self.said()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The pose network that was used."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What the landmarks and pictures of one clip come to."""

    rotation: dict[Side, RotationSeries]
    body: BodySeries
    lean: CameraRoll
    hips: dict[Side, Hip]


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
    lean: CameraRoll
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
