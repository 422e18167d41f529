"""Draws lines, dots, arcs and text on an image, anti-aliased at subpixel positions. Knows no anatomy."""

from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hipcv.values import FloatArray, ImageArray

Colour = tuple[int, int, int]

WHITE, GREY, DARK = (255, 255, 255), (90, 90, 90), (32, 32, 32)
_CASING = (20, 20, 20)
_FRACTION_BITS = 4
_FONT = "fonts/ttf/DejaVuSans-Bold.ttf"


def _fixed(value: float) -> int:
    """A coordinate in OpenCV's fixed-point form, so that lines move smoothly instead of jumping by whole pixels."""
    return round(float(value) * (1 << _FRACTION_BITS))


def line(rgb: ImageArray, a: FloatArray, b: FloatArray, colour: Colour, width_px: float) -> None:
    """Draw a line with a dark outline; draws nothing if an end is not visible (NaN)."""
    if np.isfinite([*a, *b]).all():
        for ink, width in ((_CASING, width_px + 2), (colour, width_px)):
            cv2.line(rgb, [*map(_fixed, a)], [*map(_fixed, b)], ink, max(1, round(width)), cv2.LINE_AA, _FRACTION_BITS)


def dot(rgb: ImageArray, centre: FloatArray, colour: Colour, radius_px: float) -> None:
    """Draw a disc with a dark outline; draws nothing if its centre is not visible (NaN)."""
    if np.isfinite(centre).all():
        for ink, radius in ((_CASING, radius_px + 1), (colour, radius_px)):
            cv2.circle(rgb, [*map(_fixed, centre)], _fixed(radius), ink, cv2.FILLED, cv2.LINE_AA, _FRACTION_BITS)


def arc(rgb: ImageArray, centre: FloatArray, radius_px: float, from_deg: float, to_deg: float, colour: Colour, width_px: float) -> None:
    """Draw a circular arc between two angles, measured from straight down toward image right."""
    size = [_fixed(radius_px)] * 2  # OpenCV counts from image right, clockwise
    cv2.ellipse(
        rgb, [*map(_fixed, centre)], size, 0, 90 - from_deg, 90 - to_deg, colour, max(1, round(width_px)), cv2.LINE_AA, _FRACTION_BITS
    )


@lru_cache(maxsize=8)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """A font with the degree sign, which OpenCV's built-in fonts lack; it comes with Matplotlib."""
    return ImageFont.truetype(str(Path(matplotlib.get_data_path(), _FONT)), max(size_px, 8))


@lru_cache(maxsize=1024)
def sprite(text: str, size_px: int, fill: Colour, edge: Colour) -> ImageArray:
    """White text in a box with a coloured border."""
    letters = font(size_px)
    width, height = round(letters.getlength(text) + 0.8 * size_px), round(1.4 * size_px)
    image = Image.new("RGB", (width, height), fill)
    pencil = ImageDraw.Draw(image)
    pencil.rectangle((0, 0, width - 1, height - 1), outline=edge, width=max(1, size_px // 9))
    pencil.text((width / 2, height / 2), text, font=letters, fill=WHITE, anchor="mm")
    return np.asarray(image)


def paste(rgb: ImageArray, sprite: ImageArray, corner_px: FloatArray) -> None:
    """Paste a small image at `corner_px`, or as near as it fits entirely."""
    room = np.array(rgb.shape[1::-1]) - sprite.shape[1::-1]
    left, top = np.clip(np.round(corner_px), 0, np.maximum(room, 0)).astype(int)
    target = rgb[top : top + sprite.shape[0], left : left + sprite.shape[1]]
    target[:] = sprite[: target.shape[0], : target.shape[1]]
