"""A measurement in the formats of the field: which there are, which one an ending asks for, and how each is written.

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
    """A format by the ending of its files."""

    MOT = "mot"
    """OpenSim motion: rotation of both hips."""
    TRC = "trc"
    """OpenSim markers: landmarks in space."""
    NC = "nc"
    """netCDF in the layout of `movement`: landmarks in the picture and in space."""
    CSV = "csv"
    """Series in long form."""

    @property
    def is_text(self) -> bool:
        """Whether it can go to stdout."""
        return self in _TEXTS


_TEXTS: dict[Format, Callable[[Measurement], str]] = {Format.MOT: to_mot, Format.TRC: to_trc, Format.CSV: to_tidy_csv}


def format_of(ending: str) -> Format | None:
    """The format of an ending, with or without its dot, upper or lower case; None if no format has it."""
    name = ending.lower().removeprefix(".")
    return next((known for known in Format if known.value == name), None)


def check(wanted: Format) -> None:
    """Say at once what a format lacks on this machine.

    Raises
    ------
    InstallationError
        The extra `formats` is not installed, and this format needs it.
    """
    if wanted is Format.NC:
        netcdf.check_libraries()


def n_pictures(measurement: Measurement, wanted: Format) -> int:
    """How many pictures the file of a format holds: all that were measured, but in a motion only those in which no hip is missing."""
    return int(motion(measurement)[1].sum()) if wanted is Format.MOT else len(measurement.landmarks.time_s)


def as_text(measurement: Measurement, wanted: Format) -> str:
    """The file of a format that is text; a `KeyError` for the other one.

    Raises
    ------
    ExportError
        The format cannot hold this measurement.
    """
    return _TEXTS[wanted](measurement)


def write(measurement: Measurement, path: Path, wanted: Format) -> None:
    """The measurement as a file, whole or not at all.

    Raises
    ------
    ExportError
        The format cannot hold this measurement.
    InstallationError
        The extra `formats` is not installed, and this format needs it.
    OutputError
        It cannot be written there.
    """
    if not wanted.is_text:
        netcdf.write_netcdf(measurement, path)
        return
    text = as_text(measurement, wanted)
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
