"""Measured angles against true ones: every clip of a folder with the `NAME.truth.json` beside it."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hipcv import models
from hipcv.errors import HipcvError, UnreadableClip
from hipcv.landmarks import Side
from hipcv.pipeline import measure
from hipcv.settings import Mirrored, Settings
from hipcv.values import Direction, Measurement, Rep, Severity

SCHEMA = "hipcv-validation/1"
_SIDE_KEYS = {Side.LEFT: "L", Side.RIGHT: "R"}
_VIDEO_ENDINGS = {".mp4", ".mov", ".m4v", ".3gp", ".webm", ".mkv", ".avi", ".ts"}
_DIRECTION_KEYS = {Direction.INTERNAL: "IR", Direction.EXTERNAL: "ER"}


@dataclass(frozen=True, slots=True)
class Row:
    """One end range (mean of its repetitions) of one hip in one clip."""

    clip: str
    side: str
    quantity: str
    true_deg: float
    measured_deg: float
    low_deg: float
    high_deg: float

    @property
    def error_deg(self) -> float:
        """Measured minus true."""
        return self.measured_deg - self.true_deg

    @property
    def inside(self) -> bool:
        """Whether the stated interval holds the truth."""
        return self.low_deg <= self.true_deg <= self.high_deg


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

    def end_ranges(self) -> list[Row]:
        """The rows of single directions, without the totals."""
        return [row for row in self.rows if row.quantity != "total"]

    def summary_lines(self) -> list[str]:
        """Bias, mean and largest error, limits of agreement and coverage, and the count of repetitions."""
        lines = [
            f"{self.n_clips} clips, model {self.model}; {self.n_true_reps} true repetitions, {self.n_missed} missed, {self.n_invented} invented"
        ]
        groups = {
            "End ranges": self.end_ranges(),
            "  internal": [row for row in self.rows if row.quantity == "internal"],
            "  external": [row for row in self.rows if row.quantity == "external"],
            "Total arcs": [row for row in self.rows if row.quantity == "total"],
        }
        return lines + [f"{name}: {statistics_line(rows)}" for name, rows in groups.items() if rows]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Agreement of measured with true, in degrees."""

    n: int
    bias_deg: float
    mean_absolute_error_deg: float
    largest_error_deg: float
    limits_of_agreement_deg: tuple[float, float]
    inside_share: float


def statistics(rows: Iterable[Row]) -> Statistics:
    """Bias, mean absolute and largest error, 95 % limits of agreement (Bland and Altman), share of truths inside their interval."""
    rows = list(rows)
    errors = np.array([row.error_deg for row in rows])
    sd = float(errors.std(ddof=1)) if len(errors) > 1 else 0.0
    bias = float(errors.mean())
    return Statistics(
        n=len(rows),
        bias_deg=bias,
        mean_absolute_error_deg=float(np.abs(errors).mean()),
        largest_error_deg=float(np.abs(errors).max()),
        limits_of_agreement_deg=(bias - 1.96 * sd, bias + 1.96 * sd),
        inside_share=sum(row.inside for row in rows) / len(rows),
    )


def statistics_line(rows: Iterable[Row]) -> str:
    """The same as a line of text."""
    s = statistics(rows)
    low, high = s.limits_of_agreement_deg
    return (
        f"n = {s.n}, bias {s.bias_deg:+.1f}°, mean absolute error {s.mean_absolute_error_deg:.1f}°, largest {s.largest_error_deg:.1f}°, "
        f"limits of agreement {low:+.1f} to {high:+.1f}°, truth inside the interval {100 * s.inside_share:.0f} %"
    )


def validate(
    folder: Path, *, model: str | Path = models.DEFAULT_MODEL, on_progress: Callable[[int, int], None] | None = None
) -> Validation:
    """Measure every clip of a folder that has a truth beside it, and compare.

    Whether a clip is mirrored is taken from its truth, as a person would say it.

    Raises
    ------
    UnreadableClip
        There is no such folder, or it holds no clip with a truth.
    """
    if not folder.exists():
        raise UnreadableClip(f"{folder}: there is no such folder. Check the name.")
    if not folder.is_dir():
        raise UnreadableClip(f"{folder}: this is a file, not a folder. Give the folder that holds the clips and their truths.")
    truths = sorted(folder.glob("*.truth.json"))
    if not truths:
        raise UnreadableClip(f"{folder}: there is no NAME.truth.json in this folder. Put each clip's truth beside it, as in samples/.")
    rows: list[Row] = []
    failures: list[str] = []
    warned: set[str] = set()
    n_true = n_missed = n_invented = 0
    for index, truth_file in enumerate(truths):
        if on_progress:
            on_progress(index, len(truths))
        try:
            truth = read_truth(truth_file)
            measured = _measure(_clip_of(truth_file), truth, model)
        except HipcvError as problem:
            failures.append(f"{truth_file.name}: {problem}")
            continue
        if any(finding.severity is not Severity.INFO for finding in measured.findings):
            warned.add(measured.clip.name)
        compared, unmeasured = compare(measured, truth)
        rows += compared
        failures += unmeasured
        counts = count_reps(measured, truth)
        n_true, n_missed, n_invented = n_true + counts[0], n_missed + counts[1], n_invented + counts[2]
    return Validation(str(model), tuple(rows), len(truths), n_true, n_missed, n_invented, frozenset(warned), tuple(failures))


