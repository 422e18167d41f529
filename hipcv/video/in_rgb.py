"""A decoded picture in red, green and blue, at the size that is wanted."""

from contextlib import suppress
from typing import cast

import av
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace

from hipcv.errors import UnreadableClip, UnsupportedClip
from hipcv.values import ImageArray


def in_rgb(picture: VideoFrame, width_px: int, height_px: int, name: str) -> ImageArray:
    """The picture as stored, resized: (height, width, 3); `name` is the clip's in messages.

    Raises
    ------
    UnsupportedClip
        There is no memory for it.
    UnreadableClip
        Its form of colours is none that can be converted.
    """
    try:
        with suppress(av.error.FFmpegError, OSError):
            return _converted(picture, width_px, height_px)
        picture.colorspace = Colorspace.ITU601  # a rare colour matrix, or a wrong mark of one; shapes are the same with all
        return _converted(picture, width_px, height_px)
    except MemoryError:
        raise UnsupportedClip("frames_too_large", about=name) from None
    except (av.error.FFmpegError, OSError):
        raise UnreadableClip("colours_unknown", about=name, colours=picture.format.name) from None


def _converted(picture: VideoFrame, width_px: int, height_px: int) -> ImageArray:
    # One thread: PyAV would start a set of threads for every frame, which costs more than they save.
    return cast("ImageArray", picture.to_ndarray(format="rgb24", width=width_px, height=height_px, interpolation="AREA", threads=1))
