"""Left and right exchanged by the pose network: detected frame by frame and put back.

The network sometimes names the whole body, or only the feet where the legs cross, the wrong way round for a few frames. Each frame has
three possible readings; the sequence that moves the body least is chosen (a shortest path), with a mild preference for looking like a
person who faces the camera.
"""

import numpy as np
import numpy.typing as npt

from hipcv.kinematics.geometry import from_down_deg, length
from hipcv.landmarks import SWAPPED, Landmark, Side, of_side
from hipcv.values import FloatArray

Readings = npt.NDArray[np.intp]
"""Chosen reading of each frame, (n_frames,)."""

_LOWER = [of_side(part, side) for side in Side for part in ("ankle", "heel", "foot_index")]
_UPPER = [of_side(part, side) for side in Side for part in ("shoulder", "hip", "knee")]
_COMPARED = [*_UPPER, *_LOWER]
_IMPLAUSIBLE_SHANK_DEG = 60.0  # beyond any healthy range of the seated test
_BACKWARD_COST = 0.5  # in body lengths, for a body that faces away
_SWITCH_COST = 0.05


def reading_orders() -> list[Readings]:
    """The three readings, each as an order of the 33 points: as named, all exchanged, only the feet exchanged."""
    as_named = np.arange(len(Landmark))
    feet = as_named.copy()
    feet[_LOWER] = SWAPPED[_LOWER]
    return [as_named, SWAPPED, feet]


def best_readings(image_px: FloatArray) -> Readings:
    """Index of the best reading of each frame: image_px (n, 33, 2) -> (n,) of 0, 1 or 2; 0 if nobody was found."""
    seen = np.flatnonzero(np.isfinite(image_px[:, 0, 0]))
    readings = np.zeros(len(image_px), dtype=int)
    if len(seen) == 0:
        return readings
    body = np.median(length(image_px[seen, Landmark.LEFT_SHOULDER] - image_px[seen, Landmark.RIGHT_HIP]))
    candidates = np.stack([image_px[seen][:, order] for order in reading_orders()]) / max(float(body), 1.0)
    look = _strangeness(candidates)
    readings[seen] = _cheapest_path(candidates[:, :, _COMPARED], look)
    return readings


def apply_readings(values: FloatArray, readings: Readings) -> FloatArray:
    """Any per-landmark array (n, 33, ...), reordered by the chosen readings."""
    orders = np.stack(reading_orders())[readings]
    index = orders.reshape(orders.shape + (1,) * (values.ndim - 2))
    return np.take_along_axis(values, index, axis=1)


def _strangeness(candidates: FloatArray) -> FloatArray:
    """How unlike a person facing the camera each reading looks: (3, n, 33, 2) -> (3, n)."""
    facing = sum(
        candidates[:, :, of_side(part, Side.LEFT), 0] - candidates[:, :, of_side(part, Side.RIGHT), 0]
        for part in ("shoulder", "hip", "knee")
    )
    cost = np.where(np.asarray(facing) < 0, _BACKWARD_COST, 0.0)
    for side in Side:
        shank = candidates[:, :, of_side("ankle", side)] - candidates[:, :, of_side("knee", side)]
        beyond_deg = np.maximum(np.abs(from_down_deg(shank)) - _IMPLAUSIBLE_SHANK_DEG, 0.0)
        cost = cost + beyond_deg / 90.0
        cost = cost + 0.002 * np.abs(from_down_deg(shank)) / 90.0  # among equals, prefer legs that are not crossed
    return cost


def _cheapest_path(candidates: FloatArray, look: FloatArray) -> Readings:
    """Viterbi over the readings; candidates (3, n, k, 2) and look (3, n) -> (n,)."""
    n_readings, n_frames = look.shape
    switch = _SWITCH_COST * (1 - np.eye(n_readings))
    total = look[:, 0]
    came_from = np.zeros((n_frames, n_readings), dtype=int)
    for t in range(1, n_frames):
        moved = length(candidates[:, None, t] - candidates[None, :, t - 1]).mean(axis=2)  # (to, from)
        through = total[None, :] + moved + switch
        came_from[t] = through.argmin(axis=1)
        total = through.min(axis=1) + look[:, t]
    path = np.zeros(n_frames, dtype=int)
    path[-1] = int(total.argmin())
    for t in range(n_frames - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path
