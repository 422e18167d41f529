"""The zero of each leg: the true vertical, as far as camera roll and the resting leg show it.

A phone rolled by e° adds e° to the internal rotation of one hip and takes e° from the other. A resting leg does not lean with the phone,
but some people's legs hang a few degrees askew, and then both directions are wrong by that. So the posture at rest is measured against
the vertical, and weighed with how legs usually hang, each by its own uncertainty. Where a leg was never seen at rest, angles are counted
from the vertical alone.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import UNUSUAL_SD, CameraRoll, FloatArray, RotationSeries, Zero

_CALF_DEG = 0.5
"""How much farther outward than its bones the outline of a hanging shank points: the inner head of the calf weighs 113 g, the outer one
62 g (Ward et al. 2009), which moves the middle of the upper outline some 2 mm inward, 25 cm above the ankle."""
_POSSIBLE_DEG: FloatArray = np.linspace(-45, 45, 1801)


def posture(measured_deg: float, sd_deg: float, usual_deg: float) -> tuple[float, float]:
    """How far a resting leg hangs off the vertical, and its standard deviation, from a measurement and from what legs usually do.

    Parameters
    ----------
    measured_deg, sd_deg : angle of the resting shank against the vertical, and its standard deviation
    usual_deg : half of all legs hang within this of the vertical, and some much farther: scale of a Cauchy distribution

    >>> [round(value, 1) for value in posture(2.0, 1.5, 1.2)]
    [1.0, 1.2]
    >>> [round(value, 1) for value in posture(8.0, 1.5, 1.2)]
    [7.4, 1.6]
    """
    weight = np.exp(-0.5 * np.square((_POSSIBLE_DEG - measured_deg) / sd_deg)) / (1 + np.square(_POSSIBLE_DEG / usual_deg))
    weight = weight / weight.sum()
    mean = float(weight @ _POSSIBLE_DEG)
    return mean, float((weight @ np.square(_POSSIBLE_DEG - mean)) ** 0.5)


def choose_zero(rotation: Mapping[Side, RotationSeries], seen: CameraRoll, settings: Settings) -> dict[Side, RotationSeries]:
    """Both legs, each with the zero its angles are counted from; the outline in the image outweighs the landmarks where there is one."""
    return {side: _with_zero(leg, zero_of(side, leg.rest_deg, seen, settings), seen, settings) for side, leg in rotation.items()}


def count_from_vertical(
    rotation: Mapping[Side, RotationSeries], believed: CameraRoll, seen: CameraRoll, settings: Settings
) -> dict[Side, RotationSeries]:
    """Both legs, counted from the vertical alone: nothing is made of how legs usually hang, so a vertical that is e° off moves them by e°.

    Parameters
    ----------
    believed : the camera roll with which the outlines at rest were measured
    seen : the camera roll to count from
    """
    return {
        side: _with_zero(_outline_leant(leg, seen.roll_deg - believed.roll_deg), Zero.GRAVITY, seen, settings)
        for side, leg in rotation.items()
    }


def count_from_rest(rotation: Mapping[Side, RotationSeries], sd_deg: float, settings: Settings) -> dict[Side, RotationSeries]:
    """Both legs, counted from their posture at rest; a leg that was never seen at rest stays as it is.

    Parameters
    ----------
    sd_deg : how well it is known that the legs hang straight, one standard deviation; weighed with how legs usually hang
    """
    _, askew_sd_deg = posture(0.0, sd_deg, settings.rest_sd_deg)
    return {
        side: replace(leg, zero=Zero.REST, rest_askew_deg=0.0, rest_askew_sd_deg=askew_sd_deg) if np.isfinite(leg.rest_deg) else leg
        for side, leg in rotation.items()
    }


def _outline_leant(leg: RotationSeries, more_deg: float) -> RotationSeries:
    """The same with its outline at rest against a vertical that is seen with this much more camera roll."""
    if leg.corrected is None:
        return leg
    askew_deg = leg.corrected.rest_askew_deg + leg.side.lateral_x * more_deg
    return replace(leg, corrected=replace(leg.corrected, rest_askew_deg=askew_deg))


def _with_zero(leg: RotationSeries, zero: Zero, seen: CameraRoll, settings: Settings) -> RotationSeries:
    upright_deg = -leg.side.lateral_x * seen.roll_deg
    known = replace(leg, zero=zero, upright_deg=upright_deg, upright_sd_deg=seen.sd_deg)
    if not np.isfinite(leg.rest_deg):
        return known
    measured_deg, line_sd_deg = _hanging(leg, leg.rest_deg - upright_deg, settings)
    measured_sd_deg = float(np.hypot(line_sd_deg, seen.sd_deg))
    if zero is Zero.GRAVITY:  # hardly a relaxed leg, or a vertical that was chosen, so nothing is made of how legs usually hang
        return replace(known, rest_askew_deg=measured_deg, rest_askew_sd_deg=measured_sd_deg)
    askew_deg, sd_deg = posture(measured_deg, measured_sd_deg, settings.rest_sd_deg)
    return replace(known, rest_askew_deg=askew_deg, rest_askew_sd_deg=sd_deg)


def _hanging(leg: RotationSeries, by_line_deg: float, settings: Settings) -> tuple[float, float]:
    """Angle of the resting shank against the vertical, and its standard deviation.

    By its outline, or by the landmarks' line where there is no outline or it lies too far from that line to be the leg's.
    """
    by_line = by_line_deg, settings.vertical_sd_deg
    if leg.corrected is None or not np.isfinite(leg.corrected.rest_askew_deg):
        return by_line
    by_outline = leg.corrected.rest_askew_deg - _CALF_DEG, settings.outline_sd_deg
    apart = UNUSUAL_SD * np.hypot(settings.vertical_sd_deg, settings.outline_sd_deg)
    return by_outline if abs(by_outline[0] - by_line_deg) <= apart else by_line


def zero_of(side: Side, rest_deg: float, seen: CameraRoll, settings: Settings) -> Zero:
    """REST if the leg was seen at rest, no further from the true vertical than a relaxed leg plus the roll's uncertainty; else GRAVITY."""
    if not np.isfinite(rest_deg):
        return Zero.GRAVITY
    askew_deg = abs(rest_deg + side.lateral_x * seen.roll_deg)
    return Zero.REST if askew_deg <= settings.rest_posture_deg + seen.sd_deg else Zero.GRAVITY
