"""Where a leg hangs at rest, and whether that posture may serve as the zero of its angles."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.signals import runs, smooth, speed
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import BoolArray, FloatArray, RotationSeries


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """The frames in which a leg hangs at rest, its angle from the vertical there, and how far its rest postures disagree."""

    frames: BoolArray
    angle_deg: float
    doubt_deg: float

    @property
    def found(self) -> bool:
        """Whether the leg was seen at rest at all; without it the angle is NaN."""
        return bool(self.frames.any())


def find_rest(time_s: FloatArray, angle_deg: FloatArray, settings: Settings) -> Rest:
    """The rest posture of one leg: where it hangs still at the two ends of the clip.

    Holds of a stiff hip hang still as well, and so does a leg that the other one drags along; only quiet times near that posture count.
    If the ends disagree, the posture nearer to the vertical is taken and half of the disagreement is doubt.

    Parameters
    ----------
    time_s, angle_deg : (n_frames,), internal rotation positive, from the vertical of the picture
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
    """The flags that stay set for a while."""
    result = np.zeros_like(flags)
    for start, end in runs(flags):
        if time_s[end - 1] - time_s[start] >= at_least_s:
            result[start:end] = True
    return result


def both_at_rest(rotation: Mapping[Side, RotationSeries]) -> BoolArray:
    """(n_frames,): neither leg swings or is away from rest."""
    return np.asarray(~np.any([leg.moving for leg in rotation.values()], axis=0))
