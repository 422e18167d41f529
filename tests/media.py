"""Builders of clips whose content is known: four coloured corners and a white bar that walks to the right."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec import Codec

from hipcv.settings import Settings
from hipcv.values import Frame, ImageArray, ReadFaults, VideoInfo
from hipcv.video import demux
from hipcv.video.clip import open_clip
from hipcv.video.container import identify, open_regular_file
from hipcv.video.reader import Reading, Wanted

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 200, 30), (30, 30, 220), (120, 120, 120)


def picture(index: int = 0, width: int = 192, height: int = 128) -> ImageArray:
    """Red and green above, blue and grey below; no turn or flip leaves it as it is."""
    rgb = np.empty((height, width, 3), np.uint8)
    half_x, half_y = width // 2, height // 2
    rgb[:half_y, :half_x], rgb[:half_y, half_x:] = RED, GREEN
    rgb[half_y:, :half_x], rgb[half_y:, half_x:] = BLUE, GREY
    left = 2 * index % (width - 8)
    rgb[half_y - 4 : half_y + 4, left : left + 8] = 255
    return rgb


def needs_encoder(name: str) -> None:
    """Skip the test where this PyAV cannot write the coding."""
    try:
        Codec(name, "w")
    except ValueError:  # av's UnknownCodecError
        pytest.skip(f"this PyAV has no encoder {name}")


def write_clip(
    path: Path,
    *,
    codec: str = "mpeg4",
    size: tuple[int, int] = (192, 128),
    n_frames: int = 36,
    rate: int = 30,
    times: list[int] | None = None,
    pix_fmt: str = "yuv420p",
    muxer: str | None = None,
    options: dict[str, str] | None = None,
    muxer_options: dict[str, str] | None = None,
    matrix: tuple[int, int, int, int] | None = None,
    stored: list[ImageArray] | None = None,
    pixel_aspect: Fraction | None = None,
    transfer: int | None = None,
    sound: bool = False,
    interlaced: bool = False,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A clip at `path`; `times` are in milliseconds, `matrix` is the 2 x 2 part of the display matrix in whole numbers."""
    needs_encoder(codec)
    pictures = stored or [picture(i, *size) for i in range(n_frames)]
    with av.open(path, "w", format=muxer, options=muxer_options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=rate, options=options or {})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        context = stream.codec_context
        if times:
            context.time_base = Fraction(1, 1000)
        if pixel_aspect:
            context.sample_aspect_ratio = pixel_aspect
        if transfer:
            context.color_trc, context.color_primaries, context.colorspace = transfer, 9, 9
        if interlaced:
            context.flags |= (1 << 18) | (1 << 29)  # AV_CODEC_FLAG_INTERLACED_DCT and _ME
        if matrix:
            a, b, c, d = (65536 * value for value in matrix)
            stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
        voice = container.add_stream("aac", rate=16000, layout="mono") if sound else None
        for i, rgb in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            if times:
                frame.pts, frame.time_base = times[i], Fraction(1, 1000)
            else:
                frame.pts, frame.time_base = i, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice:
            write_silence(container, voice, len(pictures) / rate)
    return path


