"""Compares measured angles with true ones: every clip of a folder with the `NAME.truth.json` next to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hipcv.capture import pose_models
from hipcv.capture.capture import capture
from hipcv.errors import HipcvError
from hipcv.pipeline import evaluate
from hipcv.settings import Mirrored, Settings, Step
from hipcv.validation.comparison import Validation
from hipcv.validation.scoring import count_true, score
from hipcv.validation.truth import clip_of, read_truth, truth_files


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
    steps = tuple(ablation)
    ways = [frozenset[Step](), *(frozenset({step}) for step in steps)]
    clips = []
    for index, truth_file in enumerate(truths):
        if on_progress:
            on_progress(index, len(truths))
        clips.append(_of_clip(truth_file, model, ways))
    nothing = Validation(model=str(model))
    whole, *others = (sum(of_clips, nothing) for of_clips in zip(*clips, strict=True))
    return replace(whole, ablation=tuple(other.without(step.value) for step, other in zip(steps, others, strict=True)))


def _of_clip(truth_file: Path, model: str | Path, ways: Sequence[frozenset[Step]]) -> list[Validation]:
    """The results of one clip for every set of steps to leave out; it is read once."""
    n_true = 0
    try:
        truth = read_truth(truth_file)
        n_true = count_true(truth)
        settings = Settings(mirrored=Mirrored.YES if truth["mirrored"] else Mirrored.NO)
        bundle, model_info = pose_models.load(model)
        taken = capture(clip_of(truth_file), bundle, settings)
    except HipcvError as problem:
        return [_failed(truth_file, problem, n_true)] * len(ways)
    found = []
    for left_out in ways:
        try:
            found.append(score(evaluate(taken, model_info, replace(settings, without=left_out)), truth))
        except HipcvError as problem:
            found.append(_failed(truth_file, problem, n_true))
    return found


def _failed(truth_file: Path, problem: HipcvError, n_true: int) -> Validation:
    """A clip that could not be measured: all its repetitions count as missed."""
    return Validation(n_clips=1, n_true_reps=n_true, n_missed=n_true, failures=(f"{truth_file.name}: {problem}",))
