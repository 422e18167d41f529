"""From the rotation in the image to rotation in space, for legs of which only landmarks are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.assessment import assess
from hipcv.capture.leg_footage import points_only
from hipcv.codes import NotRegistered
from hipcv.kinematics import angles
from hipcv.kinematics.camera_view import ThighGuess
from hipcv.landmarks import Side
from hipcv.registration import priors
from hipcv.registration.in_space import in_space
from hipcv.registration.leg_camera import N_POSE, N_VIEW, LegCamera, RestingLeg, ThighView, pose_of
from hipcv.registration.pose_prior import Prior
from hipcv.registration.solve_view import Look, SolvedView, solve_views
from hipcv.settings import Settings
from tests.builders import seated

LEG = LegCamera(RestingLeg(np.zeros(2), 0.0, 200.0, np.zeros(2), 1000.0))
CERTAIN, UNCERTAIN = 1e-8 * np.eye(N_VIEW), np.diag([0.05, 0.05, *np.zeros(N_VIEW - 2)]) ** 2


def aside(deg):
    return ThighView(float(np.sin(np.radians(deg))), 0.0, priors.INSTEP)


@given(st.floats(-60, 60), st.floats(-25, 25), st.sampled_from([-1, 1]))
def test_the_turn_that_looks_like_the_landmarks_is_found(turn_deg, aside_deg, inward):
    turn = np.radians(turn_deg)
    shown = LEG.planar_turn_rad(aside(aside_deg), pose_of(turn, priors.opening_rad(inward * turn)))
    found = in_space(LEG, SolvedView(aside(aside_deg), CERTAIN), np.degrees([shown]), inward)
    assert found.turn_deg[0] == pytest.approx(turn_deg, abs=0.3)


def test_the_farther_a_thigh_points_past_the_camera_the_less_is_known():
    spreads = [in_space(LEG, SolvedView(aside(deg), UNCERTAIN), np.array([30.0]), 1).sd_deg[0] for deg in (0, 15, 30, 40)]
    assert spreads == sorted(spreads)
    assert spreads[-1] > 3 * spreads[0]


def test_where_a_turn_shows_nothing_more_rest_is_still_rest():
    """A thigh far aside: what cannot be seen on one side does not move the turns on the other."""
    found = in_space(LEG, SolvedView(aside(60), UNCERTAIN), np.array([-10.0, 0.0, 10.0]), 1)
    assert found.turn_deg[1] == pytest.approx(0, abs=0.5)
    assert found.turn_deg[0] < -3
    assert found.turn_deg[2] > 3


def test_what_was_not_seen_stays_unknown():
    found = in_space(LEG, SolvedView(aside(10), UNCERTAIN), np.array([np.nan, 20.0]), 1)
    assert np.isnan([found.turn_deg[0], found.sd_deg[0], found.gain[0]]).all()
    assert np.isfinite([found.turn_deg[1], found.sd_deg[1], found.gain[1]]).all()


def pulled(sideways):
    """An image that says nothing but that the thigh points there."""
    matrix, vector = np.zeros((N_POSE + N_VIEW,) * 2), np.zeros(N_POSE + N_VIEW)
    matrix[N_POSE, N_POSE] = 1e6

    def equations(view, pose):
        vector[N_POSE] = matrix[N_POSE, N_POSE] * (sideways - view.sideways)
        return matrix, vector

    return Look(Prior(LEG, pose_of(0.0, 0.0), np.ones(N_POSE), 0.0, 1.0, 1.0), pose_of(0.0, 0.0), equations)


def test_a_view_that_its_images_push_far_off_what_was_known_is_less_sure():
    guess = ThighGuess(np.array([0.0, 0.0]), np.array([0.03, 0.03]), np.array([0.04, 0.04]))
    near, far = (solve_views([guess], [[pulled(sideways)]])[0] for sideways in (0.1, 0.3))
    assert near.pressed == pytest.approx(2, abs=0.01)
    assert far.pressed == pytest.approx(6, abs=0.05)
    assert np.sqrt(far.covariance[1, 1]) == pytest.approx(2 * np.sqrt(near.covariance[1, 1]), rel=0.01)


def test_without_an_image_the_view_is_what_was_known_and_both_legs_share_a_part_of_it():
    guess = ThighGuess(np.array([0.2, 0.1]), np.array([0.05, 0.07]), np.array([0.03, 0.04]))
    views = solve_views([guess, guess], [[], []])
    for found in views:
        assert (found.view.sideways, found.view.downward) == pytest.approx((0.2, 0.1))
        assert np.sqrt(np.diag(found.covariance)[:2]) == pytest.approx(np.hypot([0.05, 0.07], [0.03, 0.04]))


def test_a_leg_whose_images_cannot_be_used_is_read_before_the_same_camera_and_less_surely():
    """As of one of several people: the landmarks are not read in the plane as if the view were known."""
    subject, chosen = seated(), Settings()
    series = subject.landmarks()
    points_px = angles.steady_points(series, chosen)
    in_the_plane = assess(series, points_px, chosen)
    in_view = assess(series, points_px, chosen, points_only(series))
    for side in Side:
        leg = in_view.rotation[side]
        assert leg.not_registered is NotRegistered.NO_PICTURES
        assert not leg.corrected.registered.any()
        counted = [rep for rep in in_view.hips[side].reps if rep.usable]
        assert len(counted) == sum(rep.usable for rep in in_the_plane.hips[side].reps) > 0
        assert all(rep.landmark_sd_deg > chosen.landmark_sd_deg for rep in counted)
        known, guessed = (seen.hips[side].total_deg for seen in (in_view, in_the_plane))
        assert known.high - known.low > guessed.high - guessed.low
