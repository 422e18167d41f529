"""What a page needs while a person places knee and ankle: where they are drawn, and what the placed points read."""

from collections.abc import Sequence

import numpy as np

from hipcv.errors import ReviewError
from hipcv.kinematics.drawn_leg import drawn_leg
from hipcv.measurement import Measurement
from hipcv.review.chosen_zero import chosen
from hipcv.review.edits import MovePoints, Numbered, Point, side_of
from hipcv.review.hand_points import end_range_deg
from hipcv.review.reviewed_reps import reviewed_reps


def drawn_points(measurement: Measurement, rep_key: str, time_s: float) -> tuple[Point, Point]:
    """Knee and ankle of a repetition's leg as the overlay draws them at a time, px of the image as filmed; NaN = not seen.

    It is the leg that the key names, whether or not sides are exchanged.
    """
    leg = drawn_leg(measurement, side_of(rep_key))
    frame = int(np.abs(measurement.landmarks.time_s - time_s).argmin())
    knee, ankle = ((float(x), float(y)) for x, y in (leg.knee_px[frame], leg.ankle_px[frame]))
    return knee, ankle


def reading_deg(
    measurement: Measurement, rep_key: str, time_s: float, knee_px: Point, ankle_px: Point, edits: Sequence[Numbered] = ()
) -> float:
    """What `MovePoints` would make of the end range, positive in its own direction, with these edits and the zero that they choose.

    Raises
    ------
    ReviewError
        There is no such repetition, the frame is not part of it, or the points are too close together.
    """
    side = side_of(rep_key)
    rep = reviewed_reps(measurement, edits)[side].get(rep_key)
    if rep is None:
        raise ReviewError("review_rep_unknown", rep=rep_key)
    rotation, _, _ = chosen(measurement, edits)
    leg = drawn_leg(measurement, side)
    return end_range_deg(rep, rotation[side], leg, MovePoints(rep_key, time_s, knee_px, ankle_px))
