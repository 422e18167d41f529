"""Pelvis tilt since rest. The two hip points alone are too noisy, so it combines three sources, weighted by their precision:

- the line of the hip points, minus the part by which a leg in external rotation drags them along;
- the knee of the moving leg: a thigh on the seat rises and falls with its side of the pelvis;
- the shoulders: under a still trunk the pelvis hardly tilts.
"""

import numpy as np

from hipcv.kinematics.geometry import length
from hipcv.kinematics.signals import nanmedian, smooth
from hipcv.landmarks import Landmark, Side
from hipcv.values import BodySeries, BoolArray, FloatArray

_HIP_DRAG = 0.06
"""Tilt of the hip line (moving side down) per degree of external rotation, in degrees: 0.03 to 0.09 by clip."""
_HIP_SD_DEG, _KNEE_SD_DEG = 1.5, 2.5
_STILL_SD_DEG, _SD_PER_SHIFT_DEG, _STILL_SHIFT = 1.0, 60.0, 0.01
"""Standard deviation of pelvis tilt under a still trunk, and its increase per shank of shoulder movement."""
_HIP_WIDTH = 0.5
"""Distance of the hip joints in shanks (0.46 to 0.51 in the rendered people; 0.17 m to 0.36 m)."""
_CUTOFF_HZ = 2.0
_MOST_DEG = 12.0
_SHARE_UNKNOWN = 0.6


def body_shift(points_px: FloatArray, rest: BoolArray, shank_px: float) -> FloatArray:
    """Movement of the shoulders since rest, in shanks, minus the noise: points_px (n, 33, 2) -> (n,)."""
    middle = points_px[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    moved = length(middle - nanmedian(middle[rest], axis=0)) / shank_px
    return np.nan_to_num(np.maximum(moved - _STILL_SHIFT, 0.0))


def tilt_since_rest(
    body: BodySeries, rest: BoolArray, side: Side, external_deg: FloatArray, knee_rise: FloatArray, shift: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Pelvis tilt since rest, left side higher positive, and its standard deviation: (n,) each, deg.

    Parameters
    ----------
    rest : (n,), when the leg rests
    side : of the moving leg
    external_deg : (n,), its external rotation, 0 elsewhere
    knee_rise : (n,), rise of its knee since rest, in shanks; NaN = not seen
    shift : (n,), from `body_shift`
    """
    # Moving side down: negative for the left side.
    dragged = -side.lateral_x * _HIP_DRAG * np.maximum(external_deg, 0.0)
    level = nanmedian(body.pelvis_tilt_deg[rest], axis=0)
    by_hips = body.pelvis_tilt_deg - level - dragged
    by_knee = side.lateral_x * np.degrees(np.arctan(knee_rise / _HIP_WIDTH))
    still_sd = _STILL_SD_DEG + _SD_PER_SHIFT_DEG * shift
    by_knee = np.where(np.abs(by_knee) > _MOST_DEG, np.nan, by_knee)  # no pelvis tilts this far: the thigh itself moved
    weights = [np.where(np.isfinite(by_hips), _HIP_SD_DEG**-2, 0), np.where(np.isfinite(by_knee), _KNEE_SD_DEG**-2, 0)]
    total = weights[0] + weights[1] + still_sd**-2
    tilt = (weights[0] * np.nan_to_num(by_hips) + weights[1] * np.nan_to_num(by_knee)) / total
    # The network under-reads a tilt by up to half, and the pelvis may pivot anywhere between its two sides: the error grows with the tilt.
    sd = np.hypot(total**-0.5, _SHARE_UNKNOWN * np.minimum(still_sd - _STILL_SD_DEG, _MOST_DEG))
    return smooth(body.time_s, tilt, _CUTOFF_HZ), sd
