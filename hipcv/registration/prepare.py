"""What registration needs of each leg: where it rests, which frames to look at, the leg as the camera sees it, and its layers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hipcv.capture.leg_footage import LEG_POINTS, RATE_HZ, Footage
from hipcv.codes import NotRegistered
from hipcv.kinematics.camera_view import FOCAL_PER_LONG_SIDE, ThighGuess, thigh_guess
from hipcv.kinematics.signals import runs
from hipcv.measurement import Rep
from hipcv.registration.leg_camera import LegCamera, RestingLeg
from hipcv.registration.leg_template import LegTrack, leg_layers
from hipcv.registration.register_leg import LegRegistration
from hipcv.values import BoolArray, Direction, FloatArray, RotationSeries

_AROUND_S = 0.4
"""Frames this long before and after a movement of the leg, as the landmarks see it, are registered too."""
_HOLD_EVERY_S, _SWING_EVERY_S, _ROUNDED_S = 0.15, 0.13, 0.02
"""Distance of the frames that are registered: five to seven in a hold of a second, two in the shortest; a swing of 0.4 s has three."""
ONE_LEFT_OUT_S = 0.35
"""Two frames so far apart belong together, though the image of the one between them could not be explained."""
_REST_LIMIT_DEG = 1.5
_ENDS_PER_DIRECTION = 2
_FEWEST_RESTING = 3
_SETTLING = 3
"""Frames left out at either end of a rest, where the leg is still sinking or already moving."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedLeg:
    """A leg that was seen at rest and moves: how the camera sees it, and its registration or the reason why there is none."""

    camera: LegCamera
    guess: ThighGuess
    registration: LegRegistration | NotRegistered
    rest: BoolArray
    """(n_frames,), when it rests."""
    ends: list[int]
    """Footage indices of its held end ranges."""
    wanted: list[int]
    """Footage indices of the frames to register."""
    held: BoolArray
    """Flags (n,) of footage frames in a hold, which decide the ranges."""


def prepare(
    footage: Footage,
    points_px: FloatArray,
    series: RotationSeries,
    reps: tuple[Rep, ...],
    at_rest: BoolArray,
    time_s: FloatArray,
    index: Any,
) -> PreparedLeg | NotRegistered:
    """The leg of this series, or the reason why nothing can be said of it.

    Parameters
    ----------
    points_px : (n_frames, 33, 2)
    at_rest : (n_frames,), when both legs rest
    time_s, index : of the footage, and the frame of each of its images
    """
    if not np.isfinite(series.rest_deg):
        return NotRegistered.NO_REST
    if not any(rep.usable for rep in reps):
        return NotRegistered.NO_END_RANGE
    side, rest = series.side, _own_rest(points_px, series, at_rest)
    track = _track(footage, points_px, series, at_rest, index)
    if not track.resting.any():
        return NotRegistered.NO_REST
    guess = thigh_guess(points_px, rest, side, (footage.width_px, footage.height_px), footage.pitch)
    seen: BoolArray = np.asarray(np.isfinite(track.points).all(axis=(1, 2)))
    held = np.any([np.zeros(len(time_s), bool), *(_is_during(rep, time_s) for rep in reps if rep.usable)], axis=0)
    wanted = _thinned(time_s, _around(time_s, series.moving[index], _AROUND_S) & seen, held)
    leg = resting_leg(footage, track)
    layers = leg_layers(footage, track, leg.knee, leg.angle_rad, leg.shank_px) if footage.has_pictures else NotRegistered.NO_PICTURES
    camera = LegCamera(leg)
    registration = (
        layers if isinstance(layers, NotRegistered) else LegRegistration(footage, track, layers, camera, guess, inward=-side.lateral_x)
    )
    return PreparedLeg(camera, guess, registration, rest, _ends(reps, time_s, seen), wanted, held)


