"""Repetitions as a reviewer sees them: added ones, points placed by hand, the pelvis rated, and what counts.

Of each kind of edit, the latest of a repetition holds, in this order: `AddRep`, `MovePoints`, `RatePelvis`, then `Exclude` or `Include`. An
`Include` no longer holds once the pelvis is rated as moved after it. An edit of an added repetition goes with it when the edit that added it
is taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from hipcv.codes import Reason
from hipcv.errors import ReviewError
from hipcv.kinematics.drawn_leg import DrawnLeg, drawn_leg
from hipcv.kinematics.repetitions import grade, rep_within
from hipcv.landmarks import Side
from hipcv.measurement import Measurement, Rep
from hipcv.review import hand_points
from hipcv.review.edits import (
    AddRep,
    Exclude,
    Include,
    MovePoints,
    Numbered,
    PelvisRating,
    RatePelvis,
    added_key,
    is_added,
    measured_key,
    side_of,
)
from hipcv.settings import Settings

Reps = dict[Side, dict[str, Rep]]
"""The repetitions of both legs by key: the measured ones in their order, then the added ones."""


def reviewed_reps(measurement: Measurement, edits: Sequence[Numbered]) -> Reps:
    """The repetitions of both legs with all edits of repetitions applied, angles from the measurement's own zero.

    Raises
    ------
    ReviewError
        An edit names no repetition of this measurement, marks a span in which nothing was seen, or places points that are none.
    """
    reps = _all(measurement, edits)
    known = {rep for of_leg in reps.values() for rep in of_leg}
    moved, rated, decided = (_latest(edits, known, kinds) for kinds in ((MovePoints,), (RatePelvis,), (Exclude, Include)))
    legs: dict[Side, DrawnLeg] = {}
    for key, (_, edit) in moved.items():
        side = side_of(key)
        leg = legs.setdefault(side, legs.get(side) or drawn_leg(measurement, side))
        placed = hand_points.with_points(reps[side][key], measurement.rotation[side], leg, edit, measurement.settings)
        reps[side][key] = placed if is_added(key) else _counted(placed)
    for key, (_, edit) in rated.items():
        reps[side_of(key)][key] = _rated(reps[side_of(key)][key], edit.rating, is_added(key), measurement.settings)
    for key, (_, edit) in _upheld(decided, rated).items():
        reps[side_of(key)][key] = _decided(reps[side_of(key)][key], edit)
    return reps


def _all(measurement: Measurement, edits: Sequence[Numbered]) -> Reps:
    reps = {side: {measured_key(side, index): rep for index, rep in enumerate(measurement.hips[side].reps)} for side in Side}
    for number, edit in edits:
        if isinstance(edit, AddRep):
            reps[edit.side][added_key(edit.side, number)] = _added(measurement, edit)
    return reps


def _added(measurement: Measurement, edit: AddRep) -> Rep:
    span_s = edit.start_s, edit.end_s
    rep = rep_within(measurement.landmarks, measurement.rotation, measurement.body, edit.side, edit.direction, span_s, measurement.settings)
    if rep is None:
        raise ReviewError("review_nothing_seen", start_s=edit.start_s, end_s=edit.end_s)
    return rep


def _upheld(decided: Mapping[str, Any], rated: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions without each `Include` of a repetition whose pelvis was rated as moved after it."""

    def is_upheld(key: str, number: int, edit: Exclude | Include) -> bool:
        later = rated.get(key)
        return isinstance(edit, Exclude) or later is None or later.number < number or later.edit.rating is not PelvisRating.MOVED

    return {key: one for key, one in decided.items() if is_upheld(key, *one)}


def _latest(edits: Sequence[Numbered], known: set[str], kinds: tuple[type[Any], ...]) -> Mapping[str, Any]:
    """The latest edit of these kinds by repetition; raises `ReviewError` for a repetition that the measurement does not have."""
    found = {}
    for one in edits:
        if isinstance(one.edit, kinds):
            key: str = one.edit.rep
            if key in known:
                found[key] = one
            elif not is_added(key):
                raise ReviewError("review_rep_unknown", rep=key)
    return found


def _counted(rep: Rep) -> Rep:
    return replace(rep, usable=not any(reason.rules_out for reason in rep.reasons))


def _rated(rep: Rep, rating: PelvisRating, added: bool, settings: Settings) -> Rep:
    """The repetition with the reviewer's word on pelvis and trunk; what was subtracted of the pelvis' tilt stays subtracted."""
    told = {PelvisRating.STILL: (), PelvisRating.UNSURE: (Reason.COMPENSATION,), PelvisRating.MOVED: (Reason.COMPENSATION_SPOILED,)}[rating]
    reasons = (*(reason for reason in rep.reasons if not reason.is_tilt), *told)
    rated = replace(
        rep,
        reasons=reasons,
        tilt_deg=0.0 if rating is PelvisRating.STILL else rep.tilt_deg,
        grade=grade(reasons, rep.pelvis_deg, settings),
    )
    return rated if added and rating is not PelvisRating.MOVED else _counted(rated)


def _decided(rep: Rep, edit: Exclude | Include) -> Rep:
    if isinstance(edit, Exclude):
        return replace(rep, usable=False, reasons=(*rep.reasons, Reason.EXCLUDED_BY_REVIEWER))
    return rep if rep.usable else replace(rep, usable=True, reasons=(*rep.reasons, Reason.INCLUDED_BY_REVIEWER))


def check_once(reps: Reps) -> None:
    """Raise `ReviewError` if an added repetition is one that counts already: it would make the result look surer than it is."""
    for of_leg in reps.values():
        for (_, a), (key, b) in combinations(of_leg.items(), 2):  # added ones come last
            both_count = a.usable and b.usable and a.direction is b.direction
            if is_added(key) and both_count and a.hold_start_s <= b.hold_end_s and b.hold_start_s <= a.hold_end_s:
                raise ReviewError("review_rep_twice", start_s=a.start_s, end_s=a.end_s)
