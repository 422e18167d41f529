"""Camera roll, from every available source: where the true vertical is in the image.

Sources of camera roll, each with its standard deviation: the edges of the room (capture/room_edges.py), gravity as recorded by the phone,
both resting shanks, the line of the shoulders, the line of the hips. They are combined in a weighted mean. Room and gravity are by far
the most precise, but a tilted shelf or a gravity record with unusual axes must not outweigh the body: if one contradicts it, it is left
out.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Side
from hipcv.settings import Settings, Step
from hipcv.values import BodySeries, CameraRoll, FloatArray, RotationSeries

SHANKS_SD_DEG, SHOULDERS_SD_DEG, HIPS_SD_DEG = 1.7, 2.0, 2.5
"""Natural asymmetry of people plus landmark error: 1.2°, 1.7° and 2.3° on 24 clips of rendered people, none with real scoliosis."""
_SITS_ASKEW_SD_DEG = 1.2
"""Somebody who sits askew tilts shanks, shoulders and hips together, which says nothing against room or gravity."""
_CONTRADICTS = 3.0
"""Two sources contradict each other when they differ by more than this many standard deviations."""


def lean(
    rotation: Mapping[Side, RotationSeries], body: BodySeries, room: CameraRoll | None, gravity: CameraRoll | None, settings: Settings
) -> CameraRoll:
    """Camera roll, positive when the scene appears rotated clockwise; without any source, 0 with a standard deviation of `roll_sd_deg`."""
    unknown = CameraRoll(0.0, settings.roll_sd_deg)
    if Step.UPRIGHT in settings.without:
        return unknown
    by_body = _weighted(_of_body(rotation, body))
    seen = _weighted([*_believed([room, gravity], by_body), *filter(None, [by_body])])
    if seen and seen.sd_deg >= unknown.sd_deg:
        seen = _weighted([seen, unknown])  # phones are usually set up upright, which outweighs a poor source
    return seen or unknown


def _believed(sharp: list[CameraRoll | None], by_body: CameraRoll | None) -> list[CameraRoll]:
    """Sources that do not contradict the body; none if two contradict each other, as there is no telling which one is wrong."""
    believed = by_body and replace(by_body, sd_deg=float(np.hypot(by_body.sd_deg, _SITS_ASKEW_SD_DEG)))
    agreeing = [one for one in sharp if one and (believed is None or _agree(one, believed))]
    return agreeing if len(agreeing) < 2 or _agree(*agreeing) else []


def _of_body(rotation: Mapping[Side, RotationSeries], body: BodySeries) -> list[CameraRoll]:
    at_rest = both_at_rest(rotation)
    seen = [
        of_shanks({side: rotation[side].rest_deg for side in Side}),
        _level(body.shoulder_tilt_deg[at_rest], SHOULDERS_SD_DEG),
        _level(body.pelvis_tilt_deg[at_rest], HIPS_SD_DEG),
    ]
    return [one for one in seen if one]


def _level(tilt_deg: FloatArray, sd_deg: float) -> CameraRoll | None:
    return CameraRoll(-float(nanmedian(tilt_deg, axis=0)), sd_deg) if np.isfinite(tilt_deg).any() else None


def _agree(a: CameraRoll, b: CameraRoll) -> bool:
    return abs(a.roll_deg - b.roll_deg) < _CONTRADICTS * float(np.hypot(a.sd_deg, b.sd_deg))


def _weighted(seen: list[CameraRoll]) -> CameraRoll | None:
    """Weighted mean; its standard deviation grows when the sources differ more than their own would explain."""
    if not seen:
        return None
    rolls, weights = np.array([one.roll_deg for one in seen]), np.array([one.sd_deg**-2 for one in seen])
    mean = float(weights @ rolls / weights.sum())
    scatter = float(weights @ np.square(rolls - mean)) / max(1, len(seen) - 1)
    return CameraRoll(mean, float((max(1.0, scatter) / weights.sum()) ** 0.5))


def of_shanks(rest_deg: Mapping[Side, float]) -> CameraRoll | None:
    """Camera roll from both resting shanks, given `rest_deg` of each leg; None unless both legs were seen at rest.

    A rolled phone tilts both shanks alike, and feet that both point inward or outward cancel out; if only one foot is askew, the mean
    moves by half of the difference between the two.
    """
    left, right = (side.lateral_x * rest_deg[side] for side in (Side.LEFT, Side.RIGHT))
    if not np.isfinite([left, right]).all():
        return None
    return CameraRoll(-(left + right) / 2, float(np.hypot(SHANKS_SD_DEG, (left - right) / 2)))
