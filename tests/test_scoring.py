from dataclasses import replace

import numpy as np
import pytest

from hipcv.codes import Verdict
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference
from hipcv.validation import scoring
from hipcv.validation.comparison import Camera
from hipcv.values import Direction
from tests.builders import a_hip, a_measurement, a_range, a_rep

DONE = {"IR": {"mean_end_range_deg": 34.0}, "ER": {"mean_end_range_deg": 38.0}, "total_arc_deg": 72.0}
HALF = {"IR": {"mean_end_range_deg": 30.0}, "total_arc_deg": None}


def truth(**more):
    return {"mirrored": False, "protocol": {"R": DONE, "L": HALF}, **more}


def test_a_difference_is_right_minus_left_of_what_both_have():
    difference = Difference(5.0, -2.0, 12.0, Verdict.WITHIN_ERROR)
    measured = a_measurement(asymmetry=Asymmetry(difference, difference, None))
    (row,) = scoring.compare_sides(measured, truth())
    assert (row.side, row.quantity, row.true_deg, row.error_deg) == ("right minus left", "internal", 4.0, 1.0)
    assert (row.low_deg, row.high_deg) == (-2.0, 12.0)


def test_what_the_truth_has_and_the_measurement_lacks_is_named():
    hips = {Side.RIGHT: a_hip(Side.RIGHT, external_rotation_deg=None), Side.LEFT: a_hip(Side.LEFT, internal_rotation_deg=a_range(33))}
    rows, unmeasured = scoring.compare(a_measurement(hips=hips), truth())
    assert [(row.side, row.quantity) for row in rows] == [("left", "internal"), ("right", "internal"), ("right", "total")]
    assert unmeasured == ["clip.mp4: right external"]


# a_measurement has four frames; its angles are 0, nothing, 30 and -40 on either side
TIMES_S = a_measurement().landmarks.time_s


def frames(active, right_deg, t=None):
    return {"t": list(TIMES_S if t is None else t), "active_leg": active, "R": {"hip_rot_deg": right_deg}}


def test_frames_are_compared_while_the_leg_moves():
    (leg,) = scoring.frame_errors(a_measurement(), truth(frames=frames([None, "R", "R", "R"], [99.0, 5.0, 27.0, -36.0])))
    assert (leg.side, leg.n_frames, leg.n_measured) == ("right", 3, 2)
    assert leg.rmse_deg == pytest.approx(np.sqrt((3**2 + 4**2) / 2))


def test_each_measured_frame_meets_the_true_one_that_was_shown():
    """Twice as many true frames as measured ones, each a quarter of a step late."""
    step_s = TIMES_S[1]
    late_s = np.arange(8) * step_s / 2 + step_s / 8
    true = [0.0, 77.0, 0.0, 77.0, 30.0, 77.0, -40.0, 77.0]
    (leg,) = scoring.frame_errors(a_measurement(), truth(frames=frames(["R"] * 8, true, late_s)))
    assert leg.rmse_deg == pytest.approx(0)


def test_a_leg_that_was_never_seen_has_no_error():
    measured = a_measurement()
    blank = replace(measured.rotation[Side.RIGHT], from_vertical_deg=np.full(4, np.nan))
    blind = replace(measured, rotation={**measured.rotation, Side.RIGHT: blank})
    (leg,) = scoring.frame_errors(blind, truth(frames=frames(["R"] * 4, [0.0] * 4)))
    assert (leg.n_measured, leg.rmse_deg) == (0, None)


def test_without_frames_there_is_nothing_to_compare():
    assert scoring.frame_errors(a_measurement(), truth()) == []


@pytest.mark.parametrize(
    ("told", "camera"),
    [
        ({}, None),
        ({"camera": {"pitch_deg": 3.0}}, None),
        ({"camera": {"yaw_deg": -12.0}}, Camera(-12.0, None, 0.5)),
        ({"camera": {"yaw_deg": 2.0, "roll_deg": 0}}, Camera(2.0, 0, 0.5)),
    ],
    ids=["nothing", "something else", "one", "both"],
)
def test_the_camera_is_where_the_truth_says_beside_the_lean_that_was_measured(told, camera):
    assert scoring.camera(a_measurement(), truth(**told)) == camera


@pytest.mark.parametrize(
    ("spans", "peaks_s", "expected"),
    [
        pytest.param([(0, 2), (2, 4)], [1, 3], (2, 0, 0), id="all found"),
        pytest.param([(0, 4)], [1, 3], (2, 1, 0), id="one found over two true ones answers for one"),
        pytest.param([(0, 2), (0, 2)], [1], (1, 0, 1), id="found twice"),
        pytest.param([(0, 4), (0, 2)], [1, 3], (2, 0, 0), id="the longer one is left for the later peak"),
        pytest.param([(5, 6)], [1], (1, 1, 1), id="somewhere else"),
    ],
)
def test_found_and_true_repetitions_are_paired_one_to_one(spans, peaks_s, expected):
    reps = tuple(replace(a_rep(Direction.INTERNAL, 30), side=Side.RIGHT, start_s=start, end_s=end) for start, end in spans)
    measured = a_measurement(hips={Side.RIGHT: a_hip(Side.RIGHT, reps=reps), Side.LEFT: a_hip(Side.LEFT, reps=())})
    true = {"protocol": {"R": {"IR": {"reps": [{"peak_s": peak_s} for peak_s in peaks_s]}}}}
    assert scoring.count_reps(measured, true) == expected
    assert scoring.count_true(true) == len(peaks_s)
