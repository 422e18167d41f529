"""Who is measured when several people are in the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.capture.people import Person, count, follow, is_same, is_smaller, jumps_s, person_of, seen_again
from hipcv.kinematics.body import thigh_per_shank
from hipcv.landmarks import Side, of_side
from tests.builders import HIP_Y, MIDDLE_X, SHANK_PX, SHOULDER_Y, THIGH_PX, Subject, still_deg, with_nobody

WIDTH_PX = 540


def a_person(x, size_px=190.0, seated=True, y=400.0):
    return Person(np.array([x, y]), size_px, seated)


people = st.builds(a_person, st.floats(0, WIDTH_PX), st.floats(20, 400), st.booleans(), st.floats(100, 800))


@pytest.mark.parametrize(
    ("looks", "n_people"),
    [
        pytest.param([], 1, id="no look at all"),
        pytest.param([[], []], 1, id="nobody, which is told elsewhere"),
        pytest.param([[a_person(100)], []], 1, id="one, seen once"),
        pytest.param([[a_person(x)] for x in (100, 250, 400, 100)], 1, id="one who is carried to and fro by the camera"),
        pytest.param([[a_person(100), a_person(300)]] * 2, 2, id="two side by side"),
        pytest.param([[a_person(100), a_person(300)]], 2, id="two in the only look"),
        pytest.param([[a_person(100)]] * 9 + [[a_person(100), a_person(300)]], 1, id="a second one in a single look"),
        pytest.param([[a_person(60), a_person(300), a_person(500)], [a_person(60), a_person(300)]] * 2, 3, id="three, not always"),
        pytest.param([[a_person(100), a_person(115)]] * 5, 1, id="one figure found twice"),
        pytest.param([[a_person(270, size_px=60), a_person(100)]] * 5, 1, id="a poster"),
    ],
)
def test_people_are_counted_as_seen_at_once(looks, n_people):
    assert count(looks) == n_people


def frames_of(*figures):
    """Frame by frame those who are there; a figure is a function of the frame's number, None = not there."""
    rows = [[figure(i) for figure in figures] for i in range(N_FRAMES)]
    return [[person for person in row if person is not None] for row in rows]


def followed(frames, width_px=WIDTH_PX):
    picks = follow([i / 30 for i in range(len(frames))], frames, width_px)
    return [None if pick is None else row[pick].centre_px[0] for pick, row in zip(picks, frames, strict=True)]


N_FRAMES = 150


@pytest.mark.parametrize(
    ("figures", "expected_x"),
    [
        pytest.param([lambda _: a_person(100)], lambda _: 100, id="alone, even at the edge"),
        pytest.param([lambda _: a_person(270, seated=False), lambda _: a_person(60)], lambda _: 60, id="seated before standing"),
        pytest.param([lambda _: a_person(60), lambda _: a_person(300)], lambda _: 300, id="of two seated ones the nearest to the middle"),
        pytest.param([lambda _: a_person(270, size_px=60), lambda _: a_person(100)], lambda _: 100, id="a poster in the middle"),
        pytest.param([lambda i: a_person(60 + i), lambda i: a_person(330 + i)], lambda i: 330 + i, id="carried away by the camera"),
        pytest.param([lambda _: a_person(270), lambda i: a_person(5 * i, seated=False)], lambda _: 270, id="somebody walks past in front"),
        pytest.param(
            [lambda i: None if 40 <= i < 60 else a_person(200), lambda _: a_person(480)],
            lambda i: None if 40 <= i < 60 else 200,
            id="hidden for a moment beside another",
        ),
        pytest.param(
            [lambda i: a_person(200) if i < 60 else a_person(350) if i >= 110 else None, lambda _: a_person(20, seated=False)],
            lambda i: 200 if i < 60 else 350 if i >= 110 else None,
            id="taken up again elsewhere",
        ),
        pytest.param(
            [lambda i: a_person(200, seated=i % 7 > 2), lambda i: a_person(300, seated=i % 7 == 0)],
            lambda _: 200,
            id="seated in most frames",
        ),
        pytest.param(
            [lambda _: a_person(90), lambda i: a_person(270) if i in (50, 51) else None], lambda _: 90, id="a phantom in the middle"
        ),
    ],
)
def test_the_person_on_the_plinth_is_followed(figures, expected_x):
    assert followed(frames_of(*figures)) == [expected_x(i) for i in range(N_FRAMES)]


def test_following_nobody_is_no_error():
    assert follow([], [], WIDTH_PX) == []
    assert follow([0.0, 0.1], [[], []], WIDTH_PX) == [None, None]


