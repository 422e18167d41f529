"""Landmark angles corrected by the image: registers both legs, converts to rotation in space, subtracts the pelvis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hipcv.capture.leg_footage import Footage
from hipcv.codes import NotRegistered
from hipcv.kinematics import pelvis
from hipcv.kinematics.rest import both_at_rest
from hipcv.kinematics.signals import bridge_gaps, smooth
from hipcv.landmarks import Side
from hipcv.measurement import Rep
from hipcv.registration.in_space import in_space
from hipcv.registration.prepare import ONE_LEFT_OUT_S, PreparedLeg, prepare
from hipcv.registration.register_leg import LegRegistration, Registration, unregistered
from hipcv.registration.solve_view import Look, SolvedView, solve_views
from hipcv.settings import Settings, Step
from hipcv.values import BodySeries, CameraRoll, FloatArray, RegisteredRotation, RotationSeries


def correct_rotation(
    footage: Footage,
    points_px: FloatArray,
    rotation: Mapping[Side, RotationSeries],
    reps: Mapping[Side, tuple[Rep, ...]],
    body: BodySeries,
    lean: CameraRoll,
    settings: Settings,
) -> dict[Side, RotationSeries]:
    """Both series in space: registered where that succeeds, else as the landmarks tell; unchanged where a leg was not seen at rest.

    Parameters
    ----------
    points_px : (n_frames, 33, 2), smoothed landmarks, the subject's own sides
    reps : those found from the landmarks; the view is solved at their holds
    lean : roll of the camera
    """
    index = np.searchsorted(body.time_s, footage.time_s)
    at_rest = both_at_rest(rotation)
    shank_px = float(np.nanmean([r.shank_px for r in rotation.values()]))
    shift = pelvis.body_shift(points_px, at_rest, shank_px) if at_rest.any() else np.zeros(len(at_rest))

    ready = {side: prepare(footage, points_px, rotation[side], reps[side], at_rest, body.time_s[index], index) for side in Side}
    legs = {side: leg for side, leg in ready.items() if isinstance(leg, PreparedLeg)}
    found = dict(zip(legs, _register([*legs.values()], len(index), shift[index]), strict=True))

    def corrected(side: Side, leg: PreparedLeg | NotRegistered) -> RotationSeries:
        series = rotation[side]
        if isinstance(leg, NotRegistered):
            return replace(series, not_registered=leg)
        registered = found[side]
        if isinstance(registered, NotRegistered):
            return replace(series, not_registered=registered)
        seen = _over_all_frames(registered, leg, series, body, index, shift, settings)
        if isinstance(leg.registration, NotRegistered):
            return replace(series, corrected=seen, not_registered=leg.registration)
        askew_deg = leg.registration.askew_deg(lean.roll_deg, footage.pitch.pitch_deg if footage.pitch else None)
        return replace(series, corrected=replace(seen, rest_askew_deg=side.lateral_x * askew_deg))

    return {side: corrected(side, leg) for side, leg in ready.items()}


def _register(legs: Sequence[PreparedLeg], n: int, shift: FloatArray) -> list[Registration | NotRegistered]:
    """Look at the held end ranges of all legs, solve their views together, follow each leg through the clip."""
    if not legs:
        return []
    looks = [leg.registration.looks(leg.ends, shift) if isinstance(leg.registration, LegRegistration) else [] for leg in legs]
    views = solve_views([leg.guess for leg in legs], looks)
    straightens = _straightens(legs, looks, views, shift)
    if any(straightens):  # the other leg is seen as if this one had not been looked at
        looks = [[] if knee else of_leg for knee, of_leg in zip(straightens, looks, strict=True)]
        views = solve_views([leg.guess for leg in legs], looks)

    def follow(leg: PreparedLeg, of_leg: Sequence[Look], seen: SolvedView, knee: bool) -> Registration | NotRegistered:
        if isinstance(leg.registration, NotRegistered):
            return unregistered(n, seen)
        leg.registration.seen = seen
        if knee:
            return NotRegistered.KNEE_STRAIGHTENS
        leg.registration.weigh_rivals(leg.ends, of_leg)
        return leg.registration.follow(leg.wanted, leg.held, shift)

    return [follow(*one) for one in zip(legs, looks, views, straightens, strict=True)]


def _straightens(
    legs: Sequence[PreparedLeg], looks: Sequence[Sequence[Look]], views: Sequence[SolvedView], shift: FloatArray
) -> list[bool]:
    """Of each leg, whether the knee straightens instead of the hip turning; when one may, each is judged by its own images alone."""

    def judged(leg: PreparedLeg, seen: SolvedView) -> bool:
        if isinstance(leg.registration, NotRegistered):
            return False
        leg.registration.seen = seen
        return leg.registration.explained_by_knee(leg.ends, shift)

    suspected = [judged(leg, seen) for leg, seen in zip(legs, views, strict=True)]
    if len(legs) == 1 or not any(suspected):
        return suspected
    guesses = [leg.guess for leg in legs]
    own = [solve_views(guesses, [of_leg if k == one else [] for k, of_leg in enumerate(looks)])[one] for one in range(len(legs))]
    return [judged(leg, seen) for leg, seen in zip(legs, own, strict=True)]


def _over_all_frames(
    found: Registration, leg: PreparedLeg, series: RotationSeries, body: BodySeries, index: Any, shift: FloatArray, settings: Settings
) -> RegisteredRotation:
    """Rotation in space over all frames; the landmarks fill in where the image was not measured."""
    side, time_s = series.side, body.time_s
    planar = side.lateral_x * found.planar_deg
    good = (found.misfit < settings.worst_misfit) & (np.abs(planar - series.from_rest_deg[index]) < settings.landmark_gap_deg)

    def everywhere(values: FloatArray) -> FloatArray:
        sparse = np.full(len(time_s), np.nan)
        sparse[index] = np.where(good, values, np.nan)
        return bridge_gaps(time_s, sparse, max(settings.longest_gap_s, ONE_LEFT_OUT_S))

    turn, planar = everywhere(side.lateral_x * found.turn_deg), everywhere(planar)
    measured = np.isfinite(turn)
    told = in_space(leg.camera, found.seen, side.lateral_x * series.from_rest_deg, inward=-side.lateral_x)
    turn = smooth(time_s, np.where(measured, turn, side.lateral_x * told.turn_deg), settings.cutoff_hz)
    planar = smooth(time_s, np.where(measured, planar, series.from_rest_deg), settings.cutoff_hz)
    if Step.SPACE in settings.without:
        turn = planar
    tilt, tilt_sd = pelvis.tilt_since_rest(body, leg.rest, side, -turn, -everywhere(found.knee_shift[:, 1]), shift)
    if Step.PELVIS in settings.without or not measured.any():
        tilt = np.zeros_like(tilt)
    told_sd = np.hypot(settings.landmark_sd_deg * told.gain, told.sd_deg)
    view = found.seen.view
    return RegisteredRotation(
        hip_deg=turn - side.lateral_x * np.nan_to_num(tilt),
        planar_deg=planar,
        extension_deg=everywhere(found.extension_deg),
        pelvis_deg=tilt,
        sd_deg=np.hypot(np.where(measured, everywhere(found.sd_deg), told_sd), tilt_sd),
        registered=measured,
        knee_shift_percent=100 * side.lateral_x * everywhere(found.knee_shift[:, 0]),
        thigh_outward_deg=side.lateral_x * float(np.degrees(np.arcsin(np.clip(view.sideways, -1, 1)))),
        thigh_downward_deg=float(np.degrees(np.arcsin(np.clip(view.downward, -1, 1)))),
        thigh_sd_deg=float(np.degrees(found.seen.covariance[0, 0] ** 0.5)),
        rival_sd_deg=float(np.degrees(found.rival.sd_rad)),
        rival_apart_deg=float(np.degrees(found.rival.apart_rad)),
        view_pressed_sd=found.seen.pressed,
    )
