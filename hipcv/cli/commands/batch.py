"""The command `hipcv batch`: measure many clips into one dataset."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hipcv.batch.extra_files import EXTRAS, SERIES
from hipcv.batch.messages import Method
from hipcv.batch.plan import Part
from hipcv.batch.study_key import key_folder
from hipcv.capture import pose_models
from hipcv.cli import terminal
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, Changes, ModelName, errors, in_plain_words, settings_of
from hipcv.errors import InstallationError
from hipcv.jobs.child_process import Limits
from hipcv.records import export
from hipcv.settings import Mirrored, Turn
from hipcv.system import stopping
from hipcv.video.container import shown_name

if TYPE_CHECKING:
    from hipcv.batch.entry import Entry
    from hipcv.batch.messages import ClipResult
    from hipcv.batch.run import Measure, OnResult

_MOST_TOLD = 20
"""Failures beyond this number are only listed in failures.csv."""


@in_plain_words
def batch(
    source: Annotated[Path, typer.Argument(metavar="DIR|MANIFEST.csv", help="A folder of clips, or a table of them.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="The folder for the dataset.", show_default=False)],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Clips measured at a time, each on one core.", show_default="all cores")
    ] = None,
    model: ModelName = pose_models.DEFAULT_MODEL,
    changes: Changes = None,
    series: Annotated[bool, typer.Option("--series", help="Also keep the angles over time, one Parquet file per clip.")] = False,
    exports: Annotated[
        list[str] | None,
        typer.Option("--export", metavar="mot|trc|nc|csv", help="Also write each clip in that format, as hipcv export does; repeatable."),
    ] = None,
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Replace names, paths, dates and hashes with codes; the key is kept next to OUT.")
    ] = False,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", min=1, help="The longest time one clip may take.")] = Limits().time_s,
    memory_limit: Annotated[int, typer.Option(metavar="MB", min=100, help="The most memory one clip may use.")] = Limits().memory_mb,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Measure clips again that failed before.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Measure every clip again.")] = False,
    shard: Annotated[str | None, typer.Option(metavar="I/N", help="Measure only part I of N; hipcv merge merges the parts.")] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="tcp://…", help="Measure on an existing Dask cluster.")] = None,
) -> None:
    """Measure many clips into one dataset.

    If it is stopped, the same command resumes where it left off.
    """
    from hipcv.batch import run as runs  # late: loads Arrow

    settings_of(Mirrored.AUTO, Turn.NONE, changes)
    part = _part(shard) if shard else None
    method = Method(model, tuple(changes or ()), _extras(series, exports or ()))
    request = runs.RunRequest(source, out, method, part, deidentify, retry_failed, force)
    limits = Limits(time_limit, memory_limit)
    stopping.tidily()
    if scheduler and jobs:
        raise typer.BadParameter(
            "it is for this machine; a cluster measures as many clips at a time as it has threads", param_hint="--jobs"
        )
    measure = _on_cluster(scheduler, limits) if scheduler else runs.on_this_machine(jobs or _n_cores(), limits)
    with _told_as_it_goes() as on_result:
        home, counts = runs.run(request, measure, on_result)
    terminal.print_dataset(home, counts, key_folder(out))
    if counts.failed:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _part(shard: str) -> Part:
    try:
        return Part.parsed(shard)
    except ValueError:
        raise typer.BadParameter(f"{shard!r} is not a part such as 3/10", param_hint="--shard") from None


def _extras(series: bool, exports: Iterable[str]) -> tuple[str, ...]:
    """The extra files to keep of each clip, without duplicates and in a fixed order."""
    request = {SERIES} if series else set()
    for name in exports:
        known = export.format_of(name)
        if known is None:
            raise typer.BadParameter(f"{name} is none of {', '.join(one.value for one in export.Format)}", param_hint="--export")
        export.check(known)
        request.add(known.value)
    return tuple(extra for extra in EXTRAS if extra in request)


def _on_cluster(scheduler: str, limits: Limits) -> "Measure":
    try:
        from hipcv.batch.cluster import on_cluster  # late: loads Dask
    except ModuleNotFoundError as problem:
        raise InstallationError("scheduler_library_missing", library=problem.name) from None
    return on_cluster(scheduler, limits)


def _n_cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _with_folder(entry: "Entry", sentence: str) -> str:
    """The sentence with the clip's path below the folder; clips in different folders may share a file name."""
    return entry.clip + sentence.removeprefix(shown_name(entry.path)) if sentence.startswith(shown_name(entry.path)) else sentence


@contextmanager
def _told_as_it_goes() -> Iterator["OnResult"]:
    """A callback for results: a progress bar with rate and time left on a terminal, and a line for each failure everywhere."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    began, done, measured, failed = time.monotonic(), 0, 0, 0
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None, rate="")

        def on_result(entry: "Entry", result: "ClipResult", total: int, was_done: bool) -> None:
            nonlocal done, measured, failed
            done += 1
            measured += not was_done
            bar.update(task, completed=done, total=total, rate=f"{60 * measured / (time.monotonic() - began):.1f} clips/min")
            if result.code:
                failed += 1
                if failed <= _MOST_TOLD:
                    errors.print(_with_folder(entry, result.sentence))
                elif failed == _MOST_TOLD + 1:
                    errors.print("Further clips without a number are only told in failures.csv.")

        try:
            yield on_result
        except stopping.Stopped:
            errors.print(f"{done} clips are done. The same command goes on from there.")
            raise
