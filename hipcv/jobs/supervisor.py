"""Runs the jobs of a store, two at a time, each in its own process, and survives their crashes."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hipcv.catalogues.message import Message
from hipcv.errors import HipcvError, JobNotFound, StoreError, VisitNotFound
from hipcv.jobs.child_process import ChildEnded, ChildProcess, Exceeded, Limits, News
from hipcv.jobs.queue import CLIP, Queue
from hipcv.jobs.worker import Task
from hipcv.records.document import SCHEMA
from hipcv.records.record import DOCUMENT, VIDEO
from hipcv.records.visit import Visit
from hipcv.store.job import ACTIVE, Job, Stage, State
from hipcv.store.server_lock import ServerLock
from hipcv.store.store import UNFINISHED, Store, remove

AT_ONCE = 2
_log = logging.getLogger(__name__)
_TICK_S = 0.2
_GRACE_S = 5.0
_LIMITS = Limits()
_BEYOND = {Exceeded.TIME: "errors.job_too_long", Exceeded.MEMORY: "errors.job_too_large"}
_LEFT_KEPT_S = 12
"""For a moment no tab holds an upload: when it has just arrived, and while it becomes a job."""
_COMING_KEPT_S = 600
"""An upload in progress may stall for a while."""
_TIDY_S = 5
_FAILED_KEPT_S = 7 * 24 * 3600
_MOST_STARTS = 5
"""A server may end while it measures; a clip that ends every server must not be started for ever."""
_AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""Errors of a database that does not answer now but may again."""


