"""High dynamic range to ordinary brightness, by a look-up table per code value.

Phones film HDR as HLG or PQ. Their code values, shown as they are, look pale and flat, and the pose network was not trained on that.
"""

from functools import cache

import numpy as np

from hipcv.values import FloatArray, ImageArray

PQ, HLG = 16, 18
"""Values of `color_trc` in FFmpeg and ITU-T H.273."""

TRANSFER_NAMES = {PQ: "pq", HLG: "hlg"}
_REFERENCE_WHITE_NITS = 203.0  # ITU-R BT.2408: diffuse white of HDR pictures
_HLG_PEAK_NITS = 1000.0


def to_sdr(rgb: ImageArray, transfer: int) -> ImageArray:
    """The picture with ordinary brightness; unchanged unless `transfer` is PQ or HLG."""
    if transfer not in TRANSFER_NAMES:
        return rgb
    return sdr_table(transfer)[rgb]


@cache
def sdr_table(transfer: int) -> ImageArray:
    """(256,): ordinary code value for each HDR code value, rising from 0 to 255."""
    code = np.linspace(0.0, 1.0, 256)
    nits = _pq_nits(code) if transfer == PQ else _hlg_nits(code)
    light = nits / _REFERENCE_WHITE_NITS
    shown = light * (1 + light / 16.0) / (1 + light)  # Reinhard's curve: highlights are pressed together, not cut
    shown = np.clip(shown / shown[np.searchsorted(light, 1.0)] * 0.8, 0.0, 1.0)
    srgb = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    table: ImageArray = np.round(255 * srgb).astype(np.uint8)
    return table


def _pq_nits(code: FloatArray) -> FloatArray:
    """SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    p = code ** (1 / m2)
    nits: FloatArray = 10000.0 * (np.maximum(p - c1, 0) / (c2 - c3 * p)) ** (1 / m1)
    return nits


def _hlg_nits(code: FloatArray) -> FloatArray:
    """ITU-R BT.2100, inverse curve and the system gamma of 1.2 for a display of 1000 nits."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    nits: FloatArray = _HLG_PEAK_NITS * scene**1.2
    return nits
