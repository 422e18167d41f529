"""Which swings are repetitions, and which of those count."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hipcv.codes import Grade, NotRegistered, Reason
from hipcv.kinematics.body import trunk_per_shank
from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.seated import seated_frames
from hipcv.kinematics.signals import nanmedian
from hipcv.kinematics.swings import Swing, find_swings, swing_within
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Rep
from hipcv.settings import Settings
from hipcv.values import BodySeries, BoolArray, Direction, FloatArray, LandmarkSeries, RotationSeries

IMPLAUSIBLE_DEG = 80.0
"""No hip turns farther."""
_MOST_HIDDEN = 0.5
_SHORT_TRUNK = 0.7
"""Trunk per shank as seen, below which somebody leans forward: 0.8 to 1.05 in people who sit upright."""
_REST_DRAG = 0.5
"""A leg that swings less than this share of the other leg's swing at the same time is at rest: its landmarks were dragged along."""


_REST_SHARE = 0.6
"""A swing below this share of the leg's farthest one may be its rest posture."""


def find_reps(
    series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], body: BodySeries, settings: Settings
) -> dict[Side, tuple[Rep, ...]]:
    """Repetitions of both legs in order of time, each graded: whether it counts, why not, and how far the body tilted during it."""
    away_deg = _posture_change_deg(series, body, rotation)
    swings = {
        side: find_swings(r.time_s, r.internal_rotation_deg, settings, r.corrected.registered if r.corrected else None)
        for side, r in rotation.items()
    }
    moved = {side: [s for s in swings[side] if not _is_rest(s, swings[side], rotation[side], settings)] for side in Side}
    own = {side: [s for s in moved[side] if not _is_dragged(s, moved[side.other])] for side in Side}
    seated = seated_frames(series)
    unfilmed = np.pad(series.unfilmed(settings.longest_gap_s), 1)
    hidden = {side: _hidden(series, side, settings) for side in Side}
    result = {}
    for side in Side:
        reps = []
        for swing in own[side]:
            tilt_deg = _tilt_deg(away_deg[swing.hold_start : swing.hold_end])
            reasons = [
                *_knee_alone(rotation[side]),
                *_course(swing, own[side.other], unfilmed),
                *_sight(swing, hidden[side], seated),
                *_compensation(tilt_deg, settings),
            ]
            reps.append(_rep(side, swing, rotation[side], reasons, tilt_deg, settings))
        result[side] = tuple(reps)
    return result


def rep_within(
    series: LandmarkSeries,
    rotation: Mapping[Side, RotationSeries],
    body: BodySeries,
    side: Side,
    direction: Direction,
    span_s: tuple[float, float],
    settings: Settings,
) -> Rep | None:
    """The repetition that a person marked: its peak is the farthest point within the span; None if nothing was seen there.

    It counts, as that person saw a repetition; what speaks against it stays as a caveat.
    """
    leg = rotation[side]
    start, end = (int(frame) for frame in np.searchsorted(leg.time_s, [span_s[0], np.nextafter(span_s[1], np.inf)]))
    registered = leg.corrected.registered if leg.corrected else None
    swing = swing_within(start, end, direction, leg.time_s, leg.internal_rotation_deg, settings, registered)
    if swing is None:
        return None
    tilt_deg = _tilt_deg(_posture_change_deg(series, body, rotation)[swing.hold_start : swing.hold_end])
    reasons = [
        Reason.ADDED_BY_REVIEWER,
        *([] if swing.held else [Reason.NO_HOLD]),
        *_knee_alone(leg),
        *_sight(swing, _hidden(series, side, settings), seated_frames(series)),
        *_compensation(tilt_deg, settings),
    ]
    return replace(_rep(side, swing, leg, reasons, tilt_deg, settings), usable=True)


def _rep(side: Side, swing: Swing, rotation: RotationSeries, reasons: list[Reason], tilt_deg: float, settings: Settings) -> Rep:
    to_vertical = swing.direction.sign * rotation.zero_deg
    time_s = rotation.time_s
    return Rep(
        side=side,
        direction=swing.direction,
        start_s=float(time_s[swing.start]),
        hold_start_s=float(time_s[swing.hold_start]),
        hold_end_s=float(time_s[swing.hold_end - 1]),
        end_s=float(time_s[swing.end - 1]),
        end_range_deg=swing.end_range_deg,
        end_range_from_vertical_deg=swing.end_range_deg + to_vertical,
        held=swing.held,
        usable=not any(reason.rules_out for reason in reasons),
        reasons=tuple(reasons),
        tilt_deg=tilt_deg,
        **_second_look(swing, rotation, reasons, settings),
    )


def _second_look(swing: Swing, rotation: RotationSeries, reasons: list[Reason], settings: Settings) -> dict[str, Any]:
    """Grade of a repetition and, where its hold was registered, the values measured there."""
    seen = rotation.corrected
    hold = slice(swing.hold_start, swing.hold_end)
    if seen is None or not swing.registered:
        told = {} if seen is None else {"landmark_sd_deg": float(np.sqrt(np.nanmean(np.square(seen.sd_deg[hold]))))}
        return {"grade": grade(reasons, float("nan"), settings), **told}
    tilt_deg = float(nanmedian(seen.pelvis_deg[hold], axis=0))
    return {
        "grade": grade(reasons, tilt_deg, settings),
        "planar_deg": swing.direction.sign * float(nanmedian(seen.planar_deg[hold], axis=0)),
        "pelvis_deg": tilt_deg,
        "knee_extension_deg": float(nanmedian(seen.extension_deg[hold], axis=0)),
        "sd_deg": float(np.sqrt(np.nanmean(np.square(seen.sd_deg[hold])))),  # wider where landmarks fill in
    }


