"""Reads a table of goniometer readings, `clip,side,direction,degrees`, as spreadsheets write it."""

from dataclasses import dataclass
from pathlib import Path

from hipcv.catalogues.message import Message
from hipcv.codes import Quantity
from hipcv.errors import UnreadableTable
from hipcv.landmarks import Side
from hipcv.system.spreadsheet import LineFault, lines_of
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


def read_table(path: Path) -> tuple[list[Reading], list[Message]]:
    """The readings of a table, and what is wrong with each line that is none.

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
        except LineFault as fault:
            faults.append(fault.at(path, number))
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
        raise LineFault("cells", case="missing", cells=len(cells), columns=n_columns)
    if len(cells) > n_columns:  # an empty one too: 34,5, is the angle 34.5 and an empty note
        raise LineFault("cells", case="decimal_point", cells=len(cells), columns=n_columns)
    clip, side, direction, degrees = (cells[places[column]] for column in COLUMNS)
    if not clip:
        raise LineFault("clip_missing")
    if side.lower() not in _SIDES:
        raise LineFault("side_unknown", text=side)
    if direction.lower() not in _QUANTITIES:
        raise LineFault("direction_unknown", text=direction)
    if not 0 <= degrees_of(degrees) <= _MOST_DEG:
        raise LineFault("angle_unknown", text=degrees, most=_MOST_DEG)
    return Reading(line, clip, _SIDES[side.lower()], _QUANTITIES[direction.lower()], degrees_of(degrees))
