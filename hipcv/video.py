"""File to upright frames with their times, one at a time, in constant memory.

FFmpeg (through PyAV) never sees a path: it reads from the one file that was opened here, with the container named and every other
format, protocol and codec shut out, so that no file can make it open another one or the network.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from io import BufferedReader
from pathlib import Path
from typing import Any, NoReturn

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hipcv import tone
from hipcv.container import Container, identify, open_regular_file
from hipcv.errors import ClipTooShort, UnreadableClip, UnsupportedClip
from hipcv.values import Frame, ImageArray, ReadFaults, Settings, VideoInfo

CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores")
_DECODERS = (*CODECS, "libdav1d")
_DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"

MAX_PIXELS = 8_900_000
MAX_SIDE_PX = 4096
MIN_SIDE_PX = 120
MAX_DURATION_S = 600.0
MAX_FRAMES = 20_000
MIN_RATE_HZ, MAX_RATE_HZ = 5.0, 240.0
MIN_DURATION_S = 1.0
_RATE_TOLERANCE = 1.02  # a phone's "240" is measured as 240.3

# How far the picture may fall short of the announced length before the clip counts as cut.
_TAIL_S = 0.5


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a stored picture becomes upright: quarter turns counter-clockwise, after an optional left-right flip."""

    quarter_turns: int
    flipped: bool

    def apply(self, rgb: ImageArray) -> ImageArray:
        """The upright picture, contiguous."""
        if self.flipped:
            rgb = rgb[:, ::-1]
        return np.ascontiguousarray(np.rot90(rgb, self.quarter_turns))


