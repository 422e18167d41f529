"""What is known of a pose before its image is looked at."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.registration import priors
from hipcv.registration.leg_camera import LegCamera, RestingLeg, ThighView, pose_of
from hipcv.registration.pose_prior import Prior

LEG = LegCamera(RestingLeg(np.zeros(2), 0.0, 200.0, np.zeros(2), 1000.0))
ASIDE = ThighView(0.3, 0.0, priors.INSTEP)
PRECISION = 1 / np.array([np.inf, priors.EXTENSION_SD, 4.0, 4.0, priors.ANKLE_SD]) ** 2


def prior(planar_rad=0.5, opening_rad=0.0):
    return Prior(LEG, pose_of(0.0, opening_rad), PRECISION, planar_rad, priors.TURN_SD**-2, priors.BENDING_SD**-2)


@given(st.floats(-0.8, 0.8), st.floats(-0.2, 0.6), st.floats(-0.1, 0.1))
def test_a_step_goes_down_what_is_unlikely(turn, opening, ankle):
    """The gradient of the cost, by differences, is minus the right side of the equations."""
    known, pose = prior(), pose_of(turn, opening, (3.0, -2.0), ankle)
    small = 1e-5
    slopes = [(known.cost(ASIDE, pose + step) - known.cost(ASIDE, pose - step)) / (2 * small) for step in small * np.eye(len(pose))]
    assert known.equations(ASIDE, pose)[1] == pytest.approx(-np.array(slopes), abs=0.02 + 0.01 * np.abs(slopes).max())


def test_landmarks_tell_the_turn_in_the_image_not_that_of_the_hip():
    """With the knee open and the thigh aside, a larger turn looks like a smaller one, and nothing holds against it."""
    opened = pose_of(0.6, 0.5)
    shown = LEG.planar_turn_rad(ASIDE, opened)
    assert abs(shown - 0.6) > 0.1
    assert prior(shown, opening_rad=0.5).cost(ASIDE, opened) == pytest.approx(0)
    assert prior(shown, opening_rad=0.5).cost(ASIDE, pose_of(shown, 0.5)) > 0.01


def test_a_knee_opens_more_easily_than_it_bends_beyond_hanging():
    bent, opened = (prior(0.0).cost(ASIDE, pose_of(0.0, opening)) for opening in (-0.2, 0.2))
    assert bent > 2 * opened


def test_what_is_far_off_is_held_less():
    """Openings of 35 degrees happen: the pull back grows less than in proportion, and falls in the end."""
    known = replace(prior(), planar_precision=0.0)
    pulls = [-known.equations(ASIDE, pose_of(0.0, np.radians(deg)))[1][1] for deg in (8, 16, 35, 60)]
    assert pulls[1] < 2 * pulls[0]
    assert pulls[3] < pulls[2] < pulls[1]
