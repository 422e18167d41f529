"""Caveats about the legs: their zero, their repetitions, and how well registration worked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from hipcv.codes import FindingCode, Quantity, Reason
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Side
from hipcv.measurement import Finding, Hip, Rep
from hipcv.settings import Settings
from hipcv.values import UNUSUAL_SD, Direction, RegisteredRotation, RotationSeries, Zero

_ROUNDED_S = 1e-4
"""Times of a repetition that is read back have four decimals; a hold may be a single frame."""


def of_reps(hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    """Findings on each leg: anything missing, its zero, its knee, and the repetitions in either direction."""
    for side, hip in hips.items():
        if not hip.reps:
            yield Finding.info(FindingCode.LEG_NOT_TESTED, side=side)
            continue
        if n := sum(Reason.NOT_FILMED in rep.reasons for rep in hip.reps if not rep.usable):
            yield Finding.warning(FindingCode.REPS_NOT_FILMED, side=side, n=n)
        if any(Reason.KNEE_STRAIGHTENS in rep.reasons for rep in hip.reps) and not _counted(hip.reps):
            yield Finding.serious(FindingCode.KNEE_STRAIGHTENS, side=side)
        yield from _zero(hip)
        yield from _knee(hip, rotation[side], settings)
        for direction in Direction:
            yield from _direction(hip, direction, settings)


def of_second_look(
    hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], n_people: int, settings: Settings
) -> Iterator[Finding]:
    """Findings on why registration was not possible, or is less certain."""
    if n_people > 1:
        yield Finding.warning(FindingCode.LANDMARKS_ONLY, case="several_people")
    for side, hip in hips.items():
        counted = _counted(hip.reps)
        blind = [rep for rep in counted if not np.isfinite(rep.sd_deg) and Reason.POINTS_BY_HAND not in rep.reasons]
        if blind and n_people == 1:
            why = rotation[side].not_registered
            yield Finding.warning(FindingCode.LANDMARKS_ONLY, case="shank", side=side, n=len(blind), of=len(counted), why=why)
        if counted and (seen := rotation[side].corrected):
            yield from _view(side, seen, settings)


def _view(side: Side, seen: RegisteredRotation, settings: Settings) -> Iterator[Finding]:
    if abs(seen.thigh_outward_deg) > settings.thigh_aside_warn_deg:
        yield Finding.warning(FindingCode.THIGH_ASIDE, side=side, aside_deg=abs(seen.thigh_outward_deg))
    if seen.rival_sd_deg > settings.rival_warn_deg:
        yield Finding.warning(FindingCode.AMBIGUOUS, case="two_readings", side=side, apart_deg=seen.rival_apart_deg)
    if seen.view_pressed_sd > UNUSUAL_SD:
        yield Finding.warning(FindingCode.AMBIGUOUS, case="view", side=side)


def _counted(reps: Iterable[Rep]) -> list[Rep]:
    return [rep for rep in reps if rep.usable]


def _is_rep(rep: Rep) -> bool:
    """Whether it counts, or would but for a tilt; other movements may be those of somebody who sets up the phone."""
    return all(reason.is_tilt or not reason.rules_out for reason in rep.reasons)


def _zero(hip: Hip) -> Iterator[Finding]:
    if not np.isfinite(hip.rest_deg):
        yield Finding.warning(FindingCode.NO_REST, side=hip.side)
    elif hip.zero is Zero.GRAVITY and not hip.zero_edited:
        way = "outward" if hip.rest_deg > 0 else "inward"
        yield Finding.warning(FindingCode.REST_POSTURE, side=hip.side, rest_deg=abs(hip.rest_deg), way=way)
    elif hip.rest_doubt_deg:
        yield Finding.warning(FindingCode.REST_CHANGED, side=hip.side, apart_deg=2 * hip.rest_doubt_deg)


def _knee(hip: Hip, rotation: RotationSeries, settings: Settings) -> Iterator[Finding]:
    landmarks, image = [0.0], [0.0]
    for rep in _counted(hip.reps):
        hold = (rotation.time_s > rep.hold_start_s - _ROUNDED_S) & (rotation.time_s < rep.hold_end_s + _ROUNDED_S)
        landmarks.append(float(np.abs(np.median(rotation.knee_travel_percent[hold]))))
        if rotation.corrected is not None:
            image.append(float(np.nan_to_num(np.abs(nanmedian(rotation.corrected.knee_shift_percent[hold], axis=0)))))
    if max(landmarks) > settings.knee_travel_warn_percent or max(image) > settings.knee_shift_warn_percent:
        yield Finding.warning(FindingCode.KNEE_TRAVEL, side=hip.side, travel_percent=max(*landmarks, *image))


def _direction(hip: Hip, direction: Direction, settings: Settings) -> Iterator[Finding]:
    reps = [rep for rep in hip.reps if rep.direction is direction]
    where = {"direction": direction, "side": hip.side}
    if not reps:
        yield Finding.info(FindingCode.DIRECTION_NOT_TESTED, **where)
        return
    counted = _counted(reps)
    yield from _number(counted, where, settings)
    if any(reason.is_tilt for rep in reps if _is_rep(rep) for reason in rep.reasons):
        yield Finding.serious(FindingCode.COMPENSATION, **where)
    if counted and hip[Quantity.of(direction)] is None:
        yield Finding.warning(FindingCode.TOO_UNSURE, **where, within_deg=settings.max_half_width_deg)


def _number(counted: Sequence[Rep], where: Mapping[str, Any], settings: Settings) -> Iterator[Finding]:
    if len(counted) < settings.min_reps:
        case = {} if counted else {"case": "none"}
        yield Finding.warning(FindingCode.TOO_FEW_REPS, **where, n=len(counted), least=settings.min_reps, **case)
    if counted and not any(rep.held for rep in counted):
        yield Finding.warning(FindingCode.NO_HOLD, **where)
    end_ranges_deg = [rep.end_range_deg for rep in counted]
    if len(counted) > 1 and np.std(end_ranges_deg, ddof=1) > settings.max_rep_spread_deg:
        yield Finding.warning(FindingCode.REPS_DIFFER, **where, apart_deg=max(end_ranges_deg) - min(end_ranges_deg))
