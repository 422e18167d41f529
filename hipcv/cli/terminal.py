"""Prints results to the terminal as tables and sentences."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcv.cli.doctor import Check
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.measurement import Measurement
from hipcv.statistics import text_blocks
from hipcv.study import words as study_words
from hipcv.validation import words
from hipcv.validation.comparison import Reference, pooled_rmse_deg

if TYPE_CHECKING:
    from hipcv.batch.dataset import Counts
    from hipcv.study.study import Study
    from hipcv.validation.comparison import Validation

_PLAIN_WIDTH = 100


def _console() -> Console:
    """Stdout; has a fixed width if it is not a terminal, so that a file or a log reads like a screen."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=_PLAIN_WIDTH)


def print_visit(facts: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Print what came with a received measurement: the person's own words, and the software it was made with."""
    out = _console()
    said = [str(facts[name]) for name in ("title", "measured_on", "kind", "note") if facts.get(name)]
    if said:
        out.print(" · ".join(said))
    software = document["software"]
    out.print(f"Measured with hipcv {software['hipcv']}, mediapipe {software['mediapipe']}, model {software['model']}. The file is whole.")
    out.print()


def print_measurement(measurement: Measurement) -> None:
    """Print the result of one clip as a clinician reads it."""
    out = _console()
    clip = measurement.clip
    mirrored = ", mirrored" if measurement.mirrored else ""
    out.print(f"{clip.name}: {clip.duration_s:.1f} s, {clip.width_px} x {clip.height_px}, {clip.frame_rate_hz:.0f} frames/s{mirrored}")
    out.print()
    table = Table("Hip rotation", "Right", "Left", "Right minus left", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for row in sentences.table_rows(measurement):
        table.add_row(*row)
    table.add_row("Repetitions, IR + ER", *(sentences.counts_text(measurement.hips[side]) for side in (Side.RIGHT, Side.LEFT)), "")
    out.print(table)
    out.print("In brackets: 95 % interval.")
    out.print()
    for sentence in sentences.verdict_sentences(measurement.asymmetry):
        out.print(sentence)
    for side in (Side.RIGHT, Side.LEFT):
        hip = measurement.hips[side]
        if hip.reps:
            out.print(f"{side.value.capitalize()}: {sentences.zero_reason(hip)}")
    for side in (Side.RIGHT, Side.LEFT):
        if sentence := sentences.change_sentence(measurement.hips[side]):
            out.print(sentence)
    out.print()
    reps = Table("Repetition", "Direction", "Held", "End range", "", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for rep in sentences.rep_lines(measurement):
        reps.add_row(*rep)
    out.print(reps)
    out.print()
    out.print("Findings")
    for finding in measurement.findings:
        _hanging(out, sentences.SEVERITY_MARKS[finding.severity], finding.said())
    out.print()
    out.print(sentences.intended_use())


def _hanging(out: Console, mark: str, text: str) -> None:
    """Print a paragraph with a mark in front and a hanging indent."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(mark, Text(text))
    out.print(grid)


def print_validation(result: "Validation", written: Sequence[Path]) -> None:
    """Print measured beside true angles row by row, the summary, and the files written."""
    out = _console()
    if result.rows:
        _print_columns(out, words.rows_table(result.rows, result.reference))
    out.print(f"{words.headline(result)}.")
    if result.rows:
        _print_columns(out, words.agreement_table(result))
        held = "the truth" if result.reference is Reference.TRUTH else "the reading"
        out.print(f"Interval: half of the stated 95 % interval; inside: how often it holds {held}.")
    rmse_deg = pooled_rmse_deg(result.frames)
    if rmse_deg is not None:
        out.print(f"Frame by frame, while a leg moves: root mean square error (RMSE) {text_blocks.degrees(rmse_deg)}.")
    out.print()
    if result.ablation:
        _print_columns(out, words.ablation_table(result))
    for failure in result.failures:
        out.print(f"Not measured: {failure}")
    for one in result.unpaired:
        out.print(f"Not in the table: {one}")
    for path in written:
        out.print(f"Written: {path}", soft_wrap=True)


def print_study(found: "Study", written: Sequence[Path]) -> None:
    """Print reliability, asymmetry, agreement and groups; where a figure cannot be computed, a sentence says why."""
    out = _console()
    out.print(" ".join([*study_words.standing(found), *study_words.hints(found)]))
    out.print()
    sections = (
        ("Test–retest", [study_words.retest_table(found)], study_words.retest_sentences(found)),
        ("Asymmetry", [study_words.asymmetry_table(found)], [study_words.asymmetry_sentence(found)]),
        (
            "Agreement",
            [study_words.bias_table(found), study_words.limits_table(found), study_words.slope_table(found)],
            [study_words.agreement_sentence(found)],
        ),
        ("Rotation", [study_words.group_table(found)], [study_words.group_sentence()]),
    )
    for title, tables, lines in sections:
        if filled := [one for one in tables if one.lines]:
            out.print(title, style="bold")
            for one in filled:
                _print_columns(out, one)
        for line in lines:
            out.print(line)
        out.print()
    out.print("In brackets after a figure: its 95 % confidence interval. Formulas and sources: docs/study.md.")
    for fault in found.cohort.faults:
        out.print(f"Not used: {fault.said()}")
    for path in written:
        out.print(f"Written: {path}", soft_wrap=True)


def _print_columns(out: Console, content: text_blocks.Table) -> None:
    """Print a table and a blank line; cells too long for the screen wrap, names before numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, name in enumerate(content.header):
        table.add_column(name, justify="left", overflow="fold", no_wrap=place > 0)
    for line in content.lines:
        table.add_row(*line)
    out.print(table)
    out.print()


def print_checks(checks: Sequence[Check]) -> None:
    """Print one line per check of the installation."""
    out = _console()
    for check in checks:
        _hanging(out, "ok  " if check.passed else "FAIL", f"{check.what}: {check.seen}")
    failed = sum(not check.passed for check in checks)
    out.print()
    out.print("Everything is in place." if not failed else f"{failed} of {len(checks)} checks failed; each line above says what to do.")


def print_counts(folder: Path, counts: "Counts") -> None:
    """Print how many clips of a run were measured, and why the others failed."""
    out = _console()
    out.print(f"{folder}: {counts.measured} of {counts.measured + counts.failed} clips measured.", soft_wrap=True)
    if counts.failed:
        reasons = ", ".join(f"{code} {number}" for code, number in counts.failed_by_code.items())
        out.print(f"{counts.failed} without a number ({reasons}); {folder / 'failures.csv'} has the sentences.", soft_wrap=True)


def print_key(folder: Path) -> None:
    """Print where the key of a de-identified dataset lies."""
    _console().print(
        f"What leads back from the codes to names is in {folder}: keep it to yourself, and do not pass it on with the dataset.",
        soft_wrap=True,
    )
