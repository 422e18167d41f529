"""FFmpeg's view of an opened file: which video stream it holds, and what the file states about it.

FFmpeg (through PyAV) never sees a path: it reads from the one file that container.py opened, with the container named and every other
format, protocol and codec locked out, so that no file can make it open another file or the network.
"""

from fractions import Fraction
from io import BufferedReader
from math import isfinite
from typing import NoReturn, get_args

import av
from av.container import InputContainer
from av.stream import DataStream
from av.video.stream import VideoStream

from hipcv.errors import UnreadableClip, UnsupportedClip
from hipcv.video.container import Container
from hipcv.video.told import Codec

CODECS = get_args(Codec)
_DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"


def _refuse_other_files(url: str, *_: object) -> NoReturn:
    raise PermissionError(f"a clip may not open {url!r}")


def open_container(file: BufferedReader, family: Container, name: str) -> InputContainer:
    """Open the container, with no decoder created and no other file within reach."""
    # No decoder is allowed here: FFmpeg would try the first frames, whatever their encoding and size, before they could be refused.
    locks = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "none", "codec_whitelist": "none"}
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
        raise _damaged(family, name) from None


def _damaged(family: Container, name: str) -> UnreadableClip:
    return UnreadableClip("file_damaged", about=name, family=family.name)


def picture_stream(container: InputContainer, family: Container, name: str) -> VideoStream:
    """The video stream that a player shows: the first that is switched on (the first of all if none is), and no cover image."""
    if not container.streams.video and family.is_cut:
        raise _damaged(family, name)
    moving = [stream for stream in container.streams.video if not _is_still(stream)]
    if not moving:
        raise UnreadableClip("no_moving_picture", about=name)
    shown = [stream for stream in moving if _is_on(stream)] or moving
    allowed = [stream for stream in shown if codec_name(stream) in CODECS]
    if not allowed:
        raise UnsupportedClip("coding_unknown", about=name, coding=codec_name(shown[0]))
    chosen = allowed[0]
    if altered := family.altered_times.get(chosen.id):
        raise UnsupportedClip("time_altered", about=name, case=altered.case, seen=altered.seen)
    return chosen


def motion_stream(container: InputContainer, family: Container) -> DataStream | None:
    """The stream with the camera's motion; None if the file has none, or its number belongs to something else."""
    tracks = [stream for stream in container.streams.data if stream.id == family.motion_track and stream.name is None]
    return tracks[0] if len(tracks) == 1 else None


def _is_still(stream: VideoStream) -> bool:
    kinds = type(stream.disposition)
    return bool(stream.disposition & (kinds.attached_pic | kinds.timed_thumbnails | kinds.still_image))


def _is_on(stream: VideoStream) -> bool:
    """Whether players show this track by default: the flag "enabled" of an MP4 track (tkhd), "default" in Matroska; AVI and TS have none."""
    return bool(stream.disposition & type(stream.disposition).default)


def codec_name(stream: VideoStream) -> str:
    """FFmpeg's name of the codec."""
    return str(stream.codec_context.codec.canonical_name) if stream.codec_context is not None else "unknown"


def pixel_aspect(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height, from the container or else the encoded video; 1 if neither states it or the value is nonsense."""
    stated = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    return stated if stated and Fraction(1, 4) <= stated <= 4 else Fraction(1)


def announced_duration_s(container: InputContainer, stream: VideoStream, start_s: float) -> float | None:
    """Duration of the video according to the file, if it starts at `start_s`; None if the file does not state it."""
    if not container.format.name.startswith("matroska"):
        return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None
    # Matroska stores the end time: of each track in a tag, of the whole file, sound included, in its header.
    end_s = _seconds(stream.metadata.get("DURATION", ""))
    if end_s is None and container.duration and len(container.streams) == 1:
        end_s = container.duration / av.time_base
    return None if end_s is None else end_s - start_s


def _seconds(stated: str) -> float | None:
    """The value of "hours:minutes:seconds"; None for anything else."""
    try:
        hours, minutes, seconds = (float(part) for part in stated.split(":"))
    except ValueError:
        return None
    total = 3600 * hours + 60 * minutes + seconds
    return total if isfinite(total) else None


def camera_facts(metadata: dict[str, str]) -> tuple[bool | None, bool]:
    """From the camera's own tags: whether the video is mirrored (None = not stated), and whether the front camera filmed."""
    mirrored: bool | None = None
    front = False
    for key, value in metadata.items():
        key, value = key.lower(), value.lower()
        if key.endswith(("mirrored", "is_mirrored", "ismirrored")):
            mirrored = value in {"1", "true", "yes"}
        if "lens" in key or "camera" in key:
            front = front or "front" in value
    return mirrored, front
