"""Movements that cannot give a number at all; the error says what is needed."""

from collections.abc import Iterable, Mapping

import numpy as np

from hipcv.codes import Reason
from hipcv.errors import LegNotVisible, NoPerson, NoReps, NotSeated
from hipcv.kinematics.body import TORSO
from hipcv.kinematics.camera_view import in_view, seconds, trunk_from_upright_deg
from hipcv.kinematics.seated import LEAST_SHARE_SEATED, MOST_TRUNK_LEAN_DEG, seated_frames
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Hip, Rep
from hipcv.settings import Settings
from hipcv.values import FloatArray, LandmarkSeries, short_of

_MIN_BODY_SHARE = 0.5
_MIN_AGREEING_SHARE = 0.5
"""Nothing is said about how a person sits whom fewer separate looks saw in the same direction: a failure to find them is no posture."""


def check_subject(series: LandmarkSeries, points_px: FloatArray, settings: Settings, agreeing_share: float = 1.0) -> None:
    """Raise if the clip cannot give a number; `agreeing_share` as in `Capture`.

    Raises
    ------
    NoPerson
        Only part of a body is in the image, or the network cannot make out the body.
    NotSeated
        The person stands or lies.
    LegNotVisible
        Neither leg was in view long enough.
    """
    if (seen_s := seconds(series, series.found)) < settings.min_leg_in_view_s:
        raise NoPerson("person_seen_briefly", seen=short_of(seen_s, settings.min_leg_in_view_s, 1), least=settings.min_leg_in_view_s)
    upper = in_view(series, TORSO[:2], settings)
    if upper.mean() < _MIN_BODY_SHARE * series.found.mean():
        raise NoPerson("shoulders_not_in_view")
    if (lean := abs(trunk_from_upright_deg(series))) > MOST_TRUNK_LEAN_DEG:
        _check_made_out(agreeing_share)
        raise NotSeated("not_upright", degrees=lean)
    in_view_s = {side: seconds(series, np.isfinite(points_px[:, of_side("ankle", side), 0])) for side in Side}
    side, longest = max(in_view_s.items(), key=lambda item: item[1])
    if longest < settings.min_leg_in_view_s:
        raise LegNotVisible(
            "legs_not_in_view", side=side, seen=short_of(longest, settings.min_leg_in_view_s, 1), least=settings.min_leg_in_view_s
        )
    if seated_frames(series)[series.found].mean() < LEAST_SHARE_SEATED:
        _check_made_out(agreeing_share)
        raise NotSeated("not_seated")


def _check_made_out(agreeing_share: float) -> None:
    if agreeing_share < _MIN_AGREEING_SHARE:
        raise NoPerson(
            "not_made_out",
            agreeing_percent=short_of(100 * agreeing_share, 100 * _MIN_AGREEING_SHARE, 0),
            least_percent=100 * _MIN_AGREEING_SHARE,
        )


def check_reps(hips: Mapping[Side, Hip], settings: Settings) -> None:
    """Raise if no repetition counts, or nothing could be read well enough.

    Raises
    ------
    NoReps
        No leg moved, no movement is usable, or none is known well enough.
    """
    if any(hip.internal_rotation_deg or hip.external_rotation_deg for hip in hips.values()):
        return
    reps = [rep for hip in hips.values() for rep in hip.reps]
    if any(rep.usable for rep in reps):
        raise NoReps("too_unsure", within=settings.max_half_width_deg)
    if reps:
        raise NoReps("no_reps_count", n=len(reps), reasons=sorted(_reasons(reps)))
    raise NoReps("no_swing")


def _reasons(reps: Iterable[Rep]) -> set[Reason]:
    return {reason for rep in reps for reason in rep.reasons if reason.rules_out}
