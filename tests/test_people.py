"""Who is measured when several people are in the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.people import Person, choose, is_same, person_of, thigh_per_shank
from tests.builders import HIP_Y, MIDDLE_X, SHANK_PX, SHOULDER_Y, THIGH_PX, Subject, still_deg

WIDTH_PX = 540


def a_person(x, size_px=190.0, seated=True, y=400.0):
    return Person(np.array([x, y]), size_px, seated)


people = st.builds(a_person, st.floats(0, WIDTH_PX), st.floats(20, 400), st.booleans(), st.floats(100, 800))


@pytest.mark.parametrize(
    ("sightings", "chosen", "n_people"),
    [
        pytest.param([a_person(100)], 0, 1, id="alone, even at the edge"),
        pytest.param([a_person(270, seated=False), a_person(60)], 1, 2, id="seated before standing, though at the edge"),
        pytest.param([a_person(60), a_person(300), a_person(500)], 1, 3, id="of several seated ones the nearest to the middle"),
        pytest.param([a_person(60, seated=False), a_person(300, seated=False)], 1, 2, id="all standing: the nearest to the middle"),
        pytest.param([a_person(270, size_px=60), a_person(100)], 1, 1, id="a poster in the middle"),
        pytest.param([a_person(270, size_px=60, y=200), a_person(100, seated=False)], 1, 1, id="a poster of somebody seated"),
        pytest.param([a_person(200), a_person(215), a_person(190)], 0, 1, id="one person seen three times, moving a little"),
        pytest.param(
            [a_person(200), a_person(202, seated=False), a_person(199), a_person(300, seated=False)], 0, 2, id="seated in most sightings"
        ),
    ],
)
def test_the_person_on_the_plinth_is_chosen(sightings, chosen, n_people):
    person, count = choose(sightings, WIDTH_PX)
    assert person is sightings[chosen]
    assert count == n_people


@given(st.lists(people, min_size=1, max_size=8))
def test_somebody_is_always_chosen_and_nobody_is_counted_twice(sightings):
    person, count = choose(sightings, WIDTH_PX)
    assert any(person is sighting for sighting in sightings)
    assert 1 <= count <= len(sightings)
    assert person.size_px >= 0.4 * max(p.size_px for p in sightings)
    assert np.isfinite(person.centre_px).all()


@pytest.mark.parametrize(
    ("away_px", "expected"),
    [
        pytest.param(0, True, id="the same place"),
        pytest.param(99, True, id="just within half a torso"),
        pytest.param(101, False, id="beyond"),
    ],
)
@pytest.mark.parametrize("way", [[1, 0], [0, 1], [-0.6, 0.8]])
def test_the_same_person_is_within_half_a_torso(away_px, expected, way):
    person = a_person(270, size_px=200)
    assert is_same(person, person.centre_px + away_px * np.array(way)) is expected


def test_a_pose_is_placed_by_its_torso():
    person = person_of(Subject(still_deg(1), still_deg(1)).landmarks().image_px[0])
    assert person.centre_px.tolist() == [MIDDLE_X, (SHOULDER_Y + HIP_Y) / 2]
    assert person.size_px == HIP_Y - SHOULDER_Y
    assert person.seated


@pytest.mark.parametrize(
    ("thigh_px", "seated"),
    [pytest.param(THIGH_PX, True, id="thighs toward the camera"), pytest.param(SHANK_PX, False, id="thighs hanging, as in standing")],
)
def test_the_length_of_the_thighs_tells_sitting_from_standing(thigh_px, seated):
    assert person_of(Subject(still_deg(1), still_deg(1), thigh_px=thigh_px).landmarks().image_px[0]).seated is seated


def test_the_thigh_is_compared_with_the_shank_in_every_frame():
    image_px = Subject(still_deg(3), still_deg(3)).landmarks().image_px.copy()
    image_px[1] = np.nan
    ratio = thigh_per_shank(image_px)
    # hip to knee: 15 px aside and 40 px down
    assert ratio[[0, 2]] == pytest.approx(np.hypot(15, 40) / 170)
    assert np.isnan(ratio[1])


def test_a_pose_without_any_extent_is_no_error():
    assert not np.isnan(thigh_per_shank(np.zeros((33, 2))))
