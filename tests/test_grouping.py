import pytest

from hipcv.statistics.agreement import Row
from hipcv.validation import grouping
from hipcv.validation.comparison import Camera


def row(true_deg, error_deg=0.0, clip="a"):
    return Row(clip, "left", "internal", true_deg, true_deg + error_deg, 0, 90)


def counts(groups):
    return {words: len(rows) for words, rows in groups.items()}


def test_an_angle_on_the_edge_is_in_the_upper_bin_and_empty_bins_are_left_out():
    rows = [row(0), row(9.9), row(30), row(39.9), row(40)]
    assert counts(grouping.by_true_angle(rows)) == {"0 to 10°": 2, "30 to 40°": 2, "40 to 50°": 1}


def test_the_camera_is_sorted_by_the_size_of_its_angle():
    cameras = {"a": Camera(-4.0, 6.0), "b": Camera(25.0, -2.0), "c": Camera(None, None)}
    rows = [row(30, clip=clip) for clip in "abcd"]
    assert counts(grouping.by_yaw(rows, cameras)) == {"0 to 5°": 1, "20° and more": 1}
    assert counts(grouping.by_roll(rows, cameras)) == {"2 to 5°": 1, "5° and more": 1}


def test_the_slope_is_degrees_per_degree():
    assert grouping.slope([row(10, 1), row(20, 2), row(40, 4)]) == pytest.approx(0.1)


@pytest.mark.parametrize("rows", [[], [row(10)], [row(10, 1), row(10, 2)]], ids=["none", "one", "one angle"])
def test_there_is_no_slope_without_two_angles(rows):
    assert grouping.slope(rows) is None