def grade(reasons: Iterable[Reason], pelvis_deg: float, settings: Settings) -> Grade:
    """Grade of a repetition; `pelvis_deg` is the tilt that was subtracted, NaN if only landmarks were used."""
    if not np.isfinite(pelvis_deg):
        return Grade.SPOILED if any(reason.is_tilt for reason in reasons) else Grade.CLEAN
    if Reason.COMPENSATION_SPOILED in reasons:
        return Grade.SPOILED
    return Grade.CORRECTED if abs(pelvis_deg) > settings.pelvis_noise_deg else Grade.CLEAN


def _is_rest(swing: Swing, swings: Iterable[Swing], rotation: RotationSeries, settings: Settings) -> bool:
    """Whether the leg is merely back at a rest posture that is off the zero; only for a leg that goes well beyond it."""
    rest_deg = swing.direction.sign * (rotation.rest_deg - rotation.zero_deg)
    farthest = max(other.end_range_deg for other in swings if other.direction is swing.direction)
    return bool(abs(swing.end_range_deg - rest_deg) < settings.hold_band_deg and swing.end_range_deg < _REST_SHARE * farthest)


def _is_dragged(swing: Swing, others: Iterable[Swing]) -> bool:
    """Whether a swing is only the other leg's swing dragging the landmarks of a resting leg, which holds nothing of its own."""
    return any(
        other.start <= swing.peak < other.end
        and (swing.end_range_deg < _REST_DRAG * other.end_range_deg or (other.held and not swing.held))
        for other in others
    )


def _knee_alone(rotation: RotationSeries) -> list[Reason]:
    return [Reason.KNEE_STRAIGHTENS] if rotation.not_registered == NotRegistered.KNEE_STRAIGHTENS else []


def _course(swing: Swing, others: Iterable[Swing], unfilmed: BoolArray) -> list[Reason]:
    """Reasons in the movement itself; `unfilmed` has one more frame at either end."""
    reasons = []
    if swing.end_range_deg > IMPLAUSIBLE_DEG:
        reasons.append(Reason.IMPLAUSIBLE)
    if any(swing.hold_start < other.hold_end and other.hold_start < swing.hold_end for other in others):
        reasons.append(Reason.BOTH_LEGS)
    return [*reasons, *_course_ends(swing, bool(unfilmed[swing.start] or unfilmed[swing.end + 1]))]


def _course_ends(swing: Swing, cut_off: bool) -> list[Reason]:
    if cut_off and not swing.complete:
        return [Reason.NOT_FILMED]
    if swing.held:
        return []
    return [Reason.NO_HOLD if swing.complete else Reason.INCOMPLETE]


def _sight(swing: Swing, hidden: BoolArray, seated: BoolArray) -> list[Reason]:
    hold = slice(swing.hold_start, swing.hold_end)
    reasons = []
    if hidden[hold].mean() > _MOST_HIDDEN:
        reasons.append(Reason.HIDDEN)
    if seated[hold].mean() < 1 - _MOST_HIDDEN:
        reasons.append(Reason.NOT_SEATED)
    return reasons


def _compensation(tilt_deg: float, settings: Settings) -> list[Reason]:
    if tilt_deg > settings.compensation_reject_deg:
        return [Reason.COMPENSATION_SPOILED]
    return [Reason.COMPENSATION] if tilt_deg > settings.compensation_warn_deg else []


def _tilt_deg(hold_deg: FloatArray) -> float:
    """Distance of the posture from rest during a hold; 0 if it was not seen."""
    return float(np.nanmedian(hold_deg)) if np.isfinite(hold_deg).any() else 0.0


def _posture_change_deg(series: LandmarkSeries, body: BodySeries, rotation: Mapping[Side, RotationSeries]) -> FloatArray:
    """The larger of the changes in pelvis tilt and trunk lean since rest, unsigned: (n_frames,).

    Somebody who leans forward hides the hips, and their points are a guess; then the line of the shoulders counts instead.
    """
    leans_forward = nanmedian(trunk_per_shank(series.image_px), axis=0) < _SHORT_TRUNK
    tilts = (body.shoulder_tilt_deg,) if leans_forward else (body.pelvis_tilt_deg, body.trunk_lean_deg)
    rest = both_at_rest(rotation)
    if not rest.any():
        rest = np.ones_like(rest)
    changes = []
    for tilt in tilts:
        level = np.median(tilt[rest & np.isfinite(tilt)]) if np.isfinite(tilt[rest]).any() else np.nan
        changes.append(np.abs(tilt - level))
    return np.asarray(np.fmax.reduce(changes))


def _hidden(series: LandmarkSeries, side: Side, settings: Settings) -> BoolArray:
    points = [of_side("knee", side), of_side("ankle", side)]
    return np.asarray((series.visibility[:, points] < settings.min_visibility).any(axis=1))
