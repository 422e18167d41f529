"""The form of a backup, `hipcv-backup/1`: the names of its parts, and a row as a line of JSON (docs/backup.md)."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Double, Integer, String, Table
from sqlalchemy.types import TypeEngine

from hipcv.store.sql_tables import Base, JobRow, Moment

SCHEMA = "hipcv-backup/1"
MANIFEST = "manifest.json"
TABLES = tuple(table for table in Base.metadata.sorted_tables if table.name != JobRow.__tablename__)
"""All tables but the jobs, in an order in which rows refer only to earlier ones."""
FILE_NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)
"""Name of a file of a visit; an unfinished one begins with a point."""
_OF_VISIT = re.compile(rf"visits/([0-9a-f]{{32}})/({FILE_NAME.pattern})", re.ASCII)


def rows_name(table: Table) -> str:
    """Name of the part with the rows of a table."""
    return f"rows/{table.name}.jsonl"


def file_name(visit_id: str, name: str) -> str:
    """Name of the part with a file of a visit."""
    return f"visits/{visit_id}/{name}"


def visit_and_file(part: str) -> tuple[str, str] | None:
    """The id of the visit and the name of its file, from the name of a part; None for every other name."""
    found = _OF_VISIT.fullmatch(part)
    return (found[1], found[2]) if found else None


def line_of(row: dict[str, Any]) -> bytes:
    """A row as one line; times are written as in ISO 8601."""
    return json.dumps(row, default=_iso).encode() + b"\n"


def row_of(table: Table, line: bytes) -> dict[str, Any]:
    """The row of a line.

    Raises
    ------
    ValueError, TypeError, RecursionError
        It is not a row of this table.
    """
    row = json.loads(line)
    if not isinstance(row, dict) or row.keys() != {column.name for column in table.columns}:
        raise ValueError("other columns")
    return {column.name: _value(column, row[column.name]) for column in table.columns}


def _iso(value: date) -> str:
    return value.isoformat()


def _value(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JSON):
        return value
    if value is None and column.nullable:
        return None
    return next(read for kind, read in _READERS.items() if isinstance(column.type, kind))(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _as(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds:  # True is not the number 1
            raise TypeError("of another kind")
        return value

    return read


_READERS: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
    Moment: _moment,
    Date: date.fromisoformat,
    Boolean: _as(bool),
    Integer: _as(int),
    Double: _as(float, int),
    String: _as(str),
}
