"""What a validation came to: every row of it, whatever it was compared with. The numbers derived from it are in agreement.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from math import sqrt

from hipcv.settings import Step
from hipcv.statistics.agreement import Row, Statistics, statistics


class Reference(Enum):
    """What the measured angles were compared with."""

    TRUTH = "truth"
    """Angles that are known exactly."""
    GONIOMETER = "goniometer"
    """What somebody read by hand, which has an error of its own."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera of a clip stood; None = not known."""

    yaw_deg: float | None
    """Positive = toward the person's left."""
    roll_deg: float | None
    """Positive = the scene looks turned clockwise."""
    measured_roll_deg: float | None = None
    """The same as hipcv measured it."""


@dataclass(frozen=True, slots=True)
class FrameError:
    """The angle of one leg over time against the true one, in the frames in which this leg was the one that moved."""

    clip: str
    side: str
    n_frames: int
    n_measured: int
    rmse_deg: float | None
    """Root of the mean squared error; None where no frame was measured."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """What the same clips come to with one step left out."""

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
    """What came out of a folder."""

    model: str
    rows: tuple[Row, ...]
    n_clips: int
    n_true_reps: int
    n_missed: int
    n_invented: int
    warned: frozenset[str]
    """Clips whose numbers came with a warning or a serious finding."""
    failures: tuple[str, ...]
    """Clips, or quantities of a clip, for which no number was given."""
    reference: Reference = Reference.TRUTH
    asymmetry: tuple[Row, ...] = ()
    """Right minus left of each quantity that both hips have."""
    frames: tuple[FrameError, ...] = ()
    cameras: dict[str, Camera] = field(default_factory=dict)
    """By clip; a clip that does not say is missing."""
    ablation: tuple[Ablation, ...] = ()
    unpaired: tuple[str, ...] = ()
    """What was measured although the reference does not have it."""

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
        """The statistics of all end ranges, of each direction, of the totals and of the differences, by their name; without the empty ones."""
        groups = {
            "End ranges": self.end_ranges(),
            "internal": self.of("internal"),
            "external": self.of("external"),
            "Total arcs": self.of("total"),
            "Right − left": list(self.asymmetry),
        }
        return {name: statistics(rows) for name, rows in groups.items() if rows}


def pooled_rmse_deg(frames: Iterable[FrameError]) -> float | None:
    """The root mean square of all frames together; None where none was measured."""
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
    """What a step does, in a few words."""
    return STEP_WORDS[Step(step)]
