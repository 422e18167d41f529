"""Every hostile and odd file through every door: one sentence each, no traceback, nothing opened or left that is not theirs."""

import csv
import json
import os
import re
import subprocess
import sys
import time

import pytest

from hipcv.store.job import State
from tests.conftest import SAMPLES
from tests.hostile import FILES, PLACES, write_all
from tests.queues import all_ended
from tests.tiers import release

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs pipes and links")
COMMAND = [sys.executable, "-m", "hipcv"]
NO_CLIPS = {"folder.mp4", "pipe.mp4", "device.mp4", "hls.m3u8"}
"""A batch takes a folder's files that begin or end like a video."""
REFUSED_S = 20
"""The hard bound of promise P3."""
MOST_BYTES = 1_000_000_000
"""Of either process, so that a measurement and its decoder stay below the 2 GB of promise P4."""
_COUNT = """
import os, resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
with open(os.path.join(os.environ["TMPDIR"], "used"), "w") as used:
    used.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)))
sys.exit(status)
"""
COUNTED = [sys.executable, "-c", _COUNT] if os.name == "posix" else []


def hipcv(*arguments, cwd):
    began = time.monotonic()
    temporary = cwd.parent / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "TMP": str(temporary), "TEMP": str(temporary)}
    run = subprocess.run([*COUNTED, *COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120, env=environment)
    assert "Traceback" not in run.stderr + run.stdout, run.stderr
    if COUNTED:
        counted = temporary / "used"
        assert int(counted.read_text()) < MOST_BYTES
        counted.unlink()
    assert not list(temporary.iterdir())
    temporary.rmdir()
    return run, time.monotonic() - began


def names_in(folder):
    return {path.name for path in folder.iterdir()}


ALL = {**FILES, **(PLACES if os.name == "posix" else {})}
FEW = ["exabytes.mp4", "exabytes_twice.mp4", "loop.mp4", "heic_cut.mov", "concat.mp4", "sphere.mp4", "colours.avi", "pipe.mp4", "=1+1.mp4"]


@pytest.mark.pose
@pytest.mark.parametrize("name", [*FEW, *release(*(name for name in ALL if name not in FEW))])
def test_measure_says_one_sentence(name, tmp_path):
    make, said = ALL[name]
    folder = tmp_path / "sent"
    write_all(folder, {"good.mp4": FILES["good.mp4"], name: (make, said)})
    before = names_in(folder)
    run, lasted_s = hipcv("measure", f"./{name}", "--json", tmp_path / "out.json", "--overlay", tmp_path / "out.mp4", cwd=folder)
    assert run.returncode == 1, run.stderr
    assert re.search(said, run.stderr), run.stderr
    assert run.stdout == ""
    assert name in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert lasted_s < REFUSED_S
    assert names_in(folder) == before
    assert names_in(tmp_path) == {"sent"}


@pytest.mark.release
@pytest.mark.pose
def test_a_batch_names_every_one_and_measures_the_good_ones(tmp_path):
    folder, out = tmp_path / "sent", tmp_path / "out"
    write_all(folder, ALL)
    (folder / "sample.mp4").write_bytes((SAMPLES / "p07_oneleg.mp4").read_bytes())
    before = names_in(folder)
    run, _ = hipcv("batch", folder, "-o", out, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    with (out / "failures.csv").open(encoding="utf-8", newline="") as file:
        told = {row["clip"].lstrip("'"): row["sentence"] for row in csv.DictReader(file)}
    with (out / "measurements.csv").open(encoding="utf-8", newline="") as file:
        assert {row["clip"] for row in csv.DictReader(file)} == {"sample.mp4"}
    expected = {name for name in ALL if name not in NO_CLIPS}
    assert expected - set(told) == set()
    assert {name: told[name] for name in expected if not re.search(ALL[name][1], told[name])} == {}
    assert names_in(folder) == before
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))


@pytest.mark.pose
@pytest.mark.release
def test_the_app_says_of_each_why_and_keeps_none(tmp_path):
    sent = tmp_path / "sent"
    write_all(sent, FILES)
    with all_ended([sent / name for name in FILES if (sent / name).stat().st_size], tmp_path / "data") as supervisor:
        ended = supervisor.queue.jobs()
        assert {job.state for job in ended} == {State.FAILED}
        told = {job.name: job.problem.said() for job in ended}
        assert {name: why for name, why in told.items() if not re.search(FILES[name][1], why)} == {}
        assert supervisor.store.visits() == []
        assert names_in(tmp_path / "data" / "uploads") == set()
