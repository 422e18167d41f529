"""What the command line shows: tables and sentences for a terminal, or for a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcv import report
from hipcv.doctor import Check
from hipcv.landmarks import Side
from hipcv.values import Measurement

if TYPE_CHECKING:
    from hipcv.validation import Validation

_PLAIN_WIDTH = 100


def _console() -> Console:
    """Stdout; a fixed width where it is not a terminal, so that a file or a log reads like a screen."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=_PLAIN_WIDTH)


def print_measurement(measurement: Measurement) -> None:
    """The result of one clip as a clinician reads it."""
    out = _console()
    clip = measurement.clip
    mirrored = ", mirrored" if measurement.mirrored else ""
    out.print(f"{clip.name}: {clip.duration_s:.1f} s, {clip.width_px} x {clip.height_px}, {clip.frame_rate_hz:.0f} pictures/s{mirrored}")
    out.print()
    table = Table("Hip rotation", "Right", "Left", "Right minus left", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for row in report.table_rows(measurement):
        table.add_row(*row)
    out.print(table)
    out.print("In brackets: 95 % interval.")
    out.print()
    for sentence in report.verdict_sentences(measurement.asymmetry):
        out.print(sentence)
    for side in (Side.RIGHT, Side.LEFT):
        hip = measurement.hips[side]
        if hip.reps:
            out.print(f"{side.value.capitalize()}: {report.zero_reason(hip)}")
    out.print()
    _print_reps(out, measurement)
    out.print("Findings")
    for finding in measurement.findings:
        _hanging(out, report.SEVERITY_MARKS[finding.severity], finding.message)
    out.print()
    out.print(report.INTENDED_USE)


def _print_reps(out: Console, measurement: Measurement) -> None:
    table = Table("Repetition", "Direction", "Held", "End range", "", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for row in report.rep_lines(measurement):
        table.add_row(*row)
    out.print(table)
    out.print()


def _hanging(out: Console, mark: str, text: str) -> None:
    """A paragraph with its mark in front, the further lines set in."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(mark, Text(text))
    out.print(grid)


def print_validation(result: "Validation") -> None:
    """Measured against true, line by line, and what it comes to."""
    out = _console()
    table = Table("Clip", "Side", "Quantity", "True", "Measured", "Error", "95 % interval", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for row in result.rows:
        held = "" if row.inside else "  misses the truth"
        table.add_row(
            row.clip,
            row.side,
            row.quantity,
            f"{row.true_deg:.1f}",
            f"{row.measured_deg:.1f}",
            f"{row.error_deg:+.1f}",
            f"{row.low_deg:.1f} to {row.high_deg:.1f}{held}",
        )
    out.print(table)
    out.print()
    for line in result.summary_lines():
        out.print(line)
    for failure in result.failures:
        out.print(f"Not measured: {failure}")


def print_checks(checks: Sequence[Check]) -> None:
    """One line for each part of the installation."""
    out = _console()
    for check in checks:
        _hanging(out, "ok  " if check.passed else "FAIL", f"{check.what}: {check.seen}")
    failed = sum(not check.passed for check in checks)
    out.print()
    out.print("Everything is in place." if not failed else f"{failed} of {len(checks)} checks failed; each line above says what to do.")
