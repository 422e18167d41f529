"""From a stranger's file to pictures with their times, one at a time, in constant memory: what runs inside the sandbox (decoder.py).

The limits on a clip are checked twice: on the header, as far as it states them, and on the frames.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BufferedReader
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hipcv.errors import UnreadableClip, UnsupportedClip
from hipcv.values import ImageArray
from hipcv.video import demux, gravity, limits
from hipcv.video.container import Container
from hipcv.video.hevc_sei import length_bytes, without_sei
from hipcv.video.in_rgb import in_rgb
from hipcv.video.orientation import Orientation, check_flat, of_picture
from hipcv.video.told import Codec, Ending, Header

# The decoder counts the pixels of its own buffers, which are slightly wider than the image.
_DECODER_OPTIONS = {"max_pixels": str(limits.MAX_PIXELS * 11 // 10)}

# FFmpeg's HEVC decoder patches up most damage without a word, unless it is told to give up the picture; of 40 clips with three flipped bits
# each, 26 were wrong without a word; with it, 1 (docs/decisions.md). Its other decoders do the same with and without it.
_STRICTLY = {"hevc": {"err_detect": "explode"}}
_ONE_EACH = {"av1", "mjpeg", "prores"}
"""Codings in which each packet holds one picture that is shown, so that missing ones can be counted."""

_MAX_PACKETS = 4 * limits.MAX_FRAMES  # two fields may make a frame, and some packets hold none
_MAX_READ_ERRORS = 100

# Shortfall from the announced duration beyond which the clip counts as cut.
_TAIL_S = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a clip."""

    long_side_px: int
    """Pictures are shrunk to this."""
    rate_hz: float
    """Pictures are left out as long as so many a second remain."""
    quarter_turns: int = 0
    """Counter-clockwise, on top of what the file asks for."""


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A picture as it is stored, shrunk, and what makes it upright."""

    time_s: float
    rgb: ImageArray
    orientation: Orientation
    transfer: int


class Reading:
    """An open clip: `header()`, `pictures()` once, then `ending()`."""

    def __init__(self, name: str, family: Container, container: InputContainer, wanted: Wanted) -> None:
        self.name, self._family, self._container, self._wanted = name, family, container, wanted
        self._stream = demux.picture_stream(container, family, name)
        self._motion_stream = demux.motion_stream(container, family)
        self._motion = gravity.Motion()
        self._orientation = Orientation()
        self._pixel_aspect = Fraction(1)
        self._transfer = 0
        self._size_px: tuple[int, int] = (0, 0)
        self._origin_s = 0.0
        self._times: list[float] = []
        self._n_corrupt = self._n_bad_times = 0
        self._coding = demux.codec_name(self._stream)
        self._check_header()

    def header(self) -> Header:
        """What the file says of itself."""
        mirrored, front = demux.camera_facts({**self._container.metadata, **self._stream.metadata})
        rate = float(self._stream.average_rate or 0)
        return Header(
            n_frames_announced=min(self._n_frames_announced(), 2 * limits.MAX_FRAMES),
            stride=min(max(1, int(rate // self._wanted.rate_hz)), 1000),  # from the file's own rate; time stamps decide what is delivered
            camera_mirrored=mirrored,
            front_camera=front,
        )

    def _n_frames_announced(self) -> int:
        if self._stream.frames > 0:
            return self._stream.frames
        duration, rate = self._announced_duration_s(), self._stream.average_rate
        return max(0, int(duration * float(rate))) if duration and rate else 0

    # ------------------------------------------------------------------ reading
    def pictures(self) -> Iterator[Stored]:
        """Pictures in order of time, shrunk to the size that is wanted.

        Raises
        ------
        UnreadableClip
            No frame can be decoded, or the image changes size midway.
        UnsupportedClip, ClipTooShort
            Outside the stated limits, as far as only the decoded frames show.
        """
        delivered_s = 0.0
        for picture in self._decoded():
            if picture.time is None or (self._times and picture.time - self._origin_s <= self._times[-1]):
                self._n_bad_times += 1
                continue
            if not self._times:
                self._origin_s = picture.time
                self._look_at_first(picture)
            time_s = picture.time - self._origin_s
            gap_s = time_s - self._times[-1] if self._times else 0.0
            self._times.append(time_s)
            self._check_progress(picture)
            # In a clip with a high frame rate, a frame is skipped if the next one still comes in time.
            if len(self._times) == 1 or time_s + gap_s > delivered_s + 1 / self._wanted.rate_hz:
                delivered_s = time_s
                yield Stored(time_s, in_rgb(picture, *self._shrunk_size(), self.name), self._orientation, self._transfer)
        self._check_whole()

    def _packets(self) -> Iterator["Packet[VideoStream]"]:
        """Video packets to the end of the file; motion packets are kept on the way, unreadable ones are counted and skipped."""
        streams = [self._stream, self._motion_stream] if self._motion_stream else [self._stream]
        for _ in range(_MAX_READ_ERRORS):
            try:
                for packet in self._container.demux(streams):
                    if packet.stream is self._stream:
                        yield cast("Packet[VideoStream]", packet)
                    elif gravity.is_plausible(packet.size):
                        self._motion.add(bytes(packet))
                return
            except IndexError:
                continue  # PyAV fails at the end on tracks that appeared midway; on a restart it knows them
            except (av.error.FFmpegError, OSError):
                self._n_corrupt += 1

    def _decoded(self) -> Iterator[VideoFrame]:
        """Decoded frames; damaged ones are counted and skipped."""
        n_held = n_come = 0
        for packet in self._packets_to_decode():
            self._n_corrupt += packet.is_corrupt
            n_held += bool(packet.size) and not packet.is_discard
            pictures = self._pictures_in(packet)
            self._n_corrupt += pictures is None
            for picture in pictures or ():
                n_come += 1
                if picture.is_corrupt:
                    self._n_corrupt += 1
                else:
                    yield picture
        if self._coding in _ONE_EACH:
            self._n_corrupt = max(self._n_corrupt, n_held - n_come)

    def _packets_to_decode(self) -> Iterator["Packet[VideoStream]"]:
        """All packets, without those at the start of a strictly decoded clip that lean on pictures which are not in the file."""
        has_begun = self._coding not in _STRICTLY
        for n_packets, packet in enumerate(self._packets()):
            if n_packets > _MAX_PACKETS:
                limits.check_length(self.name, 0.0, n_packets)
            has_begun = has_begun or packet.is_keyframe
            if has_begun:
                yield packet

    def _pictures_in(self, packet: "Packet[VideoStream]") -> list[VideoFrame] | None:
        """Pictures that come out when this packet goes in; None if it cannot be decoded."""
        try:
            return packet.decode()
        except av.error.EOFError:
            return []
        except MemoryError:
            raise UnsupportedClip("frames_too_large", about=self.name) from None
        except (av.error.FFmpegError, OSError):
            return self._without_sei(packet)

    def _without_sei(self, packet: "Packet[VideoStream]") -> list[VideoFrame] | None:
        """The same without SEI messages, as a fault in one is no damage of the picture."""
        if self._coding not in _STRICTLY:
            return None
        context = self._stream.codec_context
        bare = av.Packet(without_sei(bytes(packet), length_bytes(context.extradata)))
        if bare.size == packet.size:
            return None
        bare.pts, bare.dts, bare.time_base = packet.pts, packet.dts, packet.time_base
        try:
            return context.decode(bare)
        except (av.error.FFmpegError, OSError):
            return None

    def _look_at_first(self, picture: VideoFrame) -> None:
        limits.check_size(self.name, picture.width, picture.height)
        self._size_px = (picture.width, picture.height)
        check_flat(picture, self.name)
        self._orientation = of_picture(picture, self.name).turned(self._wanted.quarter_turns)
        self._pixel_aspect = demux.pixel_aspect(self._stream)
        limits.check_short_side(self.name, *(round(side) for side in self._square_size()))
        self._transfer = int(picture.color_trc or 0)

    def _square_size(self) -> tuple[float, float]:
        """Stored width and height with square pixels."""
        width, height = self._size_px
        return width * float(self._pixel_aspect), float(height)

    def _shrunk_size(self) -> tuple[int, int]:
        width, height = self._square_size()
        factor = min(1.0, self._wanted.long_side_px / max(width, height))
        return max(1, round(width * factor)), max(1, round(height * factor))

    # ------------------------------------------------------------------ afterwards
    def ending(self) -> Ending:
        """The clip as it was read, and its faults; call it after the last picture."""
        width, height = (round(side) for side in self._square_size())
        if self._orientation.quarter_turns % 2:
            width, height = height, width
        lean = gravity.of_motion(self._motion, self._orientation)
        announced = self._announced_duration_s()
        short = announced is not None and self._duration_s() < announced - max(_TAIL_S, 0.02 * announced)
        return Ending(
            codec=cast("Codec", self._coding),
            width_px=width,
            height_px=height,
            quarter_turns=self._orientation.quarter_turns,
            flipped=self._orientation.flipped,
            transfer=self._transfer,
            n_frames=len(self._times),
            duration_s=self._duration_s(),
            frame_rate_hz=self._rate_hz(),
            gravity_roll_deg=lean.roll_deg if lean else None,
            gravity_sd_deg=lean.sd_deg if lean else None,
            n_corrupt=self._n_corrupt,
            n_bad_times=self._n_bad_times,
            cut_after_s=self._duration_s() if short or self._family.is_cut else None,
            longest_gap_s=float(np.diff(self._times).max(initial=0.0)),
        )

    def _rate_hz(self) -> float:
        """Typical frame rate: pauses are ignored, and timestamps rounded to milliseconds average out."""
        gaps = np.diff(self._times)
        if not len(gaps):
            return 0.0
        usual = np.median(gaps)
        return float(1 / gaps[np.abs(gaps - usual) <= usual / 2].mean())

    def _duration_s(self) -> float:
        """Time from the first frame to the end of the last one."""
        rate = self._rate_hz()
        return self._times[-1] + 1 / rate if rate else 0.0

    def _announced_duration_s(self) -> float | None:
        return demux.announced_duration_s(self._container, self._stream, self._origin_s)

    # ------------------------------------------------------------------ limits
    def _check_header(self) -> None:
        context = self._stream.codec_context
        limits.check_size(self.name, context.width, context.height)
        limits.check_length(self.name, self._announced_duration_s() or 0.0, self._stream.frames)
        if self._stream.frames:  # otherwise the rate is FFmpeg's guess from the first few timestamps
            limits.check_fast(self.name, float(self._stream.average_rate or 0))
        context.options = _DECODER_OPTIONS | _STRICTLY.get(self._coding, {})
        # A single thread decodes a damaged clip the same way every time and takes the least memory; the other cores are for the pose
        # network.
        context.thread_count = 1

    def _check_progress(self, picture: VideoFrame) -> None:
        if (picture.width, picture.height) != self._size_px:
            raise UnreadableClip("size_changes", about=self.name)
        n_frames, time_s = len(self._times), self._times[-1]
        limits.check_length(self.name, time_s, n_frames)
        if n_frames > limits.MAX_RATE_HZ * (time_s + 1):
            limits.check_fast(self.name, n_frames / time_s)

    def _check_whole(self) -> None:
        if not self._times:
            limits.check_size(self.name, self._stream.codec_context.width, self._stream.codec_context.height)
            raise UnreadableClip("no_frame_decoded", about=self.name)
        limits.check_read(self.name, len(self._times), self._duration_s(), self._rate_hz())


def read(file: BufferedReader, family: Container, name: str, wanted: Wanted) -> Iterator[Header | Stored | Ending]:
    """All there is to tell of an opened file; `name` is its name in messages.

    Raises
    ------
    UnreadableClip
        Without a video stream, or damaged beyond use.
    UnsupportedClip, ClipTooShort
        A video outside the stated limits.
    """
    with demux.open_container(file, family, name) as container:
        reading = Reading(name, family, container, wanted)
        yield reading.header()
        yield from reading.pictures()
        yield reading.ending()
