"""Files as strangers send them, made on the spot: each with what is said about it. None of them shows anybody.

The rows of what libraries and users have run into (lists of other files, bombs, cut and altered clips, odd containers) are here once;
test_hostile.py sends all of them through every door.
"""

import os
import random
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.media import patched, picture, switched, with_edits, write_changing, write_clip, write_sound, write_still, write_tracks

Make = Callable[[Path], object]
NO_VIDEO, DAMAGED, NOBODY = (
    "is not a video",
    "is damaged|breaks off|broke off|not one frame",
    "nobody was found|A person was found for only",
)
ANY = r"\S"
CUT = f"{DAMAGED}|{NOBODY}|at least 1 s is needed"
HUGE = (1 << 63) - 1


def text(content: str) -> Make:
    return lambda path: path.write_text(content)


def bytes_of(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def altered(change: Callable[[bytearray], object], **clip: object) -> Make:
    """A good clip, changed afterwards; `change` may return other bytes."""

    def make(path: Path) -> None:
        data = bytearray(write_clip(path, **clip).read_bytes())
        other = change(data)
        path.write_bytes(other if isinstance(other, bytes | bytearray) else data)

    return make


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def long_box(kind: bytes, length: int) -> bytes:
    """A box that states a length of 64 bits."""
    return struct.pack(">I4sQ", 1, kind, length)


def flipped(n: int, seed: int = 1) -> Callable[[bytearray], None]:
    def change(data: bytearray) -> None:
        draw = random.Random(seed)
        for _ in range(n):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)

    return change


def set_after(name: bytes, at: int, value: bytes) -> Callable[[bytearray], None]:
    def change(data: bytearray) -> None:
        start = data.index(name) + len(name) + at
        data[start : start + len(value)] = value

    return change


