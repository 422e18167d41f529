"""How far the picture leans, from all that shows it, and from what zero the angles of a leg are counted.

By e° a leaning phone adds e° to the internal rotation of one hip and takes e° from the other. The posture at rest is free of that and is
the zero wherever it can serve. Where it cannot, angles are counted from the true vertical: that of the picture less its lean.

Witnesses of the lean, each with its standard deviation: the edges of the room (room.py), gravity as the phone recorded it, both resting
shanks, the line of the shoulders, the line of the hips. They are averaged by weight. Room and gravity are much the sharper, but a tilted
shelf or a record with strange axes must not win against the body: one that contradicts it is left out.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Side
from hipcv.settings import Settings, Step
from hipcv.values import BodySeries, CameraRoll, FloatArray, RotationSeries, Zero

_SHANKS_SD_DEG, _SHOULDERS_SD_DEG, _HIPS_SD_DEG = 1.7, 2.0, 2.5
"""What people hang and hold themselves askew by, and what the landmarks err by: 1.2°, 1.7° and 2.3° on 24 made clips, none with real scoliosis."""
_CONTRADICTS = 3.0
"""Standard deviations between a witness and the body beyond which they do not speak of the same thing."""


def lean(
    rotation: Mapping[Side, RotationSeries], body: BodySeries, room: CameraRoll | None, gravity: CameraRoll | None, settings: Settings
) -> CameraRoll:
    """How far the scene appears turned clockwise; without any witness, upright but for `roll_sd_deg`."""
    unknown = CameraRoll(0.0, settings.roll_sd_deg)
    if Step.UPRIGHT in settings.without:
        return unknown
    by_body = _weighted(_of_body(rotation, body))
    sharp = [one for one in (room, gravity) if one and (by_body is None or _agree(one, by_body))]
    if len(sharp) == 2 and not _agree(*sharp):
        sharp = []  # one of them is wrong, and nobody knows which
    seen = _weighted([*sharp, *([by_body] if by_body else [])])
    if seen and seen.sd_deg >= unknown.sd_deg:
        seen = _weighted([seen, unknown])  # who sets a phone up sets it upright: that counts against a poor witness
    return seen or unknown


def _of_body(rotation: Mapping[Side, RotationSeries], body: BodySeries) -> list[CameraRoll]:
    at_rest = both_at_rest(rotation)
    seen = [
        of_shanks({side: rotation[side].rest_deg for side in Side}),
        _level(body.shoulder_tilt_deg[at_rest], _SHOULDERS_SD_DEG),
        _level(body.pelvis_tilt_deg[at_rest], _HIPS_SD_DEG),
    ]
    return [one for one in seen if one]


def _level(tilt_deg: FloatArray, sd_deg: float) -> CameraRoll | None:
    return CameraRoll(-float(nanmedian(tilt_deg, axis=0)), sd_deg) if np.isfinite(tilt_deg).any() else None


def _agree(a: CameraRoll, b: CameraRoll) -> bool:
    return abs(a.roll_deg - b.roll_deg) < _CONTRADICTS * float(np.hypot(a.sd_deg, b.sd_deg))


def _weighted(seen: list[CameraRoll]) -> CameraRoll | None:
    """The weighted mean; its standard deviation grows where the witnesses scatter by more than they should."""
    if not seen:
        return None
    rolls, weights = np.array([one.roll_deg for one in seen]), np.array([one.sd_deg**-2 for one in seen])
    mean = float(weights @ rolls / weights.sum())
    scatter = float(weights @ np.square(rolls - mean)) / max(1, len(seen) - 1)
    return CameraRoll(mean, float((max(1.0, scatter) / weights.sum()) ** 0.5))


def of_shanks(rest_deg: Mapping[Side, float]) -> CameraRoll | None:
    """What both resting shanks say of the lean, from `rest_deg` of either leg; None unless both were seen at rest.

    A leaning phone leans both alike, and feet that both point inward or outward cancel; one foot astray by itself moves the mean by
    half of what sets the two apart.
    """
    left, right = (side.lateral_x * rest_deg[side] for side in (Side.LEFT, Side.RIGHT))
    if not np.isfinite([left, right]).all():
        return None
    return CameraRoll(-(left + right) / 2, float(np.hypot(_SHANKS_SD_DEG, (left - right) / 2)))


def choose_zero(rotation: Mapping[Side, RotationSeries], seen: CameraRoll, settings: Settings) -> dict[Side, RotationSeries]:
    """Both legs with the zero that their angles are counted from."""
    return {
        side: replace(
            leg, zero=zero_of(side, leg.rest_deg, seen, settings), upright_deg=-side.lateral_x * seen.roll_deg, upright_sd_deg=seen.sd_deg
        )
        for side, leg in rotation.items()
    }


def zero_of(side: Side, rest_deg: float, seen: CameraRoll, settings: Settings) -> Zero:
    """Rest, where it was seen and lies no further from the true vertical than a relaxed leg, and what is unknown of the lean, explain."""
    if not np.isfinite(rest_deg):
        return Zero.GRAVITY
    askew_deg = abs(rest_deg + side.lateral_x * seen.roll_deg)
    return Zero.REST if askew_deg <= settings.rest_posture_deg + seen.sd_deg else Zero.GRAVITY
