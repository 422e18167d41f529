"""The zero that a reviewer chose for both hips."""

from collections.abc import Sequence

import numpy as np

from hipcv.errors import ReviewError
from hipcv.kinematics.camera_view import BUILT_SD_DEG, FAN_SD_DEG, FOCAL_PER_LONG_SIDE
from hipcv.kinematics.geometry import from_down_deg, length
from hipcv.kinematics.zero import count_from_rest, count_from_vertical
from hipcv.landmarks import Side
from hipcv.measurement import Measurement
from hipcv.review.edits import ChooseZero, Numbered, Point, ZeroChoice
from hipcv.review.hand_points import HAND_SD_DEG
from hipcv.values import CameraRoll, RotationSeries

_CLICK_PX = 2.0
"""One standard deviation of a click, across the line, in an image of about a thousand px, as shown on a screen."""
_SHORTEST = 0.1
"""Of the image's height."""
_MOST_LEANING_DEG = 45.0


def chosen(measurement: Measurement, edits: Sequence[Numbered]) -> tuple[dict[Side, RotationSeries], CameraRoll, bool]:
    """Rotation of both legs from the zero that was chosen last, the camera roll, and whether they differ from the measurement's.

    Raises
    ------
    ReviewError
        The line is no upright one, or neither leg was seen at rest.
    """
    edit = next((edit for _, edit in reversed(edits) if isinstance(edit, ChooseZero)), None)
    rotation, settings = measurement.rotation, measurement.settings
    if edit is None or edit.zero is ZeroChoice.AS_MEASURED:
        return rotation, measurement.lean, False
    if edit.zero is ZeroChoice.REST:
        if not any(np.isfinite(leg.rest_deg) for leg in rotation.values()):
            raise ReviewError("review_never_at_rest")
        return count_from_rest(rotation, HAND_SD_DEG, settings), measurement.lean, True
    roll = line_roll(measurement, edit.line_px, edit.time_s) if edit.line_px else picture_roll(measurement.lean)
    return count_from_vertical(rotation, measurement.lean, roll, settings), roll, True


def picture_roll(measured: CameraRoll) -> CameraRoll:
    """Camera roll if the image is taken to be upright.

    Its standard deviation is the error to expect from that: how far the measurement saw the camera rolled, and what it did not know of that.
    So nothing is lost where the measurement agrees, and an image that it saw rolled by 5° is not made sure by being called upright.
    """
    return CameraRoll(0.0, float(np.hypot(measured.roll_deg, measured.sd_deg)))


def line_roll(measurement: Measurement, line_px: tuple[Point, Point], time_s: float = 0.0) -> CameraRoll:
    """Camera roll by a line that is vertical in the room, clicked in the image as filmed, with its standard deviation.

    Three independent parts:

    - Two clicks, each off by `_CLICK_PX` across the line.
    - The building: an upright edge of a room stands to within 0.5°, as the measurement assumes too (`BUILT_SD_DEG`).
    - Perspective. A camera that looks down by p sees the verticals of a room fan out from a point f / tan p below the middle of the image (f
      is the focal length), so an edge at a distance x from the middle leans by about atan(x tan p / f). How far the phone looked down is
      not stored; p is 0 with a standard deviation of `FAN_SD_DEG`, and f as of a phone's main camera, again as the measurement assumes.
      An edge at the border of an upright image is known to within 4°, one near its middle exactly.

    Parameters
    ----------
    line_px : its two ends, in either order
    time_s : of the frame in which it was clicked

    Raises
    ------
    ReviewError
        The line is too short, or leans too far to be meant as a vertical one.
    """
    series = measurement.landmarks
    top, bottom = sorted((np.asarray(point, float) for point in line_px), key=lambda point: float(point[1]))
    size_px = float(length(bottom - top))
    if size_px < _SHORTEST * series.height_px:
        raise ReviewError("review_line_short", least_px=_SHORTEST * series.height_px)
    leaning_deg = float(from_down_deg(bottom - top))
    if abs(leaning_deg) > _MOST_LEANING_DEG:
        raise ReviewError("review_line_slanted", leaning_deg=abs(leaning_deg))
    frame = int(np.abs(series.time_s - time_s).argmin())
    roll_deg = leaning_deg if measurement.flipped[frame] else -leaning_deg
    aside = abs(float((top + bottom)[0]) / 2 - series.width_px / 2) / (FOCAL_PER_LONG_SIDE * max(series.width_px, series.height_px))
    fans_deg = float(np.degrees(np.arctan(aside * np.tan(np.radians(FAN_SD_DEG)))))
    clicks_deg = float(np.degrees(2**0.5 * _CLICK_PX / size_px))
    return CameraRoll(roll_deg, float(np.linalg.norm([clicks_deg, BUILT_SD_DEG["upright"], fans_deg])))
