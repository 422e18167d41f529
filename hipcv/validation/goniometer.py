"""Reads a table of goniometer readings, `clip,side,direction,degrees`, as spreadsheets write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hipcv.catalogues.message import Message
from hipcv.codes import Quantity
from hipcv.errors import UnreadableTable
from hipcv.landmarks import Side
from hipcv.system.spreadsheet import LineFault, parsed_lines
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
    return parsed_lines(
        path,
        _reading,
        needed=COLUMNS,
        read=COLUMNS,
        refuse=lambda column, case: UnreadableTable("goniometer_column", about=path, column=column, case=case, columns=",".join(COLUMNS)),
    )


def _reading(line: int, cells: Mapping[str, str]) -> Reading:
    clip, side, direction, degrees = (cells[column] for column in COLUMNS)
    if not clip:
        raise LineFault("clip_missing")
    if side.lower() not in _SIDES:
        raise LineFault("side_unknown", text=side)
    if direction.lower() not in _QUANTITIES:
        raise LineFault("direction_unknown", text=direction)
    if not 0 <= degrees_of(degrees) <= _MOST_DEG:
        raise LineFault("angle_unknown", text=degrees, most=_MOST_DEG)
    return Reading(line, clip, _SIDES[side.lower()], _QUANTITIES[direction.lower()], degrees_of(degrees))
