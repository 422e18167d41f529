"""The sandbox of the decoder: what it may not do, what becomes of a clip whose decoder misbehaves, and that nothing else suffers."""

import csv
import gc
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.errors import UnreadableClip
from hipcv.settings import Settings
from hipcv.store.job import State
from hipcv.system.confinement import layers
from hipcv.system.confinement.layers import Layer
from hipcv.video import sandbox, told
from hipcv.video.clip import open_clip
from hipcv.video.reader import Wanted
from tests import rogue
from tests.conftest import SAMPLES
from tests.media import read, write_clip
from tests.queues import all_ended

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
VIDEO = Path(told.__file__).parent
needs_sandbox = pytest.mark.skipif(layers.here() != frozenset(Layer), reason="this system has not all layers of the sandbox")
FORBIDDEN, BROKE_OFF = "tried to start a program or to reach the network", "broke off, so it is damaged"
NO_END, NO_VIDEO, DAMAGED = "came to no end", "gave data that no video can contain", "is damaged or incomplete"
TOLD = {
    "crash": BROKE_OFF,
    "sleep": NO_END,
    "spin": NO_END,
    "memory": DAMAGED,
    "write a file": DAMAGED,
    "read a file": DAMAGED,
    "dial out": FORBIDDEN,
    "dial by a name": FORBIDDEN,
    "a process": DAMAGED,
    "a program": DAMAGED,
    "another program instead": FORBIDDEN,
    "kill the parent": DAMAGED,
    "code in memory": DAMAGED,
    "a flood": NO_VIDEO,
    "a deep answer": NO_VIDEO,
    **dict.fromkeys(
        [
            *(
                "a false number",
                "a false refusal",
                "a refusal that cannot be said",
                "a refusal with orders",
                "a picture outside the memory",
            ),
            *("a picture that is too large", "pictures that change", "time that goes back", "time without steps"),
            *("an ending before its time", "no picture at all"),
        ],
        NO_VIDEO,
    ),
}


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "clip.mp4", n_frames=60)