def resting_leg(footage: Footage, track: LegTrack) -> RestingLeg:
    """The leg at rest in the footage, from the landmarks."""
    knee, ankle = (np.median(track.points[track.resting, k], axis=0) for k in (0, 1))
    line = ankle - knee
    return RestingLeg(
        knee=knee,
        angle_rad=float(np.arctan2(line[0], line[1])),
        shank_px=float(np.linalg.norm(line)),
        middle=footage.middle,
        focal_px=FOCAL_PER_LONG_SIDE * footage.long_side,
    )


def _own_rest(points_px: FloatArray, series: RotationSeries, at_rest: BoolArray) -> BoolArray:
    """Flags (n_frames,): both legs rest, or only this one if it is never seen to rest together with the other."""
    seen = np.isfinite(points_px[:, LEG_POINTS[series.side][:2]]).all(axis=(1, 2))
    both = at_rest & seen
    return both if both.any() else np.asarray(seen & (np.abs(series.from_rest_deg) < _REST_LIMIT_DEG))


def _track(footage: Footage, points_px: FloatArray, series: RotationSeries, at_rest: BoolArray, index: Any) -> LegTrack:
    points = np.stack([footage.to_footage(points_px[frame][LEG_POINTS[series.side]], k) for k, frame in enumerate(index)])
    close = np.abs(series.from_rest_deg[index]) < _REST_LIMIT_DEG
    still = ~series.moving[index] & close & np.isfinite(points).all(axis=(1, 2))
    resting = np.zeros_like(still)
    # Only one stretch of rest, because a leg that moved in between hangs slightly differently; while the other leg rests too, it hides
    # nothing.
    both = runs(still & at_rest[index])
    stretches = [run for run in both if run[1] - run[0] >= _FEWEST_RESTING] or runs(still)
    if stretches:
        start, end = min(stretches, key=lambda run: run[0] - run[1])
        settling = min(_SETTLING, (end - start - _FEWEST_RESTING) // 2)
        resting[start + settling : end - settling] = True
    return LegTrack(points, series.moving[index], resting)


def _around(time_s: FloatArray, flags: BoolArray, margin_s: float) -> BoolArray:
    """The flags, each run extended by the margin at both ends."""
    result = flags.copy()
    for start, end in runs(flags):
        result |= (time_s >= time_s[start] - margin_s) & (time_s <= time_s[end - 1] + margin_s)
    return result


def _thinned(time_s: FloatArray, flags: BoolArray, held: BoolArray) -> list[int]:
    """Some of the flagged frames: a few in every hold, and between the holds as many as the landmarks need to be followed."""
    kept: list[int] = []
    for k in np.flatnonzero(flags):
        every_s = _HOLD_EVERY_S if held[k] and kept and held[kept[-1]] else _SWING_EVERY_S
        if not kept or time_s[k] - time_s[kept[-1]] > every_s - _ROUNDED_S:
            kept.append(int(k))
    return kept


def _ends(reps: tuple[Rep, ...], time_s: FloatArray, seen: BoolArray) -> list[int]:
    """Footage indices nearest to the middle of the farthest holds in either direction, of frames that show the leg during the hold."""
    ends = []
    for direction in Direction:
        held = sorted((rep for rep in reps if rep.usable and rep.direction is direction), key=lambda rep: -rep.end_range_deg)
        shown = [during for rep in held if len(during := _during(rep, time_s, seen))]
        ends += [int(during[len(during) // 2]) for during in shown[:_ENDS_PER_DIRECTION]]
    return ends


def _during(rep: Rep, time_s: FloatArray, seen: BoolArray) -> Any:
    """Footage indices of frames that show the leg while it is held, or around a hold that is shorter than the distance of two frames."""
    return np.flatnonzero(seen & _is_during(rep, time_s))


def _is_during(rep: Rep, time_s: FloatArray) -> BoolArray:
    margin_s = 1 / RATE_HZ
    return np.asarray((time_s >= rep.hold_start_s - margin_s) & (time_s <= rep.hold_end_s + margin_s))