@given(st.lists(st.lists(people, max_size=4), min_size=1, max_size=12))
def test_somebody_is_always_followed_and_nobody_is_counted_twice(looks):
    picks = follow([i / 30 for i in range(len(looks))], looks, WIDTH_PX)
    assert any(pick is not None for pick in picks) == any(looks)
    assert all(pick is None or pick < len(look) for pick, look in zip(picks, looks, strict=True))
    assert 1 <= count(looks) <= max(1, *map(len, looks))


def moved(shift_px=(0.0, 0.0), scale=1.0, frames=slice(60, None)):
    """The landmarks of somebody still, elsewhere or of another size in some frames."""
    series = Subject(still_deg(120), still_deg(120), noise_px=1.5).landmarks()
    image_px = series.image_px.copy()
    image_px[frames] = image_px[frames] * scale + shift_px
    return series.time_s, image_px


@pytest.mark.parametrize(
    ("change", "expected_s"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"shift_px": (120, 0)}, [2.0], id="pushed aside by 0.6 of a torso"),
        pytest.param({"shift_px": (0, -120)}, [2.0], id="pushed up"),
        pytest.param({"shift_px": (60, 0)}, [], id="a third of a torso"),
        pytest.param({"scale": 1.4}, [2.0], id="zoomed in"),
        pytest.param({"scale": 0.7}, [2.0], id="zoomed out"),
        pytest.param({"shift_px": (300, 0), "frames": slice(60, 62)}, [], id="two bad frames"),
        pytest.param({"shift_px": (200, 0), "frames": slice(30, 60)}, [1.0, 2.0], id="there and back"),
    ],
)
def test_a_sudden_change_of_the_torso_is_dated(change, expected_s):
    assert jumps_s(*moved(**change)) == pytest.approx(expected_s, abs=0.02)


def test_a_few_frames_are_too_few_to_tell_a_jump():
    time_s, image_px = moved(shift_px=(300, 0))
    assert jumps_s(time_s[56:64], image_px[56:64]) == []


def test_a_slow_pan_is_no_jump():
    n = 120
    shift_px = np.stack([np.linspace(-150, 150, n), np.zeros(n)], axis=1)
    series = Subject(still_deg(n), still_deg(n), noise_px=1.5, shift_px=shift_px).landmarks()
    assert jumps_s(series.time_s, series.image_px) == []


def test_a_jump_is_seen_over_frames_with_nobody():
    shift_px = np.zeros((120, 2))
    shift_px[60:] = [150, 0]
    series = with_nobody(Subject(still_deg(120), still_deg(120), shift_px=shift_px).landmarks(), slice(50, 60))
    assert jumps_s(series.time_s, series.image_px) == pytest.approx([2.0])


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
    # hip to knee: 40 px down, and 15 px outward on either side
    assert ratio[[0, 2]] == pytest.approx(40 / 170)
    assert np.isnan(ratio[1])


@pytest.mark.parametrize(
    ("size_px", "seated", "visibility", "expected"),
    [
        pytest.param(40, True, 0.98, True, id="the inset of a call"),
        pytest.param(40, True, 0.4, False, id="a part of the larger person"),
        pytest.param(40, False, 0.98, False, id="somebody who stands far away"),
        pytest.param(120, True, 0.98, False, id="the same person again"),
    ],
)
def test_somebody_small_is_known_by_both_legs(size_px, seated, visibility, expected):
    figure = a_person(440, size_px=size_px, seated=seated)
    assert is_smaller(figure, np.full(33, visibility), a_person(270, size_px=140)) is expected


def test_a_figure_is_believed_when_it_is_seen_again_at_its_place():
    assert not seen_again([a_person(440, size_px=40)])
    assert not seen_again([a_person(440, size_px=40), a_person(100, size_px=40)])
    assert seen_again([a_person(440, size_px=40), a_person(100, size_px=40), a_person(442, size_px=41)])


@pytest.mark.parametrize(
    ("left_px", "right_px", "seated"),
    [
        pytest.param((120, 60), (-120, 60), True, id="with the knees wide apart"),
        pytest.param((150, 20), (150, 20), False, id="seen from the side"),
        pytest.param((60, 160), (-60, 160), False, id="standing astride"),
    ],
)
def test_knees_wide_apart_are_no_other_posture(left_px, right_px, seated):
    points = Subject(still_deg(1), still_deg(1)).landmarks().image_px[0].copy()
    for side, thigh_px in ((Side.LEFT, left_px), (Side.RIGHT, right_px)):
        moved = points[of_side("hip", side)] + thigh_px - points[of_side("knee", side)]
        for part in ("knee", "ankle", "heel", "foot_index"):
            points[of_side(part, side)] += moved
    assert person_of(points).seated is seated


def test_a_pose_without_any_extent_is_no_error():
    assert not np.isnan(thigh_per_shank(np.zeros((33, 2))))