@pytest.fixture
def listener():
    """A door that somebody could knock at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.fixture
def misbehaving(tmp_path, clip, listener, monkeypatch):
    """A function that makes the decoder of `clip` do something."""

    def make(deed):
        (tmp_path / "secret").write_text("a patient's name")
        values = {"canary": str(tmp_path / "canary"), "secret": str(tmp_path / "secret"), "port": listener.getsockname()[1]}
        folder = rogue.build(tmp_path / "rogue", deed, clip, **values)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]))

    return make


def decoders():
    return [one for one in psutil.Process().children(recursive=True) if "hipcv.video.decoder" in " ".join(one.cmdline())]


def nobody_knocked(listener):
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.slow
@needs_sandbox
@pytest.mark.parametrize("deed", rogue.DEEDS)
def test_a_decoder_that_misbehaves_ends_in_a_sentence_and_has_done_nothing(deed, misbehaving, clip, listener, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "_PATIENCE_S", 5.0)
    misbehaving(deed)
    before, began = set(tmp_path.iterdir()), time.monotonic()
    with pytest.raises(UnreadableClip, match=TOLD[deed]) as raised:
        read(clip)
    assert time.monotonic() - began < 20
    assert str(raised.value).startswith("clip.mp4: ")
    assert "patient" not in str(raised.value)
    assert set(tmp_path.iterdir()) == before
    assert nobody_knocked(listener)
    assert decoders() == []


def test_the_other_clips_are_read_as_ever(misbehaving, tmp_path):
    misbehaving("crash")
    other = write_clip(tmp_path / "other.mp4", n_frames=45)
    assert len(read(other)[0]) == 45


@needs_sandbox
def test_all_layers_hold_before_the_first_byte_is_read(clip):
    with clip.open("rb") as file, sandbox.decoder(clip, file, "clip.mp4", Wanted(960, 29.0)) as decoder:
        assert decoder.layers() == frozenset(Layer)
        assert file.tell() == 0


# ---------------------------------------------------------------------- in all three ways in, ten times each
def assert_nothing_was_done(folder, listener):
    assert not (folder / "canary").exists()
    assert nobody_knocked(listener)


HARM = ["crash", "sleep", "memory", "write a file", "dial out"]
TIMES = 10
AT_A_TIME = 5


@pytest.fixture
def several(clip, misbehaving, tmp_path, request):
    """A folder with ten clips, all of which make their decoder misbehave, and one that is good."""
    misbehaving(request.param)
    folder = tmp_path / "sent"
    folder.mkdir()
    for k in range(TIMES):
        shutil.copy(clip, folder / f"bad{k}.mp4")
    shutil.copy(SAMPLES / "p07_oneleg.mp4", folder / "good.mp4")
    return folder


@needs_sandbox
@pytest.mark.pose
@pytest.mark.release
@pytest.mark.parametrize("several", HARM, indirect=True)
def test_ten_bad_clips_cost_measure_ten_sentences(several, listener, tmp_path):
    def measure(clip):
        return subprocess.run([sys.executable, "-m", "hipcv", "measure", clip], capture_output=True, text=True)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = list(pool.map(measure, sorted(several.glob("bad*"))))
    for k, run in enumerate(runs):
        assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (1, "", 1), run.stderr
        assert run.stderr.startswith(f"bad{k}.mp4: ")
    assert_nothing_was_done(tmp_path, listener)


@needs_sandbox
@pytest.mark.pose
@pytest.mark.release
@pytest.mark.parametrize("several", HARM, indirect=True)
def test_ten_bad_clips_cost_a_batch_those_ten(several, listener, tmp_path):
    out = tmp_path / "out"
    run = subprocess.run([sys.executable, "-m", "hipcv", "batch", several, "-o", out, "-j", str(AT_A_TIME)], capture_output=True, text=True)
    assert "Traceback" not in run.stderr
    with (out / "failures.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["clip"] for row in csv.DictReader(file)) == [f"bad{k}.mp4" for k in range(TIMES)]
    with (out / "measurements.csv").open(encoding="utf-8", newline="") as file:
        assert {row["clip"] for row in csv.DictReader(file)} == {"good.mp4"}
    assert_nothing_was_done(tmp_path, listener)


@needs_sandbox
@pytest.mark.pose
@pytest.mark.release
@pytest.mark.parametrize("several", HARM, indirect=True)
def test_ten_bad_clips_cost_the_app_those_ten(several, listener, tmp_path):
    with all_ended(sorted(several.iterdir()), tmp_path / "data") as supervisor:
        failed = [job.name for job in supervisor.queue.jobs(State.FAILED)]
        assert sorted(failed) == [f"bad{k}.mp4" for k in range(TIMES)]
        assert len(supervisor.store.visits()) == 1
    assert_nothing_was_done(tmp_path, listener)


# ---------------------------------------------------------------------- pictures that lie in shared memory
def test_pictures_that_stay_in_use_keep_their_content_however_many(clip):
    with open_clip(clip, Settings()) as opened:
        kept = [frame.rgb for frame in opened.frames()]
    with open_clip(clip, Settings()) as opened:
        for before, frame in zip(kept, opened.frames(), strict=True):
            np.testing.assert_array_equal(before, frame.rgb)


def test_a_picture_is_read_where_it_lies_and_its_place_is_given_back(clip):
    with open_clip(clip, Settings()) as opened:
        places = {frame.rgb.__array_interface__["data"][0] for frame in opened.frames()}
    assert 1 < len(places) <= told.N_SLOTS


def test_a_picture_outlives_its_clip(clip):
    with open_clip(clip, Settings()) as opened:
        last = next(opened.frames()).rgb
        copied = last.copy()
    gc.collect()
    np.testing.assert_array_equal(last, copied)
    last[:] = 0


def test_two_clips_at_once_in_threads_are_both_right(clip):
    alone, found = [frame.rgb.copy() for frame in frames(clip)], {}

    def look(name):
        found[name] = [frame.rgb.copy() for frame in frames(clip)]

    threads = [threading.Thread(target=look, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in "ab":
        np.testing.assert_array_equal(found[name], alone)


def frames(clip):
    with open_clip(clip, Settings()) as opened:
        yield from opened.frames()


@needs_fork
def test_a_fork_in_between_is_harmless(clip):
    with open_clip(clip, Settings()) as opened:
        reading = opened.frames()
        first = next(reading)
        child = os.fork()
        if child == 0:
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert 1 + sum(1 for _ in reading) == 60
        assert first.rgb.any()


# ---------------------------------------------------------------------- nothing is left behind
@pytest.mark.slow
def test_nothing_is_left_of_a_clip(clip):
    read(clip)
    before = open_things_at_rest()
    for _ in range(10):
        read(clip)
        with open_clip(clip, Settings()) as opened:
            next(opened.frames())
    assert open_things_at_rest() == before
    assert decoders() == []


def open_things_at_rest() -> tuple[int, int]:
    """Once they stay the same: Python forgets a thread a moment before the system does."""
    seen = [open_things()]
    until = time.monotonic() + 5
    while len(seen) < 50 or len(set(seen[-50:])) > 1:
        assert time.monotonic() < until
        time.sleep(0.01)
        seen.append(open_things())
    return seen[-1]


def open_things() -> tuple[int, int]:
    """Descriptors and threads of this process."""
    process = psutil.Process()
    return process.num_fds() if hasattr(process, "num_fds") else 0, process.num_threads()


ALONE = """
import sys, time
from hipcv.settings import Settings
from hipcv.store.job import State
from hipcv.video.clip import open_clip
from hipcv.video.reader import Wanted
with open_clip(sys.argv[1], Settings()) as clip:
    frames = clip.frames()
    next(frames)
    print("reading", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a decoder ends at its next picture")
def test_a_decoder_ends_with_its_parent_however_that_ends(clip):
    with subprocess.Popen([sys.executable, "-c", ALONE, str(clip)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "reading\n"
        (decoder,) = (one for one in psutil.Process(parent.pid).children() if "hipcv.video.decoder" in " ".join(one.cmdline()))
        parent.kill()
    decoder.wait(5)


def test_the_folder_where_it_runs_brings_no_code(clip, tmp_path, monkeypatch):
    """A study's folder, or one of uploads, may hold a file of any name."""
    for name in ("av", "json", "numpy", "struct"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'canary')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    assert len(read(clip)[0]) == 60
    assert not (tmp_path / "canary").exists()


OPEN = """
import importlib, sys
sys.path.remove({folder!r})
del sys.modules["av"]
importlib.import_module("av")
import hipcv.system.confinement.layers as layers
layers.put_on = lambda _: frozenset()
"""


@pytest.mark.slow
@pytest.mark.pose
def test_where_nothing_holds_it_is_said_once(clip, tmp_path, monkeypatch):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "av.py").write_text(OPEN.format(folder=str(tmp_path / "open")))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "open"))
    run = subprocess.run([sys.executable, "-m", "hipcv", "measure", clip], capture_output=True, text=True)
    note, refusal = run.stderr.splitlines()
    assert note.startswith("Note: on this system the video decoder cannot be sandboxed")
    assert refusal.startswith("clip.mp4: ")


