"""One clip in a process of its own, as its server talks to it."""

import json
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict

import pytest

from hipcv.catalogues.message import Message
from hipcv.jobs.child_process import ChildEnded, ChildProcess, Exceeded, Limits
from hipcv.jobs.worker import Task
from hipcv.store.job import Camera
from hipcv.system import stopping
from tests.media import write_clip

NEVER_S = 120.0


def a_task(tmp_path, clip, name="holiday.mp4"):
    return Task(str(clip), str(tmp_path / "out"), name, Camera.BACK.value)


@contextmanager
def a_worker(folder, limits=None):
    child = ChildProcess("hipcv.jobs.worker", limits or Limits(), folder)
    try:
        yield child
    finally:
        child.kill()


def heard(tmp_path, clip):
    """All news of a worker, up to what became of the clip."""
    news = []
    with a_worker(tmp_path) as worker:
        worker.send(asdict(a_task(tmp_path, clip)))
        while not news or news[-1]["news"] not in {"done", "failed"}:
            news.append(worker.news(NEVER_S))
        worker.close()
        with pytest.raises(ChildEnded) as end:
            worker.news(NEVER_S)
    assert (end.value.status, end.value.was_ready) == (0, True)
    return news


def why(news):
    return Message.from_text(news["problem"]).said()


def test_a_task_is_one_line_whatever_the_names(tmp_path):
    asked = a_task(tmp_path, "a\nb\ud800", "Hüfte\n\u2028.mp4")
    line = json.dumps(asdict(asked))
    assert len(line.splitlines()) == 1
    assert Task(**json.loads(line)) == asked


def test_a_bad_file_is_told_under_the_name_that_the_person_gave_it(tmp_path):
    (tmp_path / "clip").write_bytes(b"this is not a video\n" * 100)
    first, last = heard(tmp_path, tmp_path / "clip")
    assert first == {"news": "stage", "stage": "looking"}
    assert last["news"] == "failed"
    assert why(last).startswith("holiday.mp4: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.pose
def test_a_clip_with_nobody_in_it_is_told_after_it_was_looked_at(tmp_path):
    news = heard(tmp_path, write_clip(tmp_path / "clip.mp4"))
    assert [one["stage"] for one in news if one["news"] == "stage"] == ["looking", "measuring"]
    (glance,) = [one["glance"] for one in news if one["news"] == "glance"]
    assert {"item": "one_person", "fine": False, "seen": "nobody"} in glance
    assert {"item": "mirrored", "fine": True, "seen": "back"} in glance
    assert "holiday.mp4: nobody was found" in why(news[-1])
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_worker_that_is_asked_to_stop_ends_at_once(tmp_path):
    with a_worker(tmp_path) as worker:
        assert worker.news(1.5) is None  # it waits for a task
        assert worker.is_alive()
        worker.ask_to_stop()
        with pytest.raises(ChildEnded) as end:
            worker.news(NEVER_S)
    assert end.value.status in {stopping.status_of(signal.SIGTERM), -signal.SIGTERM}


def test_a_worker_whose_parent_is_gone_ends_in_the_middle_of_a_clip(tmp_path):
    with a_worker(tmp_path) as worker:
        worker.send(asdict(a_task(tmp_path, write_clip(tmp_path / "clip.mp4"))))
        assert worker.news(NEVER_S) == {"news": "stage", "stage": "looking"}
        worker.close()
        news = iter(lambda: worker.news(NEVER_S), None)
        with pytest.raises(ChildEnded):
            list(news)


def test_what_cannot_start_is_not_the_fault_of_a_clip(tmp_path):
    child = ChildProcess("hipcv.no_such_module", Limits(), tmp_path)
    for _ in range(2):  # whoever asks again is told again
        with pytest.raises(ChildEnded) as end:
            child.news(NEVER_S)
        assert (end.value.status, end.value.was_ready) == (1, False)
    assert not child.is_alive()
    child.kill()


def test_the_limits_of_a_request_are_seen(tmp_path):
    with a_worker(tmp_path, Limits(time_s=0.2)) as worker:
        worker.send({})
        assert worker.exceeded() is None
        time.sleep(0.3)
        assert worker.exceeded() is Exceeded.TIME
    with a_worker(tmp_path, Limits(memory_mb=1)) as worker:
        assert worker.news(0.5) is None
        assert worker.exceeded() is Exceeded.MEMORY
