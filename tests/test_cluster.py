"""A real Dask scheduler and real worker processes on this machine, which are killed at the worst moments."""

import csv
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from hipcv.batch import cluster, dask_task
from hipcv.batch.messages import ClipTask, Result
from hipcv.errors import ClusterError, InstallationError, OutputError
from hipcv.jobs.child_process import Limits
from tests.conftest import ROOT
from tests.variants import rewritten

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")

HERE = "127.0.0.1"
LOCAL = ["--host", HERE, "--no-dashboard"]
LIMITS = Limits(time_s=60)
ALLOWED_FAILURES = 1
"""A clip is given up with the second worker that is lost with it; Dask's own measure is the fourth."""


class Cluster:
    """A scheduler and its workers, each a process that the end of the test ends."""

    def __init__(self, folder: Path, stack: ExitStack, scheduler_env: dict[str, str] | None = None) -> None:
        self._folder, self._stack, self._file = folder, stack, folder / "scheduler.json"
        allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(ALLOWED_FAILURES)}
        self.scheduler = self._start(["scheduler", "--port", "0"], {**allowed, **(scheduler_env or {})})
        self._nannies: list[psutil.Process] = []
        self.address = json.loads(eventually(lambda: self._file.exists() and self._file.read_text()))["address"]

    def add_worker(self, *options: str, env: dict[str, str] | None = None) -> None:
        started = self._start(["worker", "--nthreads", "1", "--memory-limit", "0", *options], env or {})
        self._nannies.append(started)

    def workers(self) -> list[psutil.Process]:
        """The processes that talk to the scheduler and hold the children that measure."""
        found = [one for nanny in self._nannies if nanny.is_running() for one in [nanny, *nanny.children(recursive=True)]]
        return [one for one in found if any(_measures(child) for child in _children(one))]

    def worker_with(self, clip: Path) -> psutil.Process | None:
        """The worker whose child has the clip open."""
        return next((one for one in self.workers() if any(str(clip) in _open(child) for child in _children(one))), None)

    def children(self) -> list[psutil.Process]:
        return [child for one in self.workers() for child in _children(one) if _measures(child)]

    def kill_workers(self) -> None:
        for nanny in self._nannies:
            nanny.kill()

    def _start(self, arguments: list[str], env: dict[str, str]) -> psutil.Process:
        command = [sys.executable, "-m", "dask", *arguments, *LOCAL, "--scheduler-file", str(self._file)]
        log = self._stack.enter_context((self._folder / "log").open("a"))
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, env={**os.environ, **env})
        self._stack.callback(_end, process)
        return psutil.Process(process.pid)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        started = psutil.Process(process.pid).children(recursive=True)
        for one in [process, *started]:
            one.kill()
    process.wait()


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.Error:
        return []


def _measures(process: psutil.Process) -> bool:
    try:
        return "hipcv.batch.child" in process.cmdline()
    except psutil.Error:
        return False


def _open(process: psutil.Process) -> set[str]:
    try:
        return {file.path for file in process.open_files()}
    except psutil.Error:
        return set()


def eventually(what, patience_s=40):
    """The first true value of `what()`."""
    end_s = time.monotonic() + patience_s
    while time.monotonic() < end_s:
        if value := what():
            return value
        time.sleep(0.1)
    raise AssertionError("it did not happen")


@contextmanager
def a_cluster(folder: Path, n_workers: int = 1, *options: str, scheduler_env=None, worker_env=None):
    with ExitStack() as stack:
        made = Cluster(folder, stack, scheduler_env)
        for _ in range(n_workers):
            made.add_worker(*options, env=worker_env)
        if n_workers:
            eventually(lambda: (folder / "log").read_text().count("Registered to:") >= n_workers)
        yield made


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """Two workers, each with a nanny that replaces it when it is lost."""
    with a_cluster(tmp_path_factory.mktemp("two"), 2, "--nanny") as made:
        yield made


@pytest.fixture
def one_worker(tmp_path):
    """One without a nanny: what is lost stays lost."""
    with a_cluster(tmp_path, 1, "--no-nanny") as made:
        yield made


