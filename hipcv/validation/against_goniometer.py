"""Compares results of a clinic's own clips with a therapist's goniometer readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from statistics import fmean

from hipcv.codes import Quantity
from hipcv.errors import UnreadableResult
from hipcv.landmarks import Side
from hipcv.language.sentences import ENGLISH
from hipcv.validation.comparison import Key, Reference, Validation, difference_rows, range_rows
from hipcv.validation.goniometer import Reading, read_table
from hipcv.validation.results import Result, read_result, result_files
from hipcv.validation.truth import VIDEO_ENDINGS


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
    found = Validation(failures=(*(fault.said() for fault in faults), *unreadable, *unmatched), reference=Reference.GONIOMETER)
    for name, result in results.items():
        if name in by_clip:
            found += _of_clip(result, by_clip[name])
        else:
            found += Validation(unpaired=(ENGLISH("research.validation.unpaired", clip=name),))
    models = {results[row.clip].model for row in found.rows}
    return replace(found, model=", ".join(sorted(models)) or found.model)


def _of_clip(result: Result, readings: Iterable[Reading]) -> Validation:
    """One result beside its readings; it does not count as a clip if none of its angles was read."""
    lines: dict[Key, list[Reading]] = defaultdict(list)
    for reading in readings:
        lines[reading.side, reading.quantity].append(reading)
    by_hand_deg = _with_totals({key: fmean(one.degrees for one in some) for key, some in lines.items()})
    rows = range_rows(result.name, result.ranges.items(), by_hand_deg)
    unread = ", ".join(f"{side.value} {quantity}" for side, quantity in result.ranges if (side, quantity) not in by_hand_deg)
    return Validation(
        rows=tuple(rows),
        n_clips=1 if rows else 0,
        warned=frozenset({result.name} if rows and result.warned else ()),
        warned_legs=result.warned_legs,
        failures=tuple(_not_measured(result.name, key, some) for key, some in lines.items() if key not in result.ranges),
        asymmetry=tuple(difference_rows(result.name, result.differences.items(), by_hand_deg)),
        unpaired=(f"{result.name}: {unread}",) if unread else (),
    )


def _not_measured(clip: str, key: Key, readings: Iterable[Reading]) -> str:
    side, quantity = key
    lines = ", ".join(str(one.line) for one in readings)
    return ENGLISH("research.validation.not_measured", clip=clip, angle=f"{side.value} {quantity}", lines=lines)


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
        ENGLISH("research.validation.no_result", n=len(lines), clip=clip, name=_without_ending(clip), lines=", ".join(lines))
        for clip, lines in lost.items()
    ]


def _without_ending(clip: str) -> str:
    """`p01.mp4` and `p01.json` become `p01`; a name with any other dot is unchanged."""
    path = PurePath(clip)
    return path.stem if path.suffix.lower() in {*VIDEO_ENDINGS, ".json"} else clip


def _with_totals(by_hand_deg: dict[Key, float]) -> dict[Key, float]:
    """The mean readings, and internal plus external for each side whose total was not read."""
    totals: dict[Key, float] = {
        (side, Quantity.TOTAL): by_hand_deg[side, Quantity.INTERNAL] + by_hand_deg[side, Quantity.EXTERNAL]
        for side in Side
        if (side, Quantity.INTERNAL) in by_hand_deg and (side, Quantity.EXTERNAL) in by_hand_deg
    }
    return {**totals, **by_hand_deg}
