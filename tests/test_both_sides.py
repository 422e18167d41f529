"""Landmarks of the picture and of its mirror image, averaged: the result is the same whichever of the two was filmed."""

from dataclasses import replace

import numpy as np
import pytest

from hipcv.kinematics import mirror_average
from hipcv.kinematics.mirror_average import MirrorLooks
from hipcv.landmarks import Landmark, Side
from tests.builders import WIDTH_PX, seated


def looks_at(series, every=10, **moved_px):
    """The same points as the series has them, some of them read elsewhere in the mirrored picture."""
    points = series.image_px[::every].copy()
    for name, shift in moved_px.items():
        points[:, Landmark[name.upper()]] += shift
    return MirrorLooks(series.time_s[::every], points)


def test_a_flip_renames_and_a_second_one_gives_the_points_back():
    points = seated().landmarks().image_px
    once = mirror_average.flipped(points, WIDTH_PX)
    assert once[0, Landmark.LEFT_KNEE] == pytest.approx([WIDTH_PX, 0] + points[0, Landmark.RIGHT_KNEE] * [-1, 1])
    assert mirror_average.flipped(once, WIDTH_PX) == pytest.approx(points)


def test_half_of_the_difference_is_added():
    series = seated().landmarks()
    mean = mirror_average.averaged(series, looks_at(series, left_ankle=[6.0, -2.0]))
    moved = mean.image_px - series.image_px
    assert moved[:, Landmark.LEFT_ANKLE] == pytest.approx(np.tile([3.0, -1.0], (len(moved), 1)))
    assert moved[:, Landmark.RIGHT_ANKLE] == pytest.approx(0)


def test_either_picture_gives_the_same_average():
    series = seated().landmarks()
    other = replace(series, image_px=looks_at(series, 1, left_hip=[4.0, 5.0], right_knee=[-3.0, 1.0]).image_px)
    one = mirror_average.averaged(series, MirrorLooks(series.time_s, other.image_px))
    two = mirror_average.averaged(other, MirrorLooks(series.time_s, series.image_px))
    assert one.image_px == pytest.approx(two.image_px)


def test_a_look_at_another_leg_has_no_say():
    series = seated().landmarks()
    looks = looks_at(series)
    looks.image_px[3, Landmark.LEFT_KNEE] += 200
    looks.image_px[5] = np.nan
    assert mirror_average.averaged(series, looks).image_px == pytest.approx(series.image_px)


def test_too_few_looks_change_nothing():
    series = seated().landmarks()
    looks = looks_at(series, left_ankle=[6.0, 0.0])
    assert mirror_average.averaged(series, MirrorLooks(looks.time_s[:2], looks.image_px[:2])) is series
    assert np.isnan(mirror_average.bias_deg(series, MirrorLooks(looks.time_s[:2], looks.image_px[:2]), Side.LEFT))


@pytest.mark.parametrize(("side", "outward"), [(Side.LEFT, 6.0), (Side.RIGHT, -6.0)])
def test_a_foot_that_the_mirror_shows_further_out_was_read_too_little(side, outward):
    series = seated().landmarks()
    looks = looks_at(series, **{f"{side.value}_ankle": [outward, 0.0]})
    assert mirror_average.bias_deg(series, looks, side) == pytest.approx(-np.degrees(np.arctan(3.0 / 170)), abs=0.1)
    assert mirror_average.bias_deg(series, looks, side.other) == pytest.approx(0)
