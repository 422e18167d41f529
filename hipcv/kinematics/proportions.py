"""How a body is built, as far as a film from the front shows it: widths and shank, each as a share of the trunk's length.

They tell visits of plainly different bodies apart, such as those of a child and a grown person; they recognise nobody.
"""

from collections.abc import Callable, Mapping

import numpy as np

from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Side, of_side
from hipcv.values import FloatArray, LandmarkSeries

PLAINLY_OTHER = 0.35
"""Share by which a proportion of two bodies must differ. A pinhole camera sees the shank of one person, against the trunk, up to 1.3 times as
long when it stands 2 m away and they lean back, as when it stands 3 m away and they sit upright."""


def proportions(series: LandmarkSeries, min_visibility: float) -> dict[str, float]:
    """Width of the shoulders and of the hips, and length of the shank, each divided by the length of the trunk: medians over the clip.

    The trunk reaches from the middle of the shoulders to the middle of the hips. NaN = never seen.
    """
    points_px = np.where((series.visibility >= min_visibility)[..., None], series.image_px, np.nan)

    def at(name: str, side: Side) -> FloatArray:
        return points_px[:, of_side(name, side)]

    trunk_px = _length(_middle(at, "shoulder") - _middle(at, "hip"))
    parts_px = {
        "shoulders": _length(at("shoulder", Side.LEFT) - at("shoulder", Side.RIGHT)),
        "hips": _length(at("hip", Side.LEFT) - at("hip", Side.RIGHT)),
        "shank": np.mean([_length(at("knee", side) - at("ankle", side)) for side in Side], axis=0),
    }
    return {name: float(nanmedian(part_px / trunk_px, axis=0)) for name, part_px in parts_px.items()}


def _middle(at: Callable[[str, Side], FloatArray], name: str) -> FloatArray:
    middle: FloatArray = (at(name, Side.LEFT) + at(name, Side.RIGHT)) / 2
    return middle


def _length(vectors_px: FloatArray) -> FloatArray:
    length: FloatArray = np.hypot(vectors_px[..., 0], vectors_px[..., 1])
    return length


def is_other_body(first: Mapping[str, float | None], second: Mapping[str, float | None]) -> bool:
    """Whether two bodies are plainly built differently; what one of them lacks is not compared."""
    shared = [(one, other) for name in first.keys() & second.keys() if (one := first[name]) and (other := second[name])]
    return any(max(pair) / min(pair) > 1 + PLAINLY_OTHER for pair in shared)
