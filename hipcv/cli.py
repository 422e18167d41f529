"""The command `hipcv`: parses, calls, prints. Results go to stdout, everything else to stderr.

Exit status: 0 measured, 1 not measurable or not writable (with the sentence why), 2 wrong call, 130 stopped with Ctrl-C
(128 + its number for another signal).
"""

import functools
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

import hipcv
from hipcv import models, stopping, streams
from hipcv.errors import HipcvError, OutputError
from hipcv.output import real_target
from hipcv.settings import Mirrored, Settings, Step

if TYPE_CHECKING:
    from hipcv.comparison import Validation

app = typer.Typer(
    name="hipcv",
    help="Internal and external rotation of each hip, from a phone video of the seated test.",
    epilog="Exit status: 0 measured, 1 not measurable (one sentence says why), 2 wrong call, 130 stopped with Ctrl-C.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

STATUS_NOT_MEASURED = 1
STDOUT = Path("-")
MODELS, MODEL_HELP = "full|heavy|lite|FILE.task", "The pose model; heavy has to be built first."
ENDINGS = {"--figure": ".png", "--overlay": ".mp4"}

JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE|-", help="Write the result as JSON; - is stdout.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE|-", help="Write the angles over time as CSV; - is stdout.")]

OnProgress = Callable[[int, int], None]
P = ParamSpec("P")
R = TypeVar("R")


def in_plain_words(command: Callable[P, R]) -> Callable[P, R]:
    """Errors of ours become one sentence on stderr and an exit status; anything else is a bug and stays loud."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if warning := models.telemetry_warning():
            errors.print(f"Warning: {warning}")
        try:
            return command(*args, **kwargs)
        except HipcvError as problem:
            errors.print(str(problem))
            raise typer.Exit(STATUS_NOT_MEASURED) from None

    return wrapped


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hipcv {hipcv.__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Internal and external rotation of each hip, from a phone video of the seated test."""


@app.command()
@in_plain_words
def measure(
    clip: Annotated[Path, typer.Argument(help="A video file of the seated test.", show_default=False)],
    json_file: JsonFile = None,
    csv_file: CsvFile = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw both hips over time.")] = None,
    overlay: Annotated[Path | None, typer.Option("--overlay", metavar="FILE.mp4", help="Write the video with the angles drawn in.")] = None,
    show_face: Annotated[bool, typer.Option("--show-face", help="Do not blur the face in the overlay.")] = False,
    mirrored: Annotated[
        Mirrored, typer.Option(help="Whether the phone mirrored the picture (a selfie video). auto: as the file says, else no.")
    ] = Mirrored.AUTO,
    model: Annotated[str, typer.Option(metavar=MODELS, help=MODEL_HELP)] = models.DEFAULT_MODEL,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=NUMBER", help="Change a threshold of docs/sources.md; may be repeated.")
    ] = None,
) -> None:
    """Measure one clip and print the table."""
    files = {"--json": json_file, "--csv": csv_file, "--figure": figure, "--overlay": overlay}
    _check_outputs({clip: "the clip itself"}, files)
    settings = _settings(mirrored, changes)
    from hipcv import terminal
    from hipcv.document import to_csv, to_json

    measure_clip = hipcv.measure  # loads the libraries
    stopping.tidily()
    with _progress("Measuring") as on_progress:
        result = measure_clip(clip, model=model, settings=settings, on_progress=on_progress)
    _write_texts((json_file, lambda: to_json(result)), (csv_file, lambda: to_csv(result)))
    if figure:
        from hipcv.figure import write_figure

        write_figure(result, figure)
    if overlay:
        from hipcv.overlay import write_overlay

        with _progress("Drawing") as on_progress:
            write_overlay(clip, result, overlay, show_face=show_face, on_progress=on_progress)
    if STDOUT not in (json_file, csv_file):
        terminal.print_measurement(result)


def _settings(mirrored: Mirrored, changes: list[str] | None) -> Settings:
    try:
        return Settings(mirrored=mirrored).changed(changes or [])
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--set") from None


def _write_texts(*texts: tuple[Path | None, Callable[[], str]]) -> None:
    """Each text where it is wanted, if it is."""
    from hipcv.output import replacing

    for path, text in texts:
        if path == STDOUT:
            sys.stdout.write(text())
            sys.stdout.flush()  # complete, whatever comes after
        elif path:
            with replacing(path) as unfinished:
                unfinished.write_text(text(), encoding="utf-8")


def _check_outputs(inputs: Mapping[Path, str], files: Mapping[str, Path | None]) -> None:
    """Say what cannot be written before the long work, not after it."""
    taken = {path.resolve(): name for path, name in inputs.items()}
    wanted = {option: path for option, path in files.items() if path is not None}
    for option, path in wanted.items():
        if path == STDOUT:
            if option in ENDINGS:
                raise typer.BadParameter("only text can go to stdout", param_hint=option)
            continue
        target = real_target(path)
        ending = ENDINGS.get(option, "")
        if ending and path.suffix.lower() != ending:
            raise typer.BadParameter(f"{path.name} does not end in {ending}, the one format that is written", param_hint=option)
        folder = target.parent
        if not folder.is_dir():
            raise OutputError(f"{path}: the folder {folder} does not exist. Make it first, or write somewhere else.")
        if not os.access(folder, os.W_OK):
            raise OutputError(f"{path}: nothing can be written to the folder {folder}. Write to a folder of your own.")
        if target.resolve() in taken:
            raise OutputError(f"{path}: this is {taken[target.resolve()]}. Give {option} another name, so that nothing is overwritten.")
        taken[target.resolve()] = f"what {option} is to write"
    on_stdout = [option for option, path in wanted.items() if path == STDOUT]
    if len(on_stdout) > 1:
        raise typer.BadParameter(f"{' and '.join(on_stdout)} cannot both go to stdout; give one of them a file", param_hint=on_stdout[-1])


