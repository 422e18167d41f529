"""Knee and ankle placed by hand: what they make of the angle, and how sure that is."""

import math
from dataclasses import replace

import numpy as np

from hipcv.codes import Reason
from hipcv.errors import ReviewError
from hipcv.kinematics.drawn_leg import DrawnLeg
from hipcv.kinematics.geometry import from_down_deg, length
from hipcv.kinematics.repetitions import IMPLAUSIBLE_DEG
from hipcv.measurement import Rep
from hipcv.review.edits import MovePoints
from hipcv.settings import Settings
from hipcv.values import RotationSeries

HAND_SD_DEG = 1.95
"""One standard deviation of an angle between points placed by hand; docs/sources.md says where it comes from."""
_CHANGE_SD = 0.15
"""Share of the change, see `sd_deg`."""
_SHORTEST = 1 / 3
"""A line between the points that is shorter than this share of the shank tells no direction."""
_BESIDE_S = 0.1
"""A frame may lie this far outside of its repetition, whose times are rounded in documents."""


def frame_of(rep: Rep, rotation: RotationSeries, time_s: float) -> int:
    """Index of the frame nearest to a time within a repetition; raises `ReviewError` if it lies elsewhere."""
    if not rep.start_s - _BESIDE_S <= time_s <= rep.end_s + _BESIDE_S:
        raise ReviewError("review_frame_elsewhere", start_s=rep.start_s, end_s=rep.end_s)
    return int(np.abs(rotation.time_s - time_s).argmin())


def change_deg(leg: DrawnLeg, frame: int, edit: MovePoints) -> float:
    """Change of the direction of the line from knee to ankle, against the line as drawn in that frame; internal positive, NaN = none drawn."""
    drawn_px = leg.ankle_px[frame] - leg.knee_px[frame]
    turned = float(from_down_deg(_placed_px(edit)) - from_down_deg(drawn_px))
    return float(leg.outward_x[frame]) * math.remainder(turned, 360)


def end_range_deg(rep: Rep, rotation: RotationSeries, leg: DrawnLeg, edit: MovePoints) -> float:
    """End range as read from the placed points, positive in its own direction.

    It is the reported angle of that frame plus the change of the line in the image, degree by degree, so the corrections for view, pelvis and
    zero stay as they are. Where the frame has no angle, it is the line itself, against the zero.

    Raises
    ------
    ReviewError
        The frame is none of the repetition's, or the points are too close together.
    """
    frame = frame_of(rep, rotation, edit.time_s)
    if length(_placed_px(edit)) < _SHORTEST * rotation.shank_px:
        raise ReviewError("review_points_close")
    internal_deg = float(rotation.internal_rotation_deg[frame]) + change_deg(leg, frame, edit)
    if not math.isfinite(internal_deg):
        internal_deg = float(leg.outward_x[frame]) * float(from_down_deg(_placed_px(edit))) - rotation.zero_deg
    return rep.direction.sign * internal_deg


def _placed_px(edit: MovePoints) -> np.ndarray:
    return np.subtract(edit.ankle_px, edit.knee_px)


def sd_deg(rep: Rep, changed_deg: float, settings: Settings) -> float:
    """One standard deviation of an end range read from placed points, from three independent parts.

    - The points: `HAND_SD_DEG`, for somebody who places two points with care.
    - View and pelvis. Their corrections stay as they were, and so does their error; it is no larger than the repetition's own `sd_deg`, which
      also contains the noise of the image. A repetition read from landmarks has their error in it too, which the points replace: as seen
      before a thigh that faces the camera, it is `landmark_sd_deg` of the settings, so that much is taken out. Where no view is known at all,
      the line is no surer than a line of landmarks.
    - The change itself. A degree in the image is a degree of the hip only while the thigh points at the camera. Seen from 30° aside or above,
      and up to 45° from rest, a degree of the hip moves the line by 0.87 to 1.16 degrees, so 0.15 of the change is allowed for.
    """
    landmarks_deg = settings.landmark_sd_deg
    if math.isfinite(rep.sd_deg):
        view_deg = math.hypot(rep.sd_deg, settings.registration_sd_deg)
    elif math.isfinite(rep.landmark_sd_deg):
        view_deg = max(0.0, rep.landmark_sd_deg**2 - landmarks_deg**2) ** 0.5
    else:
        view_deg = landmarks_deg
    return math.hypot(HAND_SD_DEG, view_deg, _CHANGE_SD * (changed_deg if math.isfinite(changed_deg) else 0.0))


def with_points(rep: Rep, rotation: RotationSeries, leg: DrawnLeg, edit: MovePoints, settings: Settings) -> Rep:
    """The repetition with its end range read from placed points.

    A person saw knee and ankle there, so that the network did not, or that it put them where no hip can turn, no longer speaks against it.
    """
    reading = end_range_deg(rep, rotation, leg, edit)
    settled = {Reason.HIDDEN, *([Reason.IMPLAUSIBLE] if reading <= IMPLAUSIBLE_DEG else [])}
    reasons = tuple(reason for reason in rep.reasons if reason not in settled)
    return replace(
        rep,
        end_range_deg=reading,
        end_range_from_vertical_deg=reading + rep.direction.sign * rotation.zero_deg,
        planar_deg=float("nan"),
        sd_deg=float("nan"),
        landmark_sd_deg=sd_deg(rep, change_deg(leg, frame_of(rep, rotation, edit.time_s), edit), settings),
        reasons=(*reasons, Reason.POINTS_BY_HAND),
    )
