"""Caveats about the legs: their zero, their repetitions, and how well the pictures could be measured."""

from collections.abc import Iterator, Mapping

import numpy as np

from hipcv.landmarks import Side
from hipcv.measurement import Finding, Hip
from hipcv.settings import Settings
from hipcv.values import Direction, RotationSeries, Zero


def of_reps(hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    """Of each leg: what is missing, its zero, its thigh, and the repetitions of either direction."""
    for side, hip in hips.items():
        if not hip.reps:
            yield Finding.info("leg_not_tested", f"No repetition of the {side.value} leg was seen, so it has no result.")
            continue
        yield from _zero(hip)
        yield from _knee(hip, rotation[side], settings)
        for direction in Direction:
            yield from _direction(hip, direction, settings)


def of_second_look(
    hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], n_people: int, settings: Settings
) -> Iterator[Finding]:
    """What stood in the way of measuring on the picture itself."""
    if n_people > 1:
        yield Finding.warning(
            "landmarks_only",
            "With somebody else in the picture the rotation is read from body points alone and is less sure. Film one person.",
        )
        return
    for side, hip in hips.items():
        counted = [rep for rep in hip.reps if rep.usable]
        blind = [rep for rep in counted if not np.isfinite(rep.sd_deg)]
        if blind:
            yield Finding.warning(
                "landmarks_only",
                f"In {len(blind)} of {len(counted)} repetitions the {side.value} shank could not be told from what is around it, so they are read from body points "
                "alone and are less sure. Film with bare shins or tight trousers, in good light, before a plain wall, and sit still first.",
            )
        seen = rotation[side].corrected
        if counted and seen is not None and abs(seen.thigh_outward_deg) > settings.thigh_aside_warn_deg:
            yield Finding.warning(
                "thigh_aside",
                f"The {side.value} thigh points {abs(seen.thigh_outward_deg):.0f}° past the camera, and from there a knee that opens looks like rotation; "
                "the interval says how much. Put the phone straight in front of that knee, or film each leg on its own.",
            )


def _zero(hip: Hip) -> Iterator[Finding]:
    side = hip.side
    if not np.isfinite(hip.rest_deg):
        yield Finding.warning(
            "no_rest",
            f"The {side.value} leg was never seen at rest, so its angles are read from the vertical, which is less sure. "
            "Let both legs hang still for a second at the beginning.",
        )
    elif hip.zero is Zero.GRAVITY:
        way = "outward" if hip.rest_deg > 0 else "inward"
        yield Finding.warning(
            "rest_posture",
            f"The {side.value} foot rested {abs(hip.rest_deg):.0f}° {way}, so its angles are read from the vertical instead, "
            "which is less sure. Let both legs hang straight down and still for a second at the beginning.",
        )
    elif hip.rest_doubt_deg:
        yield Finding.warning(
            "rest_changed",
            f"The {side.value} leg rested {2 * hip.rest_doubt_deg:.0f}° differently at the beginning and at the end, so its zero is less sure. "
            "Let the leg hang straight down whenever it rests.",
        )


def _knee(hip: Hip, rotation: RotationSeries, settings: Settings) -> Iterator[Finding]:
    travels = []
    for rep in hip.reps:
        hold = (rotation.time_s >= rep.hold_start_s) & (rotation.time_s <= rep.hold_end_s)
        travels.append(float(np.abs(np.median(rotation.knee_travel_percent[hold]))))
    if max(travels) > settings.knee_travel_warn_percent:
        yield Finding.warning(
            "knee_travel",
            f"The {hip.side.value} knee moved sideways by {max(travels):.0f} % of the lower leg, so the thigh turned along and the angle is not the hip's alone. "
            "Keep the thigh still on the seat.",
        )


def _direction(hip: Hip, direction: Direction, settings: Settings) -> Iterator[Finding]:
    reps = [rep for rep in hip.reps if rep.direction is direction]
    what = f"{direction.value} rotation of the {hip.side.value} hip"
    counted = [rep for rep in reps if rep.usable]
    if not reps:
        yield Finding.info("direction_not_tested", f"No {what} was seen, so it has no result.")
        return
    if len(counted) < settings.min_reps:
        yield Finding.warning(
            "too_few_reps", f"{_counted(len(counted))} for {what}; {settings.min_reps} or more are needed. Film three of each."
        )
    if counted and all(not rep.held for rep in counted):
        yield Finding.warning("no_hold", f"The end of {what} was never held still, so it is read less well. Hold each end for a second.")
    if any("compensation" in rep.reasons or "compensation_spoiled" in rep.reasons for rep in reps):
        yield Finding.serious(
            "compensation",
            f"The pelvis or the trunk tilted during {what}, which looks like rotation. Sit evenly on both buttocks, hold on to the seat, turn less far.",
        )
    values = [rep.end_range_deg for rep in counted]
    if len(values) > 1 and np.std(values, ddof=1) > settings.max_rep_spread_deg:
        yield Finding.warning(
            "reps_differ", f"The repetitions of {what} differ by {max(values) - min(values):.0f}°. Repeat it evenly, as far as it goes."
        )


def _counted(n_reps: int) -> str:
    return {0: "No repetition counts", 1: "Only one repetition counts"}.get(n_reps, f"Only {n_reps} repetitions count")