@contextmanager
def _progress(label: str) -> Iterator[OnProgress]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@app.command()
@in_plain_words
def show(
    file: Annotated[Path, typer.Argument(help="A .hipcv file, as the app writes it for a therapist.", show_default=False)],
    json_file: JsonFile = None,
    csv_file: CsvFile = None,
) -> None:
    """Check a measurement that was sent, and print it."""
    _check_outputs({file: "the file that was sent"}, {"--json": json_file, "--csv": csv_file})
    from tempfile import TemporaryDirectory

    from hipcv import share, terminal
    from hipcv.document import as_text, to_csv

    stopping.tidily()
    with TemporaryDirectory() as folder:
        received, facts = share.unpack(file, Path(folder))
    _write_texts((json_file, lambda: as_text(received.document)), (csv_file, lambda: to_csv(received.measurement)))
    if STDOUT not in (json_file, csv_file):
        terminal.print_visit(facts, received.document)
        terminal.print_measurement(received.measurement)


@app.command()
@in_plain_words
def validate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder of clips, each with its NAME.truth.json beside it; or of results (--goniometer).", show_default=False
        ),
    ],
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE|-", help="Write the comparison as JSON; - is stdout.")] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", metavar="FILE|-", help="Write a report; - is stdout.")] = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw agreement and errors.")] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="Also measure with each step left out, one at a time.")] = False,
    goniometer: Annotated[
        Path | None,
        typer.Option(
            "--goniometer",
            metavar="TABLE.csv",
            help="Compare the NAME.json files that measure --json wrote into the folder with what was read by hand: clip,side,direction,degrees.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar=MODELS, help=MODEL_HELP, show_default=models.DEFAULT_MODEL),
    ] = None,
) -> None:
    """Compare the clips of a folder with their true angles, or results with a goniometer."""
    if goniometer and (ablation or model):
        option = "--ablation" if ablation else "--model"
        raise typer.BadParameter("with --goniometer nothing is measured afresh; leave it out", param_hint=option)
    files = {"--json": json_file, "--markdown": markdown_file, "--figure": figure}
    from hipcv import results, truth

    read = results.read_by(folder, goniometer) if goniometer else truth.read_by(folder)
    _check_outputs(dict.fromkeys(read, "one of the files that are compared"), files)
    from hipcv import terminal, validation_json, validation_markdown

    stopping.tidily()
    result = _validated(folder, goniometer, model or models.DEFAULT_MODEL, ablation)
    _write_texts(
        (json_file, lambda: validation_json.to_json(result)),
        (markdown_file, lambda: validation_markdown.to_markdown(result, validation_markdown.picture_beside(markdown_file, figure))),
    )
    if figure:
        from hipcv.validation_figure import write_figure

        write_figure(result, figure)
    if STDOUT not in files.values():
        terminal.print_validation(result, [path for path in files.values() if path])
    if result.failures:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _validated(folder: Path, goniometer: Path | None, model: str, ablation: bool) -> "Validation":
    """Loads what is needed, and no more: with a goniometer nothing is measured afresh."""
    if goniometer:
        from hipcv.clinic import compare_with_goniometer

        return compare_with_goniometer(folder, goniometer)
    from hipcv.validation import validate as validate_clips

    with _progress("Validating") as on_progress:
        return validate_clips(folder, model=model, ablation=Step if ablation else (), on_progress=on_progress)


@app.command("app")
@in_plain_words
def open_app(
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where measurements are kept; the default is the system's own folder for data.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="A PostgreSQL database for the numbers, instead of a file in that folder.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8501,
    address: Annotated[
        str,
        typer.Option(
            metavar="IP", help="This machine's own address in a network that you trust, to open the page on a phone; no password asks."
        ),
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the window in the browser: upload a video, see the result."""
    from hipcv.web import server

    server.check_place(address, port)
    server.choose_store(data, database)
    if address != server.HERE:
        errors.print(f"Warning: everybody in the network of {address} can open this page, see what is stored and delete it.")
    errors.print(f"hipcv is at http://{address}:{port}; stop it with Ctrl-C.")
    server.run(address, port, open_browser=browser)


@app.command()
@in_plain_words
def doctor() -> None:
    """Check this installation."""
    from hipcv import doctor as checkup
    from hipcv import terminal

    checks = checkup.examine()
    terminal.print_checks(checks)
    if not all(check.passed for check in checks):
        raise typer.Exit(STATUS_NOT_MEASURED)


def main() -> None:
    """The command with everything around it: signals, the encoding of what is printed, and a stdout that takes no more."""
    stopping.at_once()
    out = streams.prepare()
    try:
        status = _status_of_call()
        out.flush()
    except stopping.Stopped as stop:
        errors.print(stopping.SENTENCE)
        os._exit(stop.status)  # all files are put away; native threads that were stopped half way may never end
    except OSError as problem:
        if problem is not out.problem:
            raise
        status = STATUS_NOT_MEASURED
        if not isinstance(problem, BrokenPipeError):
            errors.print(f"The result could not be printed ({problem.strerror}).")
    if out.problem:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # or the rest would be tried again, and told, at the very end
        os.dup2(nowhere, out.fileno())
    sys.exit(status)


def _status_of_call() -> int:
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
