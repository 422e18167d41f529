"""The command as a person calls it: real processes, real files, what is printed, what is left behind."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from hipcv.language.sentences import table_rows
from hipcv.records import record, sealed_file
from hipcv.records.document import SCHEMA, to_csv, to_document, to_json
from tests.builders import a_measurement
from tests.command import COMMAND, hipcv, quick
from tests.conftest import SAMPLES
from tests.media import write_clip, write_sound
from tests.variants import rewritten, write_pictures

SAMPLE = SAMPLES / "p07_oneleg.mp4"
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals and devices")


def assert_refused(run: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Status 1, nothing on stdout, and on stderr one or two sentences without a library's voice."""
    assert run.returncode == 1, run.stderr
    assert run.stdout == ""
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].endswith(".")
    assert "Traceback" not in run.stderr
    for part in parts:
        assert part in lines[0]


# ---------------------------------------------------------------- it measures
@pytest.fixture(scope="module")
def everything(tmp_path_factory, memory):
    """One run that writes every kind of result."""
    folder = tmp_path_factory.mktemp("results")
    names = {"--json": "r.json", "--csv": "s.csv", "--figure": "f.png", "--overlay": "o.mp4"}
    options = [part for option, name in names.items() for part in (option, name)]
    return hipcv("measure", SAMPLE, "--mirrored", "no", *options, cwd=folder, env=memory.environment()), folder


@pytest.mark.pose
def test_the_table_shows_both_hips_and_the_difference(everything, measured_sample):
    run, _ = everything
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    for row in table_rows(measured_sample("p07_oneleg")):
        assert all(cell in run.stdout for cell in row)
    assert "of the left leg was seen" in run.stdout
    assert "not cleared or certified as a medical device" in run.stdout


@pytest.mark.pose
def test_the_files_hold_the_numbers_that_python_gives(everything, measured_sample):
    _, folder = everything
    expected = to_document(measured_sample("p07_oneleg"))
    assert expected["schema"] == SCHEMA
    assert json.loads((folder / "r.json").read_text(encoding="utf-8")) == expected
    assert (folder / "s.csv").read_text(encoding="utf-8") == to_csv(measured_sample("p07_oneleg"))


@pytest.mark.pose
def test_the_picture_and_the_overlay_are_what_their_names_say(everything):
    _, folder = everything
    assert (folder / "f.png").read_bytes().startswith(b"\x89PNG")
    with av.open(str(folder / "o.mp4")) as overlay:
        stream = overlay.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt, stream.frames) == ("h264", "yuv420p", 363)


@pytest.mark.pose
def test_nothing_but_the_results_is_left(everything):
    _, folder = everything
    assert sorted(path.name for path in folder.iterdir()) == ["f.png", "o.mp4", "r.json", "s.csv"]


@pytest.mark.slow
@pytest.mark.pose
def test_a_dash_sends_the_result_and_nothing_else_to_stdout(short_clip, memory):
    as_json = hipcv("measure", short_clip, "--model", "lite", "--json", "-", env=memory.environment())
    assert (as_json.returncode, json.loads(as_json.stdout)["software"]["model"]) == (0, "lite")
    as_csv = hipcv("measure", short_clip, "--model", "lite", "--csv", "-", env=memory.environment())
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert len(rows) == 100
    assert float(rows[-1]["time_s"]) == pytest.approx(99 / 30, abs=1e-3)


@pytest.mark.slow
@pytest.mark.pose
def test_a_mirrored_selfie_exchanges_the_hips(short_clip, memory):
    options = ("--model", "lite", "--mirrored", "yes", "--json", "-")
    hips = json.loads(hipcv("measure", short_clip, *options, env=memory.environment()).stdout)["hips"]
    assert len(hips["left"]["reps"]) == 2
    assert hips["right"]["reps"] == []


# ---------------------------------------------------------------- it shows what was sent
def sent(measurement, folder) -> Path:
    """The measurement as a file, as the app makes it for a therapist."""
    (folder / "kept").mkdir()
    record.write(measurement, folder / "kept")
    facts = {"title": "Woche drei", "measured_on": "2026-03-02", "kind": "before", "note": "links besser"}
    sealed_file.pack(folder / "kept", folder / "visit.hipcv", facts)
    return folder / "visit.hipcv"


