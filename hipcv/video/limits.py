"""The stated limits of a clip, refused by name: what was seen, what is needed, what to do."""

from typing import NoReturn

from hipcv.errors import ClipTooShort, UnsupportedClip

MAX_BYTES = 500_000_000
MAX_PIXELS = 8_900_000
MAX_SIDE_PX = 4096
MIN_SIDE_PX = 120
MAX_DURATION_S = 600.0
MAX_FRAMES = 20_000
MIN_RATE_HZ, MAX_RATE_HZ = 5.0, 240.0
MIN_DURATION_S = 1.0
_RATE_TOLERANCE = 1.02  # a phone's "240" is measured as 240.3


def check_bytes(name: str, n_bytes: int) -> None:
    """Refuse a file of more than 500 MB."""
    if n_bytes > MAX_BYTES:
        raise UnsupportedClip(
            f"{name}: the file has {n_bytes / 1e6:.0f} MB and at most {MAX_BYTES / 1e6:.0f} MB are taken. "
            "Film a shorter clip, or choose 1080p instead of 4K."
        )


def check_size(name: str, width: int, height: int) -> None:
    """Refuse a picture of more than 4K or less than a thumbnail; 0 = the file does not say."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise UnsupportedClip(f"{name}: the picture has {width} x {height} pixels; at most 4K (4096 x 2160) is taken. Film in 1080p.")
    if 0 < min(width, height) < MIN_SIDE_PX:
        raise UnsupportedClip(
            f"{name}: the picture has only {width} x {height} pixels and its shorter side needs {MIN_SIDE_PX}. "
            "Send the original video instead of a thumbnail."
        )


def check_length(name: str, duration_s: float, n_frames: int) -> None:
    """Refuse a clip of more than 10 minutes or 20,000 frames."""
    if duration_s > MAX_DURATION_S:
        _too_long(name, "lasts longer than 10 minutes" if duration_s < 660 else f"lasts {duration_s / 60:.0f} minutes")
    if n_frames > MAX_FRAMES:
        _too_long(name, f"has more than {MAX_FRAMES:,} frames")


def check_fast(name: str, rate_hz: float) -> None:
    """Refuse a clip of more than 240 frames a second."""
    if rate_hz > MAX_RATE_HZ * _RATE_TOLERANCE:
        raise UnsupportedClip(
            f"{name}: it has {rate_hz:.0f} frames a second and at most {MAX_RATE_HZ:.0f} are taken. Film at 30 or 60 frames a second."
        )


def check_read(name: str, n_frames: int, duration_s: float, rate_hz: float) -> None:
    """Refuse a clip that turned out too short, too slow or too fast.

    Raises
    ------
    ClipTooShort
        Less than a second.
    UnsupportedClip
        Fewer than 5 or more than 240 frames a second.
    """
    if n_frames < 2 or duration_s < MIN_DURATION_S:
        raise ClipTooShort(
            f"{name}: the video lasts {duration_s:.1f} s and at least {MIN_DURATION_S:.0f} s is needed. "
            "Film the whole test: about 15 s for both legs."
        )
    if rate_hz < MIN_RATE_HZ / _RATE_TOLERANCE:
        raise UnsupportedClip(
            f"{name}: it has {rate_hz:.1f} frames a second and at least {MIN_RATE_HZ:.0f} are needed. Film at 30 frames a second."
        )
    check_fast(name, rate_hz)


def _too_long(name: str, seen: str) -> NoReturn:
    raise UnsupportedClip(f"{name}: the video {seen}; at most 10 minutes or {MAX_FRAMES:,} frames are taken. Cut it to the test itself.")
