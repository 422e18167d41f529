"""The seated test: all that is taken for granted because the person sits on a high seat with the knees toward the camera.

Its posture check, the direction in which a shank hangs at rest, the thresholds, and the texts that say what to do. A test in another
position (prone, knees bent) would stand beside this file and answer the same questions otherwise.
"""

from hipcv.kinematics.body import thigh_per_shank
from hipcv.kinematics.geometry import from_down_deg
from hipcv.landmarks import Side
from hipcv.values import BoolArray, FloatArray, LandmarkSeries

STANDING_THIGH_PER_SHANK = 0.75
"""Thigh over shank in the picture: about 1 standing (Drillis and Contini: 0.245 and 0.246 of stature), below 0.4 seated
with the knees toward a level camera."""
LEAST_SHARE_SEATED = 0.5
"""Of the frames with somebody: fewer, and it is not this test."""
MOST_TRUNK_LEAN_DEG = 45.0
"""Beyond this a person does not sit upright in the picture."""
TEXTS = ("errors.not_seated", "errors.not_upright", "errors.no_swing", "errors.no_reps_count", "words.reasons.not_seated")
"""What the catalogues say of this position."""


def from_rest_direction_deg(shank_px: FloatArray, side: Side) -> FloatArray:
    """How far a shank, knee to ankle (..., 2) in px, is swung from where it hangs at rest: straight down in the picture.

    Internal rotation positive for either leg: seated, the foot swings outward.
    """
    return side.lateral_x * from_down_deg(shank_px)


def looks_seated(image_px: FloatArray) -> BoolArray:
    """Whether the thighs look short, as they do when they point at the camera: image_px (..., 33, 2) -> (...); NaN does not."""
    seated: BoolArray = thigh_per_shank(image_px) < STANDING_THIGH_PER_SHANK
    return seated


def seated_frames(series: LandmarkSeries) -> BoolArray:
    """(n_frames,): whether the person sits; frames with nobody count as seated."""
    return ~(thigh_per_shank(series.image_px) >= STANDING_THIGH_PER_SHANK)
