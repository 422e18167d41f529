"""What a person keeps: visits in a database, their pictures in folders beside it. Deleted is gone."""

import secrets
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from hipcv import record
from hipcv.database import forget_deleted, open_database, sqlite_url
from hipcv.errors import StoreError, VisitNotFound
from hipcv.record import Record
from hipcv.tables import JobRow, VisitRow
from hipcv.visit import Kind, Visit

DATABASE = "hipcv.sqlite3"
_GONE = "This measurement is not there any more. Choose another one under Visits."
_MOST_TITLE = 200


class Store:
    """One person's visits. The folder is theirs alone; every picture of a visit lies in `visits/ID`, every clip in work in `jobs/ID`."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder = folder.absolute()  # workers run elsewhere
        try:
            for part in (folder, folder / "visits", folder / "jobs", folder / "uploads"):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            if url is None:
                (folder / DATABASE).touch(mode=0o600)
        except OSError as problem:
            raise StoreError(f"{folder}: nothing can be kept there ({problem.strerror}). Choose another folder with --data.") from None
        self.engine: Engine = open_database(url or sqlite_url(folder / DATABASE))

    # ------------------------------------------------------------------ visits
    def visits(self) -> list[Visit]:
        """All of them, the earliest first."""
        with Session(self.engine) as session:
            return [_visit(row) for row in session.scalars(select(VisitRow).order_by(VisitRow.measured_at, VisitRow.id))]

    def visit(self, visit_id: str) -> Visit:
        """One of them.

        Raises
        ------
        VisitNotFound
            It was deleted, or never was.
        """
        with Session(self.engine) as session:
            row = session.get(VisitRow, visit_id)
            if row is None:
                raise VisitNotFound(_GONE)
            return _visit(row)

    def add(self, visit: Visit) -> None:
        """Keep a visit whose folder has been written."""
        with Session(self.engine) as session, session.begin():
            session.add(
                VisitRow(
                    id=visit.id,
                    measured_at=visit.measured_at,
                    title=visit.title.strip()[:_MOST_TITLE],
                    kind=visit.kind.value,
                    note=visit.note,
                    document=visit.document,
                )
            )

    def rename(self, visit_id: str, *, title: str, kind: Kind, note: str, measured_at: datetime) -> None:
        """What the person says of a visit, said anew.

        Raises
        ------
        VisitNotFound
            It was deleted, or never was.
        """
        with Session(self.engine) as session, session.begin():
            changed = {"title": title.strip()[:_MOST_TITLE], "kind": kind.value, "note": note.strip(), "measured_at": measured_at}
            if session.scalar(update(VisitRow).where(VisitRow.id == visit_id).values(**changed).returning(VisitRow.id)) is None:
                raise VisitNotFound(_GONE)
        forget_deleted(self.engine)

    def record(self, visit_id: str) -> Record:
        """Numbers and pictures of a visit.

        Raises
        ------
        RecordError
            Something of it is missing or damaged.
        """
        return record.read(self.folder_of(visit_id))

    def folder_of(self, visit_id: str) -> Path:
        """Where its pictures lie."""
        return self.folder / "visits" / _checked(visit_id)

    # ------------------------------------------------------------------ deletion
    def delete(self, visit_id: str) -> None:
        """One visit with everything of it: rows, pictures, video, and the jobs that led to it."""
        pictures = self.folder_of(visit_id)
        with Session(self.engine) as session, session.begin():
            jobs = session.scalars(select(JobRow.id).where(JobRow.visit_id == visit_id)).all()
            session.execute(delete(JobRow).where(JobRow.visit_id == visit_id))
            session.execute(delete(VisitRow).where(VisitRow.id == visit_id))
        forget_deleted(self.engine)
        for path in (pictures, *(self.job_folder(job_id) for job_id in jobs)):
            shutil.rmtree(path, ignore_errors=True)

    def delete_all(self) -> None:
        """Everything that was ever kept here; nothing may be in work meanwhile (`Supervisor.wait_idle`)."""
        with Session(self.engine) as session, session.begin():
            session.execute(delete(JobRow))
            session.execute(delete(VisitRow))
        forget_deleted(self.engine)
        for part in ("visits", "jobs", "uploads"):
            for path in (self.folder / part).iterdir():
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def sizes(self) -> dict[str, int]:
        """Bytes on disk of each visit, by id, and of what lies there of clips in work under an empty id."""
        found = {path.name: _n_bytes(path) for path in (self.folder / "visits").iterdir() if path.is_dir()}
        return {**found, "": _n_bytes(self.folder / "jobs") + _n_bytes(self.folder / "uploads")}

    def job_folder(self, job_id: str) -> Path:
        """Where the clip of a job lies while it is in work."""
        return self.folder / "jobs" / _checked(job_id)


def new_id() -> str:
    """A name that nobody can guess."""
    return secrets.token_hex(16)


def _checked(name: str) -> str:
    """Ids come in addresses; nothing else than an id may become part of a path."""
    if len(name) != 32 or not set(name) <= set("0123456789abcdef"):
        raise VisitNotFound("This is not the address of a measurement. Choose one under Visits.")
    return name


def _visit(row: VisitRow) -> Visit:
    return Visit(row.id, row.measured_at, row.title, Kind(row.kind), row.note, row.document)


def _n_bytes(folder: Path) -> int:
    return sum(_size(path) for path in folder.rglob("*"))


def _size(path: Path) -> int:
    """0 for a folder, and for a file that is gone since it was listed: a worker may be at it."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0
