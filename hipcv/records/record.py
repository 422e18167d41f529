"""One stored measurement: a folder with the document, the arrays, the stills, the figure, the overlay and the film of the legs."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hipcv.errors import RecordError, UnreadableResult
from hipcv.landmarks import Side
from hipcv.measurement import Measurement
from hipcv.records import read_document
from hipcv.records.arrays import Arrays, arrays_of
from hipcv.records.document import REVIEW, as_text, to_document
from hipcv.system.writing import replacing

DOCUMENT, ARRAYS, FIGURE, OVERLAY = "measurement.json", "arrays.npz", "figure.png", "overlay.mp4"
LEG_FILM, LEG_FILM_FACTS = "legs.mp4", "legs.json"
STILL = re.compile(r"(left|right)-[0-9]{1,3}\.jpg")
VIDEO = "video"
"""The clip itself, if the person wants to keep it; it is never served or sent."""
_MOST_DOCUMENT_BYTES = 5_000_000
_MOST_ARRAY_BYTES = 400_000_000
"""20,000 frames (the longest clip) take some 80 MB."""
_DEEPEST = 20
_HEADER = re.compile(rb"\{'descr': '(<f8|<i8|\|b1)', 'fortran_order': (False|True), 'shape': \(([\d, ]{0,40})\), \} *\n")
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that control a terminal or cannot be written; line breaks and tabs are allowed."""
UNREADABLE = (OSError, EOFError, ValueError, OverflowError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)
"""Errors from reading a damaged or malicious zip file."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Content of a folder: the document as written, and the measurement read from it."""

    folder: Path
    document: Mapping[str, Any]
    measurement: Measurement

    def still(self, side: Side, index: int) -> Path | None:
        """The image of the end range of `hips[side].reps[index]`, if there is one."""
        name = picture_name(self.document, side, index)
        return self._existing(name) if name else None

    @property
    def overlay(self) -> Path | None:
        """The video with the angles drawn in, if it exists."""
        return self._existing(OVERLAY)

    @property
    def leg_film(self) -> Path | None:
        """The film of the legs, if it exists with its facts (`rendering/leg_film.py`)."""
        return self._existing(LEG_FILM) if self.leg_film_facts else None

    @property
    def leg_film_facts(self) -> Path | None:
        """What part of the image the film of the legs shows, if that was written."""
        return self._existing(LEG_FILM_FACTS)

    def _existing(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None


def still_name(side: Side, index: int) -> str:
    """`right-0.jpg`: file name of the image of `hips[side].reps[index]`."""
    return f"{side.value}-{index}.jpg"


def picture_name(document: Mapping[str, Any], side: Side, index: int) -> str | None:
    """File name of the image of `hips[side].reps[index]` of a document; None for a repetition that a reviewer added.

    Where a reviewer exchanged the sides, the images keep the names that they had.
    """
    if not isinstance(review := document.get(REVIEW), Mapping):
        return still_name(side, index)
    try:
        name = f"{review['pictures'][side.value][index]}.jpg"
    except (KeyError, IndexError, TypeError):
        return None
    return name if STILL.fullmatch(name) else None


def write(measurement: Measurement, folder: Path, document: Mapping[str, Any] | None = None) -> None:
    """Write document and arrays; images are added beside them when they are drawn.

    `document` is that of the measurement with further parts, if there are any.

    Raises
    ------
    OutputError
        They cannot be written there.
    """
    with replacing(folder / ARRAYS) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays_of(measurement))
    with replacing(folder / DOCUMENT) as unfinished:  # last: a folder with a document is complete
        unfinished.write_text(as_text(document or to_document(measurement)), encoding="utf-8")


def read(folder: Path) -> Record:
    """Read the output of `write`.

    Raises
    ------
    RecordError
        Something is missing, damaged or altered.
    """
    try:
        document = parsed((folder / DOCUMENT).read_bytes()[:_MOST_DOCUMENT_BYTES])
        return Record(folder, document, read_document.measurement_of(document, _arrays((folder / ARRAYS).read_bytes())))
    except UnreadableResult as problem:
        raise RecordError.of(problem) from None
    except UNREADABLE:
        raise RecordError("record_damaged") from None


def parsed(data: bytes) -> Any:
    """JSON as written by hipcv; raises `ValueError` or `RecursionError` for content that neither app nor terminal could show."""
    content = json.loads(data)
    _check(content, 0)
    return content


def _check(content: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(content, str) and CONTROL_CHARACTERS.search(content):
        raise ValueError("no text")
    if isinstance(content, int | float) and not abs(content) < 2**53:  # not finite, or larger than any value here can be
        raise ValueError("no number")
    if isinstance(content, dict):
        content = [*content, *content.values()]
    if isinstance(content, list):
        for part in content:
            _check(part, depth + 1)


def check_parts(packed: zipfile.ZipFile, most_bytes: int) -> None:
    """Raise `ValueError` if a zip file expands without limit, or is compressed in a way that hipcv never uses."""
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > most_bytes:
        raise ValueError("too large")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise ValueError("packed otherwise")


def _arrays(data: bytes) -> Arrays:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        check_parts(packed, _MOST_ARRAY_BYTES)
        return {name.removesuffix(".npy"): _array(packed.read(name)) for name in packed.namelist()}


def _array(data: bytes) -> npt.NDArray[Any]:
    """One numeric array as written by `np.save`. numpy's own reader accepts more than that: old headers, any type, code."""
    start = 10 + int.from_bytes(data[8:10], "little")
    header = _HEADER.fullmatch(data[10:start])
    if not data.startswith(b"\x93NUMPY\x01\x00") or header is None:
        raise ValueError("no array")
    kind, in_columns, sizes = header.groups()
    shape = tuple(int(size) for size in sizes.split(b",") if size.strip())
    return np.frombuffer(data[start:], kind.decode()).reshape(shape, order="F" if in_columns == b"True" else "C")
