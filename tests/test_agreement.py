import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hipcv.statistics.agreement import Row, icc_2_1, standardised_errors, statistics
from hipcv.statistics.estimate import Estimate

SIX_TARGETS_FOUR_JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
"""Shrout & Fleiss 1979, table 2."""


def row(true_deg, measured_deg, half=5.0, quantity="internal"):
    return Row("clip", "left", quantity, true_deg, measured_deg, measured_deg - half, measured_deg + half)


def test_icc_is_that_of_the_published_example():
    found = icc_2_1(SIX_TARGETS_FOUR_JUDGES)
    assert found.value == pytest.approx(0.29, abs=0.005)
    # The interval as R's psych::ICC prints it for the same table.
    assert (found.low, found.high) == pytest.approx((0.019, 0.761), abs=0.002)


def test_two_that_are_equal_agree_wholly():
    assert icc_2_1(np.array([[10.0, 10.0], [20.0, 20.0], [35.0, 35.0]])) == Estimate(1.0, 1.0, 1.0)


def test_a_constant_difference_is_disagreement():
    """Absolute agreement: consistency alone would be 1."""
    true = np.array([10.0, 20.0, 30.0, 40.0])
    assert icc_2_1(np.column_stack([true, true + 10])).value == pytest.approx(0.7692, abs=1e-4)


@pytest.mark.parametrize(
    "ratings",
    [
        pytest.param([[10.0, 11.0], [20.0, 21.0]], id="two targets"),
        pytest.param([[10.0, 10.0]] * 4, id="all the same"),
        pytest.param([[0.0, 5.0]] * 4, id="each rater says the same of all"),
    ],
)
def test_where_nothing_can_be_said_there_is_no_icc(ratings):
    assert icc_2_1(np.array(ratings)) is None


@given(arrays(float, (5, 2), elements=st.integers(0, 30)))
def test_the_interval_holds_the_correlation_also_below_nought(ratings):
    """With a negative one the published degrees of freedom would be those of a negative variance, and the interval NaN."""
    found = icc_2_1(ratings)
    if found:
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9


def test_statistics_are_those_of_bland_and_altman():
    s = statistics([row(30, 32), row(30, 28), row(30, 33), row(30, 36)])
    # errors 2, -2, 3, 6: mean 2.25, SD of the sample 3.304
    assert s.bias_deg == pytest.approx(2.25)
    assert s.mean_absolute_error_deg == pytest.approx(3.25)
    assert s.largest_error_deg == pytest.approx(6)
    assert s.limits_of_agreement_deg == pytest.approx((2.25 - 1.96 * 3.3040, 2.25 + 1.96 * 3.3040), abs=1e-3)
    assert s.inside_share == pytest.approx(0.75)
    assert s.mean_half_width_deg == pytest.approx(5)


def test_one_row_has_no_spread():
    s = statistics([row(30, 32)])
    assert s.limits_of_agreement_deg is None
    assert s.icc is None


def test_standardised_errors_are_counted_in_stated_standard_deviations():
    """Half widths of 1.96 and 3.92 are standard deviations of 1 and 2; so z is 2, -1 and 2."""
    found = standardised_errors([row(30, 32, half=1.96), row(30, 29, half=1.96), row(30, 34, half=3.92)])
    assert found.n == 3
    assert found.sd == pytest.approx(np.sqrt((1 + 4 + 1) / 2))  # about the mean of 1
    assert found.rms == pytest.approx(np.sqrt((4 + 1 + 4) / 3))  # about zero


def test_a_bias_shows_in_the_root_mean_square_only():
    found = standardised_errors([row(30, 33, half=1.96), row(40, 43, half=1.96)])
    assert (found.sd, found.rms) == pytest.approx((0, 3))


def test_where_nothing_can_be_said_there_are_no_standardised_errors():
    assert standardised_errors([]) is None
    assert standardised_errors([row(30, 32, half=0.0)]) is None
    assert standardised_errors([row(30, 32, half=1.96), row(30, 32, half=0.0)]).sd is None
