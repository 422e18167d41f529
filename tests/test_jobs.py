"""The queue of clips, over both kinds of database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.catalogues.message import Message
from hipcv.errors import JobNotFound, VisitNotFound
from hipcv.jobs.queue import CLIP, Queue
from hipcv.records.visit import Kind
from hipcv.store.job import ACTIVE, Camera, Request, Stage, State
from hipcv.store.store import Store, new_id


@pytest.fixture
def store(tmp_path, database_url):
    opened = Store(tmp_path / "data", None if database_url.startswith("sqlite") else database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def queue(store):
    return Queue(store)


@pytest.fixture
def add(queue, tmp_path):
    """Adds a clip by its name; the id of its job."""

    def add(name="clip.mp4", request=None):
        (tmp_path / "upload").write_bytes(name.encode())
        return queue.add(tmp_path / "upload", name, request or Request())

    return add


# ---------------------------------------------------------------- taking in
def test_a_clip_is_moved_in_under_a_name_of_our_own(queue, add, store, tmp_path):
    request = Request(Camera.FRONT, "Woche drei", Kind.AFTER, "schmerzfrei", keep_video=True)
    job = queue.job(add("../../holiday.mp4", request))
    assert (job.state, job.name, job.request) == (State.WAITING, "../../holiday.mp4", request)
    assert [path.relative_to(store.folder).as_posix() for path in (store.folder / "jobs").rglob("*") if path.is_file()] == [
        f"jobs/{job.id}/{CLIP}"
    ]
    assert not (tmp_path / "upload").exists()


def test_a_clip_of_others_is_copied(queue, tmp_path, store):
    (tmp_path / "sample.mp4").write_bytes(b"film")
    job_id = queue.add(tmp_path / "sample.mp4", "sample.mp4", Request(), copy=True)
    assert (tmp_path / "sample.mp4").read_bytes() == (store.job_folder(job_id) / CLIP).read_bytes() == b"film"


def test_a_new_job_knows_when_it_came_and_nothing_else(queue, add):
    job = queue.job(add())
    assert timedelta() <= datetime.now(UTC) - job.created_at < timedelta(minutes=1)
    assert (job.stage, job.done, job.total, job.stage_at, job.glance, job.problem, job.visit_id) == (None, 0, 0, None, (), None, None)


def test_a_name_too_long_for_its_column_is_cut(queue, add):
    assert queue.job(add("x" * 400)).name == "x" * 300


# ---------------------------------------------------------------- order
def test_jobs_are_claimed_in_the_order_in_which_they_came(queue, add):
    names = [f"clip {i}" for i in range(5)]
    for name in names:
        add(name)
    claimed = [queue.claim() for _ in names]
    assert [(job.name, job.state) for job in claimed] == [(name, State.RUNNING) for name in names]
    assert queue.claim() is None


def test_a_job_knows_how_many_wait_before_it(queue, add):
    first, second, third = (add() for _ in range(3))
    assert [queue.job(job_id).ahead for job_id in (first, second, third)] == [0, 1, 2]
    queue.claim()
    assert [queue.job(job_id).ahead for job_id in (first, second, third)] == [0, 0, 1]
    assert [job.ahead for job in queue.jobs(*ACTIVE)] == [0, 0, 1]
    queue.cancel(second)
    assert queue.job(third).ahead == 0


def test_no_job_is_claimed_twice_and_none_is_passed_over(queue, add):
    """Four servers, sixty jobs."""
    ids = [add() for _ in range(60)]
    together = threading.Barrier(4)

    def claim_all(_):
        together.wait()
        claimed = []
        while job := queue.claim():
            claimed.append(job.id)
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(claim_all, range(4)))
    assert sorted(job_id for mine in claimed for job_id in mine) == sorted(ids)
    assert all(mine == sorted(mine, key=ids.index) for mine in claimed)


def test_jobs_can_be_listed_by_their_state(queue, add):
    first, second, third = (add() for _ in range(3))
    queue.claim()
    queue.finish(third, State.FAILED, problem=Message("errors.job_crashed"))
    assert [job.id for job in queue.jobs()] == [first, second, third]
    assert [job.id for job in queue.jobs(State.RUNNING)] == [first]
    assert [job.id for job in queue.jobs(State.WAITING, State.FAILED)] == [second, third]
    assert queue.job(third).problem == Message("errors.job_crashed")


def test_the_sentence_of_a_job_of_an_earlier_version_is_kept(queue, add):
    old = add()
    sentence = "The measuring took longer than 45 minutes and was stopped. Cut the video to the test itself, or film in 1080p."
    queue.progress(old, state=State.FAILED.value, sentence=sentence)
    assert queue.job(old).problem.said() == sentence
    assert queue.job(old).problem.said("de").startswith("Die Messung dauerte länger als 45 Minuten")


# ---------------------------------------------------------------- on the way
def test_how_far_a_job_is_can_be_asked(queue, add):
    job_id = add()
    now = datetime.now(UTC)
    queue.progress(job_id, stage="measuring", done=30, total=120, stage_at=now, glance=[{"item": "light", "fine": False, "seen": "dark"}])
    job = queue.job(job_id)
    assert (job.stage, job.done, job.total, job.stage_at) == (Stage.MEASURING, 30, 120, now)
    assert job.glance == (ClipCheck(Item.LIGHT, False, "dark"),)


# ---------------------------------------------------------------- ends
def test_a_waiting_job_is_cancelled_at_once_and_its_clip_is_gone(queue, add, store):
    job_id = add()
    queue.cancel(job_id)
    assert queue.job(job_id).state is State.CANCELLED
    assert not store.job_folder(job_id).exists()
    assert queue.claim() is None


def test_a_running_job_is_asked_to_stop_and_keeps_its_clip_until_it_has(queue, add, store):
    job_id = add()
    queue.claim()
    queue.cancel(job_id)
    assert queue.job(job_id).state is State.STOPPING
    assert (store.job_folder(job_id) / CLIP).is_file()


@pytest.mark.parametrize("state", [State.DONE, State.FAILED, State.CANCELLED])
def test_a_job_that_has_ended_cannot_be_cancelled(queue, add, state):
    job_id = add()
    queue.claim()
    queue.finish(job_id, state)
    queue.cancel(job_id)
    assert queue.job(job_id).state is state


def test_the_clip_is_gone_whatever_the_end_was(queue, add, store):
    for state in (State.DONE, State.FAILED, State.CANCELLED):
        queue.finish(add(), state)
    assert list((store.folder / "jobs").iterdir()) == []


def test_what_the_person_wrote_is_gone_with_the_end_of_the_job(queue, tmp_path, store):
    def ask():
        (tmp_path / "film.mp4").write_bytes(b"film")
        return queue.add(tmp_path / "film.mp4", "film.mp4", Request(Camera.FRONT, "after the fall", note="it hurt"))

    failed, cancelled, stopped = ask(), ask(), ask()
    queue.finish(failed, State.FAILED, problem=Message("errors.job_too_long", {"minutes": 45}))
    queue.cancel(cancelled)
    queue.progress(stopped, state=State.STOPPING.value)
    queue.resume()
    assert [job.request for job in queue.jobs()] == 3 * [Request(Camera.FRONT)]
    for file in store.folder.glob("*.sqlite3*"):
        assert b"after the fall" not in file.read_bytes()


def test_a_forgotten_job_is_not_there_any_more(queue, add):
    job_id = add()
    queue.cancel(job_id)
    queue.forget(job_id)
    with pytest.raises(JobNotFound):
        queue.job(job_id)


def test_a_job_that_never_was_is_told(queue, add):
    add()
    for name in (new_id(), "", "../.."):
        with pytest.raises(JobNotFound):
            queue.job(name)


def test_what_is_no_id_becomes_no_path(queue, store):
    (store.folder / "jobs" / "keep").mkdir()
    for name in ("..", "../jobs/keep", "keep", ""):
        with pytest.raises(VisitNotFound):
            queue.clear(name)
    assert (store.folder / "jobs" / "keep").is_dir()


def test_starts_are_counted_but_for_those_that_ended_in_order(queue, add):
    job_id = add()
    for wanted in (1, 2, 3):
        queue.claim()
        assert queue.n_starts(job_id) == wanted
        queue.resume()
    queue.ended_in_order(job_id)
    assert queue.n_starts(job_id) == 2
    queue.finish(job_id, State.FAILED)
    queue.ended_in_order(job_id)
    assert queue.n_starts(job_id) == 0


def test_after_a_restart_what_ran_waits_again_first_and_what_was_to_stop_has_stopped(queue, add, store):
    ran, stopping, waited = (add() for _ in range(3))
    queue.claim()
    queue.progress(ran, stage="measuring", done=30, total=120, stage_at=datetime.now(UTC))
    queue.claim()
    queue.cancel(stopping)

    again = Queue(store)
    again.resume()
    job = again.job(ran)
    assert (job.state, job.stage, job.done, job.total, job.seconds_left()) == (State.WAITING, None, 0, 0, None)
    assert again.job(stopping).state is State.CANCELLED
    assert not store.job_folder(stopping).exists()
    assert [again.claim().id, again.claim().id, again.claim()] == [ran, waited, None]
