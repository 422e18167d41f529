"""The lean of the phone: who says so, and who is believed."""

import numpy as np
import pytest

from hipcv.kinematics import camera_roll
from hipcv.landmarks import Side
from hipcv.settings import Settings, Step
from hipcv.values import CameraRoll
from tests.builders import measured, seated

NAN = float("nan")


@pytest.mark.parametrize(
    ("left_deg", "right_deg", "roll_deg", "less_sure_deg"),
    [
        pytest.param(-6.0, 6.0, 6.0, 0.0, id="a phone that leans"),
        pytest.param(-4.0, 8.0, 6.0, 2.0, id="a phone that leans and a leg that rests 4 degrees outward"),
        pytest.param(7.0, 7.0, 0.0, 7.0, id="both feet outward: posture"),
        pytest.param(0.0, -14.0, -7.0, 7.0, id="one foot tucked in: the mean is off by half of it, and says so"),
    ],
)
def test_the_shanks_show_what_both_of_them_share(left_deg, right_deg, roll_deg, less_sure_deg):
    seen = camera_roll.of_shanks({Side.LEFT: left_deg, Side.RIGHT: right_deg})
    assert seen.roll_deg == pytest.approx(roll_deg)
    assert seen.sd_deg == pytest.approx(np.hypot(1.7, less_sure_deg))


def test_one_shank_says_nothing_of_the_phone():
    assert camera_roll.of_shanks({Side.LEFT: NAN, Side.RIGHT: 3.0}) is None


def lean_of(subject, room=None, gravity=None, settings=Settings()):  # noqa: B008 (frozen)
    seen = measured(subject)
    return camera_roll.lean(seen.rotation, seen.body, room, gravity, settings)


def test_the_body_alone_shows_a_lean_to_about_a_degree():
    seen = lean_of(seated(roll_deg=6.0))
    assert seen.roll_deg == pytest.approx(6.0, abs=0.1)
    assert 1.0 < seen.sd_deg < 1.5


def test_legs_that_rest_turned_outward_alike_do_not_look_like_a_lean():
    assert lean_of(seated(left_deg=seated().left_deg + 5, right_deg=seated().right_deg + 5)).roll_deg == pytest.approx(0, abs=0.1)


def test_the_room_outweighs_the_body():
    seen = lean_of(seated(roll_deg=3.0), room=CameraRoll(5.0, 0.5))
    assert 4.5 < seen.roll_deg < 5.0
    assert seen.sd_deg < 0.8


@pytest.mark.parametrize(
    "sharp", [{"room": CameraRoll(-9.0, 0.5)}, {"gravity": CameraRoll(90.0, 0.5)}], ids=["a shelf askew", "strange axes"]
)
def test_a_witness_that_contradicts_the_body_is_not_believed(sharp):
    assert lean_of(seated(roll_deg=3.0), **sharp) == lean_of(seated(roll_deg=3.0))


def test_of_two_sharp_witnesses_that_disagree_neither_is_believed():
    assert lean_of(seated(), room=CameraRoll(3.0, 0.5), gravity=CameraRoll(-2.0, 0.5)) == lean_of(seated())


def test_both_together_are_sharper_than_either():
    assert lean_of(seated(), room=CameraRoll(0.4, 0.6), gravity=CameraRoll(0.2, 0.5)).sd_deg < 0.45


def test_with_the_step_left_out_the_phone_is_taken_as_upright_but_for_what_anybody_may_lean_it():
    settings = Settings(without=frozenset({Step.UPRIGHT}))
    assert lean_of(seated(roll_deg=6.0), room=CameraRoll(6.0, 0.5), settings=settings) == CameraRoll(0.0, settings.roll_sd_deg)
