"""Landmark angles corrected by the image: registers both legs, converts to rotation in space, subtracts the pelvis."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import numpy as np

from hipcv.capture.leg_footage import LEG_POINTS, Footage
from hipcv.codes import NotRegistered
from hipcv.kinematics import pelvis
from hipcv.kinematics.camera_view import thigh_guess
from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import bridge_gaps, runs, smooth
from hipcv.landmarks import Side
from hipcv.measurement import Rep
from hipcv.registration.leg_template import LegTrack
from hipcv.registration.register_leg import LegRegistration, Registration, prepared
from hipcv.registration.solve_view import solve_views
from hipcv.settings import Settings, Step
from hipcv.values import BodySeries, BoolArray, Direction, FloatArray, RegisteredRotation, RotationSeries

_AROUND_S = 0.4
"""Frames this long before and after a movement of the leg, as the landmarks see it, are registered too."""
_REST_LIMIT_DEG = 1.5
_ENDS_PER_DIRECTION = 2
_FEWEST_RESTING = 3
_SETTLING = 3
"""Frames left out at either end of a rest, where the leg is still sinking or already moving."""
_PAST_DEG = 15.0


def correct_rotation(
    footage: Footage,
    points_px: FloatArray,
    rotation: Mapping[Side, RotationSeries],
    reps: Mapping[Side, tuple[Rep, ...]],
    body: BodySeries,
    settings: Settings,
) -> dict[Side, RotationSeries]:
    """Both series with the registered angles where registration succeeded; unchanged elsewhere.

    Parameters
    ----------
    points_px : (n_frames, 33, 2), smoothed landmarks, the subject's own sides
    reps : those found from the landmarks; the view is solved at their holds
    """
    index = np.searchsorted(body.time_s, footage.time_s)
    at_rest = both_at_rest(rotation)
    shank_px = float(np.nanmean([r.shank_px for r in rotation.values()]))
    shift = pelvis.body_shift(points_px, at_rest, shank_px) if at_rest.any() else np.zeros(len(at_rest))

    ready = {side: _ready(footage, points_px, rotation[side], reps[side], at_rest, body.time_s[index], index) for side in Side}
    legs = {side: leg for side, leg in ready.items() if isinstance(leg, _Ready)}
    found = dict(zip(legs, _register([*legs.values()], shift[index]), strict=True))

    def corrected(side: Side, leg: _Ready | NotRegistered) -> RotationSeries:
        series = rotation[side]
        if isinstance(leg, NotRegistered):
            return replace(series, not_registered=leg)
        return replace(series, corrected=_corrected(found[side], series, body, leg.rest, index, shift, settings))

    return {side: corrected(side, leg) for side, leg in ready.items()}


def _register(legs: Sequence["_Ready"], shift: FloatArray) -> list[Registration]:
    """Look at the held end ranges of all legs, solve their views together, follow each leg through the clip."""
    with _side_by_side() as (for_each, stopped):
        looks = for_each(lambda leg: leg.job.looks(leg.ends, shift), legs)
        for leg, seen in zip(legs, solve_views([leg.job.guess for leg in legs], looks, stopped) if legs else [], strict=True):
            leg.job.seen = seen
        return list(for_each(lambda leg: leg.job.follow(leg.wanted, shift, stopped), legs))


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A leg that can be registered: where it rests, and the footage indices of its ends and of the frames to register."""

    job: LegRegistration
    rest: BoolArray
    ends: list[int]
    wanted: list[int]


def _ready(
    footage: Footage,
    points_px: FloatArray,
    series: RotationSeries,
    reps: tuple[Rep, ...],
    at_rest: BoolArray,
    time_s: FloatArray,
    index: Any,
) -> _Ready | NotRegistered:
    if not np.isfinite(series.rest_deg):
        return NotRegistered.NO_REST
    if not any(rep.usable for rep in reps):
        return NotRegistered.NO_END_RANGE
    side, rest = series.side, _own_rest(points_px, series, at_rest)
    track = _track(footage, points_px, series, at_rest, index, side)
    guess = thigh_guess(points_px, rest, side, (footage.width_px, footage.height_px), footage.pitch)
    wanted = _around(time_s, series.moving[index], _AROUND_S) & np.isfinite(track.points).all(axis=(1, 2))
    ends = _ends(reps, time_s)
    job = prepared(footage, track, guess, -side.lateral_x, ends)
    return job if isinstance(job, NotRegistered) else _Ready(job, rest, ends, np.flatnonzero(wanted).tolist())


