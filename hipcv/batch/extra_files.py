"""Optional files for each clip: its angles over time as a table, and the formats of `hipcv export`."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from hipcv.batch.file_ops import sha256_of
from hipcv.errors import ExportError
from hipcv.measurement import Measurement
from hipcv.records import export
from hipcv.records.document import DECIMALS, series_columns
from hipcv.records.export import Format
from hipcv.system.writing import replacing

SERIES, EXPORTS = "series", "exports"
EXTRAS = (SERIES, *(known.value for known in Format))
"""The extras that a run can write; an export is named by its file extension."""


def place(key: str, extra: str) -> Path:
    """The path of a clip's file within a dataset.

    >>> place("a.mp4-1234", "mot").as_posix()
    'exports/a.mp4-1234.mot'
    """
    return Path(SERIES, f"{key}.parquet") if extra == SERIES else Path(EXPORTS, f"{key}.{extra}")


def write(measurement: Measurement, paths: Mapping[str, str]) -> dict[str, str]:
    """Write each file and return the hashes; empty for a format that cannot hold this measurement, as a motion file needs both hips.

    Raises
    ------
    InstallationError
        If a library for the format is missing.
    OutputError
        If a file cannot be written.
    """
    hashes = {}
    for extra, path in paths.items():
        try:
            if extra == SERIES:
                _write_series(measurement, Path(path))
            else:
                export.write(measurement, Path(path), Format(extra))
            hashes[extra] = sha256_of(Path(path))
        except ExportError:
            hashes[extra] = ""
    return hashes


def _write_series(measurement: Measurement, path: Path) -> None:
    """The columns of `measure --csv` as Parquet, one row per frame; null = not measured."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: pa.array(np.round(values, DECIMALS), from_pandas=True) for name, values in series_columns(measurement).items()}
    with replacing(path) as unfinished:
        pq.write_table(pa.table(columns), unfinished)
