"""Compares measured angles with true ones: every clip of a folder with the `NAME.truth.json` next to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hipcv.capture import pose_models
from hipcv.capture.capture import capture
from hipcv.codes import Severity
from hipcv.errors import HipcvError
from hipcv.measurement import Measurement
from hipcv.pipeline import evaluate
from hipcv.settings import Mirrored, Settings, Step
from hipcv.statistics.agreement import Row, statistics
from hipcv.validation.comparison import Ablation, Camera, FrameError, Validation, pooled_rmse_deg
from hipcv.validation.scoring import camera, compare, compare_sides, count_reps, count_true, frame_errors
from hipcv.validation.truth import clip_of, read_truth, truth_files


@dataclass(slots=True)
class _Tally:
    """Results collected so far, for one way of measuring."""

    rows: list[Row] = field(default_factory=list)
    asymmetry: list[Row] = field(default_factory=list)
    frames: list[FrameError] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warned: set[str] = field(default_factory=set)
    cameras: dict[str, Camera] = field(default_factory=dict)
    n_true: int = 0
    n_missed: int = 0
    n_invented: int = 0

    def fail(self, name: str, problem: HipcvError, n_true: int) -> None:
        """Add a clip that could not be measured: all its repetitions count as missed."""
        self.failures.append(f"{name}: {problem}")
        self.n_true += n_true
        self.n_missed += n_true

    def add(self, measured: Measurement, truth: dict[str, Any]) -> None:
        """Add a measured clip."""
        if any(finding.severity is not Severity.INFO for finding in measured.findings):
            self.warned.add(measured.clip.name)
        if place := camera(measured, truth):
            self.cameras[measured.clip.name] = place
        rows, unmeasured = compare(measured, truth)
        self.rows += rows
        self.failures += unmeasured
        self.asymmetry += compare_sides(measured, truth)
        self.frames += frame_errors(measured, truth)
        n_true, n_missed, n_invented = count_reps(measured, truth)
        self.n_true, self.n_missed, self.n_invented = self.n_true + n_true, self.n_missed + n_missed, self.n_invented + n_invented

    def without(self, step: Step) -> Ablation:
        """The results as an `Ablation`, for a way of measuring that leaves out a step."""
        end_ranges = [row for row in self.rows if row.quantity != "total"]
        return Ablation(
            step=step.value,
            end_ranges=statistics(end_ranges) if end_ranges else None,
            asymmetry=statistics(self.asymmetry) if self.asymmetry else None,
            rmse_deg=pooled_rmse_deg(self.frames),
            n_missed=self.n_missed,
            n_invented=self.n_invented,
            n_failures=len(self.failures),
        )


def validate(
    folder: Path,
    *,
    model: str | Path = pose_models.DEFAULT_MODEL,
    ablation: Iterable[Step] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Measure every clip of a folder that has a truth file, and compare.

    Whether a clip is mirrored is taken from its truth, as a person would state it. For every step of `ablation`, each clip is
    evaluated once more with that step left out; it is read only once.

    Raises
    ------
    UnreadableClip
        If there is no such folder, or it holds no clip with a truth file.
    """
    truths = truth_files(folder)
    without = {frozenset({step}): _Tally() for step in ablation}
    whole = _Tally()
    for index, truth_file in enumerate(truths):
        if on_progress:
            on_progress(index, len(truths))
        _add_clip(truth_file, model, {**without, frozenset(): whole})
    return Validation(
        model=str(model),
        rows=tuple(whole.rows),
        n_clips=len(truths),
        n_true_reps=whole.n_true,
        n_missed=whole.n_missed,
        n_invented=whole.n_invented,
        warned=frozenset(whole.warned),
        failures=tuple(whole.failures),
        asymmetry=tuple(whole.asymmetry),
        frames=tuple(whole.frames),
        cameras=whole.cameras,
        ablation=tuple(tally.without(step) for (step,), tally in without.items()),
    )


def _add_clip(truth_file: Path, model: str | Path, tallies: dict[frozenset[Step], _Tally]) -> None:
    """Read a clip once and evaluate it in every way requested; the keys are the steps to leave out."""
    n_true = 0
    try:
        truth = read_truth(truth_file)
        n_true = count_true(truth)
        settings = Settings(mirrored=Mirrored.YES if truth["mirrored"] else Mirrored.NO)
        bundle, model_info = pose_models.load(model)
        taken = capture(clip_of(truth_file), bundle, settings)
    except HipcvError as problem:
        for tally in tallies.values():
            tally.fail(truth_file.name, problem, n_true)
        return
    for left_out, tally in tallies.items():
        try:
            tally.add(evaluate(taken, model_info, replace(settings, without=left_out)), truth)
        except HipcvError as problem:
            tally.fail(truth_file.name, problem, n_true)
