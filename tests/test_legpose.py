"""A leg in front of a pinhole camera: expected places come from the geometry of a circle and of a cone, not from the code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.registration.leg_camera import Axis, LegCamera, RestingLeg, ThighView, pose_of

MIDDLE = np.array([0.0, 0.0])
FOCAL_PX, SHANK_PX = 1000.0, 200.0
HEAD_ON = ThighView(0.0, 0.0, 1.5, front=0.0)


def camera(knee=(0.0, 0.0), angle_rad=0.0):
    return LegCamera(RestingLeg(np.array(knee), angle_rad, SHANK_PX, MIDDLE, FOCAL_PX))


def seen(flat, point):
    x, y, w = flat @ [*point, 1.0]
    return np.array([x / w, y / w])


def moved(leg, view, pose):
    """Homographies of shank and foot in one pose."""
    shank, foot = leg.homographies(view, pose[None])
    return shank[0], foot[0]


def pose(turn_deg=0.0, extension_deg=0.0, shift=(0.0, 0.0)):
    return pose_of(np.radians(turn_deg), np.radians(extension_deg), shift)


@given(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.floats(-0.3, 0.3))
def test_a_leg_that_did_not_move_is_where_it_was(sideways, downward, angle_rad):
    leg = camera((30.0, -40.0), angle_rad)
    for flat in moved(leg, ThighView(sideways, downward, 1.5, 0.02, -0.01), pose()):
        assert seen(flat, (10.0, 60.0)) == pytest.approx((10.0, 60.0), abs=1e-6)


@given(st.floats(-60, 60))
def test_seen_along_the_thigh_a_turn_is_a_turn_in_the_picture(turn_deg):
    shank, _ = moved(camera(), HEAD_ON, pose(turn_deg))
    angle = np.radians(turn_deg)
    assert seen(shank, (0.0, SHANK_PX)) == pytest.approx((SHANK_PX * np.sin(angle), SHANK_PX * np.cos(angle)), abs=1e-6)
    assert camera().planar_turn_rad(HEAD_ON, pose(turn_deg)) == pytest.approx(angle, abs=1e-9)


def test_a_positive_turn_goes_toward_image_right():
    shank, _ = moved(camera(), HEAD_ON, pose(20))
    assert seen(shank, (0.0, SHANK_PX))[0] > 0


def test_an_opening_knee_brings_the_foot_nearer():
    """The ankle is at sin(10°) of a shank toward a camera five shanks away, and cos(10°) down."""
    shank, _ = moved(camera(), HEAD_ON, pose(0, 10))
    expected = FOCAL_PX * np.cos(np.radians(10)) / (FOCAL_PX / SHANK_PX - np.sin(np.radians(10)))
    assert seen(shank, (0.0, SHANK_PX)) == pytest.approx((0.0, expected))


def test_from_aside_an_opening_knee_looks_like_a_turn():
    aside = ThighView(float(np.sin(np.radians(20))), 0.0, 1.5, front=0.0)
    assert camera().planar_turn_rad(aside, pose(0, 10)) > np.radians(2)
    assert camera().planar_turn_rad(HEAD_ON, pose(0, 10)) == pytest.approx(0.0, abs=1e-9)


def test_a_knee_that_drifts_takes_the_thigh_along():
    """The hip stays, so a shift by a tenth of a thigh turns the thigh, and the shank across it, by about 6°."""
    shift = 0.1 * 0.97 * SHANK_PX
    shank, _ = moved(camera(), HEAD_ON, pose(shift=(shift, 0.0)))
    assert seen(shank, (0.0, 0.0)) == pytest.approx((shift, 0.0), abs=0.5)
    assert seen(shank, (0.0, SHANK_PX)) == pytest.approx((shift, SHANK_PX), abs=1.0)
    assert seen(shank, (40.0, 100.0))[0] - shift < 40.0


def test_an_ankle_that_gives_moves_the_foot_and_not_the_shank():
    """Toes up by 10°: the toes, 0.4 of a shank forward and 0.27 down, come up and forward."""
    still, given = (moved(camera(), HEAD_ON, pose_of(0.0, 0.0, ankle_rad=angle)) for angle in (0.0, np.radians(10)))
    assert given[0] == pytest.approx(still[0])
    ankle, toes = (0.0, SHANK_PX), (0.0, 1.3 * SHANK_PX)
    assert seen(given[1], ankle) == pytest.approx(ankle, abs=1.0)
    assert seen(given[1], toes)[1] < toes[1] - 5


@given(st.floats(-40, 40), st.floats(-10, 15), st.floats(-0.4, 0.4))
def test_a_mirrored_leg_moves_as_in_a_mirror(turn_deg, extension_deg, sideways):
    view, mirrored_view = ThighView(sideways, 0.1, 1.5, 0.0, 0.0), ThighView(-sideways, 0.1, 1.5, 0.0, 0.0)
    flats = moved(camera((50.0, 20.0), 0.05), view, pose(turn_deg, extension_deg))
    mirrored = moved(camera((-50.0, 20.0), -0.05), mirrored_view, pose(-turn_deg, extension_deg))
    for flat, other in zip(flats, mirrored, strict=True):
        assert seen(flat, (60.0, 190.0)) * [-1, 1] == pytest.approx(seen(other, (-60.0, 190.0)), abs=1e-6)


@given(st.floats(-3, 3))
def test_a_rotation_keeps_its_axis_and_lengths(angle):
    axis = np.array([2.0, -1.0, 2.0]) / 3
    (turn,) = Axis(axis).turns(np.array([angle]))
    assert turn @ axis == pytest.approx(axis)
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
