import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipcv.study.bland_altman import limits, limits_of_agreement
from tests.cohorts import CARDIAC, MINI_WRIGHT, WRIGHT, an_angle

DIFFERENCES = st.lists(st.lists(st.integers(-99, 99).map(lambda n: n / 10), min_size=1, max_size=4), min_size=3, max_size=9)


def of(estimate):
    return estimate.value, estimate.low, estimate.high


def pairs(measured, reference, **choices):
    return [
        an_angle(float(m), f"s{place}", "1", reference_deg=float(r), **choices)
        for place, (m, r) in enumerate(zip(measured, reference, strict=True))
    ]


def test_the_flow_meters_of_bland_and_altman():
    """1986: mean difference −2.1, SD 38.8, interval of the bias −22.0 to 17.8 l/min; limits by 2 SD there, by 1.96 here."""
    found = limits_of_agreement(pairs(WRIGHT, MINI_WRIGHT), "right", "internal")
    assert found.n == found.n_people == found.n_clips == found.n_hips == 17
    assert of(found.bias_deg) == pytest.approx((-2.1, -22.0, 17.8), abs=0.06)
    assert found.sd_deg == pytest.approx(38.8, abs=0.05)
    assert (found.lower_deg.value, found.upper_deg.value) == pytest.approx((-2.118 - 1.96 * 38.765, -2.118 + 1.96 * 38.765), abs=0.01)
    # They approximate the interval of the lower limit by −114.3 to −45.1; the exact one is wider outward and narrower inward.
    assert found.lower_deg.low < -114.3
    assert found.lower_deg.high < -45.1


@pytest.mark.parametrize("n", [5, 8, 17, 40])
def test_with_one_difference_a_person_the_limits_are_known_as_well_as_the_noncentral_t_says(n):
    """Carkeet, *Optom Vis Sci* 2015: the exact interval of one limit; MOVER comes within 0.15 SD of it from five persons on."""
    values = np.linspace(-1, 1, n)
    values /= values.std(ddof=1)
    _, _, upper = limits([np.array([value]) for value in values])
    exact = [stats.nct.ppf(p, n - 1, 1.96 * n**0.5) / n**0.5 for p in (0.025, 0.975)]
    assert upper.value == pytest.approx(1.96)
    assert (upper.low, upper.high) == pytest.approx(exact, abs=0.25 if n == 5 else 0.15)


def test_several_differences_a_person_as_published():
    """Bland & Altman 1999, section 5.2, give the mean of the persons' mean differences as 0.7092 l/min. A mixed model of the same data
    (R's lme4, as BAtrending's vignette prints it) has bias 0.705, SD 1.022, limits −1.298 and 2.707."""
    people = [np.array([a - b for a, b in pairs]) for pairs in CARDIAC.values()]
    angles = [
        an_angle(a, str(person), str(place), reference_deg=b) for person, pairs in CARDIAC.items() for place, (a, b) in enumerate(pairs)
    ]
    found = limits_of_agreement(angles, "right", "internal")
    assert (found.n, found.n_people, found.n_hips, found.n_clips) == (60, 12, 12, 60)
    assert found.bias_deg.value == pytest.approx(0.7092, abs=5e-5)
    assert found.sd_deg == pytest.approx(1.022, abs=0.005)
    assert (found.lower_deg.value, found.upper_deg.value) == pytest.approx((-1.298, 2.707), abs=0.01)
    sd, lower, upper = limits(people)
    assert (sd, lower, upper) == (pytest.approx(found.sd_deg), found.lower_deg, found.upper_deg)


@given(st.lists(st.lists(st.integers(-99, 99), min_size=3, max_size=3), min_size=3, max_size=8))
def test_with_as_many_differences_for_each_it_is_the_analysis_of_variance_of_2007(rows):
    """Bland & Altman, *J Biopharm Stat* 2007;17:571–582: variance of a difference = (MSB − MSW) / m + MSW."""
    table = np.array(rows, dtype=float)
    m = table.shape[1]
    between = m * table.mean(axis=1).var(ddof=1)
    within = table.var(axis=1, ddof=1).mean()
    sd, _, _ = limits(list(table))
    assert sd**2 == pytest.approx((between - within) / m + within, abs=1e-9)


@given(DIFFERENCES, st.floats(-20, 20))
def test_a_shift_moves_the_limits_and_nothing_else(rows, shift):
    people = [np.array(row) for row in rows]
    sd, lower, upper = limits(people)
    moved_sd, moved_lower, moved_upper = limits([one + shift for one in people])
    assert moved_sd == pytest.approx(sd, abs=1e-6)
    assert of(moved_lower) == pytest.approx([end + shift for end in of(lower)], abs=1e-5)
    assert of(moved_upper) == pytest.approx([end + shift for end in of(upper)], abs=1e-5)


@given(DIFFERENCES)
def test_limits_lie_inside_their_intervals_and_are_mirror_images(rows):
    people = [np.array(row) for row in rows]
    _, lower, upper = limits(people)
    assert lower.low <= lower.value <= lower.high
    assert upper.low <= upper.value <= upper.high
    _, mirrored, _ = limits([-one for one in people])
    assert of(mirrored) == pytest.approx((-upper.value, -upper.high, -upper.low))


def test_a_second_hip_that_errs_like_the_first_makes_nothing_surer():
    """The differences of a person are the same on both sides: as many persons, as wide an interval of the bias."""
    right, left = (pairs(WRIGHT, MINI_WRIGHT, side=side) for side in ("right", "left"))
    alone, both = limits_of_agreement(right, "right", "internal"), limits_of_agreement([*right, *left], "both", "internal")
    assert (both.n, both.n_people, both.n_hips) == (34, 17, 34)
    assert of(both.bias_deg) == pytest.approx(of(alone.bias_deg))
    assert of(both.lower_deg) == pytest.approx(of(alone.lower_deg))


def test_the_slope_is_on_the_mean_of_both():
    # Measured 10 % more than the reference: difference 0.1 r against the mean 1.05 r.
    reference = np.array([20.0, 30.0, 40.0, 50.0])
    assert limits_of_agreement(pairs(1.1 * reference, reference), "right", "internal").slope.value == pytest.approx(0.1 / 1.05)


def test_the_stated_interval_is_counted_where_there_is_one():
    angles = [
        an_angle(30, "a", reference_deg=33, low_deg=26, high_deg=34),
        an_angle(30, "b", reference_deg=35, low_deg=26, high_deg=34),
        an_angle(30, "c", reference_deg=31),
        an_angle(30, "d", low_deg=26, high_deg=34),
    ]
    found = limits_of_agreement(angles, "right", "internal")
    assert (found.n, found.n_inside, found.n_intervals) == (3, 1, 2)


def test_no_spread_is_no_width():
    found = limits_of_agreement(pairs([30, 40, 50], [29, 39, 49]), "right", "internal")
    assert of(found.bias_deg) == of(found.lower_deg) == of(found.upper_deg) == (1, 1, 1)
    assert found.slope.value == pytest.approx(0)


def test_fewer_than_three_persons_say_nothing():
    assert limits_of_agreement(pairs([30, 31], [30, 30]), "right", "internal") is None
    assert limits_of_agreement([an_angle(30, "a", "1", reference_deg=30, clip=f"{n}.mp4") for n in range(5)], "right", "internal") is None
