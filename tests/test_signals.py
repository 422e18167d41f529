"""Gaps, outliers and the filter, on signals whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.kinematics.signals import bridge_gaps, nanmedian, runs, smooth, speed, without_outliers

CUTOFF_HZ = 6.0
NAN = float("nan")


def times_s(rate_hz=30.0, seconds=10.0):
    return np.arange(round(rate_hz * seconds)) / rate_hz


def uneven_times_s(seed, seconds=10.0, rate_hz=30.0):
    """The clock of a phone: every interval between half and one and a half of the usual one."""
    steps = np.random.default_rng(seed).uniform(0.5, 1.5, round(seconds * rate_hz)) / rate_hz
    return np.cumsum(steps)


def amplitude_left(frequency_hz, rate_hz, cutoff_hz=CUTOFF_HZ):
    """What is left of a sine of height 1, away from the ends: fitted, so that a shift would show as well."""
    t = times_s(rate_hz)
    filtered = smooth(t, np.sin(2 * np.pi * frequency_hz * t), cutoff_hz)
    middle = slice(len(t) // 4, -len(t) // 4)
    waves = np.stack([np.sin(2 * np.pi * frequency_hz * t), np.cos(2 * np.pi * frequency_hz * t)], axis=1)[middle]
    (in_phase, out_of_phase), *_ = np.linalg.lstsq(waves, filtered[middle], rcond=None)
    assert abs(out_of_phase) < 0.01  # no lag
    return in_phase


# ---------------------------------------------------------------- the filter
@given(st.floats(-1000, 1000), st.floats(14, 120))
def test_a_constant_stays(level, rate_hz):
    t = times_s(rate_hz, 3)
    assert smooth(t, np.full_like(t, level), CUTOFF_HZ) == pytest.approx(np.full_like(t, level), abs=1e-6)


@pytest.mark.parametrize("rate_hz", [15, 24, 30, 60, 120])
def test_a_slow_swing_stays_within_a_hundredth(rate_hz):
    assert amplitude_left(0.5, rate_hz) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("rate_hz", [15, 24, 30, 60, 120])
def test_half_the_power_is_left_at_the_cutoff(rate_hz):
    assert amplitude_left(CUTOFF_HZ, rate_hz) == pytest.approx(0.707, abs=0.03)


def test_shake_well_above_the_cutoff_is_gone():
    assert abs(amplitude_left(4 * CUTOFF_HZ, 120)) < 0.02


def test_the_filter_keeps_a_peak_where_it_is():
    t = times_s()
    bump = np.exp(-(((t - 5) / 0.4) ** 2))
    filtered = smooth(t, bump, CUTOFF_HZ)
    assert t[filtered.argmax()] == pytest.approx(5)
    assert filtered == pytest.approx(filtered[np.abs(t[:, None] - (10 - t)).argmin(axis=0)], abs=0.01)  # as steep before as after


@pytest.mark.parametrize("seed", range(5))
def test_uneven_times_are_read_at_their_own_moments(seed):
    t = uneven_times_s(seed)
    slow = np.sin(2 * np.pi * 0.5 * t)
    assert smooth(t, slow, CUTOFF_HZ)[10:-10] == pytest.approx(slow[10:-10], abs=0.02)


def test_nothing_is_filtered_across_a_gap():
    t = times_s(seconds=4)
    values = np.where(t < 2, 0.0, 100.0)
    values[55:65] = NAN
    filtered = smooth(t, values, CUTOFF_HZ)
    assert np.array_equal(np.isnan(filtered), np.isnan(values))
    assert filtered[:55] == pytest.approx(0)
    assert filtered[65:] == pytest.approx(100)


@pytest.mark.parametrize("n_seen", [0, 1, 2])
def test_too_few_samples_are_left_as_they_are(n_seen):
    values = np.full(10, NAN)
    values[3 : 3 + n_seen] = 7.0
    assert np.array_equal(smooth(np.arange(10) / 30, values, CUTOFF_HZ), values, equal_nan=True)


def test_a_slow_recording_is_not_filtered():
    t = times_s(10, 3)
    values = np.random.default_rng(1).normal(size=len(t))
    assert np.array_equal(smooth(t, values, CUTOFF_HZ), values)


# ---------------------------------------------------------------- gaps
@given(st.floats(-100, 100), st.floats(-50, 50), st.integers(1, 6), st.integers(0, 100))
def test_a_short_gap_in_a_line_is_filled_exactly(level, slope, n_missing, seed):
    t = uneven_times_s(seed, 1.0)
    line = level + slope * t
    holed = line.copy()
    holed[10 : 10 + n_missing] = NAN
    assert bridge_gaps(t, holed, 1.0) == pytest.approx(line, abs=1e-9)


@pytest.mark.parametrize(
    ("n_missing", "filled"),
    [
        pytest.param(4, True, id="0.5 s between the good neighbours, as long as is allowed"),
        pytest.param(5, False, id="0.6 s"),
    ],
)
def test_a_gap_is_measured_between_its_good_neighbours(n_missing, filled):
    t = np.arange(20) / 10
    values = np.ones(20)
    values[5 : 5 + n_missing] = NAN
    assert np.isfinite(bridge_gaps(t, values, 0.5001)).all() == filled


def test_what_lies_before_the_first_and_after_the_last_good_sample_stays_missing():
    values = np.array([NAN, 1.0, NAN, 3.0, NAN])
    assert np.array_equal(bridge_gaps(np.arange(5.0), values, 10.0), [NAN, 1, 2, 3, NAN], equal_nan=True)


def test_columns_are_bridged_each_for_itself():
    values = np.array([[0.0, 5.0], [NAN, 6.0], [2.0, NAN], [3.0, 8.0]])
    assert bridge_gaps(np.arange(4.0), values, 10.0).tolist() == [[0, 5], [1, 6], [2, 7], [3, 8]]


def test_bridging_leaves_the_input_alone():
    values = np.array([0.0, NAN, 2.0])
    bridge_gaps(np.arange(3.0), values, 10.0)
    assert np.isnan(values[1])


# ---------------------------------------------------------------- outliers
@pytest.mark.parametrize("n_wrong", [1, 2, 3])
@pytest.mark.parametrize("at", [3, 15, 24])
def test_a_spike_is_replaced_by_its_neighbours(n_wrong, at):
    values = np.full(30, 100.0)
    values[at : at + n_wrong] += 50
    assert without_outliers(values).tolist() == [100.0] * 30


@given(st.floats(-100, 100), st.floats(-1000, 1000))
def test_a_ramp_is_left_untouched(slope, level):
    ramp = level + slope * np.arange(30)
    assert np.array_equal(without_outliers(ramp), ramp)


def test_jitter_below_the_floor_is_left_untouched():
    values = np.zeros(30)
    values[10] = 3.9
    assert np.array_equal(without_outliers(values), values)


def test_what_is_missing_is_not_invented():
    values = np.array([1.0, NAN, 1.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 1.0])
    assert np.array_equal(without_outliers(values), values, equal_nan=True)


# ---------------------------------------------------------------- small tools
def test_the_median_leaves_missing_values_out_and_has_none_where_all_are_missing():
    values = np.array([[1.0, NAN, 5.0, 3.0], [NAN] * 4])
    assert np.array_equal(nanmedian(values, axis=1), [3, NAN], equal_nan=True)


def test_the_median_of_nothing_is_missing():
    assert np.array_equal(nanmedian(np.empty((0, 2)), axis=0), [NAN, NAN], equal_nan=True)


def test_speed_is_the_slope_even_at_uneven_times():
    t = uneven_times_s(3, 1.0)
    assert speed(t, 7 * t) == pytest.approx(np.full_like(t, 7))


def test_speed_is_missing_beside_a_gap_and_for_a_single_sample():
    assert np.isnan(speed(np.arange(5.0), np.array([0.0, 1.0, NAN, 3.0, 4.0]))[[1, 3]]).all()
    assert np.isnan(speed(np.array([0.0]), np.array([5.0]))).all()


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("---", [], id="none set"),
        pytest.param("xxx", [(0, 3)], id="all set"),
        pytest.param("x--xx-", [(0, 1), (3, 5)], id="one at the start, two in the middle"),
        pytest.param("-x-x", [(1, 2), (3, 4)], id="one at the end"),
    ],
)
def test_runs_are_half_open(flags, expected):
    assert runs(np.array([flag == "x" for flag in flags], dtype=bool)) == expected


@given(st.lists(st.booleans(), max_size=60))
def test_runs_hold_every_flag_and_nothing_else(flags):
    rebuilt = np.zeros(len(flags), dtype=bool)
    for start, end in runs(np.array(flags, dtype=bool)):
        assert start < end
        rebuilt[start:end] = True
    assert rebuilt.tolist() == flags
