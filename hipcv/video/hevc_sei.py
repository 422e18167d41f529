"""HEVC without its SEI messages, which describe the pictures: phones write some that FFmpeg's strict decoder takes for damage."""

from collections.abc import Iterator

_SEI = {39, 40}
"""Types of NAL units, prefix and suffix SEI; ITU-T H.265, table 7-1."""
_START = b"\0\0\1"


def length_bytes(extradata: bytes | None) -> int:
    """Bytes of the length before each NAL unit, as MP4 and Matroska write them (ISO/IEC 14496-15, `hvcC`); 0 = start codes stand between."""
    return (extradata[21] & 3) + 1 if extradata and len(extradata) > 21 and extradata[0] == 1 else 0


def without_sei(packet: bytes, n_length: int) -> bytes:
    """A packet without its SEI messages, `n_length` as told by `length_bytes`.

    >>> list(without_sei(bytes([0, 2, 78, 1, 0, 3, 2, 1, 9]), 2))
    [0, 3, 2, 1, 9]
    """
    if n_length:
        return b"".join(len(unit).to_bytes(n_length, "big") + unit for unit in _units(packet, n_length) if not _is_sei(unit))
    head, *units = packet.split(_START)
    return _START.join([head, *(unit for unit in units if not _is_sei(unit))])


def _units(packet: bytes, n_length: int) -> Iterator[bytes]:
    """NAL units as far as their lengths go."""
    at = 0
    while at + n_length <= len(packet):
        end = at + n_length + int.from_bytes(packet[at : at + n_length], "big")
        yield packet[at + n_length : end]
        at = end


def _is_sei(unit: bytes) -> bool:
    return bool(unit) and (unit[0] >> 1) & 63 in _SEI
