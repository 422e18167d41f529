"""The data a person keeps: visits in a database, their images in folders beside it. Deleted data are gone."""

import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select

from hipcv.errors import StoreError, VisitNotFound
from hipcv.records import record
from hipcv.records.record import Record
from hipcv.records.visit import Kind, Visit
from hipcv.store.access import Access, Action
from hipcv.store.database import forget_deleted, open_database, sqlite_url
from hipcv.store.gate import Gate
from hipcv.store.job import ACTIVE
from hipcv.store.log import LogHead
from hipcv.store.sql_tables import JobRow, PersonRow, VisitRow
from hipcv.store.visit_rows import MOST_TITLE, measured_documents, open_visit_row, row_of, visit_of

PARTS = ("visits", "jobs", "uploads", "opened")
"""Folders of a store."""
DATABASE = "hipcv.sqlite3"
LOG_HEAD = "log-head.txt"
_INCOMING = ".incoming"
"""Marks the folder of a visit that is being filled from a received file; it has no row yet."""
UNFINISHED = ".part"
"""Suffix of an upload in progress."""
_PATIENCE_S = 3.0
"""How long deletion is retried, because a process that is just ending may still have files open."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk."""

    visits: Mapping[str, int]
    """Bytes of each visit, by its id."""
    in_work: int
    """Bytes of clips that are waiting or being measured, and of opened files."""
    left_over: int
    """Bytes of visits that are not in the database, as left by an interrupted deletion."""

    @property
    def total(self) -> int:
        """All bytes except the database itself."""
        return sum(self.visits.values()) + self.in_work + self.left_over