@contextmanager
def _side_by_side() -> Iterator[Any]:
    """Runs something for both legs at a time: the work is in OpenCV and numpy, outside Python's lock. An error or Ctrl-C ends all."""
    stop = Event()
    with ThreadPoolExecutor(2, "hipcv-registration") as pool:
        try:
            yield (lambda work, legs: list(pool.map(work, legs))), stop.is_set
        except BaseException:
            stop.set()  # otherwise leaving would wait for the work to end
            raise


def _own_rest(points_px: FloatArray, series: RotationSeries, at_rest: BoolArray) -> BoolArray:
    """Flags (n_frames,): both legs rest, or only this one if it is never seen to rest together with the other."""
    seen = np.isfinite(points_px[:, LEG_POINTS[series.side][:2]]).all(axis=(1, 2))
    both = at_rest & seen
    return both if both.any() else np.asarray(seen & (np.abs(series.from_rest_deg) < _REST_LIMIT_DEG))


def _track(footage: Footage, points_px: FloatArray, series: RotationSeries, at_rest: BoolArray, index: Any, side: Side) -> LegTrack:
    points = np.stack([footage.to_footage(points_px[frame][LEG_POINTS[side]], k) for k, frame in enumerate(index)])
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


def _ends(reps: tuple[Rep, ...], time_s: FloatArray) -> list[int]:
    """Footage indices in the middle of the farthest holds in either direction."""
    ends = []
    for direction in Direction:
        held = sorted((rep for rep in reps if rep.usable and rep.direction is direction), key=lambda rep: -rep.end_range_deg)
        ends += [int(np.argmin(np.abs(time_s - (rep.hold_start_s + rep.hold_end_s) / 2))) for rep in held[:_ENDS_PER_DIRECTION]]
    return ends


def _corrected(
    found: Registration,
    series: RotationSeries,
    body: BodySeries,
    at_rest: BoolArray,
    index: Any,
    shift: FloatArray,
    settings: Settings,
) -> RegisteredRotation:
    side, time_s = series.side, body.time_s
    planar = side.lateral_x * found.planar_deg
    good = (found.misfit < settings.worst_misfit) & (np.abs(planar - series.from_rest_deg[index]) < settings.landmark_gap_deg)

    def everywhere(values: FloatArray) -> FloatArray:
        sparse = np.full(len(time_s), np.nan)
        sparse[index] = np.where(good, values, np.nan)
        return bridge_gaps(time_s, sparse, settings.longest_gap_s)

    turn, planar = everywhere(side.lateral_x * found.turn_deg), everywhere(planar)
    measured = np.isfinite(turn)
    turn, planar = (smooth(time_s, np.where(measured, v, series.from_rest_deg), settings.cutoff_hz) for v in (turn, planar))
    if Step.SPACE in settings.without:
        turn = planar
    tilt, tilt_sd = pelvis.tilt_since_rest(body, at_rest, side, -turn, -everywhere(found.knee_shift[:, 1]), shift)
    if Step.PELVIS in settings.without:
        tilt = np.zeros_like(tilt)
    sd = np.where(measured, everywhere(found.sd_deg), settings.landmark_sd_deg)
    return RegisteredRotation(
        hip_deg=turn - side.lateral_x * np.nan_to_num(tilt),
        planar_deg=planar,
        extension_deg=everywhere(found.extension_deg),
        pelvis_deg=tilt,
        sd_deg=np.sqrt(sd**2 + tilt_sd**2 + _view_sd_deg(found, settings) ** 2),
        registered=measured,
        thigh_outward_deg=side.lateral_x * float(np.degrees(np.arcsin(np.clip(found.view.sideways, -1, 1)))),
        thigh_downward_deg=float(np.degrees(np.arcsin(np.clip(found.view.downward, -1, 1)))),
        thigh_sd_deg=found.view_sd_deg[0],
    )


def _view_sd_deg(found: Registration, settings: Settings) -> float:
    """Uncertainty from a thigh that points past the camera."""
    past_deg = float(np.degrees(np.arcsin(min(1.0, abs(found.view.sideways)))))
    return settings.view_sd_deg * (past_deg / _PAST_DEG) ** 3
