"""One clip in a process of its own, as its server talks to it."""

import json
import signal
import subprocess
import sys

import pytest

from hipcv.jobs.worker import Order
from hipcv.store.job import Camera
from hipcv.system import stopping
from tests.media import write_clip

WORKER = [sys.executable, "-m", "hipcv.jobs.worker"]


def order(tmp_path, clip, name="holiday.mp4"):
    return Order(str(clip), str(tmp_path / "out"), name, Camera.BACK.value)


def heard(tmp_path, clip):
    """The news of a worker, its status, and what it says on stderr."""
    run = subprocess.run(WORKER, input=order(tmp_path, clip).line(), capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    return [json.loads(line) for line in run.stdout.splitlines()], run.returncode, run.stderr


def test_an_order_is_one_line_whatever_the_names(tmp_path):
    asked = order(tmp_path, "a\nb\ud800", "Hüfte\n\u2028.mp4")
    assert len(asked.line().splitlines()) == 1
    assert asked.line().endswith("\n")
    assert Order(**json.loads(asked.line())) == asked


def test_a_bad_file_is_told_under_the_name_that_the_person_gave_it(tmp_path):
    (tmp_path / "clip").write_bytes(b"this is not a video\n" * 100)
    (first, last), status, stderr = heard(tmp_path, tmp_path / "clip")
    assert first == {"news": "stage", "stage": "looking"}
    assert last["news"] == "failed"
    assert last["sentence"].startswith("holiday.mp4: ")
    assert (status, stderr) == (1, "")
    assert not (tmp_path / "out").exists()


@pytest.mark.pose
def test_a_clip_with_nobody_in_it_is_told_after_it_was_looked_at(tmp_path):
    news, status, stderr = heard(tmp_path, write_clip(tmp_path / "clip.mp4"))
    assert [one["stage"] for one in news if one["news"] == "stage"] == ["looking", "measuring"]
    (glance,) = [one["glance"] for one in news if one["news"] == "glance"]
    assert {"item": "one_person", "fine": False, "seen": "nobody"} in glance
    assert {"item": "mirrored", "fine": True, "seen": "back"} in glance
    assert news[-1]["news"] == "failed"
    assert "holiday.mp4: nobody was found" in news[-1]["sentence"]
    assert (status, stderr) == (1, "")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_worker_that_is_asked_to_stop_ends_at_once():
    worker = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with worker:
        worker.stdin.write(b"{")  # it waits for the rest of the line
        worker.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1.5)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(5) == stopping.status_of(signal.SIGTERM)
