"""One clip, from the file to the measurement."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hipcv.assessment import assess
from hipcv.capture import pose_models
from hipcv.capture.capture import Capture, OnProgress, capture
from hipcv.capture.leg_footage import points_only
from hipcv.findings import not_measurable, of_recording
from hipcv.kinematics import angles, mirror_average, ranges, side_swaps
from hipcv.kinematics.proportions import proportions
from hipcv.landmarks import Side
from hipcv.measurement import Hip, Measurement, ModelInfo
from hipcv.settings import Mirrored, Settings, Step
from hipcv.system import cores
from hipcv.values import CameraRoll, LandmarkSeries, VideoInfo

_SETTLES_S, _REST_S = 1.0, 0.7
"""A phone that was put down still moves for this long, and this much of a rest before or after the repetitions is kept nevertheless."""


class _Span(NamedTuple):
    """A stretch between two jumps of the image, with the begin of the first and the end of the last repetition in it."""

    start_s: float = -np.inf
    end_s: float = np.inf
    first_s: float = -np.inf
    last_s: float = np.inf


def measure(
    path: str | os.PathLike[str],
    *,
    model: str | Path = pose_models.DEFAULT_MODEL,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
    name: str | None = None,
) -> Measurement:
    """Measure internal and external rotation of each hip in a clip of the seated test.

    Parameters
    ----------
    path : a local video file
    model : "lite", "full", or the path of a pose landmarker bundle (`.task`)
    settings : thresholds and options; the defaults are those in the documentation
    on_progress : called with (frames done, frames expected) while the clip is read
    name : name of the clip in the result and in messages; by default the file name

    Raises
    ------
    ClipError
        The file cannot be used.
    MeasurementError
        The video does not show the test.
    ModelError
        The pose model is missing or altered.
    """
    cores.share_heaps()
    settings = settings or Settings()
    bundle, model_info = pose_models.load(model)
    try:
        return evaluate(capture(path, bundle, settings, on_progress, name), model_info, settings)
    finally:
        cores.give_back_memory()


def evaluate(taken: Capture, model: ModelInfo, settings: Settings) -> Measurement:
    """Measure a captured clip, without the file or the network, so that one capture can be evaluated with several settings.

    Raises
    ------
    MeasurementError
        The video does not show the test.
    """
    mirrored = bool(taken.clip.camera_mirrored) if settings.mirrored is Mirrored.AUTO else settings.mirrored is Mirrored.YES
    readings = side_swaps.best_readings(taken.landmarks.image_px)
    seen_px = _mended(taken.landmarks, readings)
    looks = None if Step.BOTH_SIDES in settings.without else taken.mirror_looks
    landmarks = _own_sides(mirror_average.averaged(seen_px, looks) if looks else seen_px, mirrored)

    points_px = angles.steady_points(landmarks, settings)
    not_measurable.check_subject(landmarks, points_px, settings, taken.agreeing_share)
    if jumps_s := of_recording.jumps_s(landmarks, taken.samples):
        span = _between_jumps(assess(landmarks, points_px, settings).hips, jumps_s)
        taken, landmarks = _within(taken, span), _blind_outside(landmarks, span)
        points_px = angles.steady_points(landmarks, settings)
    footage = replace(taken.footage, mirrored=mirrored) if taken.footage and taken.footage.time_s else points_only(landmarks)
    seen = assess(landmarks, points_px, settings, footage, _gravity(taken.clip, mirrored))
    not_measurable.check_reps(seen.hips, settings)

    findings = of_recording.findings(taken, landmarks, int((readings > 0).sum()), seen, settings)
    return Measurement(
        clip=taken.clip,
        model=model,
        settings=settings,
        mirrored=mirrored,
        landmarks=landmarks,
        rotation=seen.rotation,
        body=seen.body,
        lean=seen.lean,
        side_bias_deg={
            side: mirror_average.bias_deg(seen_px, looks, side.other if mirrored else side) if looks else float("nan") for side in Side
        },
        hips=seen.hips,
        asymmetry=ranges.asymmetry(seen.hips, settings, of_recording.recording_doubt(findings)),
        findings=findings,
        proportions=proportions(landmarks, settings.min_visibility),
    )


def _between_jumps(hips: Mapping[Side, Hip], jumps_s: Sequence[float]) -> _Span:
    """From the last jump of the image before every repetition that counts to the first one behind them: before and after, the phone was
    being set up, or another recording was joined.
    """
    reps = [rep for hip in hips.values() for rep in hip.reps if rep.usable]
    start_s = max((jump_s for jump_s in jumps_s if all(jump_s <= rep.start_s for rep in reps)), default=-np.inf)
    end_s = min((jump_s for jump_s in jumps_s if all(jump_s >= rep.end_s for rep in reps)), default=np.inf)
    return _Span(start_s, end_s, min(rep.start_s for rep in reps), max(rep.end_s for rep in reps)) if reps else _Span()


def _within(taken: Capture, span: _Span) -> Capture:
    """The same without images of the legs, if they all refer to one before the span."""
    refers_before = taken.footage is not None and any(time_s < span.start_s for time_s in taken.footage.time_s[:1])
    return replace(taken, footage=None) if refers_before else taken


def _blind_outside(series: LandmarkSeries, span: _Span) -> LandmarkSeries:
    """The same, blind outside the span and for a second within, where the phone may still move, but for the repetitions and a rest."""
    start_s = min(span.start_s + _SETTLES_S, max(span.start_s, span.first_s - _REST_S))
    end_s = max(span.end_s - _SETTLES_S, min(span.end_s, span.last_s + _REST_S))
    return replace(series, blind=series.blind | (series.time_s < start_s) | (series.time_s >= end_s))


def _gravity(clip: VideoInfo, mirrored: bool) -> CameraRoll | None:
    """Roll from recorded gravity; None for a mirrored image, as it is not known whether the record was mirrored with it."""
    if mirrored or clip.gravity_roll_deg is None or clip.gravity_sd_deg is None:
        return None
    return CameraRoll(clip.gravity_roll_deg, clip.gravity_sd_deg)


def _mended(series: LandmarkSeries, readings: side_swaps.Readings) -> LandmarkSeries:
    return replace(
        series,
        image_px=side_swaps.apply_readings(series.image_px, readings),
        world_m=side_swaps.apply_readings(series.world_m, readings),
        visibility=side_swaps.apply_readings(series.visibility, readings),
    )


def _own_sides(series: LandmarkSeries, mirrored: bool) -> LandmarkSeries:
    """The landmarks of an unmirrored image, named by the person's own sides."""
    return mirror_average.flipped_series(series) if mirrored else series
