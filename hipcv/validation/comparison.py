"""The outcome of a validation, row by row, whatever the reference. The numbers derived from it are in agreement.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from math import sqrt

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.measurement import Interval
from hipcv.statistics.agreement import BOTH_SIDES, Row, Statistics, statistics

Key = tuple[Side, str]
"""Side and quantity."""


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

    model: str = "unknown"
    rows: tuple[Row, ...] = ()
    n_clips: int = 0
    n_true_reps: int = 0
    n_missed: int = 0
    n_invented: int = 0
    warned: frozenset[str] = frozenset()
    """Clips with a warning or a serious finding."""
    warned_legs: frozenset[tuple[str, str]] = frozenset()
    """Clip and side of every leg that a warning or a serious finding names."""
    failures: tuple[str, ...] = ()
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

    def __add__(self, other: "Validation") -> "Validation":
        """The clips of both, compared with the same reference; model and ablation are those of the first."""
        return replace(
            self,
            n_clips=self.n_clips + other.n_clips,
            rows=self.rows + other.rows,
            n_true_reps=self.n_true_reps + other.n_true_reps,
            n_missed=self.n_missed + other.n_missed,
            n_invented=self.n_invented + other.n_invented,
            warned=self.warned | other.warned,
            warned_legs=self.warned_legs | other.warned_legs,
            failures=self.failures + other.failures,
            asymmetry=self.asymmetry + other.asymmetry,
            frames=self.frames + other.frames,
            cameras=self.cameras | other.cameras,
            unpaired=self.unpaired + other.unpaired,
        )

    def end_ranges(self) -> list[Row]:
        """The rows of single directions, without the totals."""
        return [row for row in self.rows if row.quantity != Quantity.TOTAL]

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
            Quantity.INTERNAL: self.of(Quantity.INTERNAL),
            Quantity.EXTERNAL: self.of(Quantity.EXTERNAL),
            "Total arcs": self.of(Quantity.TOTAL),
            "Right − left": list(self.asymmetry),
        }
        return {name: statistics(rows) for name, rows in groups.items() if rows}

    def without(self, step: str) -> Ablation:
        """The results as those of leaving out a step."""
        groups = self.groups()
        return Ablation(
            step=step,
            end_ranges=groups.get("End ranges"),
            asymmetry=groups.get("Right − left"),
            rmse_deg=pooled_rmse_deg(self.frames),
            n_missed=self.n_missed,
            n_invented=self.n_invented,
            n_failures=len(self.failures),
        )


def range_rows(clip: str, ranges: Iterable[tuple[Key, Interval]], reference_deg: Mapping[Key, float]) -> list[Row]:
    """A row for each measured range that has a reference."""
    return [
        Row(clip, side.value, quantity, reference_deg[side, quantity], span.value, span.low, span.high)
        for (side, quantity), span in ranges
        if (side, quantity) in reference_deg
    ]


def difference_rows(clip: str, differences: Iterable[tuple[str, Interval]], reference_deg: Mapping[Key, float]) -> list[Row]:
    """A row for each measured difference, right minus left, that has a reference on both sides."""
    rows = []
    for quantity, span in differences:
        right_deg, left_deg = (reference_deg.get((side, quantity)) for side in (Side.RIGHT, Side.LEFT))
        if right_deg is not None and left_deg is not None:
            rows.append(Row(clip, BOTH_SIDES, quantity, right_deg - left_deg, span.value, span.low, span.high))
    return rows


def pooled_rmse_deg(frames: Iterable[FrameError]) -> float | None:
    """The root mean square error over all frames together; None if no frame was measured."""
    known = [(one.n_measured, one.rmse_deg) for one in frames if one.rmse_deg is not None]
    n = sum(count for count, _ in known)
    return sqrt(sum(count * rmse**2 for count, rmse in known) / n) if n else None
