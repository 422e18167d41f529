"""Prints a study and a validation to the terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hipcv.cli.terminal import console
from hipcv.statistics import text_blocks
from hipcv.study import words as study_words
from hipcv.study.study import Study
from hipcv.validation import words
from hipcv.validation.comparison import Reference, Validation, pooled_rmse_deg


def print_validation(result: Validation, written: Sequence[Path]) -> None:
    """Print measured beside true angles row by row, the summary, and the files written."""
    out = console()
    if result.rows:
        _print_columns(out, words.rows_table(result.rows, result.reference))
    out.print(f"{words.headline(result)}.")
    if result.rows:
        _print_columns(out, words.agreement_table(result))
        held = "the truth" if result.reference is Reference.TRUTH else "the reading"
        out.print(f"Interval: half of the stated 95 % interval; inside: how often it holds {held}.")
        for line in filter(None, [words.unwarned_sentence(result), *words.unwarned_lines(result), words.spread_sentence(result)]):
            out.print(line)
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


def print_study(found: Study, written: Sequence[Path]) -> None:
    """Print reliability, asymmetry, agreement and groups; where a figure cannot be computed, a sentence says why."""
    out = console()
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
