"""Angles in the plane of the picture, x right and y down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.kinematics.geometry import angle_between_deg, from_down_deg, from_level_deg, length, pulled_in

coordinates = st.floats(-1e4, 1e4)


@pytest.mark.parametrize(
    ("vector_px", "expected_deg"),
    [
        pytest.param([0, 1], 0, id="straight down"),
        pytest.param([1, 0], 90, id="image right"),
        pytest.param([-1, 0], -90, id="image left"),
        pytest.param([0, -1], 180, id="straight up"),
        pytest.param([1, 1], 45, id="down and right"),
        pytest.param([-1, 3**0.5], -30, id="down and a little left"),
    ],
)
def test_an_angle_from_down_turns_toward_image_right(vector_px, expected_deg):
    assert from_down_deg(np.array(vector_px, float)) == pytest.approx(expected_deg)


@pytest.mark.parametrize(
    ("vector_px", "expected_deg"),
    [
        pytest.param([1, 0], 0, id="level"),
        pytest.param([1, -1], 45, id="far end up, where y is smaller"),
        pytest.param([1, 1], -45, id="far end down"),
        pytest.param([0, -1], 90, id="straight up"),
    ],
)
def test_a_line_from_level_is_positive_with_its_far_end_up(vector_px, expected_deg):
    assert from_level_deg(np.array(vector_px, float)) == pytest.approx(expected_deg)


@pytest.mark.parametrize(
    ("a", "b", "expected_deg"),
    [
        pytest.param([1, 0], [0, 2], 90, id="a right angle"),
        pytest.param([1, 1, 0], [2, 2, 0], 0, id="the same direction in space"),
        pytest.param([1, 0, 0], [-3, 0, 0], 180, id="opposite"),
        pytest.param([0, 0, 1], [0, 3**0.5, 1], 60, id="sixty degrees in depth"),
    ],
)
def test_the_angle_between_vectors(a, b, expected_deg):
    assert angle_between_deg(np.array(a, float), np.array(b, float)) == pytest.approx(expected_deg, abs=1e-5)


def test_length_is_taken_along_the_last_axis():
    assert length(np.array([[3.0, 4.0], [0.0, 2.0]])).tolist() == [5, 2]


@pytest.mark.parametrize("function", [from_down_deg, from_level_deg, length])
def test_nan_stays_nan(function):
    assert np.isnan(function(np.array([np.nan, 1.0])))
    assert np.isnan(angle_between_deg(np.array([np.nan, 1.0]), np.array([0.0, 1.0])))


def test_a_vector_without_length_has_no_wild_angle():
    assert np.isfinite(angle_between_deg(np.zeros(2), np.array([1.0, 0.0])))
    assert pulled_in(np.zeros(2), 1.0).tolist() == [0, 0]


def test_a_vector_is_pulled_in_by_the_slack_and_keeps_its_direction():
    assert pulled_in(np.array([[6.0, 8.0], [0.3, 0.4]]), 5.0) == pytest.approx(np.array([[3.0, 4.0], [0.0, 0.0]]))


@given(coordinates, coordinates, st.floats(0, 1e4))
def test_pulling_in_never_lengthens_and_never_turns_round(x, y, slack):
    vector = np.array([x, y])
    pulled = pulled_in(vector, slack)
    assert length(pulled) == pytest.approx(max(0.0, float(length(vector)) - slack), abs=1e-6)
    assert pulled @ vector >= -1e-6


@given(st.floats(-179, 179), st.floats(0.1, 1e4))
def test_length_does_not_change_an_angle(angle_deg, size):
    angle = np.radians(angle_deg)
    assert from_down_deg(size * np.array([np.sin(angle), np.cos(angle)])) == pytest.approx(angle_deg, abs=1e-6)
    assert from_level_deg(size * np.array([np.cos(angle), -np.sin(angle)])) == pytest.approx(angle_deg, abs=1e-6)
