"""Check of the outermost structure of MP4 and MOV files, before FFmpeg reads them.

It answers four questions. Is there an index, and is the file as long as its parts say? Is the video in this file and not in another one
that it references? Does the index claim a credible number of samples? FFmpeg expands an index in memory before it returns anything: 5 kB
that claim 80 million samples take 5 GB. Are the times those of the recording (edit_list.py)?
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from itertools import islice
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from hipcv.errors import UnreadableClip
from hipcv.video import edit_list
from hipcv.video.edit_list import AlteredTime

FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid"}
_INDEX_BOXES = {b"moov", b"moof"}
_NEVER_READ = {b"mdat", b"wide", b"uuid"}
STILLS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"crx "}
"""Brands of still images, which share the family's first bytes (ISO/IEC 23008-12; AVIF; Canon)."""

_MAX_BOXES = 100_000  # a fragment per frame is two boxes per frame
_MAX_INDEX_BYTES = 16_000_000
_MAX_TABLES = 1000
_MAX_SAMPLES = 3_000_000  # all tracks together; 70 bytes each in FFmpeg's memory
_MAX_WAVEFORM = 60_000_000  # sound as a plain waveform has a sample per value, which FFmpeg does not expand
_MAX_EDITS = 100
_MAX_EDIT_LISTS = 10  # of one track, which needs one; the rest is not looked at
_MAX_FTYP_BYTES = 512

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int
    """As the box states: beyond the end of the file if the file is cut."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Results from the outermost structure."""

    missing_bytes: int
    """Number of bytes missing from the last part of the file; 0 if it is complete."""
    motion_track: int | None
    """Number of the one track with the camera's motion (gravity.py); FFmpeg reads it, but does not say which one it is."""
    altered_times: Mapping[int, AlteredTime] = field(default_factory=dict)
    """What edit lists do to time, by number of the track."""


def outline(file: BufferedReader, size: int, name: str) -> Outline:
    """Outline of the file: missing bytes, the track with the camera's motion, and tracks with altered times.

    Raises
    ------
    UnreadableClip
        There is no index (as in a photo), it is not credible, or the video is in another file.
    """
    boxes = list(_boxes(file, size, name))
    kinds = {box.kind for box in boxes}
    if not kinds & _INDEX_BOXES:
        if b"meta" in kinds or _is_still(file):
            raise UnreadableClip("photo", about=name)
        raise UnreadableClip("breaks_off_before_index", about=name)
    motion_tracks, altered_times = _check_index(file, [box for box in boxes if box.kind not in _NEVER_READ], name)
    return Outline(
        missing_bytes=max(0, max(box.end for box in boxes) - size),
        motion_track=motion_tracks[0] if len(motion_tracks) == 1 else None,
        altered_times=altered_times,
    )


def _is_still(file: BufferedReader) -> bool:
    """Whether the file calls itself a photo: among its brands is one of those of still images."""
    file.seek(0)
    head = file.read(_MAX_FTYP_BYTES)
    end = min(len(head), int.from_bytes(head[:4], "big"))
    brands = [head[at : at + 4] for at in (8, *range(16, end, 4))]  # between the first and the others stands a version
    return head[4:8] == b"ftyp" and not STILLS.isdisjoint(brands)


def _boxes(file: BufferedReader, size: int, name: str) -> Iterator[_Box]:
    """The outermost boxes, one after the other; like FFmpeg, it stops at an impossible length."""
    offset = 0
    for _ in range(_MAX_BOXES):
        if offset >= size:  # a box may state any length, which no file can be asked for
            return
        file.seek(offset)
        header = file.read(16)
        if len(header) < 8:
            if header.strip(b"\0"):
                yield _Box(b"", offset, offset + 8)
            return
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:].ljust(8, b"\xff"), "big")
        elif length == 0:
            length = size - offset
        if length < 8:
            return
        yield _Box(kind, offset, offset + length)
        offset += length
    _implausible(name, "parts", most=_MAX_BOXES)


def _check_index(file: BufferedReader, boxes: list[_Box], name: str) -> tuple[list[int], dict[int, AlteredTime]]:
    """Numbers of the camera-motion tracks, and what edit lists do to time, by number of the track, if the index is credible."""
    n_bytes = n_samples = 0
    motion_tracks: list[int] = []
    altered_times: dict[int, AlteredTime] = {}
    for box in boxes:
        file.seek(box.start)
        content = file.read(min(box.end - box.start, _MAX_INDEX_BYTES + 1))
        n_bytes += len(content)
        if n_bytes > _MAX_INDEX_BYTES:
            _implausible(name, "index_size", most=_MAX_INDEX_BYTES / 1e6)
        tracks = content.split(b"trak", _MAX_TABLES + 1)
        if len(tracks) > _MAX_TABLES:
            _implausible(name, "tracks", most=_MAX_TABLES)
        movie_hz = max(_after_dates(tracks[0], b"mvhd", name), default=1)
        for track in tracks:
            _check_track(track, name)
            altered_times |= _altered_times(track, movie_hz, name)
            n_samples += _n_samples(track, name)
            motion_tracks += _motion_tracks(track, name)
        if n_samples > _MAX_SAMPLES:
            _implausible(name, "samples", claimed=n_samples)
    return motion_tracks, altered_times


