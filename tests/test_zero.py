"""From what zero the angles are counted: the vertical, weighed with how legs usually hang."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from hipcv.kinematics import zero as zeros
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import CameraRoll, RegisteredRotation, Zero
from tests.builders import a_series, measured, seated

NAN = float("nan")
VIEW = {"thigh_outward_deg": 5.0, "thigh_downward_deg": 0.0, "thigh_sd_deg": 3.0}


@pytest.mark.parametrize(
    ("side", "rest_deg", "roll_deg", "sd_deg", "zero"),
    [
        pytest.param(Side.RIGHT, 3.0, 0.0, 0.5, Zero.REST, id="relaxed"),
        pytest.param(Side.RIGHT, 8.0, 8.0, 0.5, Zero.REST, id="the phone leans by 8"),
        pytest.param(Side.LEFT, -8.0, 8.0, 0.5, Zero.REST, id="the phone leans by 8, the other leg"),
        pytest.param(Side.LEFT, 8.0, 8.0, 0.5, Zero.GRAVITY, id="a phone that leans the other way"),
        pytest.param(Side.RIGHT, 9.0, 0.0, 0.5, Zero.GRAVITY, id="the foot 9 outward"),
        pytest.param(Side.RIGHT, 7.0, 0.0, 3.0, Zero.REST, id="7 degrees that the phone may explain"),
        pytest.param(Side.RIGHT, NAN, 0.0, 0.5, Zero.GRAVITY, id="never at rest"),
    ],
)
def test_a_posture_askew_is_no_zero(side, rest_deg, roll_deg, sd_deg, zero):
    assert zeros.zero_of(side, rest_deg, CameraRoll(roll_deg, sd_deg), Settings()) is zero


def test_angles_counted_from_the_vertical_do_not_lean_with_the_phone():
    seen = measured(seated(roll_deg=6.0))
    for side in Side:
        leg = zeros.choose_zero(seen.rotation, CameraRoll(6.0, 0.4), Settings())[side]
        hung = replace(leg, zero=Zero.GRAVITY).internal_rotation_deg
        assert np.nanmedian(hung[~leg.moving]) == pytest.approx(0, abs=0.3)


@pytest.mark.release
@given(st.floats(-15, 15), st.floats(0.5, 4))
def test_a_posture_is_the_mean_of_measurement_and_custom(measured_deg, sd_deg):
    """By adaptive quadrature instead of a grid."""

    def weight(deg):
        return stats.norm.pdf(deg, measured_deg, sd_deg) * stats.cauchy.pdf(deg / 1.2)

    low, high = sorted((0.0, measured_deg))
    span = (low - 8 * sd_deg, high + 8 * sd_deg)
    total = integrate.quad(weight, *span, limit=200)[0]
    mean = integrate.quad(lambda deg: deg * weight(deg), *span, limit=200)[0] / total
    assert zeros.posture(measured_deg, sd_deg, 1.2)[0] == pytest.approx(mean, abs=0.02)


def test_what_is_seen_counts_more_the_farther_the_leg_hangs_askew():
    shares = [zeros.posture(deg, 1.5, 1.2)[0] / deg for deg in (1.0, 4.0, 8.0, 12.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.6
    assert shares[-1] > 0.9


def test_a_leg_that_hangs_askew_reads_less_in_one_direction_and_more_in_the_other():
    time_s = np.arange(3) / 30
    leg = a_series(Side.LEFT, time_s, np.array([5.0, 35.0, -25.0]), rest_deg=5.0, zero=Zero.REST)
    counted = zeros.choose_zero({Side.LEFT: leg}, CameraRoll(0.0, 0.5), Settings())[Side.LEFT]
    askew_deg = counted.rest_askew_deg
    assert 2.5 < askew_deg < 5.0
    assert counted.internal_rotation_deg == pytest.approx([askew_deg, 30.0 + askew_deg, -30.0 + askew_deg])


@pytest.mark.parametrize(("outline_deg", "believed"), [(3.0, True), (20.0, False)])
def test_an_outline_far_from_the_landmarks_is_not_that_of_the_leg(outline_deg, believed):
    leg = a_series(Side.LEFT, np.arange(3) / 30, np.zeros(3), rest_deg=1.0, zero=Zero.REST)
    by_line = zeros.choose_zero({Side.LEFT: leg}, CameraRoll(0.0, 0.5), Settings())[Side.LEFT].rest_askew_deg
    nothing = np.zeros(3)
    corrected = RegisteredRotation(*[nothing] * 5, registered=nothing > 0, knee_shift_percent=nothing, rest_askew_deg=outline_deg, **VIEW)
    found = zeros.choose_zero({Side.LEFT: replace(leg, corrected=corrected)}, CameraRoll(0.0, 0.5), Settings())[Side.LEFT].rest_askew_deg
    assert (found != by_line) is believed