@pytest.mark.pose
def test_what_was_sent_is_printed_as_it_was_when_it_was_measured(everything, measured_sample, tmp_path):
    measured, folder = everything
    shown = quick("show", sent(measured_sample("p07_oneleg"), tmp_path), "--csv", tmp_path / "s.csv")
    said, software, _, *table = shown.stdout.splitlines(keepends=True)
    assert (shown.returncode, shown.stderr, said) == (0, "", "Woche drei · 2026-03-02 · before · links besser\n")
    assert software.startswith("Measured with hipcv ")
    assert "".join(table) == measured.stdout
    assert (tmp_path / "s.csv").read_bytes() == (folder / "s.csv").read_bytes()


@pytest.mark.pose
def test_what_was_sent_gives_the_document_that_was_measured(everything, measured_sample, tmp_path):
    _, folder = everything
    shown = quick("show", sent(measured_sample("p07_oneleg"), tmp_path), "--json", "-")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout == (folder / "r.json").read_text(encoding="utf-8")


def test_a_file_that_was_sent_is_not_overwritten(tmp_path):
    file = sent(a_measurement(), tmp_path)
    before = file.read_bytes()
    assert_refused(quick("show", file, "--json", file), "the file that was sent")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param(None, "there is no such file", id="missing"),
        pytest.param(b"no zip", "not a whole .hipcv file", id="no zip"),
        pytest.param("half", "not a whole .hipcv file", id="cut short"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence_and_status_1(tmp_path, content, part):
    file = sent(a_measurement(), tmp_path)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] if content == "half" else content or b"")
    if content is None:
        file.unlink()
    before = sorted(tmp_path.rglob("*"))
    assert_refused(quick("show", file, "--json", tmp_path / "out.json", cwd=tmp_path), "visit.hipcv: ", part)
    assert sorted(tmp_path.rglob("*")) == before


