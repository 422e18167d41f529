"""The command `hipcv`: parses, calls, prints. Results go to stdout, everything else to stderr.

Exit status: 0 measured, 1 not measurable or not writable (a sentence says why), 2 wrong call, 130 stopped with Ctrl-C
(128 + the signal's number for other signals).
"""

import os
import sys
from typing import Annotated

import typer

from hipcv.cli.commands.app import open_app
from hipcv.cli.commands.audit import audit
from hipcv.cli.commands.backup import backup
from hipcv.cli.commands.batch import batch
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, errors
from hipcv.cli.commands.doctor import doctor
from hipcv.cli.commands.export import export
from hipcv.cli.commands.measure import measure
from hipcv.cli.commands.merge import merge
from hipcv.cli.commands.restore import restore
from hipcv.cli.commands.show import show
from hipcv.cli.commands.study import study
from hipcv.cli.commands.validate import validate
from hipcv.system import stopping, streams
from hipcv.version import __version__

app = typer.Typer(
    name="hipcv",
    epilog="Exit status: 0 measured, 1 not measurable (one sentence says why), 2 wrong call, 130 stopped with Ctrl-C.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hipcv {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Internal and external rotation of each hip, from a phone video of the seated test."""


for command in (measure, batch, merge, study, show, export, validate):
    app.command()(command)
app.command("app")(open_app)
app.command()(backup)
app.command()(restore)
app.command()(audit)
app.command()(doctor)


def main() -> None:
    """Run the command, handling signals, the output encoding, and a stdout that can no longer be written to."""
    stopping.at_once()
    out = streams.prepare()
    try:
        status = _status_of_call()
        out.flush()
    except stopping.Stopped as stop:
        errors.print(stopping.SENTENCE)
        os._exit(stop.status)  # all files are cleaned up; native threads interrupted halfway may never end
    except OSError as problem:
        if problem is not out.problem:
            raise
        status = STATUS_NOT_MEASURED
        if not isinstance(problem, BrokenPipeError):
            errors.print(f"The result could not be printed ({problem.strerror}).")
    if out.problem:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # otherwise Python would flush the rest again on exit, and report the error again
        os.dup2(nowhere, out.fileno())
    sys.exit(status)


def _status_of_call() -> int:
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
