"""The door: is this file a whole video of a kind that hipcv opens? Read from the bytes, before any decoder sees them.

Only four families of container are let in. The family is told to FFmpeg by name, so it never guesses: a playlist, an SDP or concat
text, a picture or a picture series has none of these signatures, whatever it is called.
"""

import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from hipcv.errors import UnreadableClip, UnsupportedClip

MAX_BYTES = 500_000_000
_TS_PACKET = 188
_MP4_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid"}
_MP4_INDEX_BOXES = {b"moov", b"moof"}
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT_ID = b"\x18\x53\x80\x67"


@dataclass(frozen=True, slots=True)
class Container:
    """A family of container: its everyday name, FFmpeg's name, and how many bytes the file lacks (0 = whole or not known)."""

    name: str
    demuxer: str
    missing_bytes: int = 0


def open_regular_file(path: str | os.PathLike[str]) -> BufferedReader:
    """The clip, opened for reading, if it is an ordinary file of a size that hipcv takes.

    Raises
    ------
    UnreadableClip
        Missing, a folder, a device or a pipe, empty, or not permitted.
    UnsupportedClip
        Larger than 500 MB.
    """
    name = Path(path).name or str(path)
    try:
        # O_NONBLOCK: opening a pipe must not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise UnreadableClip(f"{name}: there is no such file. Check the name and the folder.") from None
    except PermissionError:
        raise UnreadableClip(f"{name}: this file may not be read. Allow reading it, or copy it to a folder of your own.") from None
    except IsADirectoryError:
        raise _not_a_file(name, "a folder") from None
    except (OSError, ValueError) as problem:
        raise UnreadableClip(f"{name}: this file cannot be opened ({_reason(problem)}). Copy it to a local folder and try again.") from None
    file = os.fdopen(descriptor, "rb")
    try:
        _check_kind_and_size(os.fstat(descriptor), name)
    except Exception:
        file.close()
        raise
    return file


def _reason(problem: Exception) -> str:
    return problem.strerror or "unknown reason" if isinstance(problem, OSError) else "the name is not valid"


def _not_a_file(name: str, what: str) -> UnreadableClip:
    return UnreadableClip(f"{name}: this is {what}, not a video file. Give the path of one video.")


def _check_kind_and_size(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _not_a_file(name, "a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(name, "a device or a pipe")
    if status.st_size == 0:
        raise UnreadableClip(f"{name}: the file is empty. Copy or send the video again.")
    if status.st_size > MAX_BYTES:
        raise UnsupportedClip(
            f"{name}: the file has {status.st_size / 1e6:.0f} MB and at most {MAX_BYTES / 1e6:.0f} MB are taken. "
            "Film a shorter clip, or choose 1080p instead of 4K."
        )


def identify(file: BufferedReader, name: str) -> Container:
    """The family of a file, by its first bytes, and whether its outermost structure is whole.

    Raises
    ------
    UnreadableClip
        None of MP4/MOV/3GP, WebM/MKV, AVI and TS.
    """
    file.seek(0)
    head = file.read(4 * 192 + 8)
    size = file.seek(0, os.SEEK_END)
    if head[4:8] in _MP4_FIRST_BOXES:
        return Container("MP4/MOV", "mov", _mp4_missing_bytes(file, size, name))
    if head.startswith(_EBML):
        return Container("WebM/MKV", "matroska", _matroska_missing_bytes(head, size))
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return Container("AVI", "avi", max(0, int.from_bytes(head[4:8], "little") + 8 - size))
    if _looks_like_ts(head):
        return Container("TS", "mpegts", -size % _TS_PACKET if head[0] == 0x47 else 0)
    raise UnreadableClip(
        f"{name}: this is not a video that hipcv opens. Send the original MP4, MOV, WebM, MKV, AVI or TS file from the phone."
    )


def _looks_like_ts(head: bytes) -> bool:
    """Sync bytes every 188 bytes, or every 192 behind a 4-byte stamp (camcorders)."""
    return any(
        len(head) > start + 3 * step and all(head[start + i * step] == 0x47 for i in range(4)) for start, step in ((0, 188), (4, 192))
    )


def _mp4_missing_bytes(file: BufferedReader, size: int, name: str) -> int:
    """Walk the outermost boxes: how far the last one reaches beyond the file."""
    offset, has_index = 0, False
    while offset + 8 <= size:
        file.seek(offset)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - offset
        has_index = has_index or kind in _MP4_INDEX_BOXES
        if length < 8:
            break
        offset += length
    if not has_index:
        raise UnreadableClip(
            f"{name}: the recording breaks off before its index, so no picture can be read. Copy or send the whole file again."
        )
    return max(0, offset - size)


def _matroska_missing_bytes(head: bytes, size: int) -> int:
    """How far the segment reaches beyond the file; 0 where a live recording left its length open."""
    start = head.find(_SEGMENT_ID)
    if start < 0:
        return 0
    first = head[start + 4]
    width = 9 - first.bit_length()
    length = int.from_bytes(head[start + 4 : start + 4 + width], "big") & ((1 << 7 * width) - 1)
    open_ended = length == (1 << 7 * width) - 1
    return 0 if open_ended else max(0, start + 4 + width + length - size)
