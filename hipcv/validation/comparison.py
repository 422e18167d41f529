"""The outcome of a validation, row by row, whatever the reference. The numbers derived from it are in agreement.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from math import sqrt

from hipcv.settings import Step
from hipcv.statistics.agreement import Row, Statistics, statistics


class Reference(Enum):
    """The reference that measured angles are compared with."""

    TRUTH = "truth"
    """Angles that are known exactly."""
    GONIOMETER = "goniometer"
    """Angles read by hand, which have an error of their own."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Position of a clip's camera; None = not known."""

    yaw_deg: float | None
    """Positive = toward the person's left."""
    roll_deg: float | None
    """Positive = the scene appears rotated clockwise."""
    measured_roll_deg: float | None = None
    """The roll as measured by hipcv."""


@dataclass(frozen=True, slots=True)
class FrameError:
    """Error of one leg's angle over time, in the frames in which this leg was the moving one."""

    clip: str
    side: str
    n_frames: int
    n_measured: int
    rmse_deg: float | None
    """Root mean square error; None if no frame was measured."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """Results for the same clips with one step left out."""

    step: str
    """The value of the `Step`."""
    end_ranges: Statistics | None
    asymmetry: Statistics | None
    rmse_deg: float | None
    n_missed: int
    n_invented: int
    n_failures: int


@dataclass(frozen=True, slots=True)
class Validation:
    """The results for a folder of clips."""

    model: str
    rows: tuple[Row, ...]
    n_clips: int
    n_true_reps: int
    n_missed: int
    n_invented: int
    warned: frozenset[str]
    """Clips with a warning or a serious finding."""
    failures: tuple[str, ...]
    """Clips, or quantities of a clip, that were not measured."""
    reference: Reference = Reference.TRUTH
    asymmetry: tuple[Row, ...] = ()
    """Right minus left of each quantity that both hips have."""
    frames: tuple[FrameError, ...] = ()
    cameras: dict[str, Camera] = field(default_factory=dict)
    """By clip; clips with an unknown camera position are missing."""
    ablation: tuple[Ablation, ...] = ()
    unpaired: tuple[str, ...] = ()
    """Measured quantities that have no reference."""

    def end_ranges(self) -> list[Row]:
        """The rows of single directions, without the totals."""
        return [row for row in self.rows if row.quantity != "total"]

    def of(self, quantity: str) -> list[Row]:
        """The rows of one quantity: `internal`, `external` or `total`."""
        return [row for row in self.rows if row.quantity == quantity]

    def of_clip(self, clip: str) -> list[Row]:
        """The end ranges of one clip."""
        return [row for row in self.end_ranges() if row.clip == clip]

    def clips(self) -> list[str]:
        """Every clip that has a row, in order."""
        return list(dict.fromkeys(row.clip for row in self.rows))

    def groups(self) -> dict[str, Statistics]:
        """Statistics by name for all end ranges, each direction, the totals and the differences; empty groups are left out."""
        groups = {
            "End ranges": self.end_ranges(),
            "internal": self.of("internal"),
            "external": self.of("external"),
            "Total arcs": self.of("total"),
            "Right − left": list(self.asymmetry),
        }
        return {name: statistics(rows) for name, rows in groups.items() if rows}


def pooled_rmse_deg(frames: Iterable[FrameError]) -> float | None:
    """The root mean square error over all frames together; None if no frame was measured."""
    known = [(one.n_measured, one.rmse_deg) for one in frames if one.rmse_deg is not None]
    n = sum(count for count, _ in known)
    return sqrt(sum(count * rmse**2 for count, rmse in known) / n) if n else None


STEP_WORDS = {
    Step.REGISTRATION: "the shank registered in the picture",
    Step.SPACE: "the turn seen in space",
    Step.PELVIS: "the pelvis taken off",
    Step.UPRIGHT: "the lean of the phone taken off",
    Step.BOTH_SIDES: "landmarks of the mirrored picture too",
}


def step_words(step: str) -> str:
    """A step's purpose in a few words."""
    return STEP_WORDS[Step(step)]