# ---------------------------------------------------------------- clips, calls
@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Two that can be measured: one leg turns in and out once, at 10 pictures a second."""
    folder = tmp_path_factory.mktemp("clips")
    rewritten("p07_oneleg", folder / "one.mp4", keep=lambda index: index in range(0, 100, 3), time_s=lambda index: index / 10)
    shutil.copy(folder / "one.mp4", folder / "two.mp4")
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory, clips):
    """What one machine makes of them."""
    out = tmp_path_factory.mktemp("alone") / "dataset"
    assert finished(batch(clips, out))[0] == 0
    return out


def batch(source, out, *options, env=None):
    command = [sys.executable, "-m", "hipcv", "batch", str(source), "--out", str(out), "--model", "lite", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env={**os.environ, **(env or {})}
    )


def finished(process):
    try:
        out, errors = process.communicate(timeout=90)
    finally:
        process.kill()
    return process.returncode, out, errors


def order_for(path, folder, **changed):
    return replace(ClipTask(str(path), path.name, str(folder / f"{path.name}.json"), model="lite"), **changed)


def junk(folder, count):
    """Clips that are told apart from videos at once, each with its number."""
    path = folder / "junk.mp4"
    path.write_bytes(b"no video")
    return ((number, order_for(path, folder)) for number in range(count))


def dataset(folder):
    """All files of a dataset, but for the time in run.json."""
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".hipcv" not in path.parts}
    run = json.loads(files.pop(Path("run.json")))
    return files, {name: value for name, value in run.items() if name != "time"}


def assert_one_sentence(errors, *parts):
    (line,) = errors.strip().splitlines()
    assert line.endswith(".")
    for part in parts:
        assert part in line


# ---------------------------------------------------------------- workers that are lost
@pytest.mark.release
def test_a_worker_killed_in_the_middle_of_a_clip_changes_nothing_in_the_dataset(two_workers, clips, alone, tmp_path):
    run = batch(clips, tmp_path / "dataset", "--scheduler", two_workers.address)
    worker = eventually(lambda: two_workers.worker_with(clips / "one.mp4"))
    (child,) = _children(worker)
    worker.kill()
    eventually(lambda: not child.is_running())
    status, out, errors = finished(run)
    assert (status, errors) == (0, "")
    assert out.endswith("2 of 2 clips measured.\n")
    assert dataset(tmp_path / "dataset") == dataset(alone)
    eventually(lambda: not two_workers.children())


@pytest.mark.release
def test_a_lost_worker_that_nobody_replaces_leaves_its_clip_to_the_others(clips, alone, tmp_path):
    with a_cluster(tmp_path, 2, "--no-nanny") as made:
        run = batch(clips, tmp_path / "dataset", "--scheduler", made.address)
        eventually(lambda: made.worker_with(clips / "two.mp4")).kill()
        status, _, errors = finished(run)
    assert (status, errors) == (0, "")
    assert dataset(tmp_path / "dataset") == dataset(alone)


@pytest.mark.release
def test_a_clip_that_takes_worker_after_worker_with_it_has_its_own_row(two_workers, clips, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(clips / "one.mp4", folder / "culprit.mp4")
    (folder / "other.mp4").write_bytes(b"no video")
    run = batch(folder, tmp_path / "dataset", "--scheduler", two_workers.address)
    for _ in range(ALLOWED_FAILURES + 1):
        worker = eventually(lambda: two_workers.worker_with(folder / "culprit.mp4"))
        worker.kill()
        worker.wait()
    status, _, errors = finished(run)
    assert status == 1
    assert "culprit.mp4: several workers were lost while it was measured." in errors
    with (tmp_path / "dataset" / "failures.csv").open() as file:
        assert {row["clip"]: row["code"] for row in csv.DictReader(file)} == {"culprit.mp4": "worker_lost", "other.mp4": "unreadable_clip"}


def test_a_cluster_that_stays_without_workers_is_given_up(one_worker, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_LOOK_S", 0.2)
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1)
    work = cluster.results(junk(tmp_path, 50), one_worker.address, LIMITS)
    next(work)
    one_worker.kill_workers()
    with pytest.raises(ClusterError, match=r"has had no worker .* The same command goes on from there"):
        list(work)


def test_a_scheduler_that_is_lost_ends_the_run_with_a_sentence(one_worker, tmp_path):
    work = cluster.results(junk(tmp_path, 50), one_worker.address, LIMITS)
    next(work)
    one_worker.scheduler.kill()
    with pytest.raises(ClusterError, match=r"connection to the scheduler was lost.* The same command goes on from there\."):
        list(work)


@pytest.mark.release
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here to make certificates with")
def test_a_cluster_that_talks_tls_is_used_as_any_other(clips, alone, tmp_path):
    """As docs/cluster.md advises for networks that others use, too; Dask's own settings name the certificates."""
    subject = ["-subj", "/CN=hipcv", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], cwd=tmp_path, check=True, capture_output=True)
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    tls = {
        "CA_FILE": cert,
        **{f"{who}__{what}": path for who in ("SCHEDULER", "WORKER", "CLIENT") for what, path in (("CERT", cert), ("KEY", key))},
    }
    env = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": path for name, path in tls.items()}
    with a_cluster(
        tmp_path,
        1,
        "--no-nanny",
        "--protocol",
        "tls",
        scheduler_env={**env, "DASK_DISTRIBUTED__COMM__DEFAULT_SCHEME": "tls"},
        worker_env=env,
    ) as made:
        assert made.address.startswith("tls://")
        status, _, errors = finished(batch(clips, tmp_path / "dataset", "--scheduler", made.address, env=env))
    assert (status, errors) == (0, "")
    assert dataset(tmp_path / "dataset") == dataset(alone)


