"""Sample clips with something changed: cropped, cut, slowed, still."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from hipcv.values import ImageArray
from tests.conftest import SAMPLES

MILLISECOND = Fraction(1, 1000)


def rewritten(
    source: str,
    target: Path,
    change: Callable[[ImageArray], ImageArray] = lambda rgb: rgb,
    keep: Callable[[int], bool] = lambda _: True,
    time_s: Callable[[int], float] = lambda index: index / 30,
    **mux: str,
) -> Path:
    """A sample clip with every picture changed, some left out, and other times; H.264, to `target`."""
    with av.open(str(SAMPLES / f"{source}.mp4")) as clip:
        pictures = [frame.to_ndarray(format="rgb24") for index, frame in enumerate(clip.decode(video=0)) if keep(index)]
    return write_pictures((change(np.ascontiguousarray(rgb)) for rgb in pictures), target, time_s, **mux)


def write_pictures(
    pictures: Iterable[ImageArray], target: Path, time_s: Callable[[int], float] = lambda index: index / 30, **mux: str
) -> Path:
    """Pictures of one even size as H.264, each at its time."""
    with av.open(str(target), "w", options=mux) as out:
        stream = None
        for index, rgb in enumerate(pictures):
            if stream is None:
                stream = out.add_stream("libx264", rate=30, width=rgb.shape[1], height=rgb.shape[0], pix_fmt="yuv420p")
                stream.options = {"preset": "ultrafast", "crf": "18"}
                stream.codec_context.time_base = MILLISECOND
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = round(1000 * time_s(index)), MILLISECOND
            out.mux(stream.encode(frame))
        assert stream is not None
        out.mux(stream.encode())
    return target