# ---------------------------------------------------------------- it refuses
@pytest.fixture(scope="module")
def bad(tmp_path_factory) -> Path:
    """A folder of files that cannot be measured."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("this is not a video\n" * 100)
    (folder / "folder.mp4").mkdir()
    no_index = write_clip(folder / "no index.mp4")
    no_index.write_bytes(no_index.read_bytes().partition(b"moov")[0])
    write_sound(folder / "sound.m4a")
    grey = np.full((480, 270, 3), 128, np.uint8)[:, : 270 // 2 * 2]
    write_pictures([grey], folder / "one frame.mp4")
    write_pictures([grey] * 60, folder / "nobody.mp4")
    rewritten("p07_oneleg", folder / "still.mp4", keep=lambda index: index < 12, time_s=lambda index: index / 5)
    rewritten("p01_front", folder / "legs.mp4", change=lambda rgb: rgb[480:], keep=lambda index: index < 150)
    return folder


@pytest.mark.slow
@pytest.mark.pose
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        pytest.param("missing.mp4", ["missing.mp4", "no such file", "Check the name"], id="missing"),
        pytest.param("empty.mp4", ["empty.mp4", "empty", "again"], id="empty"),
        pytest.param("text.mp4", ["text.mp4", "not a video", "original"], id="not a video"),
        pytest.param("folder.mp4", ["folder.mp4", "a folder", "one video"], id="a folder"),
        pytest.param("no index.mp4", ["no index.mp4", "again"], id="truncated before its index"),
        pytest.param("sound.m4a", ["sound.m4a", "no moving picture"], id="audio only"),
        pytest.param("one frame.mp4", ["one frame.mp4", "at least 1 s"], id="one frame"),
        pytest.param("nobody.mp4", ["nobody.mp4", "nobody was found", "head to feet"], id="no person"),
        pytest.param("still.mp4", ["No leg was seen to swing", "three times each"], id="nobody moves"),
        pytest.param("legs.mp4", ["the picture", "head to feet"], id="legs only"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence_and_status_1(bad, name, parts):
    before = sorted(path.name for path in bad.iterdir())
    assert_refused(quick("measure", bad / name, "--json", bad / "out.json", "--overlay", bad / "out.mp4"), *parts)
    assert sorted(path.name for path in bad.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "part"),
    [
        pytest.param(["--json", os.devnull], "a pipe or a device", id="a device", marks=POSIX),
        pytest.param(["--json", "nowhere/r.json"], "the folder nowhere does not exist", id="folder missing"),
        pytest.param(["--figure", "."], "this is a folder", id="is a folder"),
        pytest.param(["--json", "a.out", "--csv", "a.out"], "another name", id="two results, one name"),
        pytest.param(["--overlay", "clip.mp4"], "the clip itself", id="onto the clip"),
        pytest.param(
            ["--json", "/proc/r.json"],
            "cannot be written",
            id="not permitted",
            marks=pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc here"),
        ),
    ],
)
def test_an_output_that_cannot_be_written_is_said_before_the_work(tmp_path, options, part):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"would be refused if it were opened")
    assert_refused(quick("measure", clip.name, *options, cwd=tmp_path), part)
    assert list(tmp_path.iterdir()) == [clip]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["measure"], id="no clip"),
        pytest.param(["measure", SAMPLE, "--mirrored", "perhaps"], id="unknown choice"),
        pytest.param(["measure", SAMPLE, "--turn", "45"], id="turn by half a quarter"),
        pytest.param(["measure", SAMPLE, "--colour"], id="unknown option"),
        pytest.param(["measure", SAMPLE, "--json", "-", "--csv", "-"], id="two results to stdout"),
        pytest.param(["measure", SAMPLE, "--figure", "-"], id="a picture to stdout"),
        pytest.param(["measure", SAMPLE, "--figure", "figure.jpg"], id="another kind of picture"),
        pytest.param(["measure", SAMPLE, "--overlay", "overlay.mov"], id="another kind of video"),
        pytest.param(["measure", SAMPLE, "--set", "speed=1"], id="unknown setting"),
        pytest.param(["measure", SAMPLE, "--set", "cutoff_hz=1000"], id="setting out of range"),
        pytest.param(["validate", SAMPLES, "--json", "-", "--markdown", "-"], id="two reports to stdout"),
        pytest.param(["validate", SAMPLES, "--figure", "-"], id="a picture of agreement to stdout"),
        pytest.param(["validate", SAMPLES, "--goniometer", "t.csv", "--ablation"], id="steps left out of what is not measured"),
        pytest.param(["weigh", SAMPLE], id="unknown command"),
    ],
)
def test_a_wrong_call_is_status_2(arguments):
    run = quick(*arguments)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


@pytest.mark.slow
def test_a_clip_or_truth_is_not_overwritten_by_a_validation():
    for name in ("p01_front.truth.json", "p01_front.mp4"):
        assert_refused(quick("validate", SAMPLES, "--json", SAMPLES / name), name, "one of the files that are compared")


@pytest.fixture
def clinic(tmp_path, measured_sample):
    """A folder with a result, and a table with two readings of it and one of a clip that was not measured."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "p07_oneleg.json").write_text(to_json(measured_sample("p07_oneleg")), encoding="utf-8")
    lines = ["clip;side;direction;degrees", "p07_oneleg.mp4;R;IR;39,5", "p07_oneleg.mp4;R;ER;32", "gone;L;IR;30"]
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    return tmp_path


@pytest.mark.slow
def test_results_are_compared_with_a_goniometer_and_reports_are_written(clinic):
    reports = ("--json", "r.json", "--markdown", "r.md", "--figure", "r.png")
    run = quick("validate", "results", "--goniometer", "table.csv", *reports, cwd=clinic)
    assert (run.returncode, run.stderr) == (1, "")
    assert "1 clip, model full, compared with a goniometer." in run.stdout
    assert "Apart without warning: " in run.stdout
    assert "Standardised errors of the end ranges" in run.stdout
    assert "Not measured: gone: no result gone.json in the folder (line 4 of the table)" in run.stdout
    assert run.stdout.splitlines()[-3:] == ["Written: r.json", "Written: r.md", "Written: r.png"]
    rows = json.loads((clinic / "r.json").read_text(encoding="utf-8"))["rows"]
    assert [(row["quantity"], row["true_deg"]) for row in rows] == [("internal", 39.5), ("external", 32.0), ("total", 71.5)]
    assert "![Agreement in pictures](r.png)" in (clinic / "r.md").read_text(encoding="utf-8")
    assert (clinic / "r.png").read_bytes().startswith(b"\x89PNG")
    assert max(len(line) for line in run.stdout.splitlines()) <= 100