# ---------------------------------------------------------------- what is with the cluster, and for how long
@pytest.mark.release
def test_only_a_few_clips_are_with_the_cluster_at_a_time(two_workers, tmp_path):
    drawn = []
    done = set()
    for number, result in cluster.results((drawn.append(pair) or pair for pair in junk(tmp_path, 40)), two_workers.address, LIMITS):
        done.add(number)
        assert result.result is Result.FAILED
        assert len(drawn) - len(done) <= cluster._AHEAD * 2
        eventually(lambda: len(two_workers.children()) <= 2)  # one that has done its share may still be ending
    assert done == set(range(40))
    eventually(lambda: not two_workers.children())


@pytest.mark.release
def test_ctrl_c_takes_back_what_was_handed_out(two_workers, clips, tmp_path):
    run = batch(clips, tmp_path / "dataset", "--scheduler", two_workers.address)
    eventually(lambda: two_workers.worker_with(clips / "one.mp4"))
    run.send_signal(signal.SIGINT)
    assert finished(run) == (130, "", "0 clips are done. The same command goes on from there.\nStopped.\n")
    eventually(lambda: not two_workers.children(), patience_s=5)
    assert [result.code for _, result in cluster.results(junk(tmp_path, 1), two_workers.address, LIMITS)] == ["unreadable_clip"]


# ---------------------------------------------------------------- clusters that cannot do it
@pytest.mark.release
def test_where_no_scheduler_answers_one_sentence_says_so(clips, tmp_path):
    """All at the same time, as each takes its time."""
    with socket.create_server((HERE, 0)) as another:
        addresses = ["nonsense", f"tcp://{HERE}", "what://is:1", f"tcp://{HERE}:9", f"tcp://{HERE}:{another.getsockname()[1]}"]
        runs = [(address, batch(clips, tmp_path / str(i), "--scheduler", address)) for i, address in enumerate(addresses)]
        for address, run in runs:
            status, out, errors = finished(run)
            assert (status, out) == (1, "")
            assert_one_sentence(errors, f"{address}: no Dask scheduler answers there")


def test_a_cluster_without_workers_says_so(tmp_path):
    with a_cluster(tmp_path, 0) as made, pytest.raises(ClusterError, match="the cluster has no workers"):
        list(cluster.results(junk(tmp_path, 1), made.address, LIMITS))


