"""Which frame shows a hold."""

from hipcv.kinematics.representative import frames_of_holds
from hipcv.landmarks import Side
from tests.test_stills import held


def test_the_frame_is_the_one_in_the_middle_of_the_hold():
    assert frames_of_holds(held((0.5, 1.5), (2.0, 2.4))) == {(Side.RIGHT, 0): 30, (Side.RIGHT, 1): 66}


def test_a_hold_between_two_frames_takes_the_nearer_one():
    assert frames_of_holds(held((0.98, 1.06)))[Side.RIGHT, 0] == 31
