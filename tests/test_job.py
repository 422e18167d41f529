"""What is asked for of a clip, how long it will take, and whether it is mirrored."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.records.visit import Kind
from hipcv.settings import Mirrored, Turn
from hipcv.store.job import STAGE_SHARES, Camera, Job, Request, Stage, State, mirroring, seconds_to_wait


def test_what_was_asked_for_comes_back_from_plain_values():
    request = Request(
        Camera.FRONT, "title", Kind.BEFORE, "note", keep_video=True, filmed_on=date(2026, 3, 2), filmed={"a": 1}, turn=Turn.LEFT
    )
    plain = {"camera": "front", "title": "title", "kind": "before", "note": "note", "keep_video": True, "filmed_on": "2026-03-02"}
    plain |= {"filmed": {"a": 1}, "turn": 270}
    assert request.document() == plain
    assert Request.of(plain) == request
    assert Request.of(Request().document()) == Request()


def test_a_clip_was_filmed_on_the_day_that_was_given_else_today():
    assert Request(filmed_on=date(2026, 3, 2)).filmed_at().date() == date(2026, 3, 2)
    assert abs((Request().filmed_at() - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    ("done", "total", "begun_s", "left_s"),
    [
        pytest.param(30, 120, 10, 30.0, id="a quarter in ten seconds"),
        pytest.param(120, 120, 10, 0.0, id="all of it"),
        pytest.param(0, 120, 10, None, id="nothing yet"),
        pytest.param(30, 120, 1, None, id="too early to say"),
        pytest.param(0, 0, 10, None, id="nothing is known"),
        pytest.param(130, 120, 10, None, id="more than there should be"),
        pytest.param(30, 120, None, None, id="it has not begun"),
    ],
)
def test_the_time_left_is_judged_by_the_time_gone(done, total, begun_s, left_s):
    now = datetime.now(UTC)
    stage_at = None if begun_s is None else now - timedelta(seconds=begun_s)
    job = Job("0" * 32, now, State.RUNNING, "clip.mp4", Request(), Stage.MEASURING, done, total, stage_at, (), "", None)
    assert job.seconds_left() == (None if left_s is None else pytest.approx(left_s, abs=1.0))


def running(begun_s, done, stage=Stage.MEASURING, state=State.RUNNING):
    """A job of whose stage so much of 100 is done in so many seconds."""
    now = datetime.now(UTC)
    stage_at = now - timedelta(seconds=begun_s)
    return Job("0" * 32, now, state, "clip.mp4", Request(), stage, done, 100, stage_at, (), None, None)


MEASURING, DRAWING = (end - begin for begin, end in (STAGE_SHARES[Stage.MEASURING], STAGE_SHARES[Stage.DRAWING]))


@pytest.mark.parametrize(
    ("jobs", "ahead", "waits_s"),
    [
        pytest.param([(20, 20)], 0, 80 + DRAWING * 100 / MEASURING, id="next, behind one that has 80 s to measure, and then to draw"),
        pytest.param([(20, 20), (60, 60)], 0, 40 + DRAWING * 100 / MEASURING, id="next, behind two: the first place that comes free"),
        pytest.param([(20, 20), (60, 60)], 1, 80 + DRAWING * 100 / MEASURING, id="one before it takes that place"),
        pytest.param([(20, 20), (60, 60)], 2, 40 + (1 + DRAWING) * 100 / MEASURING, id="two before it: each as long as those that run"),
        pytest.param([(20, 20), (1, 1)], 0, None, id="too early to say of one of them"),
        pytest.param([(8, 80, Stage.DRAWING)], 0, 2.0, id="next, behind one that is nearly drawn"),
        pytest.param([(8, 80, Stage.DRAWING)], 1, 2 + 10 / DRAWING, id="the one before it has everything to do"),
        pytest.param([(20, 20, Stage.MEASURING, State.STOPPING)], 0, None, id="one is being stopped"),
        pytest.param([], 0, None, id="none runs"),
    ],
)
def test_the_time_to_wait_follows_from_those_that_run(jobs, ahead, waits_s):
    at_work = [running(*job) for job in jobs]  # only now: their time goes on
    assert seconds_to_wait(at_work, ahead) == (None if waits_s is None else pytest.approx(waits_s, abs=2.0))


@pytest.mark.parametrize(
    ("camera", "of_file", "mirrored", "fine", "seen"),
    [
        pytest.param(Camera.BACK, "", Mirrored.NO, True, "back", id="back, the file says nothing"),
        pytest.param(Camera.FRONT, "", Mirrored.YES, True, "front", id="front, the file says nothing"),
        pytest.param(Camera.UNKNOWN, "", Mirrored.AUTO, False, "unknown", id="nobody says anything"),
        pytest.param(Camera.BACK, "front", Mirrored.NO, False, "against_file", id="back, the file says front"),
        pytest.param(Camera.FRONT, "front", Mirrored.YES, True, "front", id="front, the file says front"),
        pytest.param(Camera.UNKNOWN, "front", Mirrored.AUTO, False, "unknown", id="unknown, the file says front"),
        pytest.param(Camera.BACK, "mirrored", Mirrored.NO, False, "against_file", id="back, the file says mirrored"),
        pytest.param(Camera.FRONT, "mirrored", Mirrored.YES, True, "front", id="front, the file says mirrored"),
        pytest.param(Camera.UNKNOWN, "mirrored", Mirrored.AUTO, True, "file_mirrored", id="unknown, the file says mirrored"),
        pytest.param(Camera.BACK, "not_mirrored", Mirrored.NO, True, "back", id="back, the file says not mirrored"),
        pytest.param(Camera.FRONT, "not_mirrored", Mirrored.YES, False, "against_file", id="front, the file says not mirrored"),
        pytest.param(Camera.UNKNOWN, "not_mirrored", Mirrored.AUTO, True, "file_not_mirrored", id="unknown, the file says not"),
    ],
)
def test_the_camera_that_was_named_decides_on_mirroring_and_the_page_says_where_the_file_differs(camera, of_file, mirrored, fine, seen):
    assert camera.mirrored is mirrored
    assert mirroring(camera, ClipCheck(Item.MIRRORED, True, of_file)) == ClipCheck(Item.MIRRORED, fine, seen)
