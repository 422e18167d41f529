"""From landmarks to hips: every step that needs neither the file nor the pose network."""

from hipcv.capture.leg_footage import Footage
from hipcv.kinematics import angles, camera_roll, ranges, repetitions
from hipcv.kinematics.zero import choose_zero
from hipcv.landmarks import Side
from hipcv.measurement import Assessment
from hipcv.registration import correct_rotation
from hipcv.settings import Settings, Step
from hipcv.values import CameraRoll, FloatArray, LandmarkSeries


def assess(
    series: LandmarkSeries, points_px: FloatArray, settings: Settings, footage: Footage | None = None, gravity: CameraRoll | None = None
) -> Assessment:
    """Rotation over time, repetitions and ranges of both hips.

    Parameters
    ----------
    series : landmarks with the person's own sides
    points_px : (n_frames, 33, 2), from `angles.steady_points`
    footage : images of the legs; without them, only landmarks are used
    gravity : roll of the (unmirrored) image as recorded by the phone
    """
    rotation = angles.rotation_series(series, points_px, settings)
    body = angles.body_series(series.time_s, points_px)
    lean = camera_roll.lean(rotation, body, footage.lean if footage else None, gravity, settings)
    rotation = choose_zero(rotation, lean, settings)
    reps = repetitions.find_reps(series, rotation, body, settings)
    if footage is not None and footage.time_s and Step.REGISTRATION not in settings.without:
        rotation = correct_rotation.correct_rotation(footage, points_px, rotation, reps, body, lean, settings)
        rotation = choose_zero(rotation, lean, settings)
        reps = repetitions.find_reps(series, rotation, body, settings)
    hips = {side: ranges.hip_ranges(side, reps[side], rotation[side], settings) for side in Side}
    return Assessment(rotation, body, lean, hips)
