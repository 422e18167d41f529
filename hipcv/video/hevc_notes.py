"""HEVC without what its encoder notes beside the pictures (SEI): phones write notes that FFmpeg's strict decoder takes for damage."""

from collections.abc import Iterator

_NOTES = {39, 40}
"""Kinds of units of the stream, before and after a picture; ITU-T H.265, table 7-1."""
_START = b"\0\0\1"


def length_bytes(extradata: bytes | None) -> int:
    """Bytes of the length before each unit, as MP4 and Matroska write them (ISO/IEC 14496-15, `hvcC`); 0 = start codes stand between."""
    return (extradata[21] & 3) + 1 if extradata and len(extradata) > 21 and extradata[0] == 1 else 0


def without_notes(packet: bytes, n_length: int) -> bytes:
    """A packet without its notes, `n_length` as told by `length_bytes`.

    >>> list(without_notes(bytes([0, 2, 78, 1, 0, 3, 2, 1, 9]), 2))
    [0, 3, 2, 1, 9]
    """
    if n_length:
        return b"".join(len(unit).to_bytes(n_length, "big") + unit for unit in _units(packet, n_length) if not _is_note(unit))
    head, *units = packet.split(_START)
    return _START.join([head, *(unit for unit in units if not _is_note(unit))])


def _units(packet: bytes, n_length: int) -> Iterator[bytes]:
    """Units as far as their lengths go."""
    at = 0
    while at + n_length <= len(packet):
        end = at + n_length + int.from_bytes(packet[at : at + n_length], "big")
        yield packet[at + n_length : end]
        at = end


def _is_note(unit: bytes) -> bool:
    return bool(unit) and (unit[0] >> 1) & 63 in _NOTES