@pytest.mark.release
@pytest.mark.parametrize("where", ["scheduler_env", "worker_env"])
def test_a_machine_without_hipcv_is_told(where, tmp_path):
    shadow = tmp_path / "shadow"
    (shadow / "hipcv").mkdir(parents=True)
    (shadow / "hipcv" / "__init__.py").touch()
    refused = pytest.raises(ClusterError, match=r"does not know this hipcv \(.*\)\. Install the same version")
    with a_cluster(tmp_path, 1, "--no-nanny", **{where: {"PYTHONPATH": str(shadow)}}) as made, refused:
        list(cluster.results(junk(tmp_path, 1), made.address, LIMITS))


@pytest.mark.release
def test_another_version_on_a_worker_is_told(two_workers, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "versions", lambda: {**dask_task.versions(), "numpy": "1.0"})
    with pytest.raises(ClusterError, match=r"numpy [\d.]+ instead of 1\.0\. Install the same versions"):
        list(cluster.results(junk(tmp_path, 1), two_workers.address, LIMITS))


@pytest.mark.release
def test_storage_that_a_worker_does_not_see_is_told(two_workers, tmp_path, monkeypatch):
    with pytest.raises(ClusterError, match=r"does not see the folder .* under the same paths"):
        list(cluster.results([(0, order_for(tmp_path / "a.mp4", tmp_path / "elsewhere"))], two_workers.address, LIMITS))
    monkeypatch.setattr(cluster, "sha256_if_any", lambda _: "a hash")  # as if the clip were here, and only here
    with pytest.raises(ClusterError, match=r"cannot read .*a\.mp4, which can be read here"):
        list(cluster.results([(0, order_for(tmp_path / "a.mp4", tmp_path))], two_workers.address, LIMITS))


@pytest.mark.release
def test_a_result_that_cannot_be_written_ends_the_run(two_workers, clips, tmp_path):
    with pytest.raises(OutputError, match="this is a folder"):
        list(cluster.results([(0, order_for(clips / "one.mp4", clips, document=str(tmp_path)))], two_workers.address, LIMITS))


def test_without_the_library_a_sentence_says_how_to_get_it(monkeypatch):
    from hipcv.cli.commands.batch import _on_cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "hipcv.batch.cluster")
    with pytest.raises(InstallationError, match=r"pip install 'hipcv\[cluster\]'"):
        _on_cluster("tcp://a:1", LIMITS)


def test_jobs_and_scheduler_exclude_each_other(clips, tmp_path):
    status, _, errors = finished(batch(clips, tmp_path / "dataset", "--scheduler", f"tcp://{HERE}:9", "--jobs", "2"))
    assert status == 2
    assert "--jobs" in errors


# ---------------------------------------------------------------- docs/cluster.md
DOC = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")


def test_every_command_of_the_document_is_one_that_hipcv_takes():
    from typer.main import get_command

    from hipcv.cli.main import app

    called = re.findall(r"\bhipcv (batch|merge) ([^`'\n]+)", DOC)
    assert len(called) > 5
    for name, text in called:
        numbered = re.sub(r"\$\w*INDEX|\$SLURM_ARRAY_TASK_ID|\$i\b", "3", text).replace("$SLURM_ARRAY_TASK_COUNT", "100")
        get_command(app).commands[name].make_context(name, shlex.split(numbered))


@pytest.mark.parametrize("script", re.findall(r"```bash\n(.*?)```", DOC, re.DOTALL))
def test_every_script_of_the_document_can_be_read_by_bash(script):
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_the_arithmetic_of_the_document_follows_from_its_table():
    seconds = [float(row) for row in re.findall(r"\| ([\d.]+) s \| [\d.]+ \|$", DOC, re.MULTILINE)]
    assert f"**{round(1e6 * seconds[-1] / 3600):,} core hours**".replace(",", " ") in DOC
    assert f"{round(1e6 * round(sum(seconds[:3]) / 3, 1) / 3600):,}.".replace(",", " ") in DOC
    assert f"{1000 * seconds[-1] / 3600 * 0.04:.2f} €" in DOC
