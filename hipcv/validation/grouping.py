"""Groups rows by true angle or by camera position, to show whether the error depends on them."""

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
    """Rows in bins of 10° of the true angle, starting at 0."""
    most = max((row.true_deg for row in rows), default=0.0)
    return _sorted_in(rows, lambda row: row.true_deg, np.arange(0.0, most + 2 * _BIN_DEG, _BIN_DEG).tolist())


def by_yaw(rows: Sequence[Row], cameras: Mapping[str, Camera]) -> Groups:
    """Rows by size of the camera's yaw, to either side; rows of clips with unknown yaw are left out."""
    sizes_deg = {clip: abs(camera.yaw_deg) for clip, camera in cameras.items() if camera.yaw_deg is not None}
    return _sorted_in(rows, lambda row: sizes_deg.get(row.clip, np.nan), YAW_EDGES_DEG)


def by_roll(rows: Sequence[Row], cameras: Mapping[str, Camera]) -> Groups:
    """Rows by size of the camera's roll, in either direction; rows of clips with unknown roll are left out."""
    sizes_deg = {clip: abs(camera.roll_deg) for clip, camera in cameras.items() if camera.roll_deg is not None}
    return _sorted_in(rows, lambda row: sizes_deg.get(row.clip, np.nan), ROLL_EDGES_DEG)


def slope(rows: Sequence[Row]) -> float | None:
    """Degrees of error per degree of true angle, by least squares; None if all angles are equal."""
    line = regression(rows)
    return line[0] if line else None


def regression(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Least-squares slope of the error against the true angle, and the line's value in degrees at 0°; None if all angles are equal."""
    true_deg = np.array([row.true_deg for row in rows])
    if len(rows) < 2 or np.ptp(true_deg) == 0:
        return None
    slope_, start_deg = np.polyfit(true_deg, [row.error_deg for row in rows], 1)
    return float(slope_), float(start_deg)


def _sorted_in(rows: Sequence[Row], value_of: Callable[[Row], float], edges: Sequence[float]) -> Groups:
    """Half-open groups `[low, high)` by label, without empty ones; values that are NaN or below the first edge are in no group."""
    groups: Groups = {}
    for low, high in pairwise(edges):
        words = f"{low:.0f} to {high:.0f}°" if np.isfinite(high) else f"{low:.0f}° and more"
        if members := [row for row in rows if low <= value_of(row) < high]:
            groups[words] = members
    return groups
