"""Vectors and angles in the image plane (x right, y down). No anatomy."""

import numpy as np

from hipcv.values import FloatArray


def length(vector: FloatArray) -> FloatArray:
    """Euclidean length along the last axis: (..., k) -> (...)."""
    result: FloatArray = np.linalg.norm(vector, axis=-1)
    return result


def from_down_deg(vector_px: FloatArray) -> FloatArray:
    """Angle of a vector from straight down, toward image right: (..., 2) -> (...), deg in (-180, 180]; NaN stays NaN."""
    dx, dy = np.moveaxis(vector_px, -1, 0)
    angle: FloatArray = np.degrees(np.arctan2(dx, dy))
    return angle


def from_level_deg(vector_px: FloatArray) -> FloatArray:
    """Angle of a line from image right, positive with its far end up: (..., 2) -> (...), deg in (-180, 180]."""
    dx, dy = np.moveaxis(vector_px, -1, 0)
    angle: FloatArray = np.degrees(np.arctan2(-dy, dx))
    return angle


def angle_between_deg(a: FloatArray, b: FloatArray) -> FloatArray:
    """Angle between two vectors of any dimension: (..., k) and (..., k) -> (...), deg in [0, 180]; NaN stays NaN."""
    product = np.sum(a * b, axis=-1)
    scale = np.maximum(length(a) * length(b), 1e-12)
    angle: FloatArray = np.degrees(np.arccos(np.clip(product / scale, -1.0, 1.0)))
    return angle


def pulled_in(vector: FloatArray, slack: float) -> FloatArray:
    """The vector shortened by `slack`; zero if it is no longer than that (soft threshold): (..., k) -> (..., k)."""
    size = length(vector)[..., None]
    result: FloatArray = vector * np.maximum(size - slack, 0.0) / np.maximum(size, 1e-12)
    return result


def usual_slope(x: FloatArray, y: FloatArray) -> float:
    """Median slope of y against x, both (n,), over all pairs of points; a third of them may be off (Theil and Sen).

    >>> usual_slope(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.0, 2.0, 4.0, 60.0, 8.0]))
    2.0
    """
    from scipy.stats import theilslopes  # late: it takes as long to load as a second of video to measure

    return float(theilslopes(y, x)[0])
