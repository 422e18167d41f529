"""Builder of MP4 files that say how the camera was held: a track of camera motion behind an ordinary clip.

FFmpeg writes no such track, so its boxes are put together here, as ISO/IEC 14496-12 has them.
"""

import struct
from pathlib import Path

import numpy as np

GRAVITY_M_S2 = 9.81
_TICKS = 1000  # of the track's clock in a second


def packet(kind: int, *numbers: float, reserved: int = 0) -> bytes:
    """One packet: two 16-bit numbers and as many floats as are given."""
    return struct.pack(f"<HH{len(numbers)}f", reserved, kind, *numbers)


def accelerations(vectors_m_s2: np.ndarray) -> list[bytes]:
    """A packet of type 3 for each row."""
    return [packet(3, *vector) for vector in vectors_m_s2]


def at_rest(up: tuple[float, float, float], n: int = 120) -> np.ndarray:
    """What an accelerometer reads that nobody moves: a gravity away from the ground."""
    vector = np.array(up, float)
    return np.tile(GRAVITY_M_S2 * vector / np.linalg.norm(vector), (n, 1))


def add_camm(path: Path, packets: list[bytes], sizes: list[int] | None = None, entry: bytes = b"camm", duration_s: float = 1.2) -> Path:
    """The same MP4 with a motion track, its packets spread evenly; `sizes` are what the index claims of them.

    The index must stand at the end of the file, where FFmpeg puts it unless told otherwise.
    """
    data = path.read_bytes()
    start = data.rindex(b"moov") - 4
    moov = data[start + 8 :]
    assert len(moov) + 8 == int.from_bytes(data[start : start + 4], "big")
    claimed = [len(one) for one in packets] if sizes is None else sizes
    length = len(_track(claimed, 0, entry, duration_s))
    offset = start + 8 + len(moov) + length + 8  # behind the longer index, in a data box of its own
    moov += _track(claimed, offset, entry, duration_s)
    path.write_bytes(data[:start] + _box(b"moov", moov) + _box(b"mdat", b"".join(packets)))
    return path


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, content: bytes, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return _box(kind, struct.pack(">I", flags) + content)


def _track(sizes: list[int], offset: int, entry: bytes, duration_s: float) -> bytes:
    ticks, each = round(_TICKS * duration_s), round(_TICKS * duration_s / max(1, len(sizes)))
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    head = _full(b"tkhd", struct.pack(">5I8x4H", 0, 0, 77, 0, ticks, 0, 0, 0, 0) + matrix + bytes(8), 3)
    clock = _full(b"mdhd", struct.pack(">4IHH", 0, 0, _TICKS, ticks, 0x55C4, 0))
    handler = _full(b"hdlr", struct.pack(">4x4s12x", b"meta") + b"CameraMetadataMotionHandler\0")
    here = _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", 1)))
    tables = [
        _full(b"stsd", struct.pack(">I", 1) + _box(entry, struct.pack(">6xH", 1))),
        _full(b"stts", struct.pack(">3I", 1, len(sizes), each)),
        _full(b"stsc", struct.pack(">4I", 1, 1, max(1, len(sizes)), 1)),
        _full(b"stsz", struct.pack(f">2I{len(sizes)}I", 0, len(sizes), *sizes)),
        _full(b"stco", struct.pack(">2I", 1, offset)),
    ]
    media = _box(b"minf", _full(b"nmhd", b"") + here + _box(b"stbl", b"".join(tables)))
    return _box(b"trak", head + _box(b"mdia", clock + handler + media))
