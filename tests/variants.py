"""Sample clips with something changed: cropped, cut, slowed, still; filmed or sent in another way."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from hipcv.values import FloatArray, ImageArray
from tests.conftest import SAMPLES

MILLISECOND = Fraction(1, 1000)


def rewritten(
    source: str,
    target: Path,
    change: Callable[[ImageArray], ImageArray] = lambda rgb: rgb,
    keep: Callable[[int], bool] = lambda _: True,
    time_s: Callable[[int], float] = lambda index: index / 30,
    bit_rate: int | None = None,
    crf: int = 18,
    **mux: str,
) -> Path:
    """A sample clip with every picture changed, in their order, some left out, and other times; H.264, to `target`."""
    with av.open(str(SAMPLES / f"{source}.mp4")) as clip:
        pictures = [frame.to_ndarray(format="rgb24") for index, frame in enumerate(clip.decode(video=0)) if keep(index)]
    return write_pictures((change(np.ascontiguousarray(rgb)) for rgb in pictures), target, time_s, bit_rate, crf, **mux)


def write_pictures(
    pictures: Iterable[ImageArray],
    target: Path,
    time_s: Callable[[int], float] = lambda index: index / 30,
    bit_rate: int | None = None,
    crf: int = 18,
    **mux: str,
) -> Path:
    """Pictures of one even size as H.264, each at its time; with so many bits a second, or as good as `crf` (0 loses nothing)."""
    with av.open(str(target), "w", options=mux) as out:
        stream = None
        for index, rgb in enumerate(pictures):
            if stream is None:
                stream = out.add_stream("libx264", rate=30, width=rgb.shape[1], height=rgb.shape[0], pix_fmt="yuv420p")
                if bit_rate is None:
                    stream.options = {"preset": "ultrafast", "crf": str(crf)}
                else:
                    stream.options, stream.bit_rate = {"preset": "veryfast"}, bit_rate
                stream.codec_context.time_base = MILLISECOND
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = round(1000 * time_s(index)), MILLISECOND
            out.mux(stream.encode(frame))
        assert stream is not None
        out.mux(stream.encode())
    return target


def bit_rate_of(source: str | Path) -> int:
    """Bits a second of the picture alone, of a sample by its name or of a file."""
    path = source if isinstance(source, Path) else SAMPLES / f"{source}.mp4"
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        assert stream.duration
        assert stream.time_base
        return round(8 * sum(packet.size for packet in clip.demux(stream)) / float(stream.duration * stream.time_base))


def mirrored(rgb: ImageArray) -> ImageArray:
    """Left for right, as a phone's front camera may store it."""
    return rgb[:, ::-1]


def shifted(rgb: ImageArray) -> ImageArray:
    """Everything 6 % of the width further right and 4 % of the height further down."""
    height, width = rgb.shape[:2]
    return _moved(rgb, np.array([[1.0, 0, round(0.06 * width)], [0, 1.0, round(0.04 * height)]]))


def scaled(rgb: ImageArray) -> ImageArray:
    """At 0.75 of the size; the last row and column fall away where the size would be odd."""
    small = cv2.resize(rgb, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    return np.asarray(small[: height - height % 2, : width - width % 2], dtype=np.uint8)


def darkened(rgb: ImageArray) -> ImageArray:
    """At half the brightness."""
    return np.round(0.5 * rgb).astype(np.uint8)


def shaken(n_frames: int = 1200, seed: int = 1) -> Callable[[ImageArray], ImageArray]:
    """From picture to picture as an unsteady hand holds the phone: up to 2 px to and fro, and a tenth of a degree."""
    noise = np.random.default_rng(seed).normal(size=(n_frames, 3))
    slow = cv2.GaussianBlur(noise, (1, 0), sigmaX=1e-6, sigmaY=5.0)  # of 30 pictures a second: below some 2 Hz
    slow = slow / slow.std(axis=0) * [1.2, 1.2, 0.05]
    moves = iter(np.clip(slow, [-2.0, -2.0, -0.1], [2.0, 2.0, 0.1]))

    def change(rgb: ImageArray) -> ImageArray:
        height, width = rgb.shape[:2]
        right, down, turn_deg = next(moves)
        move: FloatArray = cv2.getRotationMatrix2D((width / 2, height / 2), float(turn_deg), 1.0)
        move[:, 2] += right, down
        return _moved(rgb, move)

    return change


def _moved(rgb: ImageArray, move: FloatArray) -> ImageArray:
    """The picture moved; what lay at its edge fills what it leaves."""
    height, width = rgb.shape[:2]
    return np.asarray(cv2.warpAffine(np.ascontiguousarray(rgb), move, (width, height), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
