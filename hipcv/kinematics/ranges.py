"""Ranges of motion with intervals, from repetitions, and the difference between the hips with a verdict.

Every interval is 95 %: the value ± 1.96 standard errors, from independent parts whose variances add:

- landmark error at an end range, the same in every repetition of that leg and direction;
- the spread of the repetitions over the square root of their number, drawn toward the usual spread of the hip when there are few;
- the zero: a rest posture off the clinical zero, or the uncertainty of camera roll. It shifts the two directions against each other and
  cancels in the total arc; camera roll counts twice in the difference between the hips (docs/method.md);
- tilt of pelvis or trunk beyond the noise, which enters the angle at about one to one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from hipcv.catalogues.message import Message
from hipcv.codes import Doubt, Quantity, Verdict
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference, Hip, Range, Rep, doubt
from hipcv.settings import Settings
from hipcv.values import Z95, Direction, FloatArray, RotationSeries, Zero

_ENOUGH_FREEDOM = 2
"""Degrees of freedom at which a hip's own repetitions determine their spread: two repetitions in each direction."""


def hip_ranges(side: Side, reps: tuple[Rep, ...], rotation: RotationSeries, settings: Settings) -> Hip:
    """Ranges of one hip, from its repetitions."""
    counted = {direction: [rep for rep in reps if rep.usable and rep.direction is direction] for direction in Direction}
    usual = _usual_variance(counted.values(), settings)
    ranges = {direction: _range(counted[direction], rotation, usual, settings) for direction in Direction}
    internal, external = ranges[Direction.INTERNAL], ranges[Direction.EXTERNAL]
    return Hip(
        side=side,
        internal_rotation_deg=internal,
        external_rotation_deg=external,
        total_deg=_total(internal, external, rotation, settings) if internal and external else None,
        reps=reps,
        zero=rotation.zero,
        rest_deg=rotation.rest_deg,
        rest_doubt_deg=rotation.rest_doubt_deg,
        upright_deg=rotation.upright_deg,
        upright_sd_deg=rotation.upright_sd_deg,
        rest_askew_deg=rotation.rest_askew_deg,
        rest_askew_sd_deg=rotation.rest_askew_sd_deg,
    )


def _usual_variance(directions: Iterable[Sequence[Rep]], settings: Settings) -> float:
    """Variance of this hip's repetitions over both directions; when there are few, the assumed value counts as one more pair."""
    done = [_end_ranges_deg(reps) for reps in directions if reps]
    freedom = sum(len(values) - 1 for values in done)
    squares = sum(_squares(values) for values in done)
    if freedom < _ENOUGH_FREEDOM:
        freedom, squares = freedom + 1, squares + settings.rep_sd_deg**2
    return float(squares / freedom)


def _end_ranges_deg(reps: Sequence[Rep]) -> FloatArray:
    return np.array([rep.end_range_deg for rep in reps])


def _squares(values: FloatArray) -> float:
    """Sum of squared distances from the mean."""
    return float(np.square(values - values.mean()).sum())


def _range(reps: Sequence[Rep], rotation: RotationSeries, usual_variance: float, settings: Settings) -> Range | None:
    """The range of one direction; None if no repetition counts, or if it is too unsure to tell anything."""
    if not reps:
        return None
    values = _end_ranges_deg(reps)
    n = len(values)
    # Two or three repetitions may agree by chance, so the usual variance of this hip counts as one more of them.
    spread = (_squares(values) + usual_variance) / n
    variance = _reading_variance(reps, settings) + spread / n
    sd = float(values.std(ddof=1)) if n > 1 else float("nan")
    found = _interval(float(values.mean()), variance + _zero_variance(rotation, settings), sd, n)
    return found if found.high - found.value <= settings.max_half_width_deg else None


def _reading_variance(reps: Sequence[Rep], settings: Settings) -> float:
    """Error variance shared by all repetitions of one leg and direction."""
    registered = [rep.sd_deg for rep in reps if np.isfinite(rep.sd_deg)]
    tilt_deg = max(0.0, float(np.mean([rep.tilt_deg for rep in reps])) - settings.tilt_noise_deg)  # beyond that of a person who keeps still
    others = [rep.landmark_sd_deg for rep in reps if not np.isfinite(rep.sd_deg)]
    told = [sd_deg if np.isfinite(sd_deg) else settings.landmark_sd_deg for sd_deg in others]
    by_landmarks = (float(np.mean(np.square(told))) if told else 0.0) + tilt_deg**2
    by_picture = settings.registration_sd_deg**2 + float(np.mean(np.square(registered))) if registered else 0.0
    share = len(registered) / len(reps)
    return share * by_picture + (1 - share) * by_landmarks


def _interval(value: float, variance: float, sd: float, n_reps: int) -> Range:
    half = Z95 * variance**0.5
    return Range(value, value - half, value + half, sd, n_reps)


def _zero_variance(rotation: RotationSeries, settings: Settings) -> float:
    is_of_010 = not np.isfinite(rotation.rest_askew_sd_deg)
    if not np.isfinite(rotation.rest_deg) or (is_of_010 and rotation.zero is Zero.GRAVITY):
        return rotation.upright_sd_deg**2 + settings.vertical_sd_deg**2
    askew_sd_deg = settings.rest_sd_deg if is_of_010 else rotation.rest_askew_sd_deg
    return float(askew_sd_deg**2 + rotation.rest_doubt_deg**2)


def _total(internal: Range, external: Range, rotation: RotationSeries, settings: Settings) -> Range:
    variance = sum(_variance(part) - _zero_variance(rotation, settings) for part in (internal, external))
    sd = float(np.hypot(internal.sd, external.sd))
    return _interval(internal.value + external.value, variance, sd, min(internal.n_reps, external.n_reps))


