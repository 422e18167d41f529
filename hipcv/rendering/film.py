"""An H.264 file that browsers play and seek: images with their own times, without sound."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from hipcv.values import ImageArray

_TICKS_HZ = 90_000
_BT709 = 1  # the code in H.264 for primaries, transfer and matrix alike


def even(size_px: int) -> int:
    """The size without its last row or column if it is odd, as yuv420p cannot hold that."""
    return size_px // 2 * 2


@contextmanager
def encoder(path: Path, width_px: int, height_px: int, **options: str) -> Iterator[Callable[[ImageArray, float], None]]:
    """A function that takes one image and its time in seconds.

    Parameters
    ----------
    path : the MP4 file to write
    width_px, height_px : size of the film, even; an image of another size is scaled to it
    options : settings of x264: `crf` (quality), `g` (frames from one key frame to the next at most), `bf` (B frames in a row)
    """
    with av.open(str(path.absolute()), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast", **options})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS_HZ)  # frames keep their own times, whatever the rate says
        stream.color_primaries = stream.color_trc = stream.colorspace = _BT709
        reformatter = VideoReformatter()

        def encode(rgb: ImageArray, time_s: float) -> None:
            whole = VideoFrame.from_ndarray(rgb, format="rgb24")  # a copy: FFmpeg reads up to 16 bytes beyond the last row
            # One thread: PyAV would start a set of threads for every frame, which costs more than they save.
            picture = reformatter.reformat(
                whole, width_px, height_px, "yuv420p", dst_colorspace=Colorspace.ITU709, interpolation=Interpolation.AREA, threads=1
            )
            picture.pts, picture.time_base = round(time_s * _TICKS_HZ), Fraction(1, _TICKS_HZ)
            container.mux(stream.encode(picture))

        yield encode
        container.mux(stream.encode(None))
