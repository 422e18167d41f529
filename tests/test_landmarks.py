"""Names, order and sides of the 33 points."""

import numpy as np
import pytest

from hipcv.landmarks import BONES, FACE, N_LANDMARKS, SWAPPED, Landmark, Side, of_side


def test_there_are_33_points_in_mediapipes_order():
    assert N_LANDMARKS == 33
    assert [int(point) for point in Landmark] == list(range(33))
    assert (Landmark.NOSE, Landmark.LEFT_HIP, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_FOOT_INDEX) == (0, 23, 26, 27, 32)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("part", ["shoulder", "hip", "knee", "ankle", "heel", "foot_index"])
def test_a_paired_part_is_found_by_name_and_side(part, side):
    assert of_side(part, side).name == f"{side.value}_{part}".upper()


def test_exchanging_sides_twice_changes_nothing():
    assert SWAPPED[SWAPPED].tolist() == list(range(33))


@pytest.mark.parametrize("point", Landmark)
def test_every_point_is_exchanged_with_its_twin(point):
    twin = Landmark(SWAPPED[point])
    assert twin is point if point is Landmark.NOSE else {"LEFT", "RIGHT"} <= set(f"{point.name}_{twin.name}".split("_"))
    assert set(point.name.split("_")) - {"LEFT", "RIGHT"} == set(twin.name.split("_")) - {"LEFT", "RIGHT"}


def test_the_left_side_lies_at_image_right_when_the_person_faces_the_camera():
    assert (Side.LEFT.lateral_x, Side.RIGHT.lateral_x) == (1, -1)
    assert (Side.LEFT.other, Side.RIGHT.other) == (Side.RIGHT, Side.LEFT)


def test_the_drawn_lines_look_the_same_with_the_sides_exchanged():
    lines = {frozenset(bone) for bone in BONES}
    assert {frozenset(int(SWAPPED[point]) for point in line) for line in lines} == lines


def test_the_face_is_the_first_eleven_points():
    assert np.array_equal(FACE, range(11))
