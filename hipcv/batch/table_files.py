"""A table written row by row as CSV and optionally as Parquet; memory use does not grow with its length."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hipcv.batch.columns import COUNT, NUMBER, Column, schema
from hipcv.system.spreadsheet import csv_line, escaped
from hipcv.system.writing import replacing

_ROWS_AT_ONCE = 2000


class Table:
    """Writes rows; created by `table`."""

    def __init__(self, columns: Sequence[Column], csv_file: Any, parquet: pq.ParquetWriter | None) -> None:
        self._columns, self._csv, self._parquet = columns, csv_file, parquet
        self._csv.write(csv_line(escaped(column.name) for column in columns))
        self._waiting: list[list[Any]] = []

    def add(self, row: Sequence[Any]) -> None:
        """Add a row, in the order of the columns; None = empty."""
        cells = [_typed(value, column) for value, column in zip(row, self._columns, strict=True)]
        self._csv.write(csv_line(map(_written, cells)))
        if self._parquet:
            self._waiting.append(cells)
            if len(self._waiting) >= _ROWS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Write the waiting rows to Parquet."""
        if self._parquet and self._waiting:
            arrays = [pa.array(cells, column.type) for cells, column in zip(zip(*self._waiting, strict=True), self._columns, strict=True)]
            self._parquet.write_table(pa.Table.from_arrays(arrays, schema=schema(self._columns)))
            self._waiting.clear()


@contextmanager
def table(path: Path, columns: Sequence[Column], *, with_parquet: bool = True) -> Iterator[Table]:
    """A table at `path` (the CSV; the Parquet file lies next to it); if anything fails, earlier files stay unchanged.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with ExitStack() as stack:
        parquet = None
        if with_parquet:
            unfinished = stack.enter_context(replacing(path.with_suffix(".parquet")))
            parquet = stack.enter_context(pq.ParquetWriter(unfinished, schema(columns)))
        unfinished = stack.enter_context(replacing(path))
        file = stack.enter_context(unfinished.open("w", encoding="utf-8", newline=""))
        made = Table(columns, file, parquet)
        yield made
        made.flush()


def _typed(value: Any, column: Column) -> Any:
    if value is None:
        return None
    return float(value) if column.type == NUMBER else int(value) if column.type == COUNT else value


def _written(cell: Any) -> Any:
    """The cell as it stands in the CSV."""
    if isinstance(cell, str):
        return escaped(cell)
    return str(cell).lower() if isinstance(cell, bool) else cell
