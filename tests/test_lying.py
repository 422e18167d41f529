"""A picture that lies on its side is known early, and a person who cannot be made out is not said to be lying."""

import numpy as np
import pytest

import hipcv
from hipcv.capture.lying import EarlyLook, agreeing_share, turn_needed
from hipcv.capture.pose import Pose
from hipcv.errors import NoPerson, NotSeated
from hipcv.rendering.overlay import write_overlay
from hipcv.values import Frame
from tests.builders import seated
from tests.conftest import SAMPLES
from tests.variants import rewritten

RGB = np.zeros((8, 8, 3), np.uint8)


def a_pose(roll_deg):
    series = seated(roll_deg=roll_deg).landmarks()
    return Pose(series.image_px[0], series.world_m[0], series.visibility[0])


def ended_at(leans_deg, looks):
    """The second in which the measurement is ended; None if it goes on. 10 frames a second lean as given; None = nobody."""
    early = EarlyLook(lambda: (pose for pose in [[a_pose(lean) for lean in people] for people in looks]))
    for index, lean_deg in enumerate(leans_deg):
        try:
            early.at(Frame(index / 10, RGB), None if lean_deg is None else a_pose(lean_deg))
        except NotSeated:
            return index / 10
    return None


@pytest.mark.parametrize(
    ("leans_deg", "looks"),
    [
        pytest.param([90] * 30, [[90]] * 10, id="on the left side"),
        pytest.param([-93, -86] * 15, [[-95], [-80]] * 6, id="on the right side"),
        pytest.param([180, -177] * 15, [[175], [-175]] * 5, id="upside down"),
        pytest.param([90] * 30, [[90, 88]] * 10, id="two people"),
        pytest.param([90] * 30, [[90]] * 10 + [[0]], id="one look more than needed is not taken"),
    ],
)
def test_who_lies_from_beginning_to_end_is_known_after_a_second(leans_deg, looks):
    assert ended_at(leans_deg, looks) == 1.0


@pytest.mark.parametrize(
    ("leans_deg", "looks"),
    [
        pytest.param([0] * 30, [[90]] * 10, id="upright at the start"),
        pytest.param([50] * 30, [[50]] * 10, id="leans, but does not lie"),
        pytest.param([90] * 5 + [0] * 25, [[90]] * 10, id="gets up within the first second"),
        pytest.param([90] * 9 + [-90] * 21, [[90]] * 10, id="seen with the head on either side"),
        pytest.param([90, None] * 15, [[90]] * 10, id="lost now and then"),
        pytest.param([90] * 30, [[90]] * 9 + [[0]], id="gets up at the end"),
        pytest.param([90] * 30, [[90]] * 9 + [[]], id="not found in one look"),
        pytest.param([90] * 30, [[90, 0]] * 10, id="someone else sits"),
        pytest.param([90] * 30, [[180]] * 10, id="the looks show another turn"),
        pytest.param([90] * 30, [[90]] * 9, id="the clip is shorter than stated"),
    ],
)
def test_otherwise_the_measurement_goes_on(leans_deg, looks):
    assert ended_at(leans_deg, looks) is None


@pytest.mark.parametrize(
    ("looks", "share"),
    [
        pytest.param([[90], [80], [105], [100, 0]], 1.0, id="all agree"),
        pytest.param([[-90], [], [0], [90]], 0.25, id="one in four"),
    ],
)
def test_looks_agree_with_the_tracking(looks, share):
    series = seated(roll_deg=90.0).landmarks()
    assert agreeing_share([[a_pose(lean) for lean in people] for people in looks], series) == share


def test_people_of_whom_some_lie_are_not_turned():
    lies, sits = a_pose(90.0), a_pose(0.0)
    assert turn_needed([[lies, lies], [lies]]) is hipcv.Turn.LEFT
    assert turn_needed([[lies, sits], [lies]]) is hipcv.Turn.NONE
    assert turn_needed([[lies], [sits]]) is hipcv.Turn.NONE
    assert turn_needed([[lies], []]) is hipcv.Turn.NONE


def half_as_often(index):
    return index / 15


def fewer(index):
    return index % 2 == 0


@pytest.mark.slow
@pytest.mark.pose
def test_a_turned_video_is_refused_before_it_is_measured(tmp_path):
    clip = rewritten("p07_oneleg", tmp_path / "turned.mp4", lambda rgb: np.rot90(rgb), keep=fewer, time_s=half_as_often)
    done = []
    with pytest.raises(NotSeated, match="with --turn 90"):
        hipcv.measure(clip, model="lite", on_progress=lambda n, total: done.append(n / total))
    assert done[-1] < 0.1


@pytest.mark.slow
@pytest.mark.pose
def test_what_is_advised_counts_from_the_picture_as_it_is_stored(tmp_path):
    clip = rewritten("p07_oneleg", tmp_path / "turned.mp4", lambda rgb: np.rot90(rgb), keep=fewer, time_s=half_as_often)
    with pytest.raises(NotSeated, match="with --turn 90"):
        hipcv.measure(clip, model="lite", settings=hipcv.Settings(turn=hipcv.Turn.ROUND))


def upside_down_at_first():
    """For 1.3 s; then nobody is seen for a moment, so that the tracking begins anew."""
    left = iter(range(1000))

    def changed(rgb):
        index = next(left)
        return np.rot90(rgb, 2) if index < 20 else np.full_like(rgb, 150) if index < 24 else rgb

    return changed


@pytest.mark.release
@pytest.mark.pose
def test_a_video_that_is_turned_only_at_its_start_is_measured(tmp_path):
    clip = rewritten("p07_oneleg", tmp_path / "start.mp4", upside_down_at_first(), keep=fewer, time_s=half_as_often)
    assert hipcv.measure(clip, model="lite").hips[hipcv.Side.RIGHT].reps


@pytest.mark.pose
@pytest.mark.release
def test_a_drawing_over_a_blurred_face_is_not_taken_for_a_person_who_lies(tmp_path, measured_sample):
    """What `hipcv measure --overlay` writes."""
    overlay = tmp_path / "overlay.mp4"
    write_overlay(SAMPLES / "p07_oneleg.mp4", measured_sample("p07_oneleg"), overlay)
    with pytest.raises(NoPerson, match=r"could not be made out.*Send the original recording"):
        hipcv.measure(overlay)
