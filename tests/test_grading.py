"""Which movements are repetitions of which leg, and which of them count."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcv.catalogues.words import languages, texts
from hipcv.codes import Quantity, Reason
from hipcv.kinematics.repetitions import _posture_change_deg, _tilt_deg
from hipcv.kinematics.seated import seated_frames
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.values import BodySeries, Direction
from tests.builders import RATE_HZ, SHANK_PX, Subject, a_series, measured, right_leg, still_deg, swings_deg, three_reps, unseen, with_nobody

REST = (0, 1)
ONE = (REST, (30, 1), REST)


def reasons(result, side=Side.RIGHT):
    return [rep.reasons for rep in result.reps(side)]


# ---------------------------------------------------------------- both legs, in either order
@pytest.mark.parametrize("first", Side)
@pytest.mark.parametrize("ranges", [(10, 50), (50, 10), (12, 12), (35, 40)], ids=str)
def test_each_leg_has_its_own_repetitions_whichever_comes_first(first, ranges):
    moving = three_reps(*ranges)
    still = still_deg(len(moving))
    legs = {first: np.concatenate([moving, still]), first.other: np.concatenate([still, moving])}
    result = measured(Subject(left_deg=legs[Side.LEFT], right_deg=legs[Side.RIGHT]))
    for side in Side:
        assert result.counted(side) == "IEIEIE"
        assert reasons(result, side) == [()] * 6
        assert result.end_ranges_deg(side, Direction.INTERNAL) == pytest.approx([ranges[0]] * 3, abs=0.1)
        assert result.end_ranges_deg(side, Direction.EXTERNAL) == pytest.approx([ranges[1]] * 3, abs=0.1)


@pytest.mark.parametrize(
    ("moving_deg", "expected"),
    [
        pytest.param(swings_deg(REST, *((25, 0.6), (0, 0.5)) * 3), "III", id="internal only"),
        pytest.param(swings_deg(REST, *((-25, 0.6), (0, 0.5)) * 3), "EEE", id="external only"),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_one_leg_and_one_direction_give_nothing_else(side, moving_deg, expected):
    still = still_deg(len(moving_deg))
    legs = {side: moving_deg, side.other: still}
    result = measured(Subject(left_deg=legs[Side.LEFT], right_deg=legs[Side.RIGHT]))
    assert (result.counted(side), result.reps(side.other)) == (expected, ())
    missing = Direction.EXTERNAL if expected == "III" else Direction.INTERNAL
    assert result.hips[side][Quantity.of(missing)] is None
    assert result.hips[side].total_deg is None


def test_legs_that_take_turns_repetition_by_repetition_both_count():
    turn, still = swings_deg(REST, (30, 0.6), (-35, 0.6), REST), still_deg(len(swings_deg(REST, (30, 0.6), (-35, 0.6), REST)))
    result = measured(Subject(left_deg=np.concatenate([still, turn] * 3), right_deg=np.concatenate([turn, still] * 3)))
    assert (result.counted(Side.LEFT), result.counted(Side.RIGHT)) == ("IEIEIE", "IEIEIE")


@settings(max_examples=20, deadline=None)
@given(share=st.floats(-0.4, 0.4), noise_px=st.sampled_from([0.0, 1.5]))
def test_a_resting_leg_whose_foot_is_dragged_along_has_no_repetition(share, noise_px):
    moving = three_reps(35, 40)
    result = measured(Subject(left_deg=share * moving, right_deg=moving, noise_px=noise_px))
    assert result.counted(Side.RIGHT) == "IEIEIE"
    assert result.reps(Side.LEFT) == ()


@pytest.mark.parametrize("sign", [1, -1], ids=["both feet outward", "both feet to the same side of the picture"])
@pytest.mark.parametrize("delay_s", [0.0, 0.3])
def test_legs_that_swing_at_once_do_not_count(sign, delay_s):
    moving = three_reps(35, 40)
    result = measured(Subject(left_deg=np.roll(sign * moving, round(30 * delay_s)), right_deg=moving))
    for side in Side:
        assert reasons(result, side) == [("both_legs",)] * 6
        assert result.counted(side) == ""


# ---------------------------------------------------------------- the course of a repetition
def test_a_clip_that_ends_in_a_hold_counts_it():
    result = measured(right_leg(REST, (30, 0.6), REST, (30, 0.6)))
    assert result.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([30, 30], abs=0.1)


@pytest.mark.parametrize("n_frames", [33, 36, 38, 42])
def test_a_clip_that_ends_in_mid_swing_does_not_count_it(n_frames):
    leg = np.concatenate([swings_deg(*ONE), swings_deg(*ONE)[:n_frames]])
    result = measured(Subject(still_deg(len(leg)), leg))
    assert result.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([30], abs=0.1)
    assert all(why == ("incomplete",) for why in reasons(result)[1:])


@pytest.mark.parametrize("first_frame", [34, 38, 50, 60])
def test_a_clip_that_begins_in_the_middle_counts_what_was_held(first_frame):
    leg = np.concatenate([swings_deg(*ONE)[first_frame:], swings_deg(*ONE)])
    result = measured(Subject(still_deg(len(leg)), leg))
    assert result.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([30, 30], abs=0.1)


def test_a_clip_that_begins_on_the_way_back_does_not_count_it():
    leg = np.concatenate([swings_deg(*ONE)[80:], swings_deg(*ONE)])  # back from 1 / 3 of the way
    result = measured(Subject(still_deg(len(leg)), leg))
    assert result.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([30], abs=0.1)


def test_no_hold_is_remarked_and_counts():
    result = measured(right_leg(REST, (40, 0), REST, (40, 0), REST))
    for rep in result.reps(Side.RIGHT):
        assert (rep.held, rep.usable, rep.reasons) == (False, True, ("no_hold",))
        assert rep.end_range_deg == pytest.approx(40, abs=2)


def test_a_posture_held_for_15_s_is_no_repetition():
    assert measured(right_leg(REST, (25, 15), REST)).reps(Side.RIGHT) == ()
    assert measured(right_leg(REST, (12, 15), REST)).reps(Side.RIGHT) == ()


def test_an_angle_that_no_hip_reaches_does_not_count():
    assert reasons(measured(right_leg(REST, (85, 1), REST))) == [("implausible",)]


# ---------------------------------------------------------------- what was seen of it
def test_a_hold_seen_only_in_glimpses_does_not_count():
    series = right_leg(REST, (30, 1.6), REST).landmarks()
    glimpses = unseen(series, Landmark.RIGHT_ANKLE, *[(1.4 + 0.2 * i, 1.56 + 0.2 * i) for i in range(10)])
    (rep,) = measured(glimpses).reps(Side.RIGHT)
    assert rep.reasons == ("hidden",)
    assert not rep.usable


def test_a_short_gap_in_a_hold_is_bridged_and_the_repetition_counts():
    (rep,) = measured(unseen(right_leg(*ONE).landmarks(), Landmark.RIGHT_ANKLE, (1.9, 2.05))).reps(Side.RIGHT)
    assert rep.usable
    assert rep.end_range_deg == pytest.approx(30, abs=0.5)
    assert (rep.hold_start_s, rep.hold_end_s) == (pytest.approx(1.5, abs=0.1), pytest.approx(2.5, abs=0.1))


def test_a_hold_with_a_long_gap_in_it_is_one_repetition():
    (rep,) = measured(with_nobody(right_leg(REST, (30, 2), REST).landmarks(), slice(66, 84))).reps(Side.RIGHT)
    assert rep.end_range_deg == pytest.approx(30, abs=0.1)


def test_a_person_who_stands_up_during_a_hold_has_no_repetition_that_counts():
    series = right_leg(*ONE).landmarks()
    image_px = series.image_px.copy()
    for side in Side:  # the thighs are seen in full length
        image_px[40:80, of_side("hip", side), 1] -= SHANK_PX
    assert reasons(measured(replace(series, image_px=image_px)))[0][0] == "not_seated"


def test_a_thigh_as_long_as_the_shank_stands_and_a_short_one_sits():
    assert not seated_frames(Subject(still_deg(3), still_deg(3), thigh_px=SHANK_PX).landmarks()).any()
    seated = with_nobody(Subject(still_deg(3), still_deg(3)).landmarks(), [1])
    assert seated_frames(seated).all()  # a frame with nobody speaks neither way


# ---------------------------------------------------------------- compensation
def tilted(tilt_deg):
    """Two internal repetitions with the pelvis tilting along, then two external ones without."""
    leg = swings_deg(REST, *((30, 1), REST) * 2, *((-35, 1), REST) * 2)
    return measured(Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=np.maximum(leg, 0) / 30 * tilt_deg))


@pytest.mark.parametrize("sign", [1, -1], ids=["left hip up", "right hip up"])
@pytest.mark.parametrize(
    ("tilt_deg", "expected", "counts"),
    [
        pytest.param(4, (), True, id="4 degrees pass"),
        pytest.param(7, ("compensation",), True, id="7 degrees are remarked and count"),
        pytest.param(14, ("compensation_spoiled",), False, id="14 degrees do not count"),
    ],
)
def test_a_tilting_pelvis_is_seen(tilt_deg, sign, expected, counts):
    result = tilted(sign * tilt_deg)
    assert reasons(result) == [expected] * 2 + [()] * 2
    assert [rep.usable for rep in result.reps(Side.RIGHT)] == [counts] * 2 + [True] * 2


def test_hips_that_are_hidden_show_no_tilt():
    """Somebody leans forward, so the trunk looks short, and the points of the hips wander behind the thighs with the leg."""
    leg = swings_deg(REST, *((30, 1), REST) * 2, *((-35, 1), REST) * 2)
    series = Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=np.maximum(leg, 0) / 30 * 8).landmarks()
    image_px = series.image_px.copy()
    image_px[:, : Landmark.LEFT_HIP, 1] += 90
    assert reasons(measured(replace(series, image_px=image_px))) == [()] * 4


def test_a_tilt_that_counts_widens_the_interval_of_its_own_direction_only():
    straight, leaning = tilted(0).hips[Side.RIGHT], tilted(7).hips[Side.RIGHT]

    def width(span):
        return span.high - span.low

    assert width(leaning.internal_rotation_deg) > width(straight.internal_rotation_deg) + 2
    assert width(leaning.external_rotation_deg) == pytest.approx(width(straight.external_rotation_deg), abs=0.01)


def test_a_crooked_seat_is_no_compensation():
    leg = swings_deg(*ONE)
    result = measured(Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=np.full(len(leg), 9.0)))
    assert reasons(result) == [()]


def test_the_change_of_posture_is_the_larger_of_pelvis_and_trunk_since_rest():
    time_s = np.arange(4.0)
    rotation = {side: a_series(side, time_s, np.array([0.0, 0.0, 30.0, 30.0])) for side in Side}
    body = BodySeries(time_s, np.array([2.0, 2.0, 5.0, np.nan]), np.array([1.0, 1.0, -7.0, 3.0]), np.zeros(4))
    upright = Subject(still_deg(4), still_deg(4)).landmarks()
    assert _posture_change_deg(upright, body, rotation).tolist() == [0, 0, 8, 2]


def test_only_the_tilt_during_the_hold_counts():
    leg = swings_deg(REST, (30, 2), (0, 2))  # held from 1.5 to 3.5 s
    seconds = np.arange(len(leg)) / RATE_HZ
    (within,) = measured(Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=np.where((seconds > 1) & (seconds < 4), 9.0, 0.0))).reps(
        Side.RIGHT
    )
    (after,) = measured(Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=np.where(seconds > 4.5, 9.0, 0.0))).reps(Side.RIGHT)
    assert within.tilt_deg == pytest.approx(9.0, abs=0.5)
    assert after.tilt_deg == pytest.approx(0.0, abs=0.5)


def test_a_posture_that_was_not_seen_counts_as_none():
    assert _tilt_deg(np.array([np.nan, np.nan])) == 0
    assert _tilt_deg(np.array([np.nan, 3.0, 4.0])) == 3.5


# ---------------------------------------------------------------- the codes
def test_every_code_is_explained():
    by_reviewers = {Reason.INCLUDED_BY_REVIEWER, Reason.ADDED_BY_REVIEWER, Reason.POINTS_BY_HAND}
    assert {reason for reason in Reason if not reason.rules_out} == {Reason.NO_HOLD, Reason.COMPENSATION} | by_reviewers
    for language in languages():
        known = texts(language)
        assert {key for key in known if key.startswith("words.reasons.")} == {f"words.reasons.{reason}" for reason in Reason}
        short = {f"words.reason_in_short.{reason}" for reason in Reason if reason.rules_out}
        assert {key for key in known if key.startswith("words.reason_in_short.")} == short


def test_a_repetition_holds_the_times_and_the_angle_from_the_vertical():
    (rep,) = measured(right_leg(*ONE, roll_deg=4.0)).reps(Side.RIGHT)
    assert (rep.side, rep.direction) == (Side.RIGHT, Direction.INTERNAL)
    assert rep.start_s < rep.hold_start_s < rep.hold_end_s < rep.end_s
    assert (rep.end_range_deg, rep.end_range_from_vertical_deg) == (pytest.approx(30, abs=0.1), pytest.approx(34, abs=0.1))