class Clip:
    """An open clip: `frames()` once, then `info()` and `faults()`."""

    def __init__(self, path: str | os.PathLike[str], file: BufferedReader, family: Container, settings: Settings) -> None:
        self.name = Path(path).name
        self._file, self._family, self._settings = file, family, settings
        self.sha256 = hashlib.file_digest(_rewound(file), "sha256").hexdigest()
        self._container = _open_container(_rewound(file), family, self.name)
        self._stream = _picture_stream(self._container, self.name)
        self._orientation: Orientation | None = None
        self._transfer = 0
        self._times: list[float] = []
        self._n_corrupt = self._n_bad_times = 0
        self._size_px: tuple[int, int] = (0, 0)
        self._check_header()

    @property
    def n_frames_announced(self) -> int:
        """How many frames the file says it has, roughly; 0 = it does not say."""
        if self._stream.frames:
            return int(self._stream.frames)
        duration, rate = self._announced_duration_s(), self._stream.average_rate
        return int(duration * float(rate)) if duration and rate else 0

    @property
    def stride(self) -> int:
        """Every how many frames one is measured."""
        rate = float(self._stream.average_rate or 0)
        return max(1, int(rate // self._settings.analysis_rate_hz))

    def close(self) -> None:
        """Give the decoder back."""
        self._container.close()

    # ------------------------------------------------------------------ reading
    def frames(self) -> Iterator[Frame]:
        """Upright frames in order of time, shrunk to the size that the measurement needs.

        Raises
        ------
        UnreadableClip
            No frame can be decoded, or the picture changes its size in the middle.
        UnsupportedClip, ClipTooShort
            Outside the stated limits, as far as only the decoded frames tell.
        """
        origin_s: float | None = None
        for picture in self._decoded():
            if picture.time is None or (self._times and picture.time - (origin_s or 0.0) <= self._times[-1]):
                self._n_bad_times += 1
                continue
            if origin_s is None:
                origin_s = picture.time
                self._first_frame(picture)
            self._times.append(picture.time - origin_s)
            self._check_progress(picture)
            if (len(self._times) - 1) % self.stride == 0:
                yield Frame(self._times[-1], self._upright(picture))
        self._check_whole()

    def _decoded(self) -> Iterator[VideoFrame]:
        """What the decoder makes of the packets; damaged ones are counted and skipped."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
                pictures = packet.decode()
            except StopIteration:
                return
            except av.error.EOFError:
                return
            except MemoryError:
                raise UnsupportedClip(f"{self.name}: its frames are too large to decode. Film in 1080p.") from None
            except (av.error.FFmpegError, OSError):
                self._n_corrupt += 1
                if self._n_corrupt > MAX_FRAMES:
                    return
                continue
            for picture in pictures:
                if picture.is_corrupt:
                    self._n_corrupt += 1
                else:
                    yield picture

    def _first_frame(self, picture: VideoFrame) -> None:
        self._orientation = _orientation(picture, self.name)
        self._transfer = int(picture.color_trc or 0)
        self._size_px = (picture.width, picture.height)
        self._check_size(picture.width, picture.height)

    def _upright(self, picture: VideoFrame) -> ImageArray:
        assert self._orientation is not None
        width, height = self._shrunk_size()
        rgb = np.asarray(picture.to_ndarray(format="rgb24", width=width, height=height, interpolation="AREA"), dtype=np.uint8)
        return tone.to_sdr(self._orientation.apply(rgb), self._transfer)

    def _square_size(self) -> tuple[float, float]:
        """Stored width and height with square pixels."""
        width, height = self._size_px
        return width * float(_pixel_aspect(self._stream)), float(height)

    def _shrunk_size(self) -> tuple[int, int]:
        width, height = self._square_size()
        factor = min(1.0, self._settings.long_side_px / max(width, height))
        return round(width * factor), round(height * factor)

    # ------------------------------------------------------------------ afterwards
    def info(self) -> VideoInfo:
        """The clip as it was read; call it after the last frame."""
        orientation = self._orientation or Orientation(0, False)
        width, height = (round(side) for side in self._square_size())
        if orientation.quarter_turns % 2:
            width, height = height, width
        mirrored, front = _camera_facts({**self._container.metadata, **self._stream.metadata})
        return VideoInfo(
            name=self.name,
            sha256=self.sha256,
            n_bytes=os.fstat(self._file.fileno()).st_size,
            container=self._family.name,
            codec=_codec_name(self._stream),
            width_px=width,
            height_px=height,
            rotation_deg=90 * orientation.quarter_turns,
            flipped=orientation.flipped,
            transfer=tone.TRANSFER_NAMES.get(self._transfer, "sdr"),
            n_frames=len(self._times),
            duration_s=self._duration_s(),
            frame_rate_hz=self._rate_hz(),
            camera_mirrored=mirrored,
            front_camera=front,
        )

    def faults(self) -> ReadFaults:
        """What was wrong with the file; call it after the last frame."""
        announced = self._announced_duration_s()
        short = announced is not None and self._duration_s() < announced - max(_TAIL_S, 0.02 * announced)
        cut = short or self._family.missing_bytes > 0
        gaps = np.diff(self._times)
        return ReadFaults(
            n_corrupt=self._n_corrupt,
            n_bad_times=self._n_bad_times,
            cut_after_s=self._duration_s() if cut else None,
            longest_gap_s=float(gaps.max()) if len(gaps) else 0.0,
        )

    def _rate_hz(self) -> float:
        gaps = np.diff(self._times)
        return float(1 / np.median(gaps)) if len(gaps) else 0.0

    def _duration_s(self) -> float:
        """From the first frame to the end of the last one."""
        rate = self._rate_hz()
        return self._times[-1] + 1 / rate if rate else 0.0

    def _announced_duration_s(self) -> float | None:
        stream, container = self._stream, self._container
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        stated = stream.metadata.get("DURATION")  # Matroska keeps it as a tag of the stream
        if stated:
            try:
                hours, minutes, seconds = stated.split(":")
                return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
            except ValueError:
                return None
        only_picture = len(container.streams) == 1
        return container.duration / av.time_base if container.duration and only_picture else None

    # ------------------------------------------------------------------ limits
    def _check_header(self) -> None:
        context = self._stream.codec_context
        self._check_size(context.width, context.height)
        duration = self._announced_duration_s()
        if duration and duration > MAX_DURATION_S:
            self._too_long(f"lasts {duration / 60:.0f} minutes")
        if self._stream.frames > MAX_FRAMES:
            self._too_long(f"has {self._stream.frames} frames")
        rate = float(self._stream.average_rate or 0)
        if rate > MAX_RATE_HZ * _RATE_TOLERANCE:
            self._too_fast(rate)
        context.options = {"max_pixels": str(MAX_PIXELS), "threads": "2"}

    def _check_size(self, width: int, height: int) -> None:
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
            raise UnsupportedClip(
                f"{self.name}: the picture has {width} x {height} pixels; at most 4K (4096 x 2160) is taken. Film in 1080p."
            )
        if 0 < min(width, height) < MIN_SIDE_PX:
            raise UnsupportedClip(
                f"{self.name}: the picture has only {width} x {height} pixels and its shorter side needs {MIN_SIDE_PX}. "
                "Send the original video instead of a thumbnail."
            )

    def _check_progress(self, picture: VideoFrame) -> None:
        if (picture.width, picture.height) != self._size_px:
            raise UnreadableClip(f"{self.name}: the picture changes its size in the middle. Send one continuous recording.")
        if self._times[-1] > MAX_DURATION_S:
            self._too_long("lasts longer than 10 minutes")
        if len(self._times) > MAX_FRAMES:
            self._too_long(f"has more than {MAX_FRAMES} frames")

    def _check_whole(self) -> None:
        if not self._times:
            raise UnreadableClip(f"{self.name}: not one frame of it can be decoded. Copy or send the original video again.")
        if len(self._times) < 2 or self._duration_s() < MIN_DURATION_S:
            raise ClipTooShort(
                f"{self.name}: the video lasts {self._duration_s():.1f} s and at least {MIN_DURATION_S:.0f} s is needed. "
                "Film the whole test: about 15 s for both legs."
            )
        rate = self._rate_hz()
        if rate < MIN_RATE_HZ / _RATE_TOLERANCE:
            raise UnsupportedClip(
                f"{self.name}: it has {rate:.1f} frames a second and at least {MIN_RATE_HZ:.0f} are needed. Film at 30 frames a second."
            )
        if rate > MAX_RATE_HZ * _RATE_TOLERANCE:
            self._too_fast(rate)

    def _too_long(self, seen: str) -> NoReturn:
        raise UnsupportedClip(
            f"{self.name}: the video {seen}; at most 10 minutes or {MAX_FRAMES} frames are taken. Cut it to the test itself."
        )

    def _too_fast(self, rate: float) -> NoReturn:
        raise UnsupportedClip(f"{self.name}: it has {rate:.0f} frames a second; at most {MAX_RATE_HZ:.0f} are taken. Film at 30 or 60.")


@contextmanager
def open_clip(path: str | os.PathLike[str], settings: Settings) -> Iterator[Clip]:
    """An open clip, closed at the end whatever happens.

    Raises
    ------
    UnreadableClip
        Not an ordinary file, not a video of the kinds let in, without a picture, or damaged beyond use.
    UnsupportedClip
        A video outside the stated limits.
    """
    with open_regular_file(path) as file:
        clip = Clip(path, file, identify(file, Path(path).name), settings)
        try:
            yield clip
        finally:
            clip.close()


def _rewound(file: BufferedReader) -> BufferedReader:
    file.seek(0)
    return file


def _refuse_other_files(url: str, *_: object) -> NoReturn:
    raise PermissionError(f"a clip may not open {url!r}")


def _open_container(file: BufferedReader, family: Container, name: str) -> InputContainer:
    locks = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "file", "codec_whitelist": ",".join(_DECODERS)}
    try:
        return av.open(
            file,
            mode="r",
            format=family.demuxer,
            container_options=locks,
            io_open=_refuse_other_files,
            metadata_errors="replace",
            buffer_size=1 << 18,
        )
    except (av.error.FFmpegError, OSError, ValueError, MemoryError):
        raise UnreadableClip(
            f"{name}: the {family.name} file is damaged or incomplete and cannot be opened. Copy or send the original video again."
        ) from None


def _picture_stream(container: InputContainer, name: str) -> VideoStream:
    """The main moving picture: not a cover, the largest if there are several."""
    streams = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
    if not streams:
        raise UnreadableClip(f"{name}: it holds no moving picture, only sound or a cover. Send the video itself.")
    allowed = [s for s in streams if _codec_name(s) in CODECS]
    if not allowed:
        raise UnsupportedClip(
            f"{name}: its coding ({_codec_name(streams[0])}) is not one that hipcv decodes. "
            "Save it as H.264, HEVC, VP8, VP9, AV1, MPEG-4, MJPEG or ProRes."
        )
    return max(allowed, key=lambda s: s.codec_context.width * s.codec_context.height)


def _codec_name(stream: VideoStream) -> str:
    return str(stream.codec_context.codec.canonical_name) if stream.codec_context is not None else "unknown"


def _pixel_aspect(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height; 1 where the file states none or nonsense."""
    stated = stream.sample_aspect_ratio
    return stated if stated and Fraction(1, 4) <= stated <= 4 else Fraction(1)


def _orientation(picture: VideoFrame, name: str) -> Orientation:
    """From the display matrix, whose 2 x 2 part is a turn by a quarter, with or without a mirroring."""
    data: Any = picture.side_data.get("DISPLAYMATRIX")
    if data is None:
        return Orientation(0, False)
    a, b, _, c, d, *_ = np.frombuffer(data, dtype=np.int32) / 65536.0
    flipped = a * d - b * c < 0
    if flipped:  # undo a left-right mirroring of the stored picture first
        a, b = -a, -b
    turn_deg = np.degrees(np.arctan2(-b, a))
    quarter_turns = round(turn_deg / 90)
    if abs(turn_deg - 90 * quarter_turns) > 1:
        raise UnsupportedClip(
            f"{name}: the file asks for a picture turned by {turn_deg:.0f} degrees. Save it with a turn of 0, 90, 180 or 270 degrees."
        )
    return Orientation(quarter_turns % 4, bool(flipped))


def _camera_facts(metadata: dict[str, str]) -> tuple[bool | None, bool]:
    """What the camera's own tags say: whether the picture was mirrored (None: not said), and whether the front camera filmed."""
    mirrored: bool | None = None
    front = False
    for key, value in metadata.items():
        key, value = key.lower(), value.lower()
        if key.endswith(("mirrored", "is_mirrored", "ismirrored")):
            mirrored = value in {"1", "true", "yes"}
        if "lens" in key or "camera" in key:
            front = front or "front" in value
    return mirrored, front