class Supervisor:
    """A thread that runs the queue until `close`."""

    def __init__(self, store: Store, is_held: Callable[[Path], bool] = lambda _: False) -> None:
        self.store, self.queue, self._is_held = store, Queue(store), is_held
        self._alone = ServerLock(store)
        self._runs: list[_Run] = []
        self._closing, self._resting, self._starting = threading.Event(), threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._keep_going, name="hipcv-supervisor", daemon=True)

    def start(self) -> None:
        """Resume the jobs that an earlier server left, then run new ones as they come.

        Raises
        ------
        StoreInUse
            If another server is using this store.
        """
        self._alone.take()
        self.store.clear_orphans()
        self.queue.resume()
        self._thread.start()

    def close(self) -> None:
        """End all processes; their jobs are resumed at the next start."""
        self._closing.set()
        self._thread.join()
        for run in self._runs:
            run.kill()
            self.queue.ended_in_order(run.job_id)
        self._alone.release()

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Cancel all active jobs and start none while the context is open.

        Raises
        ------
        StoreError
            If a job does not stop.
        """
        self._resting.set()
        try:
            with self._starting:  # wait for a job that is just being started
                pass
            for job in self.queue.jobs(*ACTIVE):
                self.queue.cancel(job.id)
            self._wait_idle(3 * _GRACE_S)
            yield
        finally:
            self._resting.clear()

    def _wait_idle(self, patience_s: float) -> None:
        end_s = time.monotonic() + patience_s
        while self._runs and not self._closing.is_set():
            if time.monotonic() > end_s:
                raise StoreError("job_not_stopped")
            time.sleep(_TICK_S)

    def _keep_going(self) -> None:
        last_tidied = 0.0
        while not self._closing.wait(_TICK_S):
            try:
                self._look_after_runs()
                if time.monotonic() - last_tidied > _TIDY_S:
                    last_tidied = time.monotonic()
                    self._tidy()
            except (SQLAlchemyError, HipcvError, OSError):  # a restarting database, a full disk: the next tick tries again
                _log.exception("The queue could not be looked after; it is tried again.")

    def _look_after_runs(self) -> None:
        self._runs = [run for run in self._runs if not run.has_ended()]
        with self._starting:
            while not self._resting.is_set() and len(self._runs) < AT_ONCE and (job := self.queue.claim()):
                self._runs.append(_Run(self.store, self.queue, job))

    def _tidy(self) -> None:
        """Delete leftovers: uploads and opened files whose tabs were closed, old failures."""
        for path in (*self.store.uploads.iterdir(), *self.store.opened.iterdir()):
            # It may just have become a job, or be open in another program: then the next round tries again.
            with suppress(FileNotFoundError, StoreError):
                if _age_s(path) > (_COMING_KEPT_S if path.suffix == UNFINISHED else _LEFT_KEPT_S) and not self._is_held(path):
                    remove(path)
        for job in self.queue.jobs(State.FAILED, State.CANCELLED):
            if (datetime.now(UTC) - job.created_at).total_seconds() > _FAILED_KEPT_S:
                self.queue.forget(job.id)


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime


class _Run:
    """The process of one job."""

    def __init__(self, store: Store, queue: Queue, job: Job) -> None:
        self._store, self._queue, self._job = store, queue, job
        self._visit_id, self._measured = job.visit_id or job.id, job.visit_id is not None  # a resumed job may already have its visit
        self._problem: Message | None = None
        self._stop_asked_s: float | None = None
        self._news: News | None = None
        self._begun = False
        self._child = ChildProcess("hipcv.jobs.worker", _LIMITS, store.folder)
        self._is_given_up = queue.n_starts(job.id) > _MOST_STARTS
        if self._is_given_up:
            return
        clip, asked = store.job_folder(job.id) / CLIP, job.request
        self._child.send(asdict(Task(str(clip), str(self._folder), job.name, asked.camera.value, asked.filmed, asked.turn.value)))

    @property
    def job_id(self) -> str:
        """The job's id."""
        return self._job.id

    @property
    def _folder(self) -> Path:
        return self._store.folder_of(self._visit_id)

    def has_ended(self) -> bool:
        """Whether it is over; records its news, and stops it if it must be stopped.

        While the database does not answer, the news waits for the next call. News that cannot be recorded for any other reason fails
        this job alone.
        """
        if self._is_given_up:
            self._child.kill()
            self._finish()
            return True
        try:
            while (news := self._news or self._child.news(0)) is not None:
                self._news = news  # until it has been recorded
                self._take(news)
                self._news = None
            self._stop_if_asked()
        except _AWAY:
            pass
        except ChildEnded:
            self._finish()
            return True
        except Exception:
            _log.exception("What a job reported could not be recorded; the job has failed.")
            self._news, self._problem = None, Message("errors.job_crashed")
            self._child.kill()
        return False

    def kill(self) -> None:
        """End the process at once and leave the job as it is."""
        self._child.kill()
        if not self._measured:
            with suppress(StoreError):  # the next start clears it away
                remove(self._folder)

    def _stop_if_asked(self) -> None:
        if self._stop_asked_s is not None:
            if time.monotonic() - self._stop_asked_s > _GRACE_S:
                self._child.kill()
            return
        exceeded = self._child.exceeded()
        if exceeded or self._is_unwanted():
            self._problem = (
                Message(_BEYOND[exceeded], {"minutes": _LIMITS.time_s / 60, "megabytes": _LIMITS.memory_mb}) if exceeded else None
            )
            self._stop_asked_s = time.monotonic()
            self._child.ask_to_stop()

    def _is_unwanted(self) -> bool:
        """Whether the person stopped the job, or deleted its visit while the overlay was being drawn."""
        try:
            return self._queue.job(self._job.id).state is State.STOPPING
        except JobNotFound:
            return True

    def _take(self, news: Any) -> None:
        match news:
            case {"news": "stage", "stage": stage}:
                self._begin(stage)
            case {"news": "progress", "done": done, "total": total}:
                clock = {} if self._begun else {"stage_at": datetime.now(UTC)}
                self._queue.progress(self._job.id, done=done, total=total, **clock)
                self._begun = True
            case {"news": "glance", "glance": glance}:
                self._queue.progress(self._job.id, glance=glance)
            case {"news": "measured"}:
                self._keep()
            case {"news": "failed", "problem": problem}:
                self._problem = Message.from_text(problem)
                self._child.close()
            case {"news": "done"}:
                self._child.close()

    def _begin(self, stage: str, **changed: str) -> None:
        """Start a stage; its clock starts with the first progress, since loading the model tells nothing about the time left."""
        self._queue.progress(self._job.id, stage=stage, done=0, total=0, stage_at=None, **changed)
        self._begun = False

    def _keep(self) -> None:
        """Store the visit as soon as it is measured, so that it can be viewed while the overlay is being drawn."""
        document = json.loads((self._folder / DOCUMENT).read_text(encoding="utf-8"))
        assert document["schema"] == SCHEMA
        request = self._job.request
        if not self._measured and not self._is_kept():  # it is if the database saved it but the connection broke before it confirmed
            self._store.add(Visit(self._visit_id, request.filmed_at(), request.title, request.kind, request.note, document))
        self._measured = True
        self._begin(Stage.DRAWING.value, visit_id=self._visit_id)

    def _finish(self) -> None:
        folder = self._folder
        if self._measured and self._is_kept():
            for unfinished in folder.glob(".*"):
                unfinished.unlink()
            if self._job.request.keep_video:
                with suppress(FileNotFoundError):  # the visit was deleted meanwhile, or an earlier server has already moved the video
                    (self._store.job_folder(self._job.id) / CLIP).replace(folder / VIDEO)
            self._queue.finish(self._job.id, State.DONE)
            return
        with suppress(StoreError):  # the next start clears it away; waiting jobs need this slot
            remove(folder)
        if self._stop_asked_s is not None and not self._problem:
            self._queue.finish(self._job.id, State.CANCELLED)
        else:
            self._queue.finish(self._job.id, State.FAILED, problem=self._problem or Message("errors.job_crashed"))

    def _is_kept(self) -> bool:
        """Whether the visit still exists; it can be deleted while the overlay is being drawn."""
        try:
            self._store.visit(self._visit_id)
        except VisitNotFound:
            return False
        return True
