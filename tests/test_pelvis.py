import numpy as np
import pytest

from hipcv.kinematics.pelvis import body_shift, tilt_since_rest
from hipcv.landmarks import Landmark, Side
from hipcv.values import BodySeries

TIME_S = np.arange(150) / 30
REST = TIME_S < 1.0
HELD = (TIME_S > 2.0) & (TIME_S < 4.0)
STILL = np.zeros(150)


def tilt(hips_deg=0.0, knee_rise=0.0, shift=0.0, external_deg=0.0, side=Side.LEFT):
    """What is read in the middle of a hold, and its standard deviation."""

    def held(value):
        return np.where(HELD, value, 0.0)

    body = BodySeries(TIME_S, 1.0 + held(hips_deg), STILL, STILL)
    found, sd = tilt_since_rest(body, REST, side, held(external_deg), held(knee_rise), held(shift))
    return found[90], sd[90]


def test_a_still_trunk_hardly_tilts_whatever_the_hip_points_say():
    found, sd = tilt(hips_deg=2.0)
    assert 0 < found < 0.7
    assert sd < 1.0


def test_a_trunk_that_moves_lets_the_hip_points_speak():
    found, _ = tilt(hips_deg=8.0, knee_rise=0.5 * np.tan(np.radians(8.0)), shift=0.1)
    assert found == pytest.approx(8.0, abs=0.5)


def test_the_knee_of_either_leg_rises_with_its_own_side():
    rise = 0.5 * np.tan(np.radians(6.0))
    assert tilt(knee_rise=rise, hips_deg=6.0, shift=0.1)[0] == pytest.approx(
        -tilt(knee_rise=rise, hips_deg=-6.0, shift=0.1, side=Side.RIGHT)[0]
    )


def test_what_an_inward_leg_drags_of_the_hip_points_is_no_tilt():
    assert tilt(hips_deg=-2.4, external_deg=40.0)[0] == pytest.approx(0.0, abs=0.05)
    assert tilt(hips_deg=2.4, external_deg=40.0, side=Side.RIGHT)[0] == pytest.approx(0.0, abs=0.05)


def test_a_knee_that_moves_beyond_any_pelvis_is_not_asked():
    assert tilt(hips_deg=3.0, knee_rise=-0.3, shift=0.08)[0] > 2


def test_the_more_the_trunk_moves_the_less_is_sure():
    assert tilt(shift=0.1)[1] > 2 * tilt()[1]


def test_a_shift_is_counted_from_rest_in_shanks():
    points = np.zeros((150, 33, 2))
    points[HELD, Landmark.LEFT_SHOULDER] = points[HELD, Landmark.RIGHT_SHOULDER] = (20.0, 0.0)
    shift = body_shift(points, REST, 200.0)
    assert shift[90] == pytest.approx(0.1 - 0.01)
    assert shift[0] == 0