# ---------------------------------------------------------------------- what a decoder tells is looked at
PICTURE = told.Picture(0, 4, 4, 0.0, 0, False, 0)
RAISED = re.compile(r"(?:UnreadableClip|UnsupportedClip|ClipTooShort)\(\s*\"(\w+)\"")


def test_whatever_a_reader_may_say_is_on_the_list():
    said = {
        code
        for name in ("reader", "in_rgb", "demux", "limits", "orientation")
        for code in RAISED.findall((VIDEO / f"{name}.py").read_text("utf-8"))
    }
    assert said - {"too_many_bytes"} <= set(get_args(told.Code))


@needs_fork
def test_a_fork_that_gives_up_a_picture_does_not_give_up_the_parents(clip):
    alone = [frame.rgb.copy() for frame in frames(clip)]
    with open_clip(clip, Settings()) as opened:
        reading = opened.frames()
        first = next(reading)
        child = os.fork()
        if child == 0:
            del first
            gc.collect()
            os._exit(0)
        os.waitpid(child, 0)
        rest = [frame.rgb.copy() for frame in reading]
    for before, now in zip(alone, [first.rgb, *rest], strict=True):
        np.testing.assert_array_equal(before, now)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_a_line_is_something_that_a_clip_can_have_or_nothing(text):
    try:
        one = told.read(text)
    except ValueError:
        return
    assert told.read(told.line(one)) == one


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slot", 8),
        ("slot", -1),
        ("width_px", 0),
        ("height_px", 10**9),
        ("time_s", 1e9),
        ("time_s", None),
        ("quarter_turns", 4),
        ("flipped", 1),
    ],
)
def test_a_picture_lies_within_what_a_clip_can_have(name, value):
    text = told.line(PICTURE).decode()
    fine = told.read(text.encode())
    assert fine == PICTURE
    document = json.loads(text) | {name: value}
    with pytest.raises(ValueError, match=r"\S"):
        told.read(json.dumps(document).encode())
