"""Camera roll from the edges of the room: door frames, corners, shelves, the line where the wall meets the floor.

World verticals appear at the camera roll, and fan out a little when the phone looks up or down; level edges that face the camera do
likewise when it stands to the side. Each of the two families is therefore a straight line of angle against position, whose value at the
middle of the image is the roll. Edges of neither family (a chair's leg, a blind) get no weight.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from hipcv.kinematics.camera_view import BUILT_SD_DEG, FAN_SD_DEG, FOCAL_PER_LONG_SIDE, FOCAL_SD
from hipcv.kinematics.geometry import length
from hipcv.landmarks import BODY
from hipcv.values import CameraPitch, CameraRoll, FloatArray, ImageArray

_LONG_SIDE_PX = 640
_SHORTEST = 0.05
"""Edges shorter than this share of the image's long side tell little."""
_BLACK, _AT_BAR_PX = 24, 4.0
"""Brightest pixel of a black bar (of 255), whatever compression adds; an edge this near to the bar's border is the border."""
_WITHIN_DEG = 14.0
"""Larger rolls are ruled out: whoever sets up the phone would notice."""
_AGREE_DEG = 1.0
"""Edges that agree to within this are one family: an edge of 50 px is seen to half a degree, and rooms are built about as accurately."""
_ENOUGH = 0.5
"""Total length of the edges that must agree, in long sides of the image."""
_CONTRADICT, _LEANS_SD_DEG = 3.0, 3.0
"""Two families contradict each other beyond this many standard deviations; roll of a phone that was set up upright."""


def edges(rgb: ImageArray, image_px: FloatArray) -> FloatArray:
    """Straight edges of the room, (n, 4): x, y of both ends from the middle of the image, in units of its long side.

    Parameters
    ----------
    rgb : one image
    image_px : (33, 2), the person in it; edges over the person are left out
    """
    height, width = rgb.shape[:2]
    long_side = max(height, width)
    scale = min(1.0, _LONG_SIDE_PX / long_side)
    grey = cv2.resize(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found: Any = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return np.empty((0, 4))
    ends = found.reshape(-1, 4).astype(float)
    ends = ends[~_at_bars(ends, grey)] / scale
    ends = ends[~_over(ends, image_px)]
    ends = (ends - np.array([width, height, width, height]) / 2) / long_side
    kept: FloatArray = ends[length(ends[:, 2:] - ends[:, :2]) >= _SHORTEST]
    return kept


def _at_bars(ends: FloatArray, grey: ImageArray) -> Any:
    """Flags (n,) of edges that are the border of a black bar beside or above the image, as added by editing programs."""
    at_bar = np.zeros(len(ends), bool)
    for axis in (0, 1):
        lit = np.flatnonzero(grey.max(axis=axis) > _BLACK)
        if len(lit):
            for border in (lit[0], lit[-1] + 1):
                at_bar |= (np.abs(ends[:, [axis, axis + 2]] - border) < _AT_BAR_PX).all(axis=1)
    return at_bar


def _over(ends: FloatArray, image_px: FloatArray) -> Any:
    """Flags (n,) of edges whose middle lies on the person: within the box of the body, slightly widened."""
    body = image_px[list(BODY)]
    margin = 0.08 * np.ptp(body[:, 1])
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    return ((middle > body.min(axis=0) - margin) & (middle < body.max(axis=0) + margin)).all(axis=1)


def lean(ends: FloatArray) -> CameraRoll | None:
    """Camera roll from the edges of the room (see `edges`); None if too few agree."""
    found = [one.roll for name in BUILT_SD_DEG if (one := _family(name, ends))]
    if not found:
        return None
    weights = np.array([one.sd_deg**-2 for one in found])
    rolls = np.array([one.roll_deg for one in found])
    if np.ptp(rolls) > _CONTRADICT * float(np.hypot.reduce([one.sd_deg for one in found])):
        # Bars and boards aslant can agree as well as a room does: either family may be wrong, the likelier the more the phone would lean.
        weights = np.exp(-np.square(rolls / _LEANS_SD_DEG) / 2) + 1e-9
        roll = float(np.average(rolls, weights=weights))
        variances = np.square(rolls - roll) + np.square([one.sd_deg for one in found])
        return CameraRoll(roll, float(np.average(variances, weights=weights) ** 0.5))
    roll = float(weights @ rolls / weights.sum())
    return CameraRoll(roll, float(np.hypot(weights.sum() ** -0.5, np.abs(rolls - roll).min())))


def pitch(ends: FloatArray) -> CameraPitch | None:
    """How far the camera looks down, from the fan of the upright edges (see `edges`); None if too few agree."""
    upright = _family("upright", ends)
    return upright.fan if upright else None


@dataclass(frozen=True, slots=True)
class _Family:
    roll: CameraRoll
    fan: CameraPitch
    """How far the camera looks down (upright edges), or stands aside (level ones)."""


def _seen(name: str, ends: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Angle of each edge from the family's direction, its place across the family, its length: (n,) each."""
    step, middle = ends[:, 2:] - ends[:, :2], (ends[:, :2] + ends[:, 2:]) / 2
    if name == "upright":
        return np.degrees(np.arctan2(-step[:, 0] * np.sign(step[:, 1]), np.abs(step[:, 1]))), middle[:, 0], length(step)
    return np.degrees(np.arctan2(step[:, 1] * np.sign(step[:, 0]), np.abs(step[:, 0]))), middle[:, 1], length(step)


def _family(name: str, ends: FloatArray) -> _Family | None:
    """The roll and fan on which the greatest length of edges agrees."""
    angle_deg, place, size = _seen(name, ends)
    near = np.abs(angle_deg) < _WITHIN_DEG
    angle_deg, place, size = angle_deg[near], place[near], size[near]
    if not len(size):
        return None
    design = np.stack([np.ones_like(place), place / FOCAL_PER_LONG_SIDE], axis=1)
    prior = np.diag([0.0, FAN_SD_DEG**-2])
    best: tuple[float, FloatArray, FloatArray] | None = None
    for start in np.arange(-_WITHIN_DEG, _WITHIN_DEG + 0.1, 1.0):
        model = np.array([start, 0.0])
        for reach in (3.0, 2.0, 1.5, 1.0, 1.0):
            weight = size / (1 + np.square((angle_deg - design @ model) / (reach * _AGREE_DEG))) ** 2
            information = design.T @ (design * (weight / size.mean() / _AGREE_DEG**2)[:, None]) + prior
            model = np.linalg.solve(information, design.T @ (angle_deg * weight / size.mean() / _AGREE_DEG**2))
        agreed = float(weight.sum())
        if best is None or agreed > best[0]:
            best = agreed, model, np.linalg.inv(information)
    assert best is not None
    if best[0] < _ENOUGH or abs(best[1][0]) > _WITHIN_DEG:
        return None
    (roll_deg, slope_deg), (roll_sd, slope_sd) = best[1], np.sqrt(np.diag(best[2]))
    fan_deg = float(np.degrees(np.arctan(np.radians(slope_deg))))
    return _Family(
        CameraRoll(float(roll_deg), float(np.hypot(BUILT_SD_DEG[name], roll_sd))),
        CameraPitch(fan_deg, float(np.linalg.norm([BUILT_SD_DEG[name], slope_sd, FOCAL_SD * fan_deg]))),
    )
