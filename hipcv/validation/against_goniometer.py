"""Compares results of a clinic's own clips with a therapist's goniometer readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from statistics import fmean

from hipcv.codes import Quantity
from hipcv.errors import UnreadableResult
from hipcv.landmarks import Side
from hipcv.statistics.agreement import BOTH_SIDES, Row
from hipcv.validation.comparison import Reference, Validation
from hipcv.validation.goniometer import Reading, read_table
from hipcv.validation.results import Result, read_result, result_files
from hipcv.validation.truth import VIDEO_ENDINGS

ByHand = dict[tuple[Side, str], float]
"""The mean reading for each side and quantity of one clip, in degrees."""


def compare_with_goniometer(folder: Path, table: Path) -> Validation:
    """Match the results in a folder to the readings in a table by the clip's name, and compare them.

    Several readings of the same angle are averaged. A total that was not read is internal plus external, if both were read.

    Raises
    ------
    ComparisonError
        If the table or the folder cannot be used at all; problems with single files or lines are listed in `failures`.
    """
    readings, faults = read_table(table)
    results, unreadable = _read_results(folder)
    by_clip, unmatched = _paired(readings, results)
    failures = [*(fault.said() for fault in faults), *unreadable, *unmatched]
    rows: list[Row] = []
    asymmetry: list[Row] = []
    unpaired: list[str] = []
    for name, result in results.items():
        if name not in by_clip:
            unpaired.append(f"{name}: no line of the table")
            continue
        read = _means(by_clip[name])
        by_hand = _with_totals(read)
        rows += _rows(result, by_hand)
        asymmetry += _differences(result, by_hand)
        failures += [f"{name}: {side.value} {quantity}, line {_lines(by_clip[name], side, quantity)} of the table"
                     for side, quantity in read if (side, quantity) not in result.ranges]  # fmt: skip
        if unread := [f"{side.value} {quantity}" for side, quantity in result.ranges if (side, quantity) not in by_hand]:
            unpaired.append(f"{name}: {', '.join(unread)}")
    compared = {row.clip for row in rows}
    return Validation(
        model=", ".join(sorted({results[name].model for name in compared})) or "unknown",
        rows=tuple(rows),
        n_clips=len(compared),
        n_true_reps=0,
        n_missed=0,
        n_invented=0,
        warned=frozenset(name for name in compared if results[name].warned),
        failures=tuple(failures),
        reference=Reference.GONIOMETER,
        asymmetry=tuple(asymmetry),
        unpaired=tuple(unpaired),
    )


def _read_results(folder: Path) -> tuple[dict[str, Result], list[str]]:
    """The results by name, and a sentence for each file that could not be read."""
    results, unreadable = {}, []
    for path in result_files(folder):
        try:
            results[path.stem] = read_result(path)
        except UnreadableResult as problem:
            unreadable.append(f"{path.name}: {problem}")
    return results, unreadable


def _paired(readings: Iterable[Reading], results: Mapping[str, Result]) -> tuple[dict[str, list[Reading]], list[str]]:
    """The readings for each result, and a sentence for each clip that has readings but no result."""
    paired: dict[str, list[Reading]] = defaultdict(list)
    lost: dict[str, list[str]] = defaultdict(list)
    for reading in readings:
        name = reading.clip if reading.clip in results else _without_ending(reading.clip)
        if name in results:
            paired[name].append(reading)
        else:
            lost[reading.clip].append(str(reading.line))
    return paired, [
        f"{clip}: no result {_without_ending(clip)}.json in the folder (line{'s' * (len(lines) > 1)} {', '.join(lines)} of the table)"
        for clip, lines in lost.items()
    ]


def _without_ending(clip: str) -> str:
    """`p01.mp4` and `p01.json` become `p01`; a name with any other dot is unchanged."""
    path = PurePath(clip)
    return path.stem if path.suffix.lower() in {*VIDEO_ENDINGS, ".json"} else clip


def _means(readings: Iterable[Reading]) -> ByHand:
    found: dict[tuple[Side, str], list[float]] = defaultdict(list)
    for reading in readings:
        found[reading.side, reading.quantity].append(reading.degrees)
    return {key: fmean(values) for key, values in found.items()}


def _with_totals(by_hand: ByHand) -> ByHand:
    totals = {
        (side, "total"): by_hand[side, "internal"] + by_hand[side, "external"]
        for side in Side
        if (side, "internal") in by_hand and (side, "external") in by_hand
    }
    return {**totals, **by_hand}


def _rows(result: Result, by_hand: ByHand) -> list[Row]:
    return [
        Row(result.name, side.value, quantity, by_hand[side, quantity], span.value, span.low, span.high)
        for (side, quantity), span in result.ranges.items()
        if (side, quantity) in by_hand
    ]


def _differences(result: Result, by_hand: ByHand) -> list[Row]:
    """Right minus left of each quantity that was both read and measured on both sides."""
    rows = []
    for quantity in Quantity:
        right, left, span = by_hand.get((Side.RIGHT, quantity)), by_hand.get((Side.LEFT, quantity)), result.differences.get(quantity)
        if right is not None and left is not None and span:
            rows.append(Row(result.name, BOTH_SIDES, quantity, right - left, span.value, span.low, span.high))
    return rows


def _lines(readings: Iterable[Reading], side: Side, quantity: str) -> str:
    return ", ".join(str(reading.line) for reading in readings if (reading.side, reading.quantity) == (side, quantity))
