"""Shared by the commands: options, error messages, checks of output files, the progress bar."""

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

import hipcv
from hipcv.capture import pose_models
from hipcv.catalogues.message import Message
from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError, MeasurementError, OutputError
from hipcv.measurement import Measurement
from hipcv.settings import Mirrored, Settings, Turn
from hipcv.system import stopping
from hipcv.system.writing import check_room, real_path, real_target, replacing
from hipcv.video.container import identify, open_regular_file, shown_name

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

STATUS_NOT_MEASURED = 1
STDOUT = Path("-")
MODELS, MODEL_HELP = "full|heavy|lite|FILE.task", "The pose model; heavy has to be built first."
ENDINGS = {"--figure": ".png", "--overlay": ".mp4"}

ModelName = Annotated[str, typer.Option("--model", metavar=MODELS, help=MODEL_HELP)]
MirroredOption = Annotated[
    Mirrored,
    typer.Option("--mirrored", help="Whether the phone mirrored the video, as for a selfie. auto: as the file says, otherwise no."),
]
TurnOption = Annotated[
    Turn,
    typer.Option("--turn", help="Turn the picture by so many degrees clockwise first, where the video lies on its side."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=NUMBER", help="Change a threshold listed in docs/sources.md; repeatable."),
]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE|-", help="Write the result as JSON; - is stdout.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE|-", help="Write the angles over time as CSV; - is stdout.")]
DataFolder = Annotated[
    Path | None, typer.Option("--data", metavar="FOLDER", help="The app's folder, as for hipcv app; by default the one it uses by default.")
]
DatabaseAddress = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="The app's PostgreSQL database, as for hipcv app, if it has one.")
]

OnProgress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


def in_plain_words(command: Callable[P, R]) -> Callable[P, R]:
    """Print a `HipcvError` as one sentence on stderr and exit with status 1; any other exception is a bug and propagates."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if warning := pose_models.telemetry_warning():
            errors.print(f"Warning: {warning}")
        try:
            return command(*args, **kwargs)
        except HipcvError as problem:
            errors.print(str(problem))
            raise typer.Exit(STATUS_NOT_MEASURED) from None

    return wrapped


def settings_of(mirrored: Mirrored, turn: Turn, changes: list[str] | None) -> Settings:
    """The settings with the changes of `--set`; an impossible one is reported as a wrong call."""
    try:
        return Settings(mirrored=mirrored, turn=turn).changed(changes or [])
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--set") from None


def measured(clip: Path, settings: Settings, model: str) -> Measurement:
    """The measurement of one clip; shows the progress."""
    with open_regular_file(clip, shown_name(clip)) as file:
        identify(file, shown_name(clip))  # what is no video is told before the libraries load
    measure_clip = hipcv.measure
    stopping.tidily()
    try:
        with progress("Measuring") as on_progress:
            return measure_clip(clip, model=model, settings=settings, on_progress=on_progress)
    except MeasurementError as problem:
        raise type(problem).of(problem, about=problem.message.about or shown_name(clip)) from None


def write_texts(*texts: tuple[Path | None, Callable[[], str]]) -> None:
    """Write each text to its file or to stdout; those without a path are skipped."""
    for path, text in texts:
        if path == STDOUT:
            sys.stdout.write(text())
            sys.stdout.flush()  # complete, whatever is printed next
        elif path:
            with replacing(path) as unfinished:
                unfinished.write_text(text(), encoding="utf-8")


def check_outputs(inputs: Mapping[Path, Message], files: Mapping[str, Path | None]) -> None:
    """Report outputs that cannot be written before the long work starts, not after it."""
    taken = {real_path(path): name for path, name in inputs.items()}
    wanted = {option: path for option, path in files.items() if path is not None}
    for option, path in wanted.items():
        if path == STDOUT:
            if option in ENDINGS:
                raise typer.BadParameter("only text can go to stdout", param_hint=option)
            continue
        target = _writable(option, path)
        if target in taken:
            raise OutputError("output_taken", about=path, by=taken[target], option=option)
        taken[target] = Message("errors.output_taken_by.option", {"option": option})
    on_stdout = [option for option, path in wanted.items() if path == STDOUT]
    if len(on_stdout) > 1:
        raise typer.BadParameter(f"{' and '.join(on_stdout)} cannot both go to stdout; give one of them a file", param_hint=on_stdout[-1])


def _writable(option: str, path: Path) -> Path:
    """The file that an output will be, which can be written and has the ending of its format."""
    target = real_target(path)
    ending = ENDINGS.get(option, "")
    if ending and path.suffix.lower() != ending:
        raise typer.BadParameter(f"{path.name} does not end in {ending}, the one format that is written", param_hint=option)
    if not target.parent.is_dir():
        raise OutputError("output_folder_missing", about=path, folder=target.parent)
    check_room(path)
    return real_path(target)


def time_of(moment: datetime) -> str:
    """A point in time as people here write it."""
    return moment.astimezone().strftime(Words()("app.date_format"))


def counted(n: int, one: str, many: str = "") -> str:
    """`1 visit`, `2,345 visits`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


@contextmanager
def progress(label: str) -> Iterator[OnProgress]:
    """A progress bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
