"""The seated test: everything that is assumed because the person sits on a high seat, knees toward the camera.

It holds the posture check, the direction in which a shank hangs at rest, the thresholds, and the keys of the texts with instructions. A
test in another position (prone, knees bent) would be a file beside this one that answers the same questions.
"""

from hipcv.kinematics.body import thigh_per_shank
from hipcv.kinematics.geometry import from_down_deg
from hipcv.landmarks import Side
from hipcv.values import BoolArray, FloatArray, LandmarkSeries

STANDING_THIGH_PER_SHANK = 0.75
"""Ratio of thigh to shank in the image: about 1 standing (Drillis and Contini: 0.245 and 0.246 of stature), below 0.4 seated with the
knees toward a level camera."""
LEAST_SHARE_SEATED = 0.5
"""Share of the frames with a person; with fewer seated, it is not this test."""
MOST_TRUNK_LEAN_DEG = 45.0
"""A person whose trunk leans more than this does not sit upright in the image."""
TEXTS = (
    "guide",
    "film",
    "measure.test_alt",
    "visits.remind_text",
    "about.what",
    "report.title",
    "report.clip",
    "research.methods.rotation",
    "errors.not_seated",
    "errors.not_upright",
    "errors.no_swing",
    "errors.no_reps_count",
    "errors.too_unsure",
    "findings.second_person",
    "findings.knee_travel",
    "findings.compensation",
    "findings.landmarks_only.shank",
    "findings.ambiguous.view",
    "findings.too_unsure",
    "review.film_again.trunk",
    "words.reasons.not_seated",
    "words.reason_in_short.not_seated",
)
"""Catalogue texts, or groups of them, that mention the position."""


def from_rest_direction_deg(shank_px: FloatArray, side: Side) -> FloatArray:
    """Swing of a shank, knee to ankle (..., 2) in px, from where it hangs at rest: straight down in the image.

    Internal rotation positive for either leg: seated, the foot swings outward.
    """
    return side.lateral_x * from_down_deg(shank_px)


def looks_seated(image_px: FloatArray) -> BoolArray:
    """Whether the thighs look short, as they do when they point at the camera: image_px (..., 33, 2) -> (...); False for NaN."""
    seated: BoolArray = thigh_per_shank(image_px) < STANDING_THIGH_PER_SHANK
    return seated


def seated_frames(series: LandmarkSeries) -> BoolArray:
    """Flags (n_frames,) of frames in which the person sits; frames with nobody count as seated."""
    return ~(thigh_per_shank(series.image_px) >= STANDING_THIGH_PER_SHANK)
