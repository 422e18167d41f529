"""Reads a table of goniometer readings, `clip,side,direction,degrees`, as spreadsheets write it."""

from dataclasses import dataclass
from pathlib import Path

from hipcv.codes import Quantity
from hipcv.errors import UnreadableTable
from hipcv.landmarks import Side
from hipcv.system.spreadsheet import lines_of
from hipcv.system.typed import degrees_of

COLUMNS = ("clip", "side", "direction", "degrees")
_SIDES = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}
_QUANTITIES = {**{quantity.value: quantity for quantity in Quantity}, "ir": Quantity.INTERNAL, "er": Quantity.EXTERNAL}
_MOST_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the table."""

    line: int
    """Line number from 1, including the header."""
    clip: str
    """As written, with or without the file extension."""
    side: Side
    quantity: str
    """`internal`, `external` or `total`."""
    degrees: float
    """Positive in its own direction."""


class _Fault(Exception):
    """A problem with one line, as a sentence."""


def read_table(path: Path) -> tuple[list[Reading], list[str]]:
    """The readings of a table, and one sentence for each line that could not be read.

    A byte order mark, semicolons or tabs between the cells, decimal commas, further columns and blank lines are all accepted.

    Raises
    ------
    UnreadableTable
        If the file cannot be read, or is not a table with the four columns.
    """
    lines = lines_of(path)
    readings, faults = [], []
    _, header = next(lines, (0, []))
    places = _places(path, header)
    for number, cells in lines:
        try:
            readings.append(_reading(number, cells, len(header), places))
        except _Fault as fault:
            faults.append(f"{path.name}, line {number}: {fault}")
    return readings, faults


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """The index of each of the four columns."""
    names = [cell.lower() for cell in header]
    for column in COLUMNS:
        if names.count(column) != 1:
            case = "twice" if column in names else "missing"
            raise UnreadableTable("goniometer_column", about=path, column=column, case=case, columns=",".join(COLUMNS))
    return {column: names.index(column) for column in COLUMNS}


def _reading(line: int, cells: list[str], n_columns: int, places: dict[str, int]) -> Reading:
    if len(cells) < n_columns and not len(cells) > max(places.values()):
        raise _Fault(f"{len(cells)} cells, but the header has {n_columns}. Fill in what is missing.")
    if len(cells) > n_columns:  # even an empty one: 34,5, could be the angle 34.5 and an empty note
        raise _Fault(f"{len(cells)} cells, but the header has {n_columns}. Write a decimal point, or put semicolons between the cells.")
    clip, side, direction, degrees = (cells[places[column]] for column in COLUMNS)
    if not clip:
        raise _Fault("the clip is missing. Write the name of its file.")
    if side.lower() not in _SIDES:
        raise _Fault(f'the side is "{side}". Write left or right.')
    if direction.lower() not in _QUANTITIES:
        raise _Fault(f'the direction is "{direction}". Write internal, external or total.')
    return Reading(line, clip, _SIDES[side.lower()], _QUANTITIES[direction.lower()], _degrees(degrees))


def _degrees(text: str) -> float:
    value = degrees_of(text)
    if not 0 <= value <= _MOST_DEG:
        raise _Fault(f'the angle is "{text}". Write a number from 0 to {_MOST_DEG:.0f}; external rotation is a positive number too.')
    return value
