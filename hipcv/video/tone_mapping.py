"""Conversion of high dynamic range to ordinary brightness, by a look-up table per code value.

Phones film HDR as HLG or PQ. Their code values, shown unconverted, look pale and flat, and the pose network was not trained on such images.
"""

from functools import cache

import cv2
import numpy as np

from hipcv.values import FloatArray, ImageArray

PQ, HLG = 16, 18
"""Values of `color_trc` in FFmpeg and ITU-T H.273."""

TRANSFER_NAMES = {PQ: "pq", HLG: "hlg"}
_REFERENCE_WHITE_NITS = 203.0  # ITU-R BT.2408: diffuse white of HDR images
_PEAK_NITS = {PQ: 10_000.0, HLG: 1000.0}
_SHOWN_WHITE = 0.7  # share of full light at which diffuse white is shown: leaves room for highlights, and 18 % grey stays 18 %


def to_sdr(rgb: ImageArray, transfer: int) -> ImageArray:
    """The image with ordinary brightness; unchanged unless `transfer` is PQ or HLG."""
    if transfer not in TRANSFER_NAMES:
        return rgb
    shown: ImageArray = cv2.LUT(rgb, sdr_table(transfer))
    return shown


@cache
def sdr_table(transfer: int) -> ImageArray:
    """Ordinary code value for each HDR code value, (256,), rising from 0 to 255."""
    code = np.linspace(0.0, 1.0, 256)
    nits = _pq_nits(code) if transfer == PQ else _hlg_nits(code)
    light, peak = nits / _REFERENCE_WHITE_NITS, _PEAK_NITS[transfer] / _REFERENCE_WHITE_NITS
    # Reinhard's curve through (1, _SHOWN_WHITE) and (peak, 1): highlights are compressed, not clipped.
    bend = (_SHOWN_WHITE - 1 / peak) / (1 - _SHOWN_WHITE)
    shown = np.clip(_SHOWN_WHITE * (1 + bend) * light / (1 + bend * light), 0.0, 1.0)
    srgb = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    table: ImageArray = np.round(255 * srgb).astype(np.uint8)
    table.setflags(write=False)
    return table


def _pq_nits(code: FloatArray) -> FloatArray:
    """Luminance of PQ code values, in nits: SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    p = code ** (1 / m2)
    nits: FloatArray = _PEAK_NITS[PQ] * (np.maximum(p - c1, 0) / (c2 - c3 * p)) ** (1 / m1)
    return nits


def _hlg_nits(code: FloatArray) -> FloatArray:
    """Luminance of HLG code values, in nits: ITU-R BT.2100, inverse curve and the system gamma of 1.2 for a display of 1000 nits."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    nits: FloatArray = _PEAK_NITS[HLG] * scene**1.2
    return nits
