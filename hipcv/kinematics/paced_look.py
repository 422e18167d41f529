"""Which frames the pose network looks at, and the poses of those between.

A person who keeps still looks the same in every frame, and a swing of the leg is a slow curve: the network need not see all of it. Frames
that it does not see get the pose that lies on a smooth curve through those that it saw.
"""

import numpy as np

from hipcv.kinematics.body import SHANK_ENDS, shanks_px
from hipcv.kinematics.geometry import length
from hipcv.kinematics.signals import runs, without_outliers
from hipcv.landmarks import N_LANDMARKS
from hipcv.values import BoolArray, FloatArray, LandmarkSeries

MOST_HZ, FEWEST_HZ = 15.0, 7.5
"""Looks per second at a quick leg and at one that keeps still: six in the shortest swing of 0.4 s, two in the shortest hold of 0.3 s."""
_STEP = 0.1
"""A leg is looked at again when, at its present speed, it has moved by this much of a shank: 6 degrees."""
_LATE_S = 0.005
"""A look may be late by this much, as times in a file are rounded."""
_REACH = 2
"""A look is compared with this many on either side."""
_LONGEST_S = 0.25
"""Between looks farther apart than this no pose is interpolated: half of a short hold."""
_JUMP = 0.5
"""A knee or ankle that moves by more than this between two looks, in shanks, did not: the network exchanged the legs, or people."""


class Pace:
    """Decides frame by frame whether the network looks."""

    def __init__(self) -> None:
        self._last: tuple[float, FloatArray | None] | None = None
        self._every_s, self._frame_s = 0.0, 0.0

    def wants(self, time_s: float) -> bool:
        """Whether a frame at this time is worth a look, as the next one would come too late; to be asked of every frame in turn."""
        step_s, self._frame_s = time_s - self._frame_s, time_s
        return self._last is None or time_s + step_s - self._last[0] > self._every_s + _LATE_S

    def saw(self, time_s: float, image_px: FloatArray | None) -> None:
        """Take in what was seen: the pose (33, 2) of the person followed, or nobody, who is looked for in every frame."""
        before, self._last = self._last, (time_s, image_px)
        self._every_s = 0.0 if image_px is None else 1 / MOST_HZ
        if before and before[1] is not None and image_px is not None:
            moved = length(image_px - before[1])[SHANK_ENDS].max() / max(float(shanks_px(image_px).max()), 1.0)
            slowly_s = _STEP * (time_s - before[0]) / max(float(moved), 1e-6)
            self._every_s = min(max(slowly_s, 1 / MOST_HZ), 1 / FEWEST_HZ)


def in_every_frame(looks: LandmarkSeries, time_s: FloatArray) -> LandmarkSeries:
    """The person in all frames (n,) of a clip, from looks at some of them, the first one included.

    Between two looks that saw the person, the pose lies on a smooth curve; where they show different legs, it is that of the nearer look,
    and after the last look it is the last one. A look that stands out from those around it is corrected before it spreads to its neighbours.
    """
    from scipy.interpolate import make_interp_spline  # late: it takes as long to load as a second of video to measure

    times = looks.time_s
    before = np.searchsorted(times, time_s, side="right") - 1
    after = np.minimum(before + (time_s > times[before]), len(times) - 1)
    nearer = np.where(time_s - times[before] <= times[after] - time_s, before, after)
    image_px = np.stack([without_outliers(column, _REACH) for column in looks.image_px.reshape(len(times), -1).T], axis=1)
    columns = np.concatenate([image_px, looks.world_m.reshape(len(times), -1), looks.visibility], axis=1)
    rows = columns[nearer]
    for start, end in runs(_same_legs(looks)):
        seen = slice(start, end + 1)
        inside = (before != after) & (before >= start) & (after <= end)
        rows[inside] = make_interp_spline(times[seen], columns[seen], k=min(3, end - start))(time_s[inside])
    image, world, visibility = np.split(rows, [2 * N_LANDMARKS, 5 * N_LANDMARKS], axis=1)
    return LandmarkSeries(
        time_s=time_s,
        image_px=image.reshape(-1, N_LANDMARKS, 2),
        world_m=world.reshape(-1, N_LANDMARKS, 3),
        visibility=np.clip(np.nan_to_num(visibility), 0, 1),
        width_px=looks.width_px,
        height_px=looks.height_px,
    )


def _same_legs(looks: LandmarkSeries) -> BoolArray:
    """Flags (n_looks - 1,) of pairs of looks between which the same person's legs were followed."""
    both = looks.found[:-1] & looks.found[1:] & (np.diff(looks.time_s) <= _LONGEST_S)
    moved = length(np.diff(looks.image_px, axis=0))[:, SHANK_ENDS].max(axis=1)
    return np.asarray(both & (moved < _JUMP * shanks_px(looks.image_px[1:]).max(axis=1)))
