"""The stated limits of a clip; a message for each says what was seen, what is needed, what to do."""

from typing import NoReturn

from hipcv.errors import ClipTooShort, UnsupportedClip
from hipcv.values import short_of

MAX_BYTES = 500_000_000
MAX_MEGABYTES = MAX_BYTES // 1_000_000
MAX_PIXELS = 8_900_000
MAX_SIDE_PX = 4096
MIN_SIDE_PX = 120
MAX_DURATION_S = 600.0
MAX_FRAMES = 20_000
MIN_RATE_HZ, MAX_RATE_HZ = 5.0, 240.0
MIN_DURATION_S = 1.0
_RATE_TOLERANCE = 1.02  # a phone's "240" is measured as 240.3


def check_bytes(name: str, n_bytes: int) -> None:
    """Reject a file of more than 500 MB."""
    if n_bytes > MAX_BYTES:
        raise UnsupportedClip("too_many_bytes", about=name, megabytes=max(n_bytes, MAX_BYTES + 1_000_000) / 1e6, most=MAX_MEGABYTES)


def check_size(name: str, width: int, height: int) -> None:
    """Reject an image larger than 4K or smaller than a thumbnail, as stored."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise UnsupportedClip("too_many_pixels", about=name, width=width, height=height)
    check_short_side(name, width, height)


def check_short_side(name: str, width: int, height: int) -> None:
    """Reject an image smaller than a thumbnail, as stored or as shown with square pixels; 0 = the file does not state it."""
    if 0 < min(width, height) < MIN_SIDE_PX:
        raise UnsupportedClip("too_few_pixels", about=name, width=width, height=height, least=MIN_SIDE_PX)


def check_length(name: str, duration_s: float, n_frames: int) -> None:
    """Reject a clip of more than 10 minutes or 20,000 frames."""
    if duration_s > MAX_DURATION_S:
        _too_long(name, "just_over" if duration_s < 660 else "minutes", minutes=duration_s / 60)
    if n_frames > MAX_FRAMES:
        _too_long(name, "frames")


def check_fast(name: str, rate_hz: float) -> None:
    """Reject a clip of more than 240 frames per second."""
    if rate_hz > MAX_RATE_HZ * _RATE_TOLERANCE:
        raise UnsupportedClip("rate_too_high", about=name, rate=rate_hz, most=MAX_RATE_HZ)


def check_read(name: str, n_frames: int, duration_s: float, rate_hz: float) -> None:
    """Reject a clip that turned out too short, too slow or too fast.

    Raises
    ------
    ClipTooShort
        Less than a second.
    UnsupportedClip
        Fewer than 5 or more than 240 frames per second.
    """
    if n_frames < 2 or duration_s < MIN_DURATION_S:
        raise ClipTooShort("too_short", about=name, seconds=short_of(duration_s, MIN_DURATION_S, 1), least=MIN_DURATION_S)
    if rate_hz < MIN_RATE_HZ / _RATE_TOLERANCE:
        raise UnsupportedClip("rate_too_low", about=name, rate=short_of(rate_hz, MIN_RATE_HZ, 1), least=MIN_RATE_HZ)
    check_fast(name, rate_hz)


def _too_long(name: str, case: str, **seen: float) -> NoReturn:
    raise UnsupportedClip("too_long", about=name, case=case, most=MAX_FRAMES, **seen)
