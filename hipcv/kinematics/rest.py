"""The rest posture of a leg, and how well it is known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.signals import runs, smooth, speed
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import BoolArray, FloatArray, RotationSeries


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """Frames in which a leg hangs at rest, its angle from the vertical there, and half of the disagreement between its rest postures."""

    frames: BoolArray
    angle_deg: float
    doubt_deg: float

    @property
    def found(self) -> bool:
        """Whether the leg was seen at rest at all; if not, the angle is NaN."""
        return bool(self.frames.any())


def find_rest(time_s: FloatArray, angle_deg: FloatArray, settings: Settings) -> Rest:
    """Rest posture of one leg: where it hangs still at the two ends of the clip.

    A stiff hip also hangs still during a hold, and so does a leg dragged along by the other one, so only quiet times near that posture
    count. If the ends disagree, the posture nearer to the vertical is used and half of the disagreement becomes doubt.

    Parameters
    ----------
    time_s, angle_deg : (n_frames,), internal rotation positive, from the vertical of the image
    """
    quiet = _lasting(time_s, _hangs_still(time_s, angle_deg, settings), settings.min_rest_s)
    postures_deg = [float(np.median(angle_deg[start:end])) for start, end in runs(quiet)]
    if not postures_deg:
        return Rest(quiet, float("nan"), 0.0)
    first, last = postures_deg[0], postures_deg[-1]
    apart = abs(first - last)
    agree = apart < settings.min_excursion_deg
    level = (first + last) / 2 if agree else min(first, last, key=abs)
    near = _lasting(time_s, quiet & (np.abs(angle_deg - level) < settings.hold_band_deg), settings.min_rest_s)
    frames = near if near.any() else quiet
    return Rest(frames, float(np.median(angle_deg[frames])), 0.0 if agree else apart / 2)


def _hangs_still(time_s: FloatArray, angle_deg: FloatArray, settings: Settings) -> BoolArray:
    speed_deg_s = speed(time_s, smooth(time_s, angle_deg, settings.speed_cutoff_hz))
    return (np.abs(speed_deg_s) < settings.rest_speed_deg_s) & (np.abs(angle_deg) < settings.rest_limit_deg)


def _lasting(time_s: FloatArray, flags: BoolArray, at_least_s: float) -> BoolArray:
    """The flags, limited to runs that last at least this long."""
    result = np.zeros_like(flags)
    for start, end in runs(flags):
        if time_s[end - 1] - time_s[start] >= at_least_s:
            result[start:end] = True
    return result


def both_at_rest(rotation: Mapping[Side, RotationSeries]) -> BoolArray:
    """Flags (n_frames,) of frames in which neither leg swings or is away from rest."""
    return np.asarray(~np.any([leg.moving for leg in rotation.values()], axis=0))
