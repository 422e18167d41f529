"""What is asked for of a clip, how long it will take, and whether it is mirrored."""

from datetime import UTC, datetime, timedelta

import pytest

from hipcv.glance import Glance, Item
from hipcv.job import Camera, Job, Request, Stage, State, mirroring
from hipcv.settings import Mirrored
from hipcv.visit import Kind


def test_what_was_asked_for_comes_back_from_plain_values():
    request = Request(Camera.FRONT, "title", Kind.BEFORE, "note", keep_video=True)
    assert request.document() == {"camera": "front", "title": "title", "kind": "before", "note": "note", "keep_video": True}
    assert Request.of(request.document()) == request


@pytest.mark.parametrize(
    ("done", "total", "begun_s", "left_s"),
    [
        pytest.param(30, 120, 10, 30.0, id="a quarter in ten seconds"),
        pytest.param(120, 120, 10, 0.0, id="all of it"),
        pytest.param(0, 120, 10, None, id="nothing yet"),
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


@pytest.mark.parametrize(
    ("camera", "seen", "mirrored", "agree"),
    [
        pytest.param(Camera.BACK, "", Mirrored.NO, True, id="back, the file says nothing"),
        pytest.param(Camera.FRONT, "", Mirrored.YES, True, id="front, the file says nothing"),
        pytest.param(Camera.BACK, "front", Mirrored.NO, False, id="back, the file says front"),
        pytest.param(Camera.FRONT, "front", Mirrored.YES, True, id="front, the file says front"),
        pytest.param(Camera.BACK, "mirrored", Mirrored.YES, False, id="back, the file says mirrored"),
        pytest.param(Camera.FRONT, "mirrored", Mirrored.YES, True, id="front, the file says mirrored"),
        pytest.param(Camera.BACK, "not_mirrored", Mirrored.NO, True, id="back, the file says not mirrored"),
        pytest.param(Camera.FRONT, "not_mirrored", Mirrored.NO, False, id="front, the file says not mirrored"),
    ],
)
def test_the_file_decides_on_mirroring_then_the_camera_that_was_named(camera, seen, mirrored, agree):
    assert mirroring(camera, Glance(Item.MIRRORED, True, seen)) == (mirrored, Glance(Item.MIRRORED, agree, seen))