def write_silence(container: av.container.OutputContainer, voice: av.AudioStream, duration_s: float) -> None:
    for i in range(round(duration_s * 16000 / 1024)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 16000, 1024 * i, Fraction(1, 16000)
        container.mux(voice.encode(frame))
    container.mux(voice.encode(None))


def write_sound(path: Path) -> Path:
    """A file with a second of silence and no picture."""
    with av.open(path, "w") as container:
        write_silence(container, container.add_stream("aac", rate=16000, layout="mono"), 1.5)
    return path


def write_still(path: Path, codec: str = "mjpeg", size: tuple[int, int] = (192, 128)) -> bytes:
    """One picture as the bytes of a photo; `path` is a scratch file."""
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
    with av.open(path, "w", format="image2") as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(0, *size), format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def write_changing(path: Path, sizes: list[tuple[int, int]], n_frames: int = 20) -> Path:
    """A clip whose picture changes its size every `n_frames`; the header tells the first one."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height = sizes[0]
        stream.pix_fmt = "yuvj420p"
        for part, (width, height) in enumerate(sizes):
            encoder = av.CodecContext.create("mjpeg", "w")
            encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
            encoder.time_base = Fraction(1, 30)
            for i in range(part * n_frames, (part + 1) * n_frames):
                frame = av.VideoFrame.from_ndarray(picture(i, width, height), format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 30)
                for packet in encoder.encode(frame):
                    packet.stream, packet.time_base = stream, Fraction(1, 30)
                    container.mux(packet)
    return path


def write_tracks(path: Path, sizes: list[tuple[int, int]], covers: tuple[int, ...] = (), rare: tuple[int, ...] = ()) -> Path:
    """A clip with several video tracks; those of index in `covers` are marked as the cover, those in `rare` are FFV1."""
    with av.open(path, "w") as container:
        streams = []
        for i, (width, height) in enumerate(sizes):
            stream = container.add_stream("mjpeg" if i in covers else "ffv1" if i in rare else "mpeg4", rate=30)
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuvj420p" if i in covers else "yuv420p"
            if i in covers:
                stream.disposition = av.stream.Disposition.attached_pic
            streams.append(stream)
        for k in range(36):
            for i, stream in enumerate(streams):
                if i in covers and k:
                    continue
                frame = av.VideoFrame.from_ndarray(picture(k, *sizes[i]), format="rgb24")
                frame.pts, frame.time_base = k, Fraction(1, 30)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def patched(path: Path, box: bytes, at: int, *numbers: int) -> Path:
    """The same MP4 with 32-bit numbers overwritten, counted from the end of a box's name."""
    data = bytearray(path.read_bytes())
    start = data.index(box) + 4 + at
    struct.pack_into(f">{len(numbers)}I", data, start, *numbers)
    path.write_bytes(data)
    return path


def with_edits(path: Path, edits: list[tuple[float, float | None, float]], version: int = 0) -> Path:
    """The same MP4 with another edit list for its only track: seconds shown, start in the recording in seconds (None = a pause), speed.

    Its index has to stand behind the frames.
    """
    data = path.read_bytes()
    movie_hz, track_hz = (struct.unpack_from(">I", data, data.index(box) + 16)[0] for box in (b"mvhd", b"mdhd"))
    at = data.index(b"elst") - 4
    old_bytes, own_start = struct.unpack_from(">I", data, at)[0], struct.unpack_from(">i", data, at + 20)[0]
    table = struct.pack(">II", version << 24, len(edits))
    for shown_s, start_s, speed in edits:
        start = -1 if start_s is None else own_start + round(start_s * track_hz)
        table += struct.pack(">QqI" if version else ">IiI", round(shown_s * movie_hz), start, round(speed * 65536) % (1 << 32))
    box = struct.pack(">I4s", 8 + len(table), b"elst") + table
    path.write_bytes(_grown(data[:at] + box + data[at + old_bytes :], len(box) - old_bytes, b"edts", b"trak", b"moov"))
    return path


def _grown(data: bytes, by: int, *around: bytes) -> bytes:
    """The same MP4 with so much larger lengths of the boxes around something that was put in."""
    grown = bytearray(data)
    for kind in around:
        start = grown.index(kind) - 4
        struct.pack_into(">I", grown, start, struct.unpack_from(">I", grown, start)[0] + by)
    return bytes(grown)


def with_clean_aperture(path: Path, width_px: int, height_px: int) -> Path:
    """The same H.264 in MP4 with the request to show only so much of the middle of its picture (ISO/IEC 14496-12, `clap`)."""
    data = path.read_bytes()
    entry = data.index(b"avc1", data.index(b"stsd")) - 4
    end = entry + struct.unpack_from(">I", data, entry)[0]
    box = struct.pack(">I4s8I", 40, b"clap", width_px, 1, height_px, 1, 0, 1, 0, 1)
    around = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    grown = bytearray(_grown(data[:end] + box + data[end:], len(box), *around))
    struct.pack_into(">I", grown, entry, end - entry + len(box))
    path.write_bytes(grown)
    return path


def switched(path: Path, *on: bool) -> Path:
    """The same MP4 with the flag "enabled" of each of its tracks set or not."""
    data = bytearray(path.read_bytes())
    at = -1
    for wanted in on:
        at = data.index(b"tkhd", at + 1)
        data[at + 7] = data[at + 7] & ~1 | wanted
    path.write_bytes(data)
    return path


def read(path: Path | str, settings: Settings | None = None) -> tuple[list[Frame], VideoInfo, ReadFaults]:
    """Everything in a clip."""
    with open_clip(path, settings or Settings()) as clip:
        frames = list(clip.frames())
        return frames, clip.info(), clip.faults()


@contextmanager
def reading(path: Path, rate_hz: float = 29.0) -> Iterator[Reading]:
    """The clip as the decoder sees it inside its sandbox, but in this process, where a test can look at it."""
    with open_regular_file(path, path.name) as file:
        family = identify(file, path.name)
        file.seek(0)
        with demux.open_container(file, family, path.name) as container:
            yield Reading(path.name, family, container, Wanted(960, rate_hz))


def corners(rgb: ImageArray) -> list[tuple[int, int, int]]:
    """Colour in the middle of each quarter: above left, above right, below left, below right."""
    height, width = rgb.shape[:2]
    return [tuple(int(v) for v in rgb[y * height // 8, x * width // 8]) for y in (1, 7) for x in (1, 7)]
