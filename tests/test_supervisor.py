"""Real clips on their way to a visit, each in a process of its own; and everything that may happen to them on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from filelock import FileLock
from sqlalchemy.exc import OperationalError

from hipcv import Mirrored, Settings
from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.catalogues.message import Message
from hipcv.errors import StoreError, StoreInUse
from hipcv.jobs import supervisor as supervisor_module
from hipcv.jobs.queue import Queue
from hipcv.jobs.supervisor import AT_ONCE, Supervisor
from hipcv.landmarks import Side
from hipcv.records import record
from hipcv.records.document import to_document
from hipcv.records.visit import Kind
from hipcv.store.job import ACTIVE, Camera, Request, Stage, State
from hipcv.store.store import Store
from tests.conftest import ROOT, SAMPLES

pytestmark = [
    pytest.mark.pose,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the tests look for processes in /proc"),
]
LONG = SAMPLES / "p07_oneleg.mp4"


def workers():
    """The processes of workers that are ours and run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (process / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == os.getpid() and state != "Z" and b"hipcv.jobs.worker" in command:
            found.append(int(process.name))
    return found


def until(holds, timeout_s=120.0):
    """Wait for something to become true."""
    end_s = time.monotonic() + timeout_s
    while not (seen := holds()):
        assert time.monotonic() < end_s, "it did not come about"
        time.sleep(0.02)
    return seen


@contextmanager
def supervised(folder, *is_held):
    """A store with its supervisor at work; whatever it was at waits for the next one."""
    supervisor = Supervisor(Store(folder), *is_held)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.close()
        supervisor.store.engine.dispose()
        assert workers() == []


@contextmanager
def unsupervised(folder):
    """The queue of a store that nobody looks after."""
    store = Store(folder)
    yield Queue(store)
    store.engine.dispose()


@contextmanager
def stderr_to(file):
    """Everything that this process and those that it starts write to stderr."""
    sys.stderr.flush()
    kept = os.dup(2)
    with file.open("wb") as out:
        os.dup2(out.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def why(job):
    """The sentence of a job that failed, in English."""
    return job.problem.said() if job.problem else ""


def ended(queue, *job_ids):
    return lambda: all(queue.job(job_id).state not in ACTIVE for job_id in job_ids)


def at(queue, job_id, stage):
    return lambda: queue.job(job_id).stage is stage and queue.job(job_id).done > 0


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def unfinished(store):
    """Files that were being written when somebody stopped it."""
    return [name for name in files(store.folder / "visits") if Path(name).name.startswith(".")]


def bad_clip(folder, name="text"):
    (folder / name).write_bytes(b"this is not a video\n" * 100)
    return folder / name


# ---------------------------------------------------------------- jobs that go their way
@dataclass(frozen=True)
class Done:
    """Two clips and two bad files, all at once, when everything has ended: the store, ids of the jobs, and what was seen meanwhile."""

    clip: Path
    store: Store
    queue: Queue
    ids: dict[str, str]
    most_at_once: int
    stderr: bytes

    def job(self, name):
        return self.queue.job(self.ids[name])

    def visit(self, name):
        return self.store.visit(self.job(name).visit_id)

    def record(self, name):
        return self.store.record(self.job(name).visit_id)

    def folder(self, name):
        return self.store.folder_of(self.job(name).visit_id)


@pytest.fixture(scope="module")
def done(short_clip, of_this_run):
    """Made once, whichever of the processes of pytest comes first."""
    folder = of_this_run / "all-done"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "seen.json").exists():
            shutil.copyfile(short_clip, folder / "clip.mp4")
            (folder / "seen.json").write_text(json.dumps(all_at_once(folder)))
    seen = json.loads((folder / "seen.json").read_text())
    store = Store(folder / "data")
    yield Done(folder / "clip.mp4", store, Queue(store), seen["ids"], seen["most"], (folder / "stderr").read_bytes())
    store.engine.dispose()


def all_at_once(folder):
    """Ids of the jobs by a name of ours, and the most workers that were ever seen."""
    counts, over = [0], threading.Event()

    def watch():
        while not over.wait(0.02):
            counts.append(len(workers()))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with stderr_to(folder / "stderr"), supervised(folder / "data") as supervisor:
            queue, clip, bad = supervisor.queue, folder / "clip.mp4", bad_clip(folder)
            request = Request(Camera.BACK, "Woche drei", Kind.BEFORE, "links besser", keep_video=True)
            ids = {
                "kept": queue.add(clip, "mine.mp4", request, copy=True),
                "bad": queue.add(bad, "../holiday.mp4", Request(), copy=True),
                "selfie": queue.add(clip, "selfie.mp4", Request(Camera.FRONT), copy=True),
                "worse": queue.add(bad, "worse.mp4", Request(), copy=True),
            }
            until(ended(queue, *ids.values()))
    finally:
        over.set()
        watching.join()
    return {"ids": ids, "most": max(counts)}


@pytest.fixture(scope="module")
def measured(done, memory):
    """The same clip, measured here."""
    return memory.measure(done.clip, settings=Settings(mirrored=Mirrored.NO))


def test_a_job_becomes_a_visit_with_what_the_person_said(done):
    visit = done.visit("kept")
    assert (done.job("kept").state, why(done.job("kept"))) == (State.DONE, "")
    assert (visit.title, visit.kind, visit.note) == ("Woche drei", Kind.BEFORE, "links besser")
    assert len(done.store.visits()) == 2


def test_the_document_is_that_of_the_same_clip_measured_elsewhere(done, measured):
    expected = to_document(measured)
    expected["clip"]["name"] = "mine.mp4"
    assert done.visit("kept").document == expected
    assert done.record("kept").document == expected
    assert to_document(done.record("kept").measurement) == expected


def test_a_selfie_is_measured_as_one(done):
    """What is the right hip of a picture that is not mirrored is the left one of a picture that is."""
    plain, mirrored = done.visit("kept").document, done.visit("selfie").document
    assert (plain["mirrored"], mirrored["mirrored"]) == (False, True)
    assert len(mirrored["hips"]["left"]["reps"]) == len(plain["hips"]["right"]["reps"]) > 0
    assert mirrored["hips"]["right"]["reps"] == []


def test_a_visit_has_its_stills_its_figure_and_its_overlay(done):
    kept = done.record("kept")
    stills = [kept.still(Side.RIGHT, index) for index in range(len(kept.measurement.hips[Side.RIGHT].reps))]
    assert len(stills) >= 1
    assert all(path.read_bytes().startswith(b"\xff\xd8") for path in stills)
    assert (kept.folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    with av.open(str(kept.overlay)) as overlay:
        assert overlay.streams.video[0].frames == 100


def test_the_first_look_is_there_to_be_seen(done):
    glance = done.job("kept").glance
    assert {one.item for one in glance} == set(Item)
    assert all(one.fine for one in glance)
    assert ClipCheck(Item.MIRRORED, True, "back") in glance


def test_the_clip_is_gone_unless_it_was_to_be_kept(done):
    assert list((done.store.folder / "jobs").iterdir()) == []
    assert (done.folder("kept") / "video").read_bytes() == done.clip.read_bytes()
    assert {path.name for path in done.folder("kept").iterdir()} - {path.name for path in done.folder("selfie").iterdir()} >= {"video"}
    assert not (done.folder("selfie") / "video").exists()
    assert unfinished(done.store) == []


def test_a_bad_file_fails_with_the_sentence_and_the_person_s_own_name_of_it(done):
    for name, own in (("bad", "holiday.mp4"), ("worse", "worse.mp4")):
        job = done.job(name)
        assert (job.state, job.visit_id) == (State.FAILED, None)
        assert why(job).startswith(f"{own}: ")
        assert why(job).endswith(".")
        assert str(done.store.folder) not in why(job)


def test_never_more_than_two_run_at_once(done):
    assert done.most_at_once == AT_ONCE == 2


def test_nothing_is_said_on_stderr(done):
    assert done.stderr == b""


def test_what_was_said_of_a_visit_stays_with_the_visit_alone(done):
    """Or it would outlive a note that is changed."""
    assert done.job("kept").request == Request(Camera.BACK, keep_video=True)


def test_the_folder_of_a_visit_is_whole_in_itself(done, tmp_path):
    shutil.copytree(done.folder("selfie"), tmp_path / "copy")
    assert record.read(tmp_path / "copy").measurement.clip.name == "selfie.mp4"


# ---------------------------------------------------------------- jobs that do not
@pytest.mark.slow
def test_one_is_cancelled_one_is_killed_and_the_next_one_goes_on(tmp_path):
    """Both while they are measured; neither leaves anything."""
    with supervised(tmp_path / "data") as supervisor:
        store, queue = supervisor.store, supervisor.queue
        killed = queue.add(LONG, "killed.mp4", Request(), copy=True)
        (pid,) = until(workers)
        cancelled = queue.add(LONG, "cancelled.mp4", Request(), copy=True)
        next_one = queue.add(bad_clip(tmp_path), "next.mp4", Request())
        until(at(queue, cancelled, Stage.MEASURING))
        assert queue.job(next_one).state is State.WAITING

        start_s = time.monotonic()
        queue.cancel(cancelled)
        assert queue.job(cancelled).state is State.STOPPING
        until(ended(queue, cancelled))
        assert time.monotonic() - start_s < 4.0
        assert (queue.job(cancelled).state, why(queue.job(cancelled))) == (State.CANCELLED, "")

        until(at(queue, killed, Stage.MEASURING))
        os.kill(pid, signal.SIGKILL)
        until(ended(queue, killed, next_one))
        assert queue.job(killed).state is State.FAILED
        assert why(queue.job(killed)).startswith("The measuring ended unexpectedly")
        assert why(queue.job(next_one)).startswith("next.mp4: ")
        assert store.visits() == []
        assert [path for part in ("visits", "jobs") for path in (store.folder / part).iterdir()] == []


@pytest.mark.release
def test_a_clip_that_ended_five_servers_is_given_up_and_what_is_measured_stays(short_clip, tmp_path, remembering):
    remembering()
    with supervised(tmp_path / "data") as supervisor:
        store, queue = supervisor.store, supervisor.queue
        drawn = queue.add(short_clip, "mine.mp4", Request(keep_video=True), copy=True)
        until(at(queue, drawn, Stage.DRAWING))
        starts = [store.job_folder(drawn) / "starts"]
    assert starts[0].read_bytes() == b""  # it ended in order
    with unsupervised(tmp_path / "data") as queue:
        bad = queue.add(short_clip, "bad.mp4", Request(), copy=True)
        starts.append(store.job_folder(bad) / "starts")
        for one in starts:
            one.write_bytes(5 * b".")
    with supervised(tmp_path / "data") as supervisor:
        until(ended(supervisor.queue, drawn, bad))
        assert supervisor.queue.job(drawn).state is State.DONE
        assert supervisor.queue.job(bad).state is State.FAILED
        assert why(supervisor.queue.job(bad)).startswith("The measuring ended unexpectedly")
        (visit,) = supervisor.store.visits()
        assert (tmp_path / "data" / "visits" / visit.id / "video").exists()
        assert unfinished(supervisor.store) == []


@pytest.mark.release
def test_a_server_that_ends_leaves_its_jobs_to_the_next_one(short_clip, tmp_path, remembering):
    """It ends once while the clip is measured and once while the pictures are drawn: there is one visit, and it is whole."""
    with supervised(tmp_path) as supervisor:
        job_id = supervisor.queue.add(short_clip, "mine.mp4", Request(title="Woche drei"), copy=True)
        until(at(supervisor.queue, job_id, Stage.MEASURING))
    with unsupervised(tmp_path) as queue:
        assert queue.job(job_id).state is State.RUNNING
        assert list((tmp_path / "visits").iterdir()) == []
    remembering()
    with supervised(tmp_path) as supervisor:
        until(at(supervisor.queue, job_id, Stage.DRAWING))
        (visit,) = supervisor.store.visits()
        supervisor.store.rename(visit.id, title="Woche vier", kind=Kind.AFTER, note="", measured_at=visit.measured_at)
    with supervised(tmp_path) as supervisor:
        until(ended(supervisor.queue, job_id))
        job = supervisor.queue.job(job_id)
        (visit,) = supervisor.store.visits()
        assert (job.state, job.visit_id, visit.title) == (State.DONE, visit.id, "Woche vier")
        assert supervisor.store.record(visit.id).overlay is not None
        assert {Path(name).name for name in files(tmp_path / "visits")} >= {
            "figure.png",
            "overlay.mp4",
            "legs.mp4",
            "legs.json",
            "right-0.jpg",
        }
        assert unfinished(supervisor.store) == []
        assert files(tmp_path / "jobs") == []


@pytest.mark.release
def test_a_visit_may_be_deleted_or_its_job_cancelled_while_the_pictures_are_drawn(short_clip, tmp_path, remembering):
    remembering()
    with supervised(tmp_path / "data") as supervisor:
        store, queue = supervisor.store, supervisor.queue
        deleted, cancelled = (queue.add(short_clip, "mine.mp4", Request(title=title), copy=True) for title in ("deleted", "cancelled"))
        until(at(queue, deleted, Stage.DRAWING))
        store.delete(queue.job(deleted).visit_id)
        until(lambda: queue.job(cancelled).visit_id)
        queue.cancel(cancelled)
        last = queue.add(bad_clip(tmp_path), "last.mp4", Request())
        until(ended(queue, cancelled, last))
        until(lambda: not workers())

        (visit,) = store.visits()
        assert (visit.title, queue.job(cancelled).state, queue.job(cancelled).visit_id) == ("cancelled", State.DONE, visit.id)
        assert [path.name for path in (store.folder / "visits").iterdir()] == [visit.id]
        assert unfinished(store) == []
        assert to_document(store.record(visit.id).measurement) == visit.document
        assert files(store.folder / "jobs") == []
        assert why(queue.job(last)).startswith("last.mp4: ")


# ---------------------------------------------------------------- what nobody came back for
def put(path, age_s):
    """A file with something in it, or an opened folder, of that age."""
    if path.parent.name == "opened":
        path.mkdir()
        (path / "right-0.jpg").touch()
    else:
        path.touch()
    os.utime(path, (time.time() - age_s, time.time() - age_s))
    return path


def tidied(store):
    """Until the supervisor has been through everything once more."""
    for name in ("first", "second"):  # it may be at it when the first one comes
        last = put(store.opened / name, 400)
        until(lambda last=last: not last.exists())


@pytest.mark.slow
def test_uploads_that_nobody_measured_go_and_fresh_ones_stay(tmp_path):
    with supervised(tmp_path) as supervisor:
        for name, age_s in {"old": 15, "fresh": 0, "coming.part": 60, "stuck.part": 900}.items():
            put(supervisor.store.uploads / name, age_s)
        tidied(supervisor.store)
        assert sorted(path.name for path in supervisor.store.uploads.iterdir()) == ["coming.part", "fresh"]


@pytest.mark.slow
def test_what_was_sent_stays_while_a_tab_holds_it_and_goes_when_none_does(tmp_path):
    held = set()
    with supervised(tmp_path, held.__contains__) as supervisor:
        held |= {supervisor.store.opened / "shown", supervisor.store.uploads / "chosen"}
        kept = [put(path, 400) for path in held]
        tidied(supervisor.store)
        assert all(path.exists() for path in kept)
        held.clear()
        tidied(supervisor.store)
        assert not any(path.exists() for path in kept)


def test_what_cannot_be_deleted_is_in_nothings_way(tmp_path, monkeypatch):
    def refusing(path, remove=supervisor_module.remove):
        if path.name == "stuck":
            raise StoreError("store_not_deleted")
        remove(path)

    monkeypatch.setattr(supervisor_module, "remove", refusing)
    with supervised(tmp_path) as supervisor:
        stuck, other = put(supervisor.store.uploads / "stuck", 400), put(supervisor.store.opened / "other", 400)
        until(lambda: not other.exists())
        assert stuck.exists()


# ---------------------------------------------------------------- what a server may meet
def test_two_servers_never_share_a_store(tmp_path, database_url):
    url = None if database_url.startswith("sqlite") else database_url
    stores = [Store(tmp_path / folder, url) for folder in (("a", "a") if url is None else ("a", "b"))]
    first, second = map(Supervisor, stores)
    first.start()
    try:
        with pytest.raises(StoreInUse, match="already open"):
            second.start()
    finally:
        first.close()
    third = Supervisor(stores[1])
    third.start()
    third.close()
    for store in stores:
        store.engine.dispose()


@pytest.mark.slow
def test_while_everything_is_deleted_nothing_starts_though_somebody_goes_on_sending(short_clip, tmp_path):
    with supervised(tmp_path / "data") as supervisor:
        queue = supervisor.queue
        running = queue.add(short_clip, "running.mp4", Request(), copy=True)
        until(at(queue, running, Stage.MEASURING))
        with supervisor.at_rest():
            assert workers() == []
            queue.add(short_clip, "late.mp4", Request(), copy=True)
            time.sleep(1.0)
            assert workers() == []
            supervisor.store.delete_all()
        assert (queue.jobs(), files(supervisor.store.folder / "jobs")) == ([], [])


def test_a_database_that_does_not_answer_for_a_while_is_asked_again(tmp_path, caplog):
    with supervised(tmp_path) as supervisor:
        claim, asked = supervisor.queue.claim, []

        def unreachable():
            asked.append(1)
            if len(asked) < 4:
                raise OperationalError("SELECT", {}, OSError("connection refused"))
            return claim()

        supervisor.queue.claim = unreachable
        job_id = supervisor.queue.add(bad_clip(tmp_path), "bad.mp4", Request())
        until(ended(supervisor.queue, job_id))
    assert "it is tried again" in caplog.text


def breaking_off(call, times, *, too_late=False):
    """`call`, which fails at first: before it did anything, or after it did it all."""
    fails = [OperationalError("UPDATE", {}, OSError("server closed the connection")) for _ in range(times)]

    def called(*given, **named):
        if fails and too_late:
            call(*given, **named)
        if fails:
            raise fails.pop()
        return call(*given, **named)

    return called


@pytest.mark.slow
def test_a_database_that_goes_away_in_the_middle_costs_no_measurement(short_clip, tmp_path, remembering):
    remembering()
    with supervised(tmp_path) as supervisor:
        store, queue = supervisor.store, supervisor.queue
        queue.progress = breaking_off(queue.progress, 3)
        store.add = breaking_off(store.add, 1, too_late=True)
        queue.finish = breaking_off(queue.finish, 2)
        job_id = queue.add(short_clip, "mine.mp4", Request(title="Week 3"), copy=True)
        until(ended(queue, job_id))
        assert queue.job(job_id).state is State.DONE
        assert [visit.title for visit in store.visits()] == ["Week 3"]
        assert store.record(queue.job(job_id).visit_id).overlay


@pytest.mark.slow
def test_a_result_that_cannot_be_recorded_fails_its_job_alone(short_clip, tmp_path, remembering, caplog):
    remembering()

    def refuse(_):
        raise ValueError("no such visit can be kept")

    with supervised(tmp_path / "data") as supervisor:
        store, queue = supervisor.store, supervisor.queue
        store.add = refuse
        lost = queue.add(short_clip, "mine.mp4", Request(), copy=True)
        next_one = queue.add(bad_clip(tmp_path), "next.mp4", Request())
        until(ended(queue, lost, next_one))
        assert why(queue.job(lost)).startswith("The measuring ended unexpectedly")
        assert why(queue.job(next_one)).startswith("next.mp4: ")
        assert files(store.folder / "visits") == []
        last = queue.add(bad_clip(tmp_path, "other"), "last.mp4", Request())
        until(ended(queue, last))
    assert "the job has failed" in caplog.text


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes")
def test_ctrl_c_in_the_terminal_leaves_the_job_to_the_next_start(short_clip, tmp_path, remembering):
    """A terminal sends it to the server and to all its children."""
    script = tmp_path / "server.py"
    script.write_text(_SERVER)
    server = subprocess.Popen(
        [sys.executable, script, tmp_path / "data", short_clip], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with server, server.stdout as said:
        job_id = said.readline().strip()
        assert said.readline() == "measuring\n"
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(30) == 0
    remembering()
    with supervised(tmp_path / "data") as supervisor:
        until(ended(supervisor.queue, job_id))
        assert supervisor.queue.job(job_id).state is State.DONE


_SERVER = """
import sys, time
from pathlib import Path
from hipcv.jobs.supervisor import Supervisor
from hipcv.store.job import Request, Stage
from hipcv.store.store import Store

supervisor = Supervisor(Store(Path(sys.argv[1])))
supervisor.start()
try:
    job_id = supervisor.queue.add(Path(sys.argv[2]), "mine.mp4", Request(), copy=True)
    print(job_id, flush=True)
    while supervisor.queue.job(job_id).stage is not Stage.MEASURING:
        time.sleep(0.02)
    print("measuring", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    supervisor.close()
"""


def test_failures_are_forgotten_after_a_week(tmp_path):
    with unsupervised(tmp_path) as queue:
        old, recent, waiting = (queue.add(bad_clip(tmp_path), "bad.mp4", Request()) for _ in range(3))
        for job_id, days in ((old, 8), (recent, 6)):
            queue.finish(job_id, State.FAILED, problem=Message("errors.job_crashed"))
            queue.progress(job_id, created_at=datetime.now(UTC) - timedelta(days=days))
        queue.cancel(waiting)
    with supervised(tmp_path) as supervisor:
        until(lambda: old not in {job.id for job in supervisor.queue.jobs()})
        assert {job.id for job in supervisor.queue.jobs()} == {recent, waiting}
