"""How camera and trunk are turned, read from a built subject."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcv.kinematics import camera_view
from hipcv.landmarks import Landmark, Side
from hipcv.values import CameraPitch
from tests.builders import SHANK_PX, Subject, findings_of, in_mirror, measured, never_at_rest, seated


@settings(max_examples=10, deadline=None)
@given(roll_deg=st.floats(-8, 8))
def test_roll_is_the_clockwise_turn_of_the_scene(roll_deg):
    seen = measured(seated(roll_deg=roll_deg))
    assert seen.lean.roll_deg == pytest.approx(roll_deg, abs=0.1)
    assert camera_view.yaw_deg(seen.series, seen.rotation) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("roll_deg", "way"), [(6.0, "counter-clockwise"), (-6.0, " clockwise")])
def test_a_scene_that_looks_turned_means_a_phone_turned_the_other_way(roll_deg, way):
    (message,) = [f.message for f in findings_of(seated(roll_deg=roll_deg)) if f.code == "camera_rolled"]
    assert f"about 6°{' ' if way[0] != ' ' else ''}{way}" in message


@pytest.mark.parametrize(
    ("yaw_deg", "side"),
    [pytest.param(10, "left", id="knees seen to image left: camera to the person's left"), pytest.param(-10, "right", id="the other way")],
)
@pytest.mark.parametrize("roll_deg", [0.0, 6.0])
def test_yaw_is_positive_with_the_camera_to_the_persons_left(yaw_deg, side, roll_deg):
    turned = seated(knees_aside_px=-SHANK_PX * np.sin(np.radians(yaw_deg)), roll_deg=roll_deg)
    seen = measured(turned)
    assert camera_view.yaw_deg(seen.series, seen.rotation) == pytest.approx(yaw_deg, abs=0.5)
    (message,) = [f.message for f in findings_of(turned) if f.code == "camera_turned"]
    assert f"10° or more to the person's {side}" in message


def test_roll_and_yaw_change_sign_in_a_mirror():
    series = seated(roll_deg=5.0, knees_aside_px=-30.0).landmarks()
    plain, mirrored = measured(series), measured(in_mirror(series))
    assert mirrored.lean.roll_deg == pytest.approx(-plain.lean.roll_deg)
    assert camera_view.yaw_deg(mirrored.series, mirrored.rotation) == pytest.approx(-camera_view.yaw_deg(plain.series, plain.rotation))


def test_yaw_is_unknown_when_the_legs_never_rest():
    both = never_at_rest().right_deg
    seen = measured(Subject(both, -both))
    assert np.isnan(camera_view.yaw_deg(seen.series, {s: replace(r, moving=np.ones(len(both), bool)) for s, r in seen.rotation.items()}))


@pytest.mark.parametrize(("roll_deg", "expected"), [(0.0, 0), (90.0, 90), (180.0, 180)], ids=["upright", "on its side", "upside down"])
def test_the_trunk_tells_which_way_up_the_picture_is(roll_deg, expected):
    series = seated(roll_deg=roll_deg).landmarks()
    assert abs(camera_view.trunk_from_upright_deg(series)) == pytest.approx(expected)


def thigh_of_left(*unseen, pitch=None):
    points_px = seated().landmarks().image_px.copy()
    points_px[:, list(unseen)] = np.nan
    return camera_view.thigh_guess(points_px, np.ones(len(points_px), bool), Side.LEFT, (540, 960), pitch)


def test_a_thigh_is_known_less_well_the_less_is_seen_and_never_unknown():
    both = thigh_of_left()
    alone = thigh_of_left(Landmark.RIGHT_KNEE)
    assert alone.direction == pytest.approx(both.direction, abs=0.2)
    assert alone.own_sd[0] > both.own_sd[0]
    facing = thigh_of_left(Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    assert np.isfinite(facing.direction).all()
    assert facing.own_sd[0] > alone.own_sd[0]
    assert facing.shared_sd[1] > both.shared_sd[1]


def test_seated_thighs_are_about_level_so_the_rooms_pitch_tells_how_far_they_point_down():
    without, looking_down = thigh_of_left(), thigh_of_left(pitch=CameraPitch(20.0, 1.0))
    assert without.direction[1] < looking_down.direction[1] < np.sin(np.radians(20.0))
    assert looking_down.shared_sd[1] < without.shared_sd[1]
