"""An angle over time to excursions: how many, which way, how far."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcv.codes import Reason
from hipcv.kinematics.swings import find_swings
from hipcv.landmarks import Landmark, Side
from hipcv.settings import Settings
from hipcv.values import Direction
from tests.builders import RATE_HZ, Subject, measured, only_frames, right_leg, still_deg, swings_deg, three_reps, unseen

REST = (0, 1)
HOLD_S = 0.6
PAIR = ((30, HOLD_S), (-40, HOLD_S))


def swings_of(rotation_deg, rate_hz=RATE_HZ, settings=None):
    return find_swings(np.arange(len(rotation_deg)) / rate_hz, rotation_deg, settings or Settings())


def directions(swings):
    return "".join(swing.direction.name[0] for swing in swings)


# ---------------------------------------------------------------- how many, and which way
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((REST, *PAIR * 3, REST), "IEIEIE", id="in and out without a stop at neutral"),
        pytest.param((REST, *PAIR[::-1] * 3, REST), "EIEIEI", id="out first"),
        pytest.param((REST, *((30, 0.6), (0, 0.5), (-40, 0.6), (0, 0.5)) * 3), "IEIEIE", id="a stop at neutral each time"),
        pytest.param((REST, *((30, 0.6), (0, 0.5)) * 3), "III", id="internal only"),
        pytest.param((REST, *((-40, 0.6), (0, 0.5)) * 3), "EEE", id="external only"),
        pytest.param((REST, *((30, 0.6), (0, 0.5)) * 3, *((-40, 0.6), (0, 0.5)) * 3), "IIIEEE", id="one direction after the other"),
        pytest.param((REST, (30, 0.4), (24, 0.2), (30, 0.4), REST), "I", id="a small dip in the hold is one repetition"),
        pytest.param((REST, (30, 0.4), (16, 0.2), (30, 0.4), REST), "I", id="a dip of just less than half"),
        pytest.param((REST, (30, 0.4), (14, 0.2), (30, 0.4), REST), "II", id="pulses with a dip of more than half"),
        pytest.param((REST, (30, 0.4), (5, 0.2), (30, 0.4), (5, 0.2), (30, 0.4), REST), "III", id="three pulses"),
        pytest.param((REST, (25, 0.4), (35, 0.4), REST), "I", id="a step on the way out"),
        pytest.param((REST, (4, 1), REST, (-4, 1), REST), "", id="fidgeting below the smallest excursion"),
        pytest.param((REST, *PAIR * 3, (8, 1), REST), "IEIEIE", id="a small movement among large ones"),
        pytest.param((REST, (30, 15), REST), "", id="a posture of 15 s"),
        pytest.param((REST, (30, 8), REST), "I", id="a hold of 8 s"),
        pytest.param((REST,), "", id="a leg that hangs"),
    ],
)
def test_excursions_are_counted(parts, expected):
    assert directions(swings_of(swings_deg(*parts))) == expected


@pytest.mark.parametrize(
    ("rotation_deg", "expected"),
    [
        pytest.param(swings_deg((30, 0.8), (0, 0.5), *PAIR, REST), "IIE", id="a clip that begins in a hold"),
        pytest.param(swings_deg(REST, *PAIR), "IE", id="a clip that ends in a hold"),
        pytest.param(swings_deg(REST, (30, 1), REST)[:38], "I", id="a clip that ends in mid-swing"),
        pytest.param(swings_deg(REST, (30, 1), REST)[38:], "I", id="a clip that begins in mid-swing"),
        pytest.param(np.zeros(1), "", id="a single frame"),
        pytest.param(np.full(60, np.nan), "", id="a leg that was never seen"),
    ],
)
def test_a_clip_may_begin_and_end_anywhere(rotation_deg, expected):
    assert directions(swings_of(rotation_deg)) == expected


@settings(max_examples=60, deadline=None)
@given(
    internal_deg=st.floats(10, 50),
    external_deg=st.floats(10, 50),
    rate_hz=st.sampled_from([10, 15, 24, 30, 60]),
    hold_s=st.floats(0.5, 3),
    rest_s=st.sampled_from([0.0, 0.5]),
)
def test_any_pairing_of_ranges_is_counted_right(internal_deg, external_deg, rate_hz, hold_s, rest_s):
    stop = ((0, rest_s),) if rest_s else ()
    parts = (REST, *((internal_deg, hold_s), *stop, (-external_deg, hold_s), *stop) * 3, REST)
    swings = swings_of(swings_deg(*parts, rate_hz=rate_hz), rate_hz)
    assert directions(swings) == "IEIEIE"
    for swing in swings:
        expected_deg = internal_deg if swing.direction is Direction.INTERNAL else external_deg
        assert swing.end_range_deg == pytest.approx(expected_deg, abs=0.1)


@given(st.lists(st.one_of(st.floats(-60, 60), st.just(float("nan"))), max_size=120))
@settings(max_examples=60, deadline=None)
def test_whatever_the_angle_does_a_swing_is_in_order_and_seen(values):
    rotation_deg = np.array(values)
    for swing in swings_of(rotation_deg):
        assert 0 <= swing.start <= swing.hold_start <= swing.peak < swing.hold_end <= swing.end <= len(values)
        assert np.isfinite(rotation_deg[swing.start : swing.end]).all()
        assert 0 < swing.end_range_deg <= swing.direction.sign * rotation_deg[swing.peak] + 1e-9


@given(st.lists(st.floats(-60, 60), min_size=2, max_size=120))
@settings(max_examples=60, deadline=None)
def test_a_mirrored_angle_gives_mirrored_swings(values):
    plain, turned = swings_of(np.array(values)), swings_of(-np.array(values))
    assert [(s.peak, s.direction.sign, s.end_range_deg) for s in plain] == [(s.peak, -s.direction.sign, s.end_range_deg) for s in turned]


# ---------------------------------------------------------------- when, and how far
def test_the_times_of_a_repetition_are_those_it_was_built_with():
    (swing,) = swings_of(swings_deg(REST, (30, 1), REST))  # out from 1.0 to 1.5 s, held to 2.5 s, back at 3.0 s
    start, hold_start, hold_end, end = (index / RATE_HZ for index in (swing.start, swing.hold_start, swing.hold_end - 1, swing.end - 1))
    assert (start, end) == (pytest.approx(1.0, abs=0.1), pytest.approx(3.0, abs=0.1))
    assert (hold_start, hold_end) == (pytest.approx(1.5, abs=0.1), pytest.approx(2.5, abs=0.1))
    assert swing.held
    assert swing.complete


def test_end_range_is_the_median_of_the_hold_and_not_its_highest_sample():
    rotation_deg = swings_deg(REST, (30, 1), REST)
    rotation_deg[55:60] += 2.5
    (swing,) = swings_of(rotation_deg)
    assert rotation_deg.max() == 32.5
    assert swing.end_range_deg == pytest.approx(30, abs=0.01)


def test_a_spike_of_the_landmarks_in_the_hold_hardly_moves_the_end_range():
    leg_deg = swings_deg(REST, (30, 1), REST)
    leg_deg[60] += 6
    (rep,) = measured(Subject(still_deg(len(leg_deg)), leg_deg)).reps(Side.RIGHT)
    assert rep.end_range_deg == pytest.approx(30, abs=0.5)


def test_jitter_does_not_lift_the_end_range():
    jitter = np.random.default_rng(1).normal(0, 0.8, 90)
    rotation_deg = swings_deg(REST, (30, 3), REST)
    rotation_deg[45:135] += jitter
    (swing,) = swings_of(rotation_deg)
    assert rotation_deg.max() > 31.5
    assert swing.end_range_deg == pytest.approx(30, abs=0.6)


def test_without_a_hold_a_high_percentile_stands_in_and_says_so():
    t = np.arange(60) / 30
    (swing,) = swings_of(30 * np.clip(1 - np.abs(t - 1) / 0.5, 0, 1))  # up and down at 60° a second
    assert not swing.held
    assert swing.complete
    assert 27 <= swing.end_range_deg <= 30


@pytest.mark.parametrize(
    ("kept", "complete"),
    [
        pytest.param(slice(0, None), True, id="from rest to rest"),
        pytest.param(slice(0, 55), True, id="until nearly back"),
        pytest.param(slice(0, 46), False, id="until just after the top"),
        pytest.param(slice(46, None), False, id="from just after the top"),
    ],
)
def test_a_swing_is_complete_when_it_was_seen_to_leave_and_to_come_back(kept, complete):
    pulse = swings_deg(REST, (30, 0), REST)[kept]
    assert [s.complete for s in swings_of(pulse)] == [complete]


def test_a_fast_swing_at_a_low_frame_rate_comes_home_when_it_crosses_neutral():
    swings = swings_of(np.array([0, 0, 0, 20, 30, 20, -25, -40, -25, 20, 30, 20, 0, 0, 0.0]), rate_hz=5)
    assert directions(swings) == "IEI"
    assert all(swing.complete for swing in swings)


def test_what_is_held_longer_than_allowed_is_another_posture():
    rotation_deg = swings_deg(REST, (30, 4), REST)
    assert directions(swings_of(rotation_deg, settings=replace(Settings(), max_hold_s=3.0))) == ""


# ---------------------------------------------------------------- gaps
def with_gap(rotation_deg, start_s, end_s):
    holed = rotation_deg.copy()
    holed[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] = np.nan
    return holed


def test_no_repetition_is_read_across_a_long_gap():
    (swing,) = swings_of(with_gap(swings_deg(REST, (30, 2), REST), 2.2, 2.8))  # a gap in the middle of the hold
    assert swing.end <= 2.2 * RATE_HZ or swing.start >= 2.8 * RATE_HZ
    assert swing.end_range_deg == pytest.approx(30)


def test_two_holds_with_neutral_seen_between_them_are_two_despite_gaps():
    leg_deg = swings_deg(REST, (30, 1), (0, 1), (30, 1), REST)
    assert directions(swings_of(with_gap(leg_deg, 2.3, 3.4))) == "II"


@pytest.mark.slow
@pytest.mark.parametrize("point", [Landmark.RIGHT_ANKLE, Landmark.RIGHT_KNEE])
def test_a_leg_hidden_in_its_hold_never_gives_a_wrong_angle(point):
    # Two repetitions of 30 degrees; the first one is out from 1.0 to 2.6 s.
    series = right_leg(REST, (30, HOLD_S), REST, (30, HOLD_S), REST).landmarks()
    for start_s in np.arange(0.9, 2.7, 0.2):
        for seconds in (0.1, 0.3, 0.5, 0.8, 1.2, 1.6):
            result = measured(unseen(series, point, (start_s, start_s + seconds)))
            assert 1 <= len(result.counted(Side.RIGHT)) <= 2
            assert result.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([30] * len(result.counted(Side.RIGHT)), abs=1.0)
            assert len(result.reps(Side.RIGHT)) <= 2


@pytest.mark.parametrize("above_deg", [8, 15, 20, 25, 29])
def test_an_end_range_that_was_not_filmed_does_not_count(above_deg):
    """The recording pauses whenever the leg is farther out than this."""
    subject = right_leg(REST, *PAIR * 3, REST)
    result = measured(only_frames(subject.landmarks(), subject.right_deg < above_deg))
    assert result.counted(Side.RIGHT) == "EEE"
    assert result.end_ranges_deg(Side.RIGHT, Direction.EXTERNAL) == pytest.approx([40] * 3, abs=0.5)
    assert {rep.reasons for rep in result.reps(Side.RIGHT) if not rep.usable} <= {(Reason.NOT_FILMED,)}


@pytest.mark.parametrize(
    ("paused_s", "counted"),
    [
        pytest.param((1.95, 2.1), "I", id="a short pause in the hold"),
        pytest.param((1.8, 2.2), "", id="a longer one"),
        pytest.param((2.85, 3.5), "I", id="on the way back, nearly home"),
        pytest.param((0.2, 0.9), "I", id="at rest"),
    ],
)
def test_a_pause_counts_against_the_repetition_that_it_touches(paused_s, counted):
    series = right_leg(REST, (30, 1), REST).landmarks()
    filmed = (series.time_s < paused_s[0]) | (series.time_s > paused_s[1])
    assert measured(only_frames(series, filmed)).counted(Side.RIGHT) == counted
    assert measured(replace(series, blind=~filmed)).counted(Side.RIGHT) == counted


def test_an_even_train_of_repetitions_does_not_hide_its_last_one():
    fading_deg = np.concatenate([three_reps(40, 40), 0.6 * three_reps(40, 40)])
    assert directions(swings_of(fading_deg)) == "IEIEIE" * 2
