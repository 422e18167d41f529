"""Series of a measurement in long form: one number per row, for grouping and filtering in pandas, R and plotting libraries.

docs/formats.md describes the columns.
"""

from collections.abc import Iterator

from hipcv.landmarks import SHOWN_SIDES
from hipcv.measurement import Measurement
from hipcv.records.document import series_cells, series_columns
from hipcv.system.spreadsheet import csv_text

COLUMNS = ("time_s", "side", "quantity", "value", "unit")
BODY = "body"
"""The side of quantities that belong to neither leg."""


def to_tidy_csv(measurement: Measurement) -> str:
    """The columns of `document.to_csv` stacked: `time_s`, `side`, `quantity`, `value`, `unit`; an empty value = not measured.

    `side` is `right`, `left` or `body`; `unit` is `deg` or `percent`. Every frame has a row for every quantity, and every number is
    written as in `to_csv`, four decimals, internal rotation positive.
    """
    return csv_text(_rows(measurement))


def _rows(measurement: Measurement) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    time_s, *columns = zip(*series_cells(measurement), strict=True)
    _, *names = series_columns(measurement)
    for name, values in zip(names, columns, strict=True):
        side, quantity, unit = named_apart(name)
        for moment_s, value in zip(time_s, values, strict=True):
            yield moment_s, side, quantity, value, unit


def named_apart(column: str) -> tuple[str, str, str]:
    """Side, quantity and unit of a column of the series.

    >>> named_apart("right_internal_rotation_deg"), named_apart("trunk_lean_deg")
    (('right', 'internal_rotation', 'deg'), ('body', 'trunk_lean', 'deg'))
    """
    quantity, _, unit = column.rpartition("_")
    side = next((side.value for side in SHOWN_SIDES if quantity.startswith(f"{side.value}_")), BODY)
    return side, quantity.removeprefix(f"{side}_"), unit
