"""Does the error depend on something? Rows sorted into groups by the true angle, or by where the camera stood."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from hipcv.statistics.agreement import Row
from hipcv.validation.comparison import Camera

Groups = dict[str, list[Row]]

YAW_EDGES_DEG = (0.0, 5.0, 10.0, 20.0, np.inf)
ROLL_EDGES_DEG = (0.0, 2.0, 5.0, np.inf)
_BIN_DEG = 10.0


def by_true_angle(rows: Sequence[Row]) -> Groups:
    """Bins of 10° of the true angle, from 0."""
    most = max((row.true_deg for row in rows), default=0.0)
    return _sorted_in(rows, lambda row: row.true_deg, np.arange(0.0, most + 2 * _BIN_DEG, _BIN_DEG).tolist())


def by_yaw(rows: Sequence[Row], cameras: Mapping[str, Camera]) -> Groups:
    """How far aside the camera stood, whichever way; rows of clips that do not say are left out."""
    return _sorted_in(rows, lambda row: _size(cameras, row, "yaw_deg"), YAW_EDGES_DEG)


def by_roll(rows: Sequence[Row], cameras: Mapping[str, Camera]) -> Groups:
    """How far the camera leaned, whichever way; rows of clips that do not say are left out."""
    return _sorted_in(rows, lambda row: _size(cameras, row, "roll_deg"), ROLL_EDGES_DEG)


def slope(rows: Sequence[Row]) -> float | None:
    """Degrees of error per degree of true angle, by least squares; None where all angles are the same."""
    line = regression(rows)
    return line[0] if line else None


def regression(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Slope of the error against the true angle, by least squares, and its value in degrees at 0°; None where all angles are the same."""
    true_deg = np.array([row.true_deg for row in rows])
    if len(rows) < 2 or np.ptp(true_deg) == 0:
        return None
    slope_, start_deg = np.polyfit(true_deg, [row.error_deg for row in rows], 1)
    return float(slope_), float(start_deg)


def _size(cameras: Mapping[str, Camera], row: Row, name: str) -> float:
    camera = cameras.get(row.clip)
    value = getattr(camera, name) if camera else None
    return np.nan if value is None else abs(value)


def _sorted_in(rows: Sequence[Row], value_of: Callable[[Row], float], edges: Sequence[float]) -> Groups:
    """Half-open groups `[low, high)` by their words, without the empty ones; a value of NaN or below the first edge is in none."""
    groups: Groups = {}
    for low, high in pairwise(edges):
        words = f"{low:.0f} to {high:.0f}°" if np.isfinite(high) else f"{low:.0f}° and more"
        if members := [row for row in rows if low <= value_of(row) < high]:
            groups[words] = members
    return groups
