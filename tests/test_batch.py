"""`hipcv batch` with real clips, real child processes and real deaths."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from hipcv.batch.clip_worker import ClipWorker
from hipcv.batch.messages import ClipTask
from hipcv.errors import InstallationError
from hipcv.jobs.child_process import Limits
from tests.batches import everything
from tests.command import quick
from tests.media import write_clip

pytestmark = pytest.mark.pose
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
BATCH = [sys.executable, "-m", "hipcv", "batch"]
KEPT = ["--series", "--export", "nc", "--export", "mot"]


@pytest.fixture(scope="module")
def clips(tmp_path_factory, short_clip):
    """Two clips that can be measured, one of which is not called a video, and three files that cannot."""
    folder = tmp_path_factory.mktemp("clips")
    (folder / "sub").mkdir()
    shutil.copy(short_clip, folder / "a.mp4")
    shutil.copy(short_clip, folder / "sub" / "no ending")
    (folder / "broken.mp4").write_bytes(b"not a video")
    (folder / "empty.mov").touch()
    write_clip(folder / "nobody.mp4")
    (folder / "notes.txt").write_text("nothing to measure")
    return folder


def batch(*arguments, **choices):
    command = [*BATCH, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=180, stdin=subprocess.DEVNULL, **choices)


@pytest.fixture(scope="module")
def undisturbed(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    return batch(clips, "-o", out, "--model", "lite", *KEPT), out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_good_clips_are_measured_and_each_bad_one_is_named(undisturbed):
    run, out = undisturbed
    assert run.returncode == 1
    assert run.stdout.splitlines()[0] == f"{out}: 2 of 5 clips measured."
    assert {row["clip"]: row["code"] for row in rows(out / "failures.csv")} == {
        "broken.mp4": "unreadable_clip",
        "empty.mov": "unreadable_clip",
        "nobody.mp4": "no_person",
    }
    told = run.stderr.splitlines()
    assert sorted(line.split(": ")[0] for line in told) == ["broken.mp4", "empty.mov", "nobody.mp4"]
    assert {row["clip"] for row in rows(out / "measurements.csv")} == {"a.mp4", "sub/no ending"}
    assert len(list((out / "series").iterdir())) == 2


def test_the_json_of_a_clip_is_that_of_the_measure_command(undisturbed, clips, memory):
    _, out = undisturbed
    command = [sys.executable, "-m", "hipcv", "measure", str(clips / "a.mp4"), "--model", "lite", "--json", "-"]
    alone = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True, env=memory.environment())
    (document,) = (out / "clips").glob("a.mp4-*.json")
    assert document.read_text(encoding="utf-8") == alone.stdout


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nc", "mot"])
def test_the_export_of_a_clip_is_that_of_the_export_command(undisturbed, clips, tmp_path, memory, ending):
    _, out = undisturbed
    assert len(list((out / "exports").glob(f"*.{ending}"))) == 2
    (kept,) = (out / "exports").glob(f"a.mp4-*.{ending}")
    command = [sys.executable, "-m", "hipcv", "export", str(clips / "a.mp4"), "--model", "lite", "-o", str(tmp_path / f"alone.{ending}")]
    subprocess.run(command, capture_output=True, timeout=120, check=True, env=memory.environment())
    assert kept.read_bytes() == (tmp_path / f"alone.{ending}").read_bytes()


def test_the_run_tells_what_it_was_made_with(undisturbed):
    _, out = undisturbed
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["software"]["mediapipe"] == "0.10.31"
    assert run["software"]["model"] == "lite"
    assert run["counts"] == {"clips": 5, "measured": 2, "failed": 3, "failed_by_code": {"no_person": 1, "unreadable_clip": 2}}
    assert run["settings"]["notice_total_deg"] == 12.0


def test_the_same_command_again_measures_nothing(undisturbed, clips):
    _, out = undisturbed
    before = everything(out)
    run = batch(clips, "-o", out, "--model", "lite", *KEPT)
    assert run.returncode == 1
    assert json.loads((out / "run.json").read_text())["time"]["measured_in_this_call"] == 1  # the empty file has no hash
    assert everything(out) == before


@POSIX
@pytest.mark.release
def test_a_run_that_is_killed_ten_times_ends_with_the_same_dataset(undisturbed, clips, tmp_path):
    """At random moments after each further clip, so that they fall into its whole course, whatever the pace of the machine."""
    _, expected = undisturbed
    out, chance, seen = tmp_path / "out", random.Random(20), []
    command = [*BATCH, str(clips), "-o", str(out), "--model", "lite", *KEPT]
    for n_wanted in (0, 0, 1, 1, 2, 2, 3, 3, 4, 4):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while run.poll() is None and n_done(out) < n_wanted:
            time.sleep(0.02)
        with suppress(subprocess.TimeoutExpired):
            run.wait(chance.uniform(0.1, 2.0))
        children = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.kill()
        run.wait()
        _, alive = psutil.wait_procs(children, timeout=20)
        assert not alive
        seen.append(n_done(out))
    assert set(seen) & {1, 2, 3, 4}, seen
    batch(clips, "-o", out, "--model", "lite", *KEPT)
    assert everything(out) == everything(expected)


def n_done(out):
    return len(list((out / ".hipcv" / "records").glob("*.json")))


def started(clips, out, *options):
    """A run, and the child processes that it has begun."""
    command = [*BATCH, str(clips), "-o", str(out), "--model", "lite", "--jobs", "1", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def child_of(run):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if children := psutil.Process(run.pid).children():
            return children[0]
        time.sleep(0.05)
    raise AssertionError("no child was started")


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize(
    ("number", "options", "code"),
    [
        pytest.param(signal.SIGSEGV, [], "crash", id="a decoder that crashes"),
        pytest.param(signal.SIGSTOP, ["--time-limit", "20"], "timeout", id="one that hangs", marks=pytest.mark.release),
    ],
)
def test_a_child_that_dies_or_hangs_costs_its_clip_and_nothing_else(short_clip, tmp_path, memory, number, options, code):
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    shutil.copy(short_clip, clips / "first.mp4")
    (clips / "second.mp4").write_bytes(b"not a video")
    run = started(clips, out, *options)
    child_of(run).send_signal(number)
    _, stderr = run.communicate(timeout=60)
    assert run.returncode == 1, stderr
    assert {row["clip"]: row["code"] for row in rows(out / "failures.csv")} == {"first.mp4": code, "second.mp4": "unreadable_clip"}
    again = batch(clips, "-o", out, "--model", "lite", "--retry-failed", env=memory.environment())
    assert again.stdout.splitlines()[0].endswith("1 of 2 clips measured.")


def test_a_clip_that_takes_too_much_memory_is_given_up(short_clip, tmp_path):
    clips = tmp_path / "clips"
    clips.mkdir()
    shutil.copy(short_clip, clips / "large.mp4")
    run = batch(clips, "-o", tmp_path / "out", "--memory-limit", "150")
    assert run.returncode == 1
    assert "large.mp4: it took more than 150 MB of memory and was stopped." in run.stderr


def a_shadow(folder, text):
    """An environment whose MediaPipe is this."""
    package = folder / "shadow" / "mediapipe"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(text)
    return {**os.environ, "PYTHONPATH": str(package.parent)}


def test_what_the_installation_lacks_ends_the_run_and_is_no_clips_fault(short_clip, tmp_path, memory):
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    shutil.copy(short_clip, clips / "a.mp4")
    broken = a_shadow(tmp_path, 'print("a word of a library", flush=True)\nraise ImportError("libGL.so.1: cannot open shared object file")')
    run = batch(clips, "-o", out, "--model", "lite", env=broken)
    assert run.returncode == 1
    assert "libGL.so.1" in run.stderr
    assert "apt-get install" in run.stderr
    assert "a.mp4" not in run.stderr
    assert not list((out / ".hipcv" / "records").iterdir())
    assert batch(clips, "-o", out, "--model", "lite", env=memory.environment()).returncode == 0


def test_a_file_that_is_no_model_ends_the_run(short_clip, tmp_path):
    clips = tmp_path / "clips"
    clips.mkdir()
    shutil.copy(short_clip, clips / "a.mp4")
    with zipfile.ZipFile(tmp_path / "own.task", "w") as bundle:
        bundle.writestr("readme.txt", "no network")
    run = batch(clips, "-o", tmp_path / "out", "--model", tmp_path / "own.task")
    assert run.returncode == 1
    assert "not a pose model that MediaPipe can load" in run.stderr


def test_a_fault_that_nobody_foresaw_costs_its_clip_and_says_what_it_was(short_clip, tmp_path):
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    shutil.copy(short_clip, clips / "a.mp4")
    (clips / "b.mp4").write_bytes(b"not a video")
    run = batch(clips, "-o", out, "--model", "lite", env=a_shadow(tmp_path, "1 / 0"))
    assert run.returncode == 1
    assert [row["code"] for row in rows(out / "failures.csv")] == ["unexpected", "unexpected"]
    assert "a.mp4: measuring it failed in a way that was not foreseen (ZeroDivisionError)." in run.stderr


@POSIX
def test_a_child_that_cannot_start_ends_the_run(tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(InstallationError, match=r"cannot start \(exit status 3\).*hipcv doctor"):
        ClipWorker(Limits()).measure(ClipTask("a.mp4", "a.mp4", str(tmp_path / "a.json")))


@POSIX
def test_ctrl_c_ends_the_children_and_says_how_to_go_on(short_clip, tmp_path):
    clips = tmp_path / "clips"
    clips.mkdir()
    shutil.copy(short_clip, clips / "a.mp4")
    run = started(clips, tmp_path / "out")
    child = child_of(run)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=20)
    assert run.returncode == 130
    assert stderr.splitlines() == ["0 clips are done. The same command goes on from there.", "Stopped."]
    assert not child.is_running()


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (["nowhere", "-o", "out"], 1, "nowhere: there is no such file or folder."),
        ([".", "-o", "out"], 1, "there is no video in this folder"),
        ([".", "-o", "file.txt"], 1, "nothing can be written there"),
        ([".", "-o", "out", "--shard", "4/3"], 2, "'4/3' is not a part such as 3/10"),
        ([".", "-o", "out", "--export", "pdf"], 2, "pdf is none of mot, trc, nc, csv"),
        ([".", "-o", "out", "--set", "no=1"], 2, "there is no setting 'no'"),
        ([".", "-o", "out", "--model", "huge"], 1, "There is no pose model 'huge'"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_leaves_nothing(tmp_path, arguments, status, part):
    (tmp_path / "file.txt").write_text("mine")
    if "file.txt" in arguments:
        (tmp_path / "clip.mp4").write_bytes(b"x")
    before = sorted(tmp_path.iterdir())
    run = quick("batch", *arguments, cwd=tmp_path)
    assert run.returncode == status, run.stderr
    assert part in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
    assert sorted(tmp_path.iterdir()) == before