def test_a_dash_sends_the_report_and_nothing_else_to_stdout(clinic):
    run = quick("validate", "results", "--goniometer", "table.csv", "--markdown", "-", cwd=clinic)
    assert run.stdout.startswith("# How far hipcv agrees with a goniometer\n")
    assert run.stdout.endswith("medical device.\n")


@pytest.mark.slow
def test_an_unknown_model_is_a_sentence():
    assert_refused(quick("measure", SAMPLE, "--model", "enormous"), "no pose model 'enormous'", "lite, full, heavy")


# ---------------------------------------------------------------- it stops
def wait_until_it_measures(process: subprocess.Popen[str], folder: Path, clip: Path) -> None:
    """The clip is open; where that cannot be seen, some time has passed."""
    handles = Path("/proc", str(process.pid), "fd")
    if not handles.is_dir():
        time.sleep(3)
        return
    wait_for(lambda: any(leads_to(handle, clip) for handle in handles.iterdir()), process)


def leads_to(handle: Path, clip: Path) -> bool:
    """Whether it is open on the clip; it may be closed at any moment."""
    try:
        return handle.readlink() == clip
    except OSError:
        return False


def wait_until_it_draws(process: subprocess.Popen[str], folder: Path, clip: Path) -> None:
    wait_for(lambda: any(size_of(file) for file in folder.glob(".o-*.mp4")), process)


def size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # it was only made to see whether it can be
        return 0


def wait_for(sign, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 90
    while not sign():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


IN_A_FINALIZER = """
import os, sys, time, weakref
from hipcv.system import stopping
stopping.tidily()
class Picture: pass
picture = Picture()
weakref.finalize(picture, lambda: exec(sys.argv[1]))
try:
    del picture
    time.sleep(float(sys.argv[2]))
except stopping.Stopped as stop:
    sys.exit(stop.status)
"""


def in_a_finalizer(act, wait_s):
    return subprocess.run([sys.executable, "-c", IN_A_FINALIZER, act, str(wait_s)], capture_output=True, text=True, timeout=60)


@POSIX
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_python_swallows_in_a_finalizer_stops_all_the_same(number, status):
    ended = in_a_finalizer(f"os.kill(os.getpid(), {int(number)})", wait_s=20)
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, "", "")


def test_another_error_in_a_finalizer_is_told_as_ever():
    ended = in_a_finalizer("int('no number')", wait_s=0)
    assert ended.returncode == 0
    assert "no number" in ended.stderr