class Store:
    """The visits of one person, or of a practice, in a folder that is theirs alone; rows are reached through `gate` only.

    Images of a visit are in `visits/ID`, the clip of an active job in `jobs/ID`, uploads in `uploads`, and files received from others in
    `opened/ID` while they are viewed.
    """

    def __init__(self, folder: Path, url: str | None = None, access: Access | None = None, *, engine: Engine | None = None) -> None:
        self.folder = folder = folder.absolute()  # workers have another working directory
        self._parts = tuple(folder / part for part in PARTS)
        _, _, self.uploads, self.opened = self._parts
        if engine is None:  # with the engine of a database that is there already, nothing is made or brought up to date
            make_folders(folder, with_database=url is None)
            engine = open_database(url or sqlite_url(folder / DATABASE))
        self.engine: Engine = engine
        self.gate = Gate(self.engine, LogHead(folder / LOG_HEAD), access)

    # ------------------------------------------------------------------ visits
    def visits(self, person_id: str | None = None) -> list[Visit]:
        """All visits of a person, earliest first; None = what was measured here without naming anybody."""
        mine = VisitRow.person_id == person_id if person_id else VisitRow.person_id.is_(None) & ~VisitRow.received
        with self.gate.reading(Action.SEE, person_id or "") as session:
            return [
                visit_of(row)
                for row in session.scalars(select(VisitRow).where(mine).order_by(VisitRow.measured_at, VisitRow.taken_in_at, VisitRow.id))
            ]

    def visit(self, visit_id: str) -> Visit:
        """One visit.

        Raises
        ------
        VisitNotFound
            It was deleted, or never existed.
        """
        with self.gate.reading(Action.SEE, visit_id) as session:
            row = session.get(VisitRow, visit_id)
            if row is None:
                raise VisitNotFound("visit_gone")
            return visit_of(row)

    def add(self, visit: Visit) -> None:
        """Add a visit whose folder has been written."""
        action = Action.VISIT_TAKEN_IN if visit.received else Action.VISIT_ADDED
        row = row_of(visit)
        with self.gate.writing(action, visit.id, {"fingerprint": row.fingerprint}) as session:
            session.add(row)

    def documents(self, visit_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The documents of visits as they were measured, by id; without those that were deleted."""
        with self.gate.reading(Action.LIST) as session:
            return measured_documents(session, visit_ids)

    def rename(self, visit_id: str, *, title: str, kind: Kind, note: str, measured_at: datetime) -> None:
        """Change the person's details of a visit.

        Raises
        ------
        VisitNotFound
            It was deleted, or never existed.
        VisitSigned
            It is locked.
        """
        with self.gate.writing(Action.VISIT_CHANGED, visit_id) as session:
            row = open_visit_row(session, visit_id)
            row.title, row.kind, row.note, row.measured_at = title.strip()[:MOST_TITLE], kind.value, note.strip(), measured_at
        forget_deleted(self.engine)

    def record(self, visit_id: str) -> Record:
        """Numbers and images of a visit.

        Raises
        ------
        RecordError
            Some of it is missing or damaged.
        """
        self.gate.check(Action.SEE, visit_id)
        return record.read(self.folder_of(visit_id))

    def folder_of(self, visit_id: str) -> Path:
        """Folder with the images of a visit."""
        return self.folder / "visits" / _checked(visit_id)

    @contextmanager
    def incoming(self) -> Iterator[str]:
        """Id of a visit whose folder is filled, and which is added, within the context; otherwise nothing of it is left.

        If this process is killed meanwhile, the next start clears away what has no row.
        """
        visit_id = new_id()
        folder = self.folder_of(visit_id)
        folder.mkdir(mode=0o700)
        (folder / _INCOMING).touch()
        try:
            yield visit_id
        except BaseException:
            remove(folder)
            raise
        (folder / _INCOMING).unlink()

    # ------------------------------------------------------------------ deletion
    def delete(self, visit_id: str) -> None:
        """Delete a visit completely: images, video, rows, and the jobs that led to it.

        Raises
        ------
        StoreError
            Some of it could not be deleted; the visit then stays visible.
        """
        self._delete_files(visit_id)
        with self.gate.writing(Action.VISIT_DELETED, visit_id) as session:
            session.execute(delete(VisitRow).where(VisitRow.id == visit_id))
        remove(self.folder_of(visit_id))  # a worker may have added an image in the meantime
        forget_deleted(self.engine)

    def erase_person(self, person_id: str) -> None:
        """Delete a person with everything of theirs: visits, reviews, readings, notes, codes, images. Errors as above."""
        with self.gate.reading(Action.PERSON_ERASED, person_id) as session:
            visits = list(session.scalars(select(VisitRow.id).where(VisitRow.person_id == person_id)))
        for visit_id in visits:
            self._delete_files(visit_id)
        with self.gate.writing(Action.PERSON_ERASED, person_id, {"visits": visits}) as session:
            session.execute(delete(VisitRow).where(VisitRow.id.in_(visits)))
            session.execute(delete(PersonRow).where(PersonRow.id == person_id))
        for visit_id in visits:
            remove(self.folder_of(visit_id))
        forget_deleted(self.engine)

    def _delete_files(self, visit_id: str) -> None:
        """Delete the images of a visit, and the jobs that led to it with their clips; its row still says that it exists."""
        pictures = self.folder_of(visit_id)
        with self.gate.reading(Action.VISIT_DELETED, visit_id) as session, session.begin():
            jobs = session.scalars(delete(JobRow).where(JobRow.visit_id == visit_id).returning(JobRow.id)).all()
        for folder in (pictures, *(self.job_folder(job_id) for job_id in jobs)):
            remove(folder)

    def delete_all(self) -> None:
        """Delete everything ever kept here; no job may be active meanwhile (`Supervisor.at_rest`). Errors as above.

        Only the log of a desk stays: it names nobody who was measured.
        """
        self.gate.check(Action.ALL_DELETED)
        for part in self._parts:
            for path in part.iterdir():
                remove(path)
        with self.gate.writing(Action.ALL_DELETED) as session:
            for table in (JobRow, VisitRow, PersonRow):
                session.execute(delete(table))
        forget_deleted(self.engine)

    def clear_orphans(self) -> None:
        """Delete leftovers of a killed server: uploads, opened files, and clips and images without a row.

        Clips and images are deleted only if the database is in the same folder: a database given by a wrong address would know none of
        them. Even then, a complete visit is kept, as left over: another database may know it, or an older copy of the database may have
        been restored.
        """
        for part in (self.uploads, self.opened):
            for path in part.iterdir():
                remove(path)
        if self.engine.url.database != str(self.folder / DATABASE):
            return
        visits, jobs = self._known()
        for name, known in (("jobs", jobs), ("visits", jobs | visits)):  # the folder of a visit in progress is named by its job's id
            for path in (self.folder / name).iterdir():
                if path.name in known:
                    (path / _INCOMING).unlink(missing_ok=True)
                elif (path / _INCOMING).exists() or not (path / record.DOCUMENT).is_file():
                    remove(path)

    def _known(self) -> tuple[set[str], set[str]]:
        """Ids of all visits, and of the jobs that have not ended."""
        with self.gate.reading(Action.LIST) as session:
            active = select(JobRow.id).where(JobRow.state.in_([state.value for state in ACTIVE]))
            return set(session.scalars(select(VisitRow.id))), set(session.scalars(active))

    def sizes(self) -> Sizes:
        """Disk usage."""
        known, jobs = self._known()
        found = {path.name: _n_bytes(path) for path in (self.folder / "visits").iterdir()}
        in_work = sum(_n_bytes(part) for part in (self.folder / "jobs", self.uploads, self.opened))
        return Sizes(
            visits={name: found.get(name, 0) for name in known},
            in_work=in_work + sum(found[name] for name in found.keys() & (jobs - known)),
            left_over=sum(found[name] for name in found.keys() - known - jobs),
        )

    def job_folder(self, job_id: str) -> Path:
        """Folder of the clip of an active job."""
        return self.folder / "jobs" / _checked(job_id)


def make_folders(folder: Path, *, with_database: bool) -> None:
    """Make the folders of a store, and the file of its database if it is to lie there, for its owner alone. Raises `StoreError`."""
    try:
        for part in (folder, *(folder / part for part in PARTS)):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        if with_database:
            (folder / DATABASE).touch(mode=0o600)
    except OSError as problem:
        raise StoreError("store_not_writable", about=folder, reason=problem.strerror) from None


def remove(path: Path) -> None:
    """Delete a file or a folder with all its contents, if it exists.

    Raises
    ------
    StoreError
        Some of it still exists.
    """
    end_s = time.monotonic() + _PATIENCE_S
    while path.exists():
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if time.monotonic() > end_s:
            raise StoreError("store_not_deleted")
        if path.exists():
            time.sleep(0.1)


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_hex(16)


def is_id(name: str) -> bool:
    """Whether a name has the form of an id: ids come from addresses, and nothing else may become part of a path."""
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


def _checked(name: str) -> str:
    if not is_id(name):
        raise VisitNotFound("visit_address")
    return name


def _n_bytes(folder: Path) -> int:
    return sum(_size(path) for path in folder.rglob("*"))


def _size(path: Path) -> int:
    """Size of a file; 0 for a folder, or for a file deleted since it was listed, perhaps by a worker."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0