def _variance(part: Range) -> float:
    return ((part.high - part.low) / (2 * Z95)) ** 2


def asymmetry(hips: Mapping[Side, Hip], settings: Settings, recording_doubt: Message | None = None) -> Asymmetry:
    """Right minus left of internal rotation, external rotation and total arc, each with a verdict based on its interval.

    If the recording as a whole is in doubt, there is no verdict, and that doubt is given as the reason.
    """
    return Asymmetry(**{quantity.field: _difference(quantity, hips, settings, recording_doubt) for quantity in Quantity})


def _difference(quantity: Quantity, hips: Mapping[Side, Hip], settings: Settings, recording_doubt: Message | None) -> Difference | None:
    right, left = hips[Side.RIGHT], hips[Side.LEFT]
    ours, theirs = right[quantity], left[quantity]
    if ours is None or theirs is None:
        return None
    value = ours.value - theirs.value
    half = Z95 * _difference_variance(quantity, right, left, ours, theirs, settings) ** 0.5
    why = recording_doubt or _doubt(ours, theirs, right, left, settings) or _lean_doubt(quantity, (right, left), settings)
    notice_deg, large_deg = bounds_deg(quantity, settings)
    verdict = Verdict.NONE if why else judge(value, half, notice_deg, large_deg)
    return Difference(value, value - half, value + half, verdict, why)


def _difference_variance(quantity: Quantity, right: Hip, left: Hip, ours: Range, theirs: Range, settings: Settings) -> float:
    """The error of the camera roll enters both hips with opposite sign; where all of it does, it counts as (2 r)² instead of r² + r²."""
    variance = _variance(ours) + _variance(theirs)
    if quantity is Quantity.TOTAL:
        return variance
    return variance + 2 * _share_of_roll(right, settings) * _share_of_roll(left, settings) * right.upright_sd_deg * left.upright_sd_deg


def _share_of_roll(hip: Hip, settings: Settings) -> float:
    """How much of an error of the camera roll enters the zero: all of it, unless the zero leans on how legs usually hang."""
    if hip.zero is Zero.GRAVITY:
        return 1.0
    if not np.isfinite(hip.rest_askew_sd_deg):  # in records of 0.1.0, a leg's posture at rest, which does not tilt with the phone
        return 0.0
    return min(1.0, hip.rest_askew_sd_deg**2 / (settings.outline_sd_deg**2 + hip.upright_sd_deg**2))


def _lean_doubt(quantity: Quantity, hips: Iterable[Hip], settings: Settings) -> Message | None:
    """The doubt about one direction when the camera roll is poorly known."""
    is_unknown = any(hip.zero is Zero.GRAVITY and hip.upright_sd_deg > settings.roll_known_deg for hip in hips)
    return doubt(Doubt.LEAN_UNKNOWN) if is_unknown and quantity is not Quantity.TOTAL else None


def bounds_deg(quantity: Quantity, settings: Settings) -> tuple[float, float]:
    """The sizes from which a difference is reported, and from which it is called large."""
    if quantity is Quantity.TOTAL:
        return settings.notice_total_deg, settings.large_total_deg
    return settings.notice_direction_deg, settings.large_direction_deg


def judge(value: float, half_width: float, notice_deg: float, large_deg: float) -> Verdict:
    """Verdict on a difference: within error unless its interval excludes zero."""
    if abs(value) <= half_width:
        return Verdict.WITHIN_ERROR
    if abs(value) < notice_deg:
        return Verdict.SMALL
    return Verdict.DIFFERENT if abs(value) < large_deg else Verdict.LARGE


def _doubt(ours: Range, theirs: Range, right: Hip, left: Hip, settings: Settings) -> Message | None:
    """The reason why no verdict can be given, with every leg that is one, or None."""
    spans = {right.side: ours, left.side: theirs}
    few = [side for side, span in spans.items() if span.n_reps < settings.min_reps]
    uneven = [side for side, span in spans.items() if span.sd > settings.max_rep_spread_deg]
    tilted = [hip.side for hip in (right, left) if _tilts(hip)]
    found = {Doubt.FEW_REPS: few, Doubt.REPS_DIFFER: uneven, Doubt.COMPENSATION: tilted}
    spoiled = {code: sides for code, sides in found.items() if sides}
    if len(spoiled) > 1:
        return _several(spoiled)
    return next((doubt(code, **_sides(code, sides, settings)) for code, sides in spoiled.items()), None)


def _tilts(hip: Hip) -> bool:
    """Whether the body moved with a repetition that counts."""
    return any(reason.is_tilt for rep in hip.reps if rep.usable for reason in rep.reasons)


def _several(spoiled: Mapping[Doubt, Sequence[Side]]) -> Message:
    """Several reasons in one: on the same leg, uneven repetitions of one and a body that moved with the other, or any on both legs."""
    legs = {side for sides in spoiled.values() for side in sides}
    if len(legs) == 1:
        return doubt(Doubt.LEGS, case="same", side=legs.pop())
    uneven, tilted = (spoiled.get(code, ()) for code in (Doubt.REPS_DIFFER, Doubt.COMPENSATION))
    if Doubt.FEW_REPS not in spoiled and len(uneven) == len(tilted) == 1:
        return doubt(Doubt.LEGS, case="apart", side=tilted[0], side2=uneven[0])
    return doubt(Doubt.LEGS, case="both")


def _sides(code: Doubt, sides: Sequence[Side], settings: Settings) -> dict[str, Any]:
    """Values that name one leg, or both."""
    least = {"least": settings.min_reps} if code is Doubt.FEW_REPS else {}
    if len(sides) > 1:
        return {"case": "both", **least}
    return {"side": sides[0], **({"case": "leg", **least} if least else {})}
