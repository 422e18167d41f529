"""The background behind a leg, and the leg itself with its outline, separated from images.

The background of a pixel is what it shows when the leg is elsewhere (a median over the clip); the leg is what differs from the background
while it rests. Pixels that the leg always hides stay unknown and are not used. A shadow, darker than the background and of its colour, is
background.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from hipcv.capture.leg_footage import Footage
from hipcv.codes import NotRegistered
from hipcv.kinematics.geometry import usual_slope
from hipcv.values import BoolArray, FloatArray

_ROOM_LOOKS = 49
"""Frames used for the background; their median tolerates a third of them being spoilt."""
_FEWEST_LOOKS = 3
_LEG_RADIUS = 0.24
"""Half width of the possible leg around the line knee, ankle, toe, in shanks: a calf plus landmark error."""
_CORE, _CORE_FOOT = 0.13, 0.09
"""Half width of what is certainly leg, about the axis."""
_SURE = 0.10
"""Half width of what is taken for leg where its background is never seen."""
_REACH, _REACH_FOOT = 0.21, 0.30
"""Half width of the possible leg about the axis at rest."""
_SAME, _OTHER = 6.0, 18.0
"""Colour distances (Lab, of 255): background below the first, leg above the second."""
_NEUTRAL = 128.0
"""A grey in a and b of 8-bit Lab."""
_BLACK = 16 * 2.55
"""In Lab, L + 16 (of 100), a and b grow alike with the cube root of the light."""
_TINT, _TINT_SHARE = 5.0, 0.1
"""Colour distance by which a shadow's tint may differ from that of the background: for noise, and as a share of how much darker it is, for
light from elsewhere. A limb in the shade differs by more."""
_TOP, _TOP_SURE, _END = 0.2, 0.3, 1.5
"""In shanks: the template begins below the knee, where the skin folds, and ends beyond the toes."""
_ANKLE = 0.97
_ROW, _OUTLINE_END = 0.04, 0.9
"""Height of the rows in which the outline is read, and where they end: above the ankle's bones."""
_FEWEST_IN_ROW, _FEWEST_ROWS = 8, 8


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """Background (h, w, 3) with where it is known (h, w), and shank and foot as (h, w, 4): colour times opacity, opacity."""

    room: FloatArray
    known: BoolArray
    shank: FloatArray
    foot: FloatArray
    valid: FloatArray
    """Weight of the template (h, w): 0 at the knee and beside background that is never seen, 1 elsewhere."""

    def shrunk(self, factor: float) -> "Layers":
        """The same layers, scaled by the factor."""
        height, width = self.valid.shape
        size = (max(8, round(width * factor)), max(8, round(height * factor)))

        def small(values: Any) -> FloatArray:
            result: FloatArray = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
            return result

        known = small(self.known.astype(np.float32)) > 0.9
        return Layers(small(self.room), known, small(self.shank), small(self.foot), small(self.valid))


@dataclass(frozen=True, slots=True, eq=False)
class LegTrack:
    """Landmarks of one leg in the footage: points (n, 3, 2) of knee, ankle, toe in footage px; moving and resting (n,)."""

    points: FloatArray
    moving: BoolArray
    resting: BoolArray


