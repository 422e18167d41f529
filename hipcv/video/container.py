"""Checks whether a file is a whole video of an accepted kind, from its bytes, before any decoder sees it.

Only four container families are accepted. The family is passed to FFmpeg by name, so FFmpeg never guesses: a playlist, an SDP or concat
text, a still image or an image sequence has none of these signatures, whatever its name.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path, PurePath, PureWindowsPath

from hipcv.errors import UnreadableClip
from hipcv.video import limits, mp4
from hipcv.video.edit_list import AlteredTime

_HEAD_BYTES = 4096
_TS_SYNC = 0x47
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
"""How a path of Windows begins, which on another system is one long name with a person's name in it."""
_JOINERS = "\u200c\u200d"  # invisible, but needed by names in Persian and with emoji
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT_ID = b"\x18\x53\x80\x67"
_HOLDERS = {_SEGMENT_ID, b"\x1f\x43\xb6\x75"}  # the segment and its clusters
_PARTS = {
    bytes.fromhex(part)
    for part in [
        "114d9b74",
        "1549a966",
        "1654ae6b",
        "1c53bb6b",
        "1043a770",
        "1941a469",
        "1254c367",
        "ec",
        "bf",
        "e7",
        "5854",
        "a7",
        "ab",
        "a3",
        "a0",
        "af",
    ]
}
_EBML_HEADER_BYTES = 12
_MAX_ELEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Container:
    """Container family: its everyday name, FFmpeg's name, and whether the file lacks part of what its structure promises."""

    name: str
    demuxer: str
    is_cut: bool = False
    motion_track: int | None = None
    """Number of the track with the camera's motion, if there is one."""
    altered_times: Mapping[int, AlteredTime] = field(default_factory=dict)
    """What edit lists do to time, by number of the track."""


def shown_name(path: str | os.PathLike[str]) -> str:
    r"""The file's own name, fit to be printed: characters that no screen can show are replaced.

    >>> shown_name("clips/a.mp4"), shown_name(r"C:\Users\me\a.mp4")
    ('a.mp4', 'a.mp4')
    """
    kind = PureWindowsPath if _WINDOWS.match(os.fspath(path)) else PurePath
    name = kind(path).name or os.fspath(path)
    return "".join(c if c.isprintable() or c in _JOINERS else "\ufffd" for c in name)


def open_regular_file(path: str | os.PathLike[str], name: str) -> BufferedReader:
    """The clip, opened for reading, if it is a regular file of an accepted size; `name` is its name in messages.

    Raises
    ------
    UnreadableClip
        Missing, a folder, a device or a pipe, empty, or not permitted.
    UnsupportedClip
        Larger than 500 MB.
    """
    try:
        _check_kind_and_size(Path(path).stat(), name)
        # O_NONBLOCK: if a pipe has taken the file's place since, opening it must not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise UnreadableClip("no_such_file", about=name) from None
    except PermissionError:
        raise UnreadableClip("file_not_permitted", about=name) from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", "the name is not valid") or "unknown reason"
        raise UnreadableClip("file_not_opened", about=name, reason=reason) from None
    try:
        _check_kind_and_size(os.fstat(descriptor), name)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind_and_size(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableClip("not_a_file", about=name, case="folder")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableClip("not_a_file", about=name, case="device")
    if status.st_size == 0:
        raise UnreadableClip("file_empty", about=name)
    limits.check_bytes(name, status.st_size)


_NO_VIDEO = mp4.STILLS | {b"M4A ", b"M4B ", b"M4P "}
"""Brands of still images, and Apple's of sound, which share the family's first bytes."""


def is_video(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins like one of the four families; it may still be damaged or too large."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    is_mp4 = head[4:8] in mp4.FIRST_BOXES and not (head[4:8] == b"ftyp" and head[8:12] in _NO_VIDEO)
    return is_mp4 or head.startswith(_EBML) or _is_avi(head) or _ts_packet_bytes(head) > 0


def identify(file: BufferedReader, name: str) -> Container:
    """Container family of a file, from its first bytes, and whether its outermost structure is complete.

    Raises
    ------
    UnreadableClip
        None of MP4/MOV/3GP, WebM/MKV, AVI and TS.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    size = file.seek(0, os.SEEK_END)
    if head[4:8] in mp4.FIRST_BOXES:
        outline = mp4.outline(file, size, name)
        return Container("MP4/MOV", "mov", outline.missing_bytes > 0, outline.motion_track, outline.altered_times)
    if head.startswith(_EBML):
        return Container("WebM/MKV", "matroska", _matroska_is_cut(file, head, size))
    if _is_avi(head):
        return Container("AVI", "avi", _avi_is_cut(head, size))
    packet = _ts_packet_bytes(head)
    if packet:
        return Container("TS", "mpegts", size % packet > 0)
    raise UnreadableClip("not_a_video", about=name)


def _is_avi(head: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"AVI "


def _ts_packet_bytes(head: bytes) -> int:
    """Packet length: sync bytes every 188 bytes, or every 192 after a 4-byte timestamp (camcorders); 0 = neither."""
    for start, step in ((0, 188), (4, 192)):
        if head[start : start + 3 * step + 1 : step] == bytes([_TS_SYNC] * 4):
            return step
    return 0


def _avi_is_cut(head: bytes, size: int) -> bool:
    """Whether the first RIFF chunk extends beyond the file; a recorder that loses power leaves that length at 0."""
    length = int.from_bytes(head[4:8], "little")
    return length == 0 or length + 8 > size


def _matroska_is_cut(file: BufferedReader, head: bytes, size: int) -> bool:
    """Whether the parts of the segment, down to the blocks of video and sound, fail to follow each other to its very end.

    FFmpeg silently skips what it does not understand, and a live recording leaves its length open.
    """
    offset, end = head.find(_SEGMENT_ID), size
    for _ in range(_MAX_ELEMENTS):
        if not 0 <= offset <= size:  # an element may state any length, and a file may lack the segment
            return True
        file.seek(offset)
        element, header_bytes, length = _ebml_header(file.read(_EBML_HEADER_BYTES))
        if element not in _PARTS and element not in _HOLDERS:
            return True
        offset += header_bytes
        if element == _SEGMENT_ID and length is not None:
            end = offset + length
        elif element in _PARTS:
            offset += length or 0
        if offset >= end:
            break
    return not offset == end <= size


def _ebml_header(data: bytes) -> tuple[bytes, int, int | None]:
    """ID of an element, bytes of its header (0 = truncated), length of its content (None = left open)."""
    id_bytes = 9 - data[0].bit_length() if data else 9
    first = data[id_bytes] if id_bytes < len(data) else 0
    width = 9 - first.bit_length()
    if not first or id_bytes + width > len(data):
        return b"", 0, 0
    open_mark = (1 << 7 * width) - 1
    length = int.from_bytes(data[id_bytes : id_bytes + width], "big") & open_mark
    return data[:id_bytes], id_bytes + width, None if length == open_mark else length
