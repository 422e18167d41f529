"""Repetitions to ranges, intervals and verdicts; every expected number is worked out by hand beside it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.codes import Doubt, Verdict
from hipcv.kinematics.ranges import asymmetry, hip_ranges, judge
from hipcv.landmarks import Side
from hipcv.measurement import doubt
from hipcv.settings import Settings
from hipcv.values import Direction, Zero
from tests.builders import a_hip, a_range, a_rep, a_series

TIMES_S = np.arange(0, 6, 0.1)
IN, OUT = Direction.INTERNAL, Direction.EXTERNAL


def hip_of(*reps, zero=Zero.REST, settings=None):
    unseen = {"rest_deg": np.nan, "rest_askew_deg": np.nan} if zero is Zero.GRAVITY else {}
    rotation = a_series(Side.RIGHT, TIMES_S, np.zeros_like(TIMES_S), zero=zero, upright_sd_deg=3.0, **unseen)
    return hip_ranges(Side.RIGHT, reps, rotation, settings or Settings())


def half_width(span):
    assert span.value == pytest.approx((span.low + span.high) / 2)
    return (span.high - span.low) / 2


# ---------------------------------------------------------------- one hip
def test_a_range_is_the_mean_of_its_repetitions():
    result = hip_of(a_rep(IN, 30), a_rep(IN, 32), a_rep(IN, 34), a_rep(OUT, 40), a_rep(OUT, 44))
    internal, external = result.internal_rotation_deg, result.external_rotation_deg
    assert (internal.value, internal.sd, internal.n_reps) == (32, 2, 3)
    assert (external.value, external.sd, external.n_reps) == (42, pytest.approx(8**0.5), 2)


def test_the_interval_adds_landmarks_spread_and_zero():
    span = hip_of(a_rep(IN, 30), a_rep(IN, 32), a_rep(IN, 34)).internal_rotation_deg
    # landmarks 4², repetitions 2² / 3, rest 1.2²: 18.773; 1.96 * 4.3328 = 8.492
    assert half_width(span) == pytest.approx(8.492, abs=0.001)


def test_a_zero_from_gravity_knows_no_more_than_the_lean_and_the_line_of_the_shank():
    span = hip_of(a_rep(IN, 30), a_rep(IN, 32), a_rep(IN, 34), zero=Zero.GRAVITY).internal_rotation_deg
    # 16 + 4 / 3 + the phone's 3² + the shank's 2²: 30.333; 1.96 * 5.5076 = 10.795
    assert half_width(span) == pytest.approx(10.795, abs=0.001)


def test_a_single_repetition_borrows_its_spread():
    span = hip_of(a_rep(IN, 30)).internal_rotation_deg
    # 16 + 3² / 1 + 1.44 = 26.44; 1.96 * 5.1420 = 10.078
    assert half_width(span) == pytest.approx(10.078, abs=0.001)
    assert np.isnan(span.sd)
    assert span.n_reps == 1


def test_a_tilting_posture_widens_the_interval():
    span = hip_of(a_rep(IN, 30, tilt_deg=7.0), a_rep(IN, 30, tilt_deg=7.0)).internal_rotation_deg
    # two that agree by chance: (0 + 3² / 2) / 2 / 2 = 1.125; 16 + 1.125 + 1.44 + (7 - 3)² = 34.565; 1.96 * 5.8792 = 11.523
    assert half_width(span) == pytest.approx(11.523, abs=0.001)


def test_a_posture_that_did_not_change_widens_nothing():
    span = hip_of(a_rep(IN, 30), a_rep(IN, 30)).internal_rotation_deg
    assert half_width(span) == pytest.approx(1.96 * 18.565**0.5)


def test_the_total_is_their_sum_without_the_uncertainty_of_the_zero():
    result = hip_of(a_rep(IN, 30), a_rep(IN, 32), a_rep(IN, 34), a_rep(OUT, 38), a_rep(OUT, 42))
    total = result.total_deg
    # usual (8 + 8) / 3 = 5.333; internal 16 + (8 + 5.333) / 9, external 16 + (8 + 5.333) / 4: 36.815; 1.96 * 6.0675 = 11.892; the zero takes from one what it gives to the other
    assert total.value == 72
    assert half_width(total) == pytest.approx(11.892, abs=0.001)
    assert total.sd == pytest.approx(12**0.5)  # 2² + 8
    assert total.n_reps == 2


def test_the_totals_interval_does_not_depend_on_the_zero():
    reps = [a_rep(IN, 30), a_rep(IN, 32), a_rep(OUT, 40), a_rep(OUT, 41)]
    rest, gravity = (hip_of(*reps, zero=zero).total_deg for zero in Zero)
    assert half_width(rest) == pytest.approx(half_width(gravity))


def test_only_repetitions_that_count_are_used_and_all_are_kept():
    bad = a_rep(IN, 70, usable=False, reasons=("hidden",))
    result = hip_of(a_rep(IN, 30), bad, a_rep(IN, 32))
    assert result.internal_rotation_deg.value == 31
    assert result.internal_rotation_deg.n_reps == 2
    assert len(result.reps) == 3


def test_what_was_not_tested_has_no_range():
    result = hip_of(a_rep(IN, 30), a_rep(OUT, 40, usable=False, reasons=("both_legs",)))
    assert (result.external_rotation_deg, result.total_deg) == (None, None)
    assert hip_of().internal_rotation_deg is None


def test_a_range_that_could_be_anything_is_none():
    reps = (a_rep(IN, 30), a_rep(IN, 34))
    assert hip_of(*reps, settings=Settings(landmark_sd_deg=8.0)).internal_rotation_deg is not None
    assert hip_of(*reps, settings=Settings(landmark_sd_deg=12.0)).internal_rotation_deg is None


@given(st.lists(st.floats(5, 60), min_size=1, max_size=6), st.sampled_from(Zero))
def test_a_range_lies_among_its_repetitions_and_its_interval_is_never_narrower_than_the_landmarks_allow(values, zero):
    settings = Settings(max_half_width_deg=180.0)
    span = hip_of(*[a_rep(IN, value) for value in values], zero=zero, settings=settings).internal_rotation_deg
    assert min(values) - 1e-9 <= span.value <= max(values) + 1e-9
    assert half_width(span) >= 1.96 * 4


# ---------------------------------------------------------------- right minus left
def a_pair(right, left, **choices):
    """Two hips with a given internal rotation, of sd 0 and three repetitions."""
    hips = {}
    for side, value in ((Side.RIGHT, right), (Side.LEFT, left)):
        # 16 + 0 + 4: the half-width of three equal repetitions read from rest
        span = a_range(value, 1.96 * 20**0.5, sd=0.0)
        total = a_range(value + 40, 1.96 * 32**0.5, sd=0.0)
        hips[side] = a_hip(side, internal_rotation_deg=span, external_rotation_deg=a_range(40.0, 1.96 * 20**0.5), total_deg=total)
    return {**hips, **choices}


def test_asymmetry_is_right_minus_left():
    difference = asymmetry(a_pair(20, 45), Settings()).internal_rotation_deg
    # 20 + 20 = 40; 1.96 * 6.3246 = 12.396
    assert difference.value == -25
    assert (difference.low, difference.high) == (pytest.approx(-37.396, abs=0.001), pytest.approx(-12.604, abs=0.001))
    assert asymmetry(a_pair(45, 20), Settings()).internal_rotation_deg.value == 25


def test_the_totals_difference_by_hand():
    difference = asymmetry(a_pair(20, 45), Settings()).total_deg
    assert difference.value == -25
    assert difference.high - difference.value == pytest.approx(1.96 * 8)  # 32 + 32


@pytest.mark.parametrize(
    ("value", "half", "expected"),
    [
        pytest.param(0, 8, Verdict.WITHIN_ERROR, id="no difference"),
        pytest.param(7.9, 8, Verdict.WITHIN_ERROR, id="inside its interval's half-width"),
        pytest.param(8, 8, Verdict.WITHIN_ERROR, id="the interval just touches zero"),
        pytest.param(8.1, 8, Verdict.SMALL, id="beyond error but small"),
        pytest.param(9.99, 8, Verdict.SMALL, id="just below a notice"),
        pytest.param(10, 8, Verdict.DIFFERENT, id="at the notice"),
        pytest.param(14.99, 8, Verdict.DIFFERENT, id="just below large"),
        pytest.param(15, 8, Verdict.LARGE, id="at large"),
        pytest.param(40, 8, Verdict.LARGE, id="very large"),
        pytest.param(40, 41, Verdict.WITHIN_ERROR, id="very large, but its interval holds zero"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_verdict_follows_the_interval(value, half, expected, sign):
    assert judge(sign * value, half, notice_deg=10, large_deg=15) is expected


@given(st.floats(-60, 60), st.floats(0, 60))
def test_nothing_is_said_of_a_difference_whose_interval_holds_zero(value, half):
    said = judge(value, half, 10, 15)
    assert (said is Verdict.WITHIN_ERROR) == (value - half <= 0 <= value + half)


@pytest.mark.parametrize(
    ("value", "one_direction", "total"),
    [
        pytest.param(12.3, Verdict.WITHIN_ERROR, Verdict.WITHIN_ERROR, id="within 12.4"),
        pytest.param(13, Verdict.DIFFERENT, Verdict.WITHIN_ERROR, id="13: a direction clears 12.4, a total does not clear 15.7"),
        pytest.param(16, Verdict.LARGE, Verdict.DIFFERENT, id="16: large from 15 in a direction, from 20 in a total"),
        pytest.param(21, Verdict.LARGE, Verdict.LARGE, id="21"),
    ],
)
def test_totals_and_single_directions_have_their_own_limits(value, one_direction, total):
    result = asymmetry(a_pair(30 + value, 30), Settings())
    assert (result.internal_rotation_deg.verdict, result.total_deg.verdict) == (one_direction, total)
    assert (result.internal_rotation_deg.why, result.total_deg.why) == (None, None)


def test_a_small_difference_can_be_told_when_the_measurement_is_sharper():
    settings = replace(Settings(), notice_direction_deg=15.0)
    assert asymmetry(a_pair(43, 30), settings).internal_rotation_deg.verdict is Verdict.SMALL


def test_a_side_that_is_missing_gives_no_difference():
    hips = a_pair(30, 30)
    hips[Side.LEFT] = replace(hips[Side.LEFT], external_rotation_deg=None, total_deg=None)
    result = asymmetry(hips, Settings())
    assert (result.external_rotation_deg, result.total_deg) == (None, None)
    assert result.internal_rotation_deg is not None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param(
            {"internal_rotation_deg": a_range(60.0, n_reps=1)},
            "fewer than 2 repetitions in one direction of the left leg count",
            id="one rep",
        ),
        pytest.param({"internal_rotation_deg": a_range(60.0, sd=8.1)}, "the repetitions of the left leg differ too much", id="spread"),
        pytest.param(
            {"reps": (a_rep(side=Side.LEFT, reasons=("compensation",)),)},
            "the pelvis or the trunk moved with the left leg",
            id="compensation",
        ),
        pytest.param({"zero": Zero.GRAVITY, "upright_sd_deg": 2.0}, "the lean of the phone is not known", id="read from the vertical"),
    ],
)
def test_a_doubt_gives_no_verdict_and_says_why(changes, why):
    hips = a_pair(20, 60)
    hips[Side.LEFT] = replace(hips[Side.LEFT], **changes)
    difference = asymmetry(hips, Settings()).internal_rotation_deg
    assert difference.verdict is Verdict.NONE
    assert difference.why.said() == why


_FEW, _UNEVEN = {"internal_rotation_deg": a_range(60.0, n_reps=1)}, {"internal_rotation_deg": a_range(60.0, sd=8.1)}


def _tilted(side):
    return {"reps": (a_rep(side=side, reasons=("compensation",)),)}


@pytest.mark.parametrize(
    ("right", "left", "why"),
    [
        pytest.param(_FEW, _FEW, "fewer than 2 repetitions in one direction of either leg count", id="few of both"),
        pytest.param(_UNEVEN, _UNEVEN, "the repetitions of both legs differ too much", id="both uneven"),
        pytest.param(_tilted(Side.RIGHT), _tilted(Side.LEFT), "the pelvis or the trunk moved with both legs", id="tilted with both"),
        pytest.param(
            {},
            _UNEVEN | _tilted(Side.LEFT),
            "with the left leg the pelvis or the trunk moved, or its repetitions are too few or differ too much",
            id="both reasons on one leg",
        ),
        pytest.param(
            _tilted(Side.RIGHT),
            _UNEVEN,
            "the pelvis or the trunk moved with the right leg, and the repetitions of the left leg differ too much",
            id="one reason on each leg",
        ),
        pytest.param(
            _UNEVEN | _tilted(Side.RIGHT),
            _UNEVEN,
            "with both legs the pelvis or the trunk moved, or the repetitions are too few or differ too much",
            id="more than one leg each",
        ),
        pytest.param(
            _FEW,
            _tilted(Side.LEFT),
            "with both legs the pelvis or the trunk moved, or the repetitions are too few or differ too much",
            id="few of one, tilted with the other",
        ),
    ],
)
def test_a_doubt_names_every_leg_that_is_a_reason(right, left, why):
    hips = a_pair(20, 60)
    for side, changes in ((Side.RIGHT, right), (Side.LEFT, left)):
        hips[side] = replace(hips[side], **changes)
    assert asymmetry(hips, Settings()).internal_rotation_deg.why.said() == why


def test_a_compensated_repetition_that_does_not_count_is_no_doubt():
    hips = a_pair(20, 60)
    spoiled = a_rep(side=Side.LEFT, usable=False, reasons=("compensation_spoiled",))
    hips[Side.LEFT] = replace(hips[Side.LEFT], reps=(*hips[Side.LEFT].reps, spoiled))
    assert asymmetry(hips, Settings()).internal_rotation_deg.verdict is Verdict.LARGE


def test_read_from_a_vertical_that_nobody_knows_only_totals_are_judged():
    hips = {side: replace(h, zero=Zero.GRAVITY, upright_sd_deg=2.0) for side, h in a_pair(20, 60).items()}
    result = asymmetry(hips, Settings())
    assert result.internal_rotation_deg.verdict is Verdict.NONE
    assert result.external_rotation_deg.verdict is Verdict.NONE
    assert result.total_deg.verdict is Verdict.LARGE


def test_a_lean_that_is_known_leaves_a_verdict():
    hips = {side: replace(h, zero=Zero.GRAVITY, upright_sd_deg=0.5) for side, h in a_pair(20, 60).items()}
    assert asymmetry(hips, Settings()).internal_rotation_deg.verdict is Verdict.LARGE


def test_the_phones_lean_counts_twice_in_a_difference():
    """A lean of e adds e to one hip and takes it from the other: (2 * 3)² = 36 beside the hips' own 2 * (16 + 1.125 + 4)."""
    reps = [a_rep(IN, 30), a_rep(IN, 30)]
    right, left = (replace(hip_of(*reps, zero=Zero.GRAVITY), side=side) for side in (Side.RIGHT, Side.LEFT))
    difference = asymmetry({Side.RIGHT: right, Side.LEFT: left}, Settings()).internal_rotation_deg
    assert difference.high == pytest.approx(1.96 * (2 * (16 + 1.125 + 4) + 36) ** 0.5)


def test_a_doubt_about_the_recording_leaves_no_verdict_and_says_why():
    result = asymmetry(a_pair(45, 20), Settings(), doubt(Doubt.SCENE_JUMP))
    assert result.internal_rotation_deg.verdict is Verdict.NONE
    assert result.internal_rotation_deg.why.said() == "the picture jumps in the middle"
    assert result.internal_rotation_deg.value == 25
