"""Export of a measurement to the formats of the field: the formats, their suffixes, and how each is written.

docs/formats.md describes them.
"""

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from hipcv.measurement import Measurement
from hipcv.records import netcdf
from hipcv.records.opensim import motion, to_mot, to_trc
from hipcv.records.tidy_csv import to_tidy_csv
from hipcv.system.writing import replacing


class Format(Enum):
    """An export format; its value is the suffix of its files."""

    MOT = "mot"
    """OpenSim motion: rotation of both hips."""
    TRC = "trc"
    """OpenSim markers: landmarks in space."""
    NC = "nc"
    """netCDF in the layout of `movement`: landmarks in the image and in space."""
    CSV = "csv"
    """Series in long form."""

    @property
    def is_text(self) -> bool:
        """Whether it can be written to stdout."""
        return self in _TEXTS


_TEXTS: dict[Format, Callable[[Measurement], str]] = {Format.MOT: to_mot, Format.TRC: to_trc, Format.CSV: to_tidy_csv}


def format_of(ending: str) -> Format | None:
    """Format for a suffix, with or without its dot, upper or lower case; None if no format has it."""
    name = ending.lower().removeprefix(".")
    return next((known for known in Format if known.value == name), None)


def check(wanted: Format) -> None:
    """Check at once that the libraries for a format are installed.

    Raises
    ------
    InstallationError
        The extra `formats` is not installed, and this format needs it.
    """
    if wanted is Format.NC:
        netcdf.check_libraries()


def n_pictures(measurement: Measurement, wanted: Format) -> int:
    """Number of frames in the exported file: all measured ones, but for a motion only those in which no hip is missing."""
    return int(motion(measurement)[1].sum()) if wanted is Format.MOT else len(measurement.landmarks.time_s)


def as_text(measurement: Measurement, wanted: Format) -> str:
    """The file as text; raises `KeyError` for a format that is not text.

    Raises
    ------
    ExportError
        The format cannot hold this measurement.
    """
    return _TEXTS[wanted](measurement)


def write(measurement: Measurement, path: Path, wanted: Format) -> None:
    """Write the measurement to a file, whole or not at all.

    Raises
    ------
    ExportError
        The format cannot hold this measurement.
    InstallationError
        The extra `formats` is not installed, and this format needs it.
    OutputError
        The file cannot be written there.
    """
    if not wanted.is_text:
        netcdf.write_netcdf(measurement, path)
        return
    text = as_text(measurement, wanted)
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
