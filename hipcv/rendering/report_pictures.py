"""The pictures of the report page: the legs, cut out of a still, and both hips over time."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from hipcv.catalogues.words import Words
from hipcv.kinematics.representative import frames_of_holds
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Measurement
from hipcv.records.record import Record
from hipcv.rendering.figure_panels import draw_panels

_CROP_SHANKS, _CROP_BELOW_KNEE_SHANKS = 3.1, 0.3
"""A still is cropped to a square of this width, centred this far below the knees: lap to feet, with the angles beside the knees."""
_STILL_PX, _STILL_QUALITY = 520, 88
_MOST_PIXELS = 50_000_000


def legs(record: Record, side: Side, index: int) -> bytes | None:
    """The legs in the still as a JPEG, so that the file shows nothing else of the room or the person."""
    picture = _opened(record.still(side, index))
    if picture is None:
        return None
    left, top, size = leg_window(record.measurement, side, index, picture.width, picture.height)
    width = min(_STILL_PX, max(1, round(size)))
    cut = picture.resize((width, width), Image.Resampling.LANCZOS, box=(left, top, left + size, top + size))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=_STILL_QUALITY)
    return out.getvalue()


def leg_window(measurement: Measurement, side: Side, index: int, width_px: int, height_px: int) -> tuple[float, float, float]:
    """Left and upper edge and width of a square around the legs, within a still of this size, in its pixels."""
    middle_x, middle_y, size = _wanted(measurement, side, index, width_px, height_px)
    size = max(1.0, min(size, width_px, height_px))
    return min(max(0.0, middle_x - size / 2), width_px - size), min(max(0.0, middle_y - size / 2), height_px - size), size


def _wanted(measurement: Measurement, side: Side, index: int, width_px: int, height_px: int) -> tuple[float, float, float]:
    """Centre and width of that square, wherever it may reach."""
    series = measurement.landmarks_as_filmed
    knees_px = series.image_px[frames_of_holds(measurement)[side, index], [of_side("knee", one) for one in Side]]
    shank_px = measurement.rotation[side].shank_px
    if not np.isfinite([*knees_px.flat, shank_px]).all():
        return width_px / 2, 0.65 * height_px, float(width_px)
    x, y = knees_px.mean(axis=0)
    scale = width_px / series.width_px
    return float(scale * x), float(scale * (y + _CROP_BELOW_KNEE_SHANKS * shank_px)), float(scale * _CROP_SHANKS * shank_px)


def panels(measurement: Measurement, words: Words) -> dict[str, Any]:
    """Both hips over time as a PNG, in the language of the page, and how much wider than high it is."""
    figure = draw_panels(measurement, words)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return {"picture": out.getvalue(), "shape": figure.get_figwidth() / figure.get_figheight()}


def _opened(path: Path | None) -> Image.Image | None:
    """An image in memory; None if there is none or it cannot be used."""
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB") if picture.width * picture.height <= _MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