def leg_layers(footage: Footage, track: LegTrack, knee: FloatArray, angle_rad: float, shank_px: float) -> Layers | NotRegistered:
    """Layers of one leg, or the reason why there are none: it never leaves its place, or hardly differs from the background."""
    rest = _spread(np.flatnonzero(track.resting), 6)
    looks = _spread(np.flatnonzero(track.moving), _ROOM_LOOKS)
    if len(rest) == 0:
        return NotRegistered.NO_REST
    if len(looks) < _FEWEST_LOOKS:
        return NotRegistered.STAYS_IN_PLACE
    room, known = _room(footage, track, looks, shank_px)
    leg = np.mean([footage.picture(index) for index in rest], axis=0).astype(np.float32)
    across, along = _leg_coordinates(room.shape[:2], knee, angle_rad, shank_px)
    toe = np.median(track.points[rest, 2], axis=0) - knee
    toe_aside = float(toe @ [np.cos(angle_rad), -np.sin(angle_rad)]) / shank_px
    opacity = _opacity(leg, room, known, across, along, toe_aside)
    if opacity is None:
        return NotRegistered.LIKE_ITS_SURROUNDINGS
    leg, opacity = _matte(leg, room, known, opacity)
    foot = np.clip((along - _ANKLE) / 0.06, 0, 1).astype(np.float32) * opacity
    valid: Any = np.clip((along - _TOP) / (_TOP_SURE - _TOP), 0, 1).astype(np.float32)
    unsure = cv2.dilate((~known & ~_taken_for_leg(across, along)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    valid = np.where(unsure, 0, valid).astype(np.float32)
    return Layers(room, known, _layer(leg, opacity - foot), _layer(leg, foot), valid)


def outline_slope_rad(layers: Layers, knee: FloatArray, angle_rad: float, shank_px: float) -> float:
    """Angle of the middle of the shank's outline from the landmarks' line, toward image right; NaN if too little of it is seen."""
    seen = (layers.shank[..., 3] > 0.5) & (layers.valid > 0)
    across, along = _leg_coordinates(seen.shape, knee, angle_rad, shank_px)
    unsure = cv2.dilate((~layers.known).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    middles = []
    for middle in np.arange(_TOP_SURE, _OUTLINE_END, _ROW):
        row = seen & (np.abs(along - middle) < _ROW / 2)
        if row.sum() < _FEWEST_IN_ROW:
            continue
        edges = np.percentile(across[row], [2, 98])
        at_edge = row & ((across <= edges[0]) | (across >= edges[1]))
        if not unsure[at_edge].any():  # else the edge is where the background ends that was seen, not where the leg does
            middles.append((middle, edges.mean()))
    if len(middles) < _FEWEST_ROWS:
        return float("nan")
    places, offsets = np.transpose(middles)
    return float(np.arctan(usual_slope(places, offsets)))


def _matte(leg: FloatArray, room: FloatArray, known: BoolArray, opacity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Colours and opacity of the leg at its outline, where a pixel mixes it with the background: its colour continues from inside."""
    inside = cv2.erode((opacity > 0.9).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=2).astype(np.float32)
    parts = cv2.GaussianBlur(_layer(leg, inside), (0, 0), 1.5)
    colour = parts[..., :3] / np.maximum(parts[..., 3:], 1e-3)
    contrast = np.square(colour - room).sum(axis=2)
    mixed = known & (inside == 0) & (opacity > 0) & (parts[..., 3] > 0.02) & (contrast > _OTHER**2)
    share = ((leg - room) * (colour - room)).sum(axis=2) / np.maximum(contrast, 1.0)
    return np.where(mixed[..., None], colour, leg).astype(np.float32), np.where(mixed, np.clip(share, 0, 1), opacity).astype(np.float32)


def _layer(colour: FloatArray, opacity: FloatArray) -> FloatArray:
    return np.dstack([colour * opacity[..., None], opacity]).astype(np.float32)


def _spread(indices: Any, at_most: int) -> list[int]:
    if len(indices) <= at_most:
        return [int(index) for index in indices]
    return [int(indices[k]) for k in np.linspace(0, len(indices) - 1, at_most).astype(int)]


def _room(footage: Footage, track: LegTrack, looks: Sequence[int], shank_px: float) -> tuple[FloatArray, BoolArray]:
    """Median of each pixel while the leg is elsewhere, and where there were enough such frames."""
    pictures = np.stack([footage.picture(index).astype(np.uint8) for index in looks])  # whole numbers: a quarter of the memory
    covered = np.stack([_covered(pictures.shape[1:3], track.points[index], shank_px) for index in looks])
    count = (~covered).sum(axis=0)
    pictures[covered] = 255  # behind all that were seen
    pictures.sort(axis=0, kind="stable")  # bytes are counted then, not compared, four times as fast
    middle = np.maximum((count - 1) // 2, 0)[None, ..., None]
    room = np.take_along_axis(pictures, middle, axis=0)[0].astype(np.float32)
    known = count >= _FEWEST_LOOKS
    room[~known] = 0
    return room, known


def _covered(shape: tuple[int, ...], points: FloatArray, shank_px: float) -> BoolArray:
    mask = np.zeros(shape[:2], np.uint8)
    if np.isfinite(points).all():
        knee, ankle, toe = (tuple(int(v) for v in np.clip(point, -9999, 9999)) for point in points)
        width = max(1, int(2 * _LEG_RADIUS * shank_px))
        cv2.line(mask, knee, ankle, 1, width)
        cv2.line(mask, ankle, toe, 1, width)
    return mask > 0


def _leg_coordinates(shape: tuple[int, ...], knee: FloatArray, angle_rad: float, shank_px: float) -> tuple[FloatArray, FloatArray]:
    """Coordinates of every pixel across and along the resting shank, in shanks: (h, w) each."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    dx, dy = (x - knee[0]) / shank_px, (y - knee[1]) / shank_px
    return np.cos(angle_rad) * dx - np.sin(angle_rad) * dy, np.sin(angle_rad) * dx + np.cos(angle_rad) * dy


def _taken_for_leg(across: FloatArray, along: FloatArray) -> BoolArray:
    """What is taken for leg where its background is never seen."""
    return np.asarray((np.abs(across) < _SURE) & (along < 1.0))


def _opacity(
    leg: FloatArray, room: FloatArray, known: BoolArray, across: FloatArray, along: FloatArray, toe_aside: float
) -> FloatArray | None:
    """Opacity of the leg in each pixel: (h, w), 0 to 1; None if no leg stands out along the axis."""
    change = leg - room
    distance, darker = np.linalg.norm(change, axis=2), -change[..., 0]
    # A shadow shows the colours of the background, as much less of them as it is darker.
    expected = (room[..., 1:] - _NEUTRAL) * ((leg[..., :1] + _BLACK) / (room[..., :1] + _BLACK))
    colour = np.linalg.norm(leg[..., 1:] - _NEUTRAL - expected, axis=2)
    core = np.abs(across) < np.where(along < 0.8, _CORE, _CORE_FOOT)
    shadow = (darker > 0) & (darker < 0.55 * room[..., 0]) & (colour < np.maximum(_TINT, _TINT_SHARE * darker)) & ~core
    opacity = np.clip((distance - _SAME) / (_OTHER - _SAME), 0, 1)
    opacity = np.where(known, opacity, _taken_for_leg(across, along))
    aside = np.clip((along - 0.9) / 0.3, 0, 1) * toe_aside
    within = np.abs(across - aside) < np.where(along < 0.85, _REACH, _REACH_FOOT)
    opacity = np.where(shadow | ~within | (along < _TOP - 0.08) | (along > _END), 0, opacity)
    opacity = cv2.medianBlur((255 * opacity).astype(np.uint8), 3).astype(np.float32) / 255
    _, parts = cv2.connectedComponents((opacity > 0.5).astype(np.uint8))
    axis = parts[(np.abs(across) < 0.05) & (along > _TOP_SURE) & (along < 0.9)]
    if not len(axis) or (axis > 0).mean() < 0.5:
        return None
    main = np.bincount(axis[axis > 0]).argmax()
    own = cv2.dilate((parts == main).astype(np.uint8), np.ones((5, 5), np.uint8))
    result: FloatArray = cv2.GaussianBlur(opacity * own, (0, 0), 0.6)
    return result
