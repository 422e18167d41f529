"""Further files of each clip, if they are asked for: its angles over time as a table, and the formats of `hipcv export`."""

from collections.abc import Mapping
from pathlib import Path

from hipcv.batch.file_ops import sha256_of
from hipcv.errors import ExportError
from hipcv.measurement import Measurement
from hipcv.records import export
from hipcv.records.export import Format

SERIES, EXPORTS = "series", "exports"
EXTRAS = (SERIES, *(known.value for known in Format))
"""What a run may be asked for; an export by the ending of its files."""


def place(key: str, extra: str) -> Path:
    """Where the file of a clip lies in a dataset.

    >>> place("a.mp4-1234", "mot").as_posix()
    'exports/a.mp4-1234.mot'
    """
    return Path(SERIES, f"{key}.parquet") if extra == SERIES else Path(EXPORTS, f"{key}.{extra}")


def write(measurement: Measurement, paths: Mapping[str, str]) -> dict[str, str]:
    """Write each where it belongs. Their hashes; empty for a format that cannot hold this measurement, as a motion needs both hips.

    Raises
    ------
    InstallationError
        A library for it is missing.
    OutputError
        It cannot be written there.
    """
    from hipcv.batch import series  # late: loads Arrow

    hashes = {}
    for extra, path in paths.items():
        try:
            if extra == SERIES:
                series.write(measurement, Path(path))
            else:
                export.write(measurement, Path(path), Format(extra))
            hashes[extra] = sha256_of(Path(path))
        except ExportError:
            hashes[extra] = ""
    return hashes
