"""The queue of clips to measure, kept in the database so that no closed tab or restart loses one."""

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update

from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.catalogues.message import Message, Saying
from hipcv.errors import JobNotFound
from hipcv.language.earlier_documents import AsWritten
from hipcv.store.access import Action
from hipcv.store.database import forget_deleted
from hipcv.store.job import Job, Request, Stage, State
from hipcv.store.sql_tables import JobRow
from hipcv.store.store import Store, new_id, remove

CLIP = "clip"
"""File name of the clip in its job folder; the name that the person gave it is only a label."""
_STARTS = "starts"
"""Beside it: a byte for every time that the job was begun."""


class Queue:
    """The jobs of a store."""

    def __init__(self, store: Store) -> None:
        self._store, self._gate = store, store.gate

    def add(self, clip: Path, name: str, request: Request, *, copy: bool = False) -> str:
        """Add a job: its clip is moved (or copied) into the job's own folder. Returns the job's id."""
        self._gate.check(Action.MEASURE)
        job_id = new_id()
        folder = self._store.job_folder(job_id)
        folder.mkdir(mode=0o700)
        (shutil.copyfile if copy else shutil.move)(clip, folder / CLIP)
        with self._gate.passing(Action.MEASURE) as session:
            session.add(
                JobRow(id=job_id, created_at=datetime.now(UTC), state=State.WAITING.value, name=name[:300], request=request.document())
            )
        return job_id

    def jobs(self, *states: State) -> list[Job]:
        """Jobs in one of these states (all if none is given), oldest first."""
        query = select(JobRow).order_by(JobRow.created_at, JobRow.id)
        if states:
            query = query.where(JobRow.state.in_([state.value for state in states]))
        with self._gate.reading(Action.MEASURE) as session:
            jobs = [_job(row) for row in session.scalars(query)]
        waiting = [job.id for job in jobs if job.state is State.WAITING]
        return [replace(job, ahead=waiting.index(job.id)) if job.state is State.WAITING else job for job in jobs]

    def job(self, job_id: str) -> Job:
        """One job by its id.

        Raises
        ------
        JobNotFound
            If it was deleted or never existed.
        """
        with self._gate.reading(Action.MEASURE) as session:
            row = session.get(JobRow, job_id)
            if row is None:
                raise JobNotFound("job_gone")
            before = select(func.count()).where(JobRow.state == State.WAITING.value, JobRow.created_at < row.created_at)
            return replace(_job(row), ahead=session.scalar(before) or 0)

    def claim(self) -> Job | None:
        """Mark the job that has waited longest as running and return it, or None; concurrent callers never get the same job."""
        with self._gate.passing(Action.MEASURE) as session:
            oldest = select(JobRow.id).where(JobRow.state == State.WAITING.value).order_by(JobRow.created_at, JobRow.id).limit(1)
            oldest = oldest.with_for_update(skip_locked=True)
            job_id = session.scalar(
                update(JobRow)
                .where(JobRow.id == oldest.scalar_subquery(), JobRow.state == State.WAITING.value)
                .values(state=State.RUNNING.value)
                .returning(JobRow.id)
            )
        if not job_id:
            return None
        with suppress(OSError), (self._store.job_folder(job_id) / _STARTS).open("ab") as starts:  # its worker will say what is wrong there
            starts.write(b".")
        return self.job(job_id)

    def progress(self, job_id: str, **changed: Any) -> None:
        """Record how far a running job has got; `changed` are columns of `JobRow`."""
        with self._gate.passing(Action.MEASURE) as session:
            session.execute(update(JobRow).where(JobRow.id == job_id).values(**changed))

    def cancel(self, job_id: str) -> None:
        """Cancel a job: at once if it is waiting, otherwise as soon as its process has stopped."""
        with self._gate.passing(Action.MEASURE) as session:
            mine = update(JobRow).where(JobRow.id == job_id)
            waited = session.scalar(
                mine.where(JobRow.state == State.WAITING.value).values(state=State.CANCELLED.value).returning(JobRow.id)
            )
            session.execute(mine.where(JobRow.state == State.RUNNING.value).values(state=State.STOPPING.value))
        if waited:
            self.finish(job_id, State.CANCELLED)

    def finish(self, job_id: str, state: State, problem: Message | None = None) -> None:
        """End a job in any final state; its clip is deleted, and so are title and note: the visit keeps those, if there is one."""
        with self._gate.passing(Action.MEASURE) as session:
            if row := session.get(JobRow, job_id):
                left = Request.of(row.request).without_words().document()
                sentence = problem.to_text() if problem else ""
                session.execute(update(JobRow).where(JobRow.id == job_id).values(state=state.value, request=left, sentence=sentence))
        self.clear(job_id)
        forget_deleted(self._gate.engine)

    def clear(self, job_id: str) -> None:
        """Delete everything stored of the clip."""
        remove(self._store.job_folder(job_id))

    def forget(self, job_id: str) -> None:
        """Delete a job that has ended, with its message."""
        with self._gate.passing(Action.MEASURE) as session:
            session.execute(delete(JobRow).where(JobRow.id == job_id))
        forget_deleted(self._gate.engine)
        self.clear(job_id)

    def resume(self) -> None:
        """After a restart, put running jobs back into the queue and mark stopping ones as cancelled."""
        for job in self.jobs(State.RUNNING):
            self.progress(job.id, state=State.WAITING.value, stage="", done=0, total=0, stage_at=None)
        for job in self.jobs(State.STOPPING):
            self.finish(job.id, State.CANCELLED)

    def n_starts(self, job_id: str) -> int:
        """How often the job was begun, but for times that ended in order."""
        self._gate.check(Action.MEASURE)
        starts = self._store.job_folder(job_id) / _STARTS
        return starts.stat().st_size if starts.is_file() else 0

    def ended_in_order(self, job_id: str) -> None:
        """Its last start does not count: it was no fault of the clip that it ended."""
        self._gate.check(Action.MEASURE)
        with suppress(OSError), (self._store.job_folder(job_id) / _STARTS).open("r+b") as starts:
            starts.truncate(max(0, self.n_starts(job_id) - 1))


def _problem(text: str) -> Saying | None:
    """The problem of a job; a row written by an earlier version holds the sentence itself."""
    try:
        return Message.from_text(text) if text else None
    except ValueError:
        return AsWritten(text)


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        created_at=row.created_at,
        state=State(row.state),
        name=row.name,
        request=Request.of(row.request),
        stage=Stage(row.stage) if row.stage else None,
        done=row.done,
        total=row.total,
        stage_at=row.stage_at,
        glance=tuple(ClipCheck(Item(one["item"]), one["fine"], one["seen"]) for one in row.glance),
        problem=_problem(row.sentence),
        visit_id=row.visit_id,
    )
