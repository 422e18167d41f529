"""Can this person's movement give a number at all? If not, an error says what is needed."""

from collections.abc import Mapping

import numpy as np

from hipcv.errors import LegNotVisible, NoPerson, NoReps, NotSeated
from hipcv.kinematics.body import TORSO
from hipcv.kinematics.camera_view import in_view, seconds, trunk_from_upright_deg
from hipcv.kinematics.repetitions import NOT_COUNTED, REASONS, seated_frames
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Hip
from hipcv.settings import Settings
from hipcv.values import FloatArray, LandmarkSeries

_MIN_SEATED_SHARE = 0.5
_MIN_BODY_SHARE = 0.5
_MOST_TRUNK_LEAN_DEG = 45.0
PROTOCOL = "sit still, then swing one foot outward and inward as far as it goes, three times each, holding each end for a second."


def check_subject(series: LandmarkSeries, points_px: FloatArray, settings: Settings) -> None:
    """Raise if the picture cannot give a number.

    Raises
    ------
    NoPerson
        Only part of a body is in the picture.
    NotSeated
        The person stands or lies.
    LegNotVisible
        Neither leg was in view long enough.
    """
    if (seen_s := seconds(series, series.found)) < settings.min_leg_in_view_s:
        raise NoPerson(
            f"A person was found for only {seen_s:.1f} s of the video; {settings.min_leg_in_view_s:.1f} s are needed. "
            "Film the whole person, head to feet, from the front, in good light, 2 to 3 m away."
        )
    upper = in_view(series, TORSO[:2], settings)
    if upper.mean() < _MIN_BODY_SHARE * series.found.mean():
        raise NoPerson(
            "Only part of the person is in the picture: the shoulders were not in view. "
            "Film the whole body, head to feet, so that the person can be followed; the face is blurred in every picture that is kept."
        )
    if (lean := abs(trunk_from_upright_deg(series))) > _MOST_TRUNK_LEAN_DEG:
        raise NotSeated(
            f"The person does not sit upright in the picture (the trunk lies {lean:.0f}° off), or only the legs are in it. "
            "Film the whole body, head to feet, and turn the video upright before you send it."
        )
    in_view_s = {side: seconds(series, np.isfinite(points_px[:, of_side("ankle", side), 0])) for side in Side}
    side, longest = max(in_view_s.items(), key=lambda item: item[1])
    if longest < settings.min_leg_in_view_s:
        raise LegNotVisible(
            f"The {side.value} knee and ankle were in view for {longest:.1f} s and the other ones for less; "
            f"{settings.min_leg_in_view_s:.1f} s are needed. Move the phone back until both feet stay in the picture."
        )
    if seated_frames(series)[series.found].mean() < _MIN_SEATED_SHARE:
        raise NotSeated(
            "The person does not look seated with the knees toward the camera, or only the legs are in the picture. "
            "Sit on the edge of a high seat, hips and knees bent to a right angle, and film the whole body from the front at knee height."
        )


def check_reps(hips: Mapping[Side, Hip]) -> None:
    """Raise if no repetition counts.

    Raises
    ------
    NoReps
        No leg moved, or no movement can be used.
    """
    reps = [rep for hip in hips.values() for rep in hip.reps]
    if any(rep.usable for rep in reps):
        return
    if reps:
        why = "; ".join(sorted({REASONS[code] for rep in reps for code in rep.reasons if code in NOT_COUNTED}))
        seen = (
            "One movement was seen and it does not count" if len(reps) == 1 else f"{len(reps)} movements were seen and none of them counts"
        )
        raise NoReps(f"{seen}: {why}. Film again: {PROTOCOL}")
    raise NoReps(f"No leg was seen to swing out or in. Film again: {PROTOCOL}")