def _check_track(track: bytes, name: str) -> None:
    if b"cmov" in track:
        _implausible(name, "compressed_index")
    for edits in _tables(track, b"elst", name):
        if _number(edits, 4) > _MAX_EDITS:
            _implausible(name, "pieces", claimed=_number(edits, 4))
    for references in _tables(track, b"dref", name):
        _check_references(references, name)


def _motion_tracks(track: bytes, name: str) -> list[int]:
    """Number of this track if its samples are called "camm", else nothing."""
    if not any(bytes(table[12:16]) == b"camm" for table in _tables(track, b"stsd", name)):
        return []
    return _after_dates(track, b"tkhd", name)


def _altered_times(track: bytes, movie_hz: int, name: str) -> dict[int, AlteredTime]:
    """What the edit list of this track does to time, by its number."""
    track_hz = max(_after_dates(track, b"mdhd", name), default=1)
    told = [
        edit_list.altered_time(edit_list.read(table, movie_hz, track_hz))
        for table in islice(_tables(track, b"elst", name), _MAX_EDIT_LISTS)
    ]
    return {number: altered for number in _after_dates(track, b"tkhd", name) for altered in told if altered}


def _after_dates(track: bytes, kind: bytes, name: str) -> list[int]:
    """The number after two dates, which version 1 writes with 64 bits each: a track's own (tkhd), its ticks per second (mdhd, mvhd)."""
    return [_number(head, 20 if bytes(head[:1]) == b"\1" else 12) for head in _tables(track, kind, name)]


def _n_samples(track: bytes, name: str) -> int:
    """Number of samples that the tables of one track make FFmpeg expand, wherever they are in it."""
    sizes = max((_number(table, 8) for kind in (b"stsz", b"stz2") for table in _tables(track, kind, name)), default=0)
    runs = [_runs(table) for table in _tables(track, b"stts", name)]
    durations = max((int(counts.sum()) for counts, _ in runs), default=0)
    offsets = max((int(_runs(table)[0].sum()) for table in _tables(track, b"ctts", name)), default=0)
    fragments = sum(_number(table, 4) for table in _tables(track, b"trun", name))
    if _is_waveform(track, runs, name) and max(sizes, durations) <= _MAX_WAVEFORM:
        sizes = durations = 0
    return max(sizes, durations, offsets) + fragments


def _tables(track: bytes, kind: bytes, name: str) -> Iterator[memoryview]:
    """The data after each occurrence of a box's name; found by scanning, because FFmpeg accepts a table anywhere."""
    at = track.find(kind)
    for _ in range(_MAX_TABLES):
        if at < 0:
            return
        yield memoryview(track)[at + 4 :]
        at = track.find(kind, at + 4)
    _implausible(name, "tables", most=_MAX_TABLES)


def _is_waveform(track: bytes, runs: Sequence[tuple[IntArray, IntArray]], name: str) -> bool:
    """Whether it is sound with a sample per value, each lasting one tick."""
    handlers = {bytes(table[8:12]) for table in _tables(track, b"hdlr", name)}
    return b"soun" in handlers and b"vide" not in handlers and bool(runs) and all(lasts.tolist() == [1] for _, lasts in runs)


def _number(table: memoryview, at: int) -> int:
    return int.from_bytes(table[at : at + 4], "big")


def _runs(table: memoryview) -> tuple[IntArray, IntArray]:
    """Columns of a table of pairs: number of consecutive samples, and the value they share."""
    n_runs = max(0, min(_number(table, 4), (len(table) - 8) // 8))
    numbers = np.frombuffer(table, dtype=">u4", count=2 * n_runs, offset=min(8, len(table))).astype(np.int64)
    return numbers[::2], numbers[1::2]


def _check_references(table: memoryview, name: str) -> None:
    """Raise if an entry refers to another file: it lacks the flag (the lowest) for data in this file and holds an address."""
    at = 8
    for _ in range(min(_number(table, 4), 100)):
        length, kind, flags = _number(table, at), bytes(table[at + 4 : at + 8]), _number(table, at + 8)
        if kind in {b"alis", b"url ", b"urn ", b"rsrc"} and not flags & 1 and length > 13:
            raise UnreadableClip("picture_elsewhere", about=name)
        at += max(length, 8)


def _implausible(name: str, case: str, **seen: float) -> NoReturn:
    raise UnreadableClip("index_implausible", about=name, case=case, **seen)
