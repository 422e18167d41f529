import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hipcv.statistics.estimate import Estimate
from hipcv.study import retest
from hipcv.study.retest import of_side, pooled
from tests.cohorts import INTERNAL, WRIGHT, WRIGHT_AGAIN, an_angle
from tests.test_agreement import SIX_TARGETS_FOUR_JUDGES


def angles_of(table, **choices):
    return [an_angle(value, f"s{row}", str(column), **choices) for row, line in enumerate(table) for column, value in enumerate(line)]


def retest_of(table):
    return of_side(angles_of(table), "right", "internal", [str(column) for column in range(len(table[0]))])


def test_the_published_example_of_shrout_and_fleiss():
    """Mean squares of their table 3: 11.24 between targets, 1.02 residual; ICC(2,1) = .29. The interval as R's psych prints it."""
    found = retest_of(SIX_TARGETS_FOUR_JUDGES)
    assert found.icc.value == pytest.approx(0.29, abs=0.005)
    assert (found.icc.low, found.icc.high) == pytest.approx((0.019, 0.761), abs=0.002)
    assert found.sem_deg.value == pytest.approx(1.02**0.5, abs=0.005)


def test_two_readings_of_a_flow_meter_as_other_programs_have_it():
    """The large meter of Bland & Altman 1986, twice: mean squares by statsmodels 0.15.0 (anova_lm), ICC(A,1) by pingouin 0.7.0."""
    found = retest_of(np.column_stack([WRIGHT, WRIGHT_AGAIN]))
    assert found.icc.value == pytest.approx(0.983164, abs=1e-6)
    assert (round(found.icc.low, 2), round(found.icc.high, 2)) == (0.96, 0.99)
    assert found.sem_deg.value**2 == pytest.approx(235.966912)
    assert found.change_deg.value == pytest.approx(-4.9412, abs=1e-4)


def test_the_figures_of_four_subjects_by_hand():
    found = retest_of(list(INTERNAL.values()))
    sem = (11 / 6) ** 0.5
    assert (found.n_subjects, found.n_incomplete) == (4, 0)
    assert found.sem_deg.value == pytest.approx(sem)
    assert found.mdc95_deg.value == pytest.approx(1.96 * 2**0.5 * sem)
    # Chi-squared with 3 degrees of freedom: 0.2158 and 9.3484.
    assert (found.sem_deg.low, found.sem_deg.high) == pytest.approx((sem * (3 / 9.3484) ** 0.5, sem * (3 / 0.2158) ** 0.5), rel=1e-3)
    assert found.change_deg.value == pytest.approx(0.5)
    # Means of the subjects 31, 40, 26, 34: mean 32.75, squares about it 102.75.
    assert found.summary_deg == pytest.approx((32.75, (102.75 / 3) ** 0.5))


@given(arrays(float, (7, 2), elements=st.integers(0, 900).map(lambda n: n / 10)))
def test_with_two_sessions_it_is_the_spread_of_the_differences(table):
    found = retest_of(table)
    assert found.sem_deg.value == pytest.approx((table[:, 1] - table[:, 0]).std(ddof=1) / 2**0.5, abs=1e-9)


@given(arrays(float, (5, 3), elements=st.integers(0, 900).map(lambda n: n / 10)), st.floats(-20, 20))
def test_what_all_sessions_share_and_what_one_adds_for_everybody_is_no_error_of_measurement(table, shift):
    moved = table + shift
    moved[:, 2] += 5
    assert retest_of(moved).sem_deg.value == pytest.approx(retest_of(table).sem_deg.value, abs=1e-6)


def test_a_change_for_everybody_is_disagreement():
    steady = np.array([[30.0, 31], [40, 39], [25, 25], [36, 36]])
    assert retest_of(steady + np.array([0, 6])).icc.value < retest_of(steady).icc.value
    assert retest_of(steady + np.array([0, 6])).sem_deg.value == pytest.approx(retest_of(steady).sem_deg.value)


def test_constant_values_have_no_correlation_and_no_error():
    found = retest_of([[30, 30]] * 4)
    assert (found.icc, found.sem_deg.value, found.mdc95_deg.high) == (None, 0, 0)


def test_equal_sessions_agree_wholly():
    assert retest_of([[30, 30], [40, 40], [20, 20]]).icc == Estimate(1.0, 1.0, 1.0)


def test_a_subject_without_one_of_the_sessions_is_counted_but_not_used():
    angles = [*angles_of(INTERNAL.values()), an_angle(90, "late", "1")]
    found = of_side(angles, "right", "internal", ["0", "1"])
    assert (found.n_subjects, found.n_incomplete) == (4, 1)
    assert found.sem_deg.value == pytest.approx((11 / 6) ** 0.5)


def test_several_clips_of_one_session_are_averaged():
    twice = [an_angle(31, "s0", "1", clip="once.mp4"), an_angle(33, "s0", "1", clip="again.mp4")]
    others = [angle for angle in angles_of(INTERNAL.values()) if (angle.subject, angle.session) != ("s0", "1")]
    assert of_side([*others, *twice], "right", "internal", ["0", "1"]).sem_deg.value == pytest.approx((11 / 6) ** 0.5)


@pytest.mark.parametrize("table", [[[30, 31]], [[30, 31], [40, 41]]], ids=["one subject", "two subjects"])
def test_fewer_than_three_subjects_say_nothing(table):
    assert retest_of(table) is None


def test_sides_are_pooled_without_a_correlation_and_with_the_interval_of_one():
    right = of_side(angles_of([[30, 32], [40, 40], [25, 27], [35, 33]]), "right", "internal", "01")
    left = of_side(angles_of([[30, 30], [40, 41], [25, 25], [35, 36]], side="left"), "left", "internal", "01")
    found = pooled([right, left])
    assert (found.side, found.icc, found.change_deg) == (retest.POOLED, None, None)
    # MSE 11 / 6 and, of differences 0, 1, 0, 1, 1 / 6.
    assert found.sem_deg.value == pytest.approx(1.0)
    assert found.sem_deg.high / found.sem_deg.value == pytest.approx(right.sem_deg.high / right.sem_deg.value)