def _clip_of(truth_file: Path) -> Path:
    name = truth_file.name.removesuffix(".truth.json")
    clips = [path for path in truth_file.parent.iterdir() if path.stem == name and path.suffix.lower() in _VIDEO_ENDINGS]
    return min(clips, default=truth_file.parent / f"{name}.mp4")


def read_truth(truth_file: Path) -> dict[str, Any]:
    """The truth of a clip, with everything in it that a comparison takes.

    Raises
    ------
    UnreadableClip
        The file cannot be read, is not JSON, or lacks something.
    """
    example = "Write it like the ones in samples/."
    try:
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise UnreadableClip(f"it cannot be read ({problem.strerror}). Check that it is a file that you may read.") from None
    except (ValueError, RecursionError):
        raise UnreadableClip(f"this is not JSON. {example}") from None
    if fault := _fault_of(truth):
        raise UnreadableClip(f"{fault}. {example}")
    return truth  # type: ignore[no-any-return]


def _fault_of(truth: object) -> str | None:
    """What a truth lacks, or None."""
    if not isinstance(truth, dict) or not isinstance(truth.get("mirrored"), bool):
        return '"mirrored" is missing or is neither true nor false'
    if not isinstance(truth.get("protocol"), dict):
        return '"protocol" with the true angles is missing'
    for side in _SIDE_KEYS.values():
        hip = truth["protocol"].get(side, {})
        if not isinstance(hip, dict) or not _is_angle(hip.get("total_arc_deg")):
            return f'"protocol" does not hold the angles of a hip under "{side}"'
        for key in _DIRECTION_KEYS.values():
            one = hip.get(key, {})
            if not isinstance(one, dict) or not _is_angle(one.get("mean_end_range_deg")) or not _are_reps(one.get("reps", [])):
                return f'"{key}" of "{side}" lacks "mean_end_range_deg" or "reps", each with its "peak_s"'
    return None


def _is_angle(value: object) -> bool:
    """A number, or nothing where the direction was not done."""
    return value is None or _is_number(value)


def _are_reps(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(rep, dict) and _is_number(rep.get("peak_s")) for rep in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _measure(clip: Path, truth: dict[str, Any], model: str | Path) -> Measurement:
    mirrored = Mirrored.YES if truth["mirrored"] else Mirrored.NO
    return measure(clip, model=model, settings=Settings(mirrored=mirrored))


def compare(measured: Measurement, truth: dict[str, Any]) -> tuple[list[Row], list[str]]:
    """The rows of one clip, and what the truth has but the measurement lacks."""
    rows, unmeasured = [], []
    for side in Side:
        protocol = truth["protocol"].get(_SIDE_KEYS[side], {})
        hip = measured.hips[side]
        wanted = {d.value: (hip.range_of(d), protocol.get(k, {}).get("mean_end_range_deg")) for d, k in _DIRECTION_KEYS.items()}
        wanted["total"] = (hip.total_deg, protocol.get("total_arc_deg"))
        for quantity, (span, true_deg) in wanted.items():
            if true_deg is None:
                continue
            if span is None:
                unmeasured.append(f"{measured.clip.name}: {side.value} {quantity}")
            else:
                rows.append(Row(measured.clip.name, side.value, quantity, true_deg, span.value, span.low, span.high))
    return rows, unmeasured


def count_reps(measured: Measurement, truth: dict[str, Any]) -> tuple[int, int, int]:
    """How many true repetitions there are, how many were missed, how many were invented; one found answers for one true one."""
    n_true = n_missed = n_invented = 0
    for side in Side:
        for direction, key in _DIRECTION_KEYS.items():
            true = truth["protocol"].get(_SIDE_KEYS[side], {}).get(key, {}).get("reps", [])
            found = [rep for rep in measured.hips[side].reps if rep.direction is direction]
            hit = sum(any(_same(rep, one) for rep in found) for one in true)
            n_true += len(true)
            n_missed += len(true) - hit
            n_invented += len(found) - hit
    return n_true, n_missed, n_invented


def _same(rep: Rep, true: dict[str, float]) -> bool:
    return rep.start_s < true["peak_s"] < rep.end_s


def to_json(result: Validation) -> str:
    """The comparison as JSON (`hipcv-validation/1`)."""
    document = {
        "schema": SCHEMA,
        "model": result.model,
        "n_clips": result.n_clips,
        "reps": {"true": result.n_true_reps, "missed": result.n_missed, "invented": result.n_invented},
        "rows": [
            {**asdict(row), "error_deg": row.error_deg, "inside": row.inside, "warned": row.clip in result.warned} for row in result.rows
        ],
        "end_ranges": asdict(statistics(result.end_ranges())) if result.rows else None,
        "failures": list(result.failures),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
