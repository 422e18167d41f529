"""Rotation in space from the rotation that landmarks show in the image, for legs and frames that could not be registered.

The same leg before the same camera as in registration, but without its image: how the thigh points and how far the knee opens are known
only beforehand, so the result is less certain the farther the thigh points past the camera.
"""

from dataclasses import dataclass

import numpy as np

from hipcv.registration import priors
from hipcv.registration.leg_camera import N_VIEW, LegCamera, ThighView, pose_of
from hipcv.registration.solve_view import SolvedView
from hipcv.values import FloatArray

_TURNS_RAD: FloatArray = np.radians(np.arange(-80, 81, 5))
_STEP = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class InSpace:
    """Rotation about the thigh (n,), deg, its standard deviation from view and knee (n,), and how much an error in the image adds (n,)."""

    turn_deg: FloatArray
    sd_deg: FloatArray
    gain: FloatArray


def in_space(camera: LegCamera, seen: SolvedView, planar_deg: FloatArray, inward: int) -> InSpace:
    """Rotation about the thigh that looks like `planar_deg` (n,) in the image; both positive toward image right, NaN stays NaN.

    Parameters
    ----------
    inward : sign of a turn toward image right that is external rotation
    """
    as_seen = _shown_rad(camera, seen.view, inward)
    shown = _without_return(as_seen)
    slope = np.maximum(np.gradient(shown, _TURNS_RAD), _STEP)
    moved = [_shown_rad(camera, seen.view.moved(step), inward) for step in _STEP * np.eye(N_VIEW)]
    by_view = np.stack([(other - as_seen) / _STEP for other in moved], axis=1)
    by_opening = (_shown_rad(camera, seen.view, inward, _STEP) - as_seen) / _STEP
    variance = np.einsum("ni,ij,nj->n", by_view, seen.covariance, by_view) + np.square(by_opening * priors.EXTENSION_SD)
    read_rad = np.radians(planar_deg)

    def at(values: FloatArray) -> FloatArray:
        return np.asarray(np.interp(read_rad, shown, values))

    return InSpace(np.degrees(at(_TURNS_RAD)), np.degrees(at(np.sqrt(variance) / slope)), at(1 / slope))


def _without_return(shown_rad: FloatArray) -> FloatArray:
    """What each of `_TURNS_RAD` shows, from rest outward: beyond the end of what can be seen, a turn shows nothing more."""
    rest = len(shown_rad) // 2
    outward = np.maximum.accumulate(shown_rad[rest:])
    back = np.minimum.accumulate(shown_rad[rest::-1])[:0:-1]
    return np.concatenate([back, outward])


def _shown_rad(camera: LegCamera, view: ThighView, inward: int, opened_rad: float = 0.0) -> FloatArray:
    """How each of `_TURNS_RAD` looks in the image, with the knee opened by this much more than is usual."""
    poses = [pose_of(turn, priors.opening_rad(inward * turn) + opened_rad) for turn in _TURNS_RAD]
    return camera.planar_turns_rad(view, np.stack(poses))
