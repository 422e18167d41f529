import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipcv.statistics.estimate import Estimate, deviation, mean, slope, summary, variance_factors

NUMBERS = st.lists(st.integers(-900, 900).map(lambda n: n / 10), min_size=3, max_size=20)


def of(estimate):
    return estimate.value, estimate.low, estimate.high


def test_the_summary_is_that_of_the_sample():
    found = summary(np.array([2.0, 4.0, 9.0]))
    assert (found.n, found.mean, found.sd) == (3, 5.0, pytest.approx(13**0.5))
    assert summary(np.array([3.0])).sd is None


@given(NUMBERS)
def test_the_interval_of_a_mean_is_that_of_students_t(numbers):
    values = np.array(numbers)
    if np.ptp(values) == 0:
        assert of(mean(values)) == pytest.approx((values[0],) * 3)
        return
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert of(mean(values)) == pytest.approx((values.mean(), low, high))


def test_the_interval_of_a_variance_is_that_of_the_tables():
    # Chi-squared with 10 degrees of freedom: 3.247 and 20.483.
    assert variance_factors(10) == pytest.approx((10 / 20.483, 10 / 3.247), rel=1e-3)
    assert of(deviation(2.0, 10)) == pytest.approx((2, 2 * (10 / 20.483) ** 0.5, 2 * (10 / 3.247) ** 0.5), rel=1e-3)


@given(NUMBERS, st.randoms())
def test_the_slope_is_that_of_least_squares(numbers, random):
    x = np.array(numbers)
    y = np.array(random.choices(numbers, k=len(numbers)))
    if np.ptp(x) == 0:
        assert slope(x, y) is None
        return
    line = stats.linregress(x, y)
    reach = stats.t.ppf(0.975, len(x) - 2) * line.stderr
    if np.ptp(y) == 0:  # scipy says NaN
        reach = 0.0
    assert of(slope(x, y)) == pytest.approx((line.slope, line.slope - reach, line.slope + reach), rel=1e-6, abs=1e-4)


def test_two_points_have_no_slope():
    assert slope(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None


def test_points_on_a_line_leave_no_doubt():
    assert slope(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])) == Estimate(2.0, 2.0, 2.0)