@pytest.mark.pose
@POSIX
@pytest.mark.parametrize("wait", [wait_until_it_measures, wait_until_it_draws], ids=["measuring", "drawing"])
@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_stops_within_five_seconds_and_leaves_nothing(tmp_path, short_clip, memory, wait, number, status):
    process = subprocess.Popen(
        [*COMMAND, "measure", str(short_clip), "--model", "lite", "--overlay", "o.mp4"],
        cwd=tmp_path,
        env=memory.environment() if wait is wait_until_it_draws else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait(process, tmp_path, short_clip)
    process.send_signal(getattr(signal, number))
    start = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 5
    assert (process.returncode, out, err.strip()) == (status, "", "Stopped.")
    assert list(tmp_path.iterdir()) == []


def interrupted_after(loaded, delay_s=0.0):
    """Status, stdout and what is told of a command that gets Ctrl-C so long after Python says that it has loaded this."""
    command = [COMMAND[0], "-X", "importtime", *COMMAND[1:], "measure", str(SAMPLE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert any(line.rpartition("|")[2].strip() == loaded for line in process.stderr)
        time.sleep(delay_s)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()  # `communicate` would lose what was read ahead
        out = process.stdout.read()
    return process.returncode, out, [line for line in err.splitlines() if not line.startswith("import time:")]


@POSIX
@pytest.mark.parametrize("loaded", ["typer._click.core", "rich.console", "hipcv.cli.main", "numpy", "av", "cv2", "hipcv.video.reader"])
def test_ctrl_c_while_the_libraries_load_is_one_word(loaded):
    """Python itself tells which library it has loaded, so that the moment is the same on a slow machine."""
    assert interrupted_after(loaded) == (130, "", ["Stopped."])


@POSIX
@pytest.mark.parametrize("delay_s", [0.3, 0.6, 1, 1.5])
def test_ctrl_c_at_any_early_time_is_one_word(delay_s):
    """Counted from the first line of ours; before that Python itself starts."""
    assert interrupted_after("hipcv.system.stopping", delay_s) == (130, "", ["Stopped."])


# ---------------------------------------------------------------- where it prints to
@pytest.mark.slow
@pytest.mark.pose
def test_the_result_is_utf_8_whatever_the_system_writes(memory):
    run = hipcv("measure", SAMPLES / "p06_asym.mp4", "--mirrored", "no", env=memory.environment(PYTHONIOENCODING="cp1252"))
    assert (run.returncode, run.stderr) == (0, "")
    assert re.search(r"−\d+°", run.stdout), "a minus sign, which cp1252 lacks"


def test_a_sentence_with_signs_of_another_script_is_utf_8():
    assert_refused(
        hipcv("measure", "−膝.mp4", env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "1"}), "−膝.mp4", "no such file"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", [["doctor"], ["--help"], ["--version"]], ids=lambda arguments: arguments[0])
def test_a_full_disk_under_stdout_is_a_sentence(arguments, unbuffered):
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": unbuffered}
        )
    assert (run.returncode, run.stderr.strip()) == (1, "The result could not be printed (No space left on device).")


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", [["doctor"], ["--help"], ["--version"]], ids=lambda arguments: arguments[0])
def test_a_reader_that_has_gone_needs_no_words(arguments, unbuffered):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        run = subprocess.run(
            [*COMMAND, *arguments], stdout=gone, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": unbuffered}
        )
    assert (run.returncode, run.stderr) == (1, "")


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_closed_streams_do_no_harm(closed):
    run = subprocess.run(["sh", "-c", f'"$0" -m hipcv --version {closed}', sys.executable], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


# ---------------------------------------------------------------- the rest
@pytest.mark.release
@pytest.mark.pose
def test_a_clip_that_breaks_off_after_enough_reps_is_measured_up_to_there(tmp_path):
    whole = rewritten("p07_oneleg", tmp_path / "whole.mp4", movflags="faststart").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: int(0.75 * len(whole))])
    result = json.loads(hipcv("measure", tmp_path / "cut.mp4", "--model", "lite", "--json", "-").stdout)
    assert "clip_cut" in {finding["code"] for finding in result["findings"]}
    assert result["hips"]["right"]["internal_rotation_deg"]["n_reps"] >= 2
    assert result["clip"]["duration_s"] < 11


@pytest.mark.parametrize("command", [[], ["measure"], ["validate"], ["doctor"]], ids=["hipcv", "measure", "validate", "doctor"])
def test_every_command_explains_itself(command):
    run = quick(*command, "--help")
    assert run.returncode == 0
    assert re.search(r"[A-Z].*\.", run.stdout)


@pytest.mark.pose
def test_doctor_finds_everything_in_place():
    run = hipcv("doctor")
    assert run.returncode == 0, run.stdout
    assert "Everything is in place." in run.stdout


def test_a_sending_mediapipe_is_warned_of_at_start(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("from hipcv.capture import pose_models\npose_models.mediapipe_version = lambda: '1.2.2'\n")
    run = hipcv("measure", "missing.mp4", env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert run.returncode == 1
    assert run.stderr.startswith("Warning: mediapipe 1.2.2 sends usage figures")


@pytest.mark.slow
@pytest.mark.pose
def test_it_measures_with_the_network_off(short_clip):
    alone = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*alone, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine does not let a test switch the network off")
    run = subprocess.run([*alone, *COMMAND, "measure", str(short_clip), "--model", "lite"], capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stderr
    assert "Internal rotation" in run.stdout
