"""What the tests remember is what would be measured, and a process that does not take part knows nothing of it."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from hipcv.errors import UnreadableClip
from hipcv.settings import Mirrored, Settings
from tests.builders import a_measurement
from tests.memory import Memory, _called, kept_memory


@pytest.fixture
def empty(tmp_path):
    return Memory(tmp_path)


def test_what_was_made_is_made_once_and_another_question_has_its_own_answer(empty):
    asked = []

    def answer(what):
        return empty._once("seen", what, lambda: asked.append(what) or f"answer {what}")

    first, second = ("a", Settings()), ("a", Settings(mirrored=Mirrored.YES))
    assert answer(first) == (f"answer {first}", True)
    assert answer(first) == (f"answer {first}", False)
    assert answer(second) == (f"answer {second}", True)
    assert asked == [first, second]


def test_an_error_is_not_remembered(empty, tmp_path):
    (tmp_path / "text.mp4").write_bytes(b"this is not a video\n" * 100)
    for name in ("one.mp4", "other.mp4"):
        with pytest.raises(UnreadableClip, match=f"^{name}: "):
            empty.measure(tmp_path / "text.mp4", name=name)
    assert list(tmp_path.glob("*.pickle")) == []


def test_the_same_clip_under_another_name_has_that_name():
    measured = a_measurement()
    assert _called(measured, "other.mp4").clip == replace(measured.clip, name="other.mp4")


def test_the_next_run_finds_what_the_same_code_measured_and_nothing_of_other_code(tmp_path):
    files = [tmp_path / "hipcv" / "settings.py", tmp_path / "hipcv" / "video" / "reader.py", tmp_path / "hipcv" / "web" / "page.py"]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    first = kept_memory(tmp_path)
    (first / "measured").touch()
    files[2].write_text("a page measures nothing")
    assert kept_memory(tmp_path) == first
    for file in files[:2]:
        file.write_text("2")
        assert kept_memory(tmp_path) != first
        first = kept_memory(tmp_path)
        assert list(first.iterdir()) == []
    assert len(list(first.parent.iterdir())) == 3


def test_what_older_code_measured_is_deleted_in_time(tmp_path):
    code = tmp_path / "hipcv" / "settings.py"
    code.parent.mkdir(parents=True)
    kept = []
    for version in range(4):
        code.write_text(str(version))
        kept.append(kept_memory(tmp_path))
        os.utime(kept[-1], (version, version))
    assert {*kept[0].parent.iterdir()} == {*kept[1:]}


@pytest.mark.parametrize("takes_part", [True, False])
def test_a_process_takes_part_where_its_environment_says_so(empty, takes_part):
    code = "import hipcv.pipeline as p, hipcv.capture.capture as c; print(type(p.evaluate).__name__, type(c.capture).__name__, p.capture is c.capture)"
    run = subprocess.run(
        [sys.executable, "-c", code], env=empty.environment() if takes_part else None, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == (["partial", "partial", "True"] if takes_part else ["function", "function", "True"])