def in_every_format(path: Path) -> None:
    """MJPEG whose colours change in the middle, as a decoder hands them out: 4:2:0, then 4:2:2."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 192, 128, "yuvj420p"
        for part, pix_fmt in enumerate(("yuvj420p", "yuvj422p")):
            encoder = av.CodecContext.create("mjpeg", "w")
            encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 192, 128, pix_fmt, Fraction(1, 30)
            for i in range(30 * part, 30 * part + 30):
                frame = av.VideoFrame.from_ndarray(picture(i), format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 30)
                for packet in encoder.encode(frame):
                    packet.stream, packet.time_base = stream, Fraction(1, 30)
                    container.mux(packet)


def spherical(path: Path) -> None:
    """A clip that says it is a whole sphere, as 360° cameras write it; the box stands at the end of the track."""
    facts = {"Spherical": "true", "Stitched": "true", "StitchingSoftware": "camera", "ProjectionType": "equirectangular"}
    told = "".join(f"<GSpherical:{name}>{value}</GSpherical:{name}>" for name, value in facts.items()).encode()
    mark = box(b"uuid", bytes.fromhex("ffcc8263f8554a938814587a02521fdd") + told)
    data = bytearray(write_clip(path).read_bytes())
    for name in (b"trak", b"moov"):
        start = data.index(name) - 4
        length = int.from_bytes(data[start : start + 4], "big")
        if name == b"trak":
            data[start + length : start + length] = mark
        data[start : start + 4] = (length + len(mark)).to_bytes(4, "big")
    path.write_bytes(data)


def repacked(make: Make, path: Path) -> None:
    """The same pictures and what is said of them, in another container."""
    other = path.with_suffix(".made.mp4")
    make(other)
    with av.open(str(other)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    other.unlink()


LISTS = {
    "concat.mp4": "ffconcat version 1.0\nfile 'good.mp4'\n",
    "hls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\ngood.mp4\n#EXT-X-ENDLIST\n",
    "hls.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n",
    "dash.mp4": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>good.mp4</BaseURL></Period></MPD>',
    "sdp.mp4": "v=0\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "script.mp4": "#!/bin/sh\ntouch canary\n",
    "page.mp4": "<!doctype html><script>alert(1)</script>",
}
FILES: dict[str, tuple[Make, str]] = {
    **{name: (text(content), NO_VIDEO) for name, content in LISTS.items()},
    "empty.mp4": (bytes_of(b""), "file is empty"),
    "one_byte.mp4": (bytes_of(b"\0"), NO_VIDEO),
    "zeros.mp4": (bytes_of(bytes(100_000)), NO_VIDEO),
    "random.mp4": (bytes_of(random.Random(7).randbytes(50_000)), NO_VIDEO),
    "zip.mp4": (bytes_of(b"PK\x03\x04" + bytes(500)), NO_VIDEO),
    "program.mp4": (bytes_of(b"\x7fELF" + bytes(500)), NO_VIDEO),
    "photo.mp4": (lambda path: path.write_bytes(write_still(path.with_suffix(".jpg"))), NO_VIDEO),
    "heic.mov": (bytes_of(box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(90))), "is a photo"),
    "heic_cut.mov": (bytes_of((box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(90)))[:60]), "is a photo"),
    "heic_head.mov": (bytes_of(box(b"ftyp", b"heic\0\0\0\0mif1heic")[:14]), "is a photo"),
    "exabytes.mp4": (bytes_of(box(b"ftyp", b"isom") + long_box(b"free", (1 << 64) - 1) + bytes(64)), DAMAGED),
    "exabytes_first.mp4": (bytes_of(long_box(b"moov", HUGE) + bytes(64)), DAMAGED),
    "exabytes_twice.mp4": (bytes_of(long_box(b"wide", HUGE - 1) * 2), DAMAGED),
    "no_length.mp4": (bytes_of(box(b"ftyp", b"isom") + struct.pack(">I4s", 3, b"moov")), DAMAGED),
    "endless.mkv": (bytes_of(bytes.fromhex("1a45dfa3 88") + bytes(8) + bytes.fromhex("18538067 01fffffffffffffe") + bytes(99)), DAMAGED),
    "huge_element.mkv": (bytes_of(bytes.fromhex("1a45dfa3 80 18538067 01ffffffffffffff 114d9b74 08ffffffffffff") + bytes(99)), DAMAGED),
    "no_segment.mkv": (bytes_of(bytes.fromhex("1a45dfa3 80") + bytes(200)), DAMAGED),
    "riff.avi": (bytes_of(b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\xffhdrl"), DAMAGED),
    "sync.ts": (bytes_of((b"G" + bytes(187)) * 50), f"{DAMAGED}|no moving picture"),
    "sound.mp4": (write_sound, "no moving picture"),
    "cover.mp4": (lambda path: write_tracks(path, [(192, 128)], covers=(0,)), "no moving picture"),
    "short.mp4": (lambda path: write_clip(path, n_frames=12), "at least 1 s is needed"),
    "one_picture.mp4": (lambda path: write_clip(path, n_frames=1), "at least 1 s is needed"),
    "slow.mp4": (lambda path: write_clip(path, rate=2, n_frames=10), "at least 5 are needed"),
    "small.mp4": (lambda path: write_clip(path, size=(160, 112)), "shorter side needs 120"),
    "wide.mp4": (lambda path: write_clip(path, codec="mjpeg", pix_fmt="yuvj420p", size=(4608, 128), n_frames=2), "at most 4K"),
    "bomb.avi": (
        lambda path: write_clip(path, codec="mjpeg", pix_fmt="yuvj420p", stored=[np.zeros((8000, 8000, 3), np.uint8)]),
        "at most 4K",
    ),
    "grows.avi": (lambda path: write_changing(path, [(192, 128), (256, 128)]), "changes its size"),
    "colours.avi": (in_every_format, NOBODY),
    "magicyuv.avi": (lambda path: write_clip(path, codec="magicyuv"), "is not one that hipcv decodes"),
    "snow.avi": (lambda path: write_clip(path, codec="snow"), "is not one that hipcv decodes"),
    "png.mov": (lambda path: write_clip(path, codec="png", pix_fmt="rgb24"), "is not one that hipcv decodes"),
    "uncompressed.avi": (lambda path: write_clip(path, codec="rawvideo"), "is not one that hipcv decodes"),
    "interlaced.mp4": (lambda path: write_clip(path, codec="mpeg4", interlaced=True), NOBODY),
    "askew.mp4": (lambda path: write_clip(path, matrix=(1, 1, -1, 1)), "asks for a picture turned by"),
    "flat.mkv": (
        lambda path: write_clip(path, codec="mjpeg", pix_fmt="yuvj420p", pixel_aspect=Fraction(1, 4)),
        "shorter side needs 120",
    ),
    "sphere.mp4": (spherical, "whole sphere"),
    "sphere.mkv": (lambda path: repacked(spherical, path), "whole sphere"),
    "off.mp4": (lambda path: switched(write_tracks(path, [(192, 128), (320, 192)]), False, False), NOBODY),
    "slow_motion.mp4": (lambda path: with_edits(write_clip(path, n_frames=60), [(4, 0, 0.5)]), "speed"),
    "pieces.mp4": (lambda path: with_edits(write_clip(path, n_frames=60), [(1, 1, 1), (1, 0, 1)]), "pieces"),
    "pause.mp4": (lambda path: with_edits(write_clip(path, n_frames=60), [(1, 0, 1), (1, None, 1), (1, 1, 1)]), "pieces"),
    "samples.mp4": (lambda path: patched(write_clip(path), b"stsz", 4, 1, 80_000_000), "80,000,000 samples"),
    "durations.mp4": (lambda path: patched(write_clip(path), b"stts", 4, 1, 4_000_000_000, 512), "4,000,000,000 samples"),
    "edits.mp4": (lambda path: patched(write_clip(path), b"elst", 4, 4_000_000_000), "pieces"),
    "chunks.mp4": (lambda path: patched(write_clip(path), b"stco", 4, 4_000_000_000), CUT),
    "no_clock.mp4": (lambda path: patched(write_clip(path), b"mdhd", 12, 0), f"{CUT}|frames per second|at least 1 s"),
    "packed_index.mp4": (altered(lambda data: data.replace(b"udta", b"cmov")), "compressed index"),
    "cut.mp4": (altered(lambda data: data[: len(data) // 2], muxer_options={"movflags": "faststart"}), CUT),
    "cut_index_behind.mp4": (altered(lambda data: data[: len(data) // 2]), DAMAGED),
    "cut.mkv": (altered(lambda data: data[: len(data) // 2], codec="mjpeg", pix_fmt="yuvj420p"), CUT),
    "cut.avi": (altered(lambda data: data[: len(data) // 2]), CUT),
    "cut.ts": (altered(lambda data: data[: len(data) // 2]), CUT),
    **{f"bits_{seed}.mp4": (altered(flipped(20, seed)), ANY) for seed in range(8)},
    **{f"bits_{seed}.mkv": (altered(flipped(20, seed), codec="mjpeg", pix_fmt="yuvj420p"), ANY) for seed in range(8)},
    "=1+1.mp4": (text("text"), NO_VIDEO),
    "-膝 🦵.mp4": (text("text"), NO_VIDEO),
    "a%03d.mp4": (text("text"), NO_VIDEO),
    "good.mp4": (lambda path: write_clip(path, n_frames=60), NOBODY),
}
"""Name, how it is made, and what is said of it."""
PLACES: dict[str, tuple[Make, str]] = {
    "folder.mp4": (lambda path: path.mkdir(), "this is a folder"),
    "loop.mp4": (lambda path: path.symlink_to(path.name), "cannot be opened|no such file"),
    "nowhere.mp4": (lambda path: path.symlink_to("gone.mp4"), "no such file|there is no"),
    "pipe.mp4": (lambda path: os.mkfifo(path), "a device or a pipe"),
    "device.mp4": (lambda path: path.symlink_to("/dev/zero"), "a device or a pipe"),
}
"""What only has the name of a file; POSIX."""


def write_all(folder: Path, wanted: dict[str, tuple[Make, str]]) -> None:
    """All of them in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, _) in wanted.items():
        make(folder / name)
