"""A copy of everything that is kept, in one file, taken while the app may be in use; and the way back, into either kind of database.

The file is a ZIP archive, whose checksums show damage: the rows as a database of their own, and the images of each visit.
"""

import os
import zipfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.orm import Session

from hipcv.errors import StoreError
from hipcv.store.database import open_database, sqlite_url
from hipcv.store.job import ACTIVE
from hipcv.store.sql_tables import Base, JobRow, VisitRow
from hipcv.store.store import DATABASE, Store
from hipcv.system.writing import replacing

_ROWS_AT_ONCE = 100
_VISITS = "visits"


def write(store: Store, path: Path) -> int:
    """Write a copy of the store and return how many visits it holds. Clips that wait or are being measured are not in it.

    Raises
    ------
    OutputError
        The file cannot be written.
    StoreError
        Nothing is kept there.
    """
    with TemporaryDirectory(dir=store.uploads) as place, replacing(path) as unfinished:
        copy = open_database(sqlite_url(Path(place) / DATABASE))
        try:
            _copy_rows(store.engine, copy)
            visits = _visit_ids(copy)
            if not visits:
                raise StoreError("nothing_kept", about=store.folder)
            with zipfile.ZipFile(unfinished, "w") as archive:  # images do not get smaller by compression
                gone = {visit_id for visit_id in visits if not _add_images(archive, store, visit_id)}
                _forget(copy, gone)
                copy.dispose()
                archive.write(Path(place) / DATABASE, DATABASE, zipfile.ZIP_DEFLATED)
        finally:
            copy.dispose()
    path.chmod(0o600)
    return len(visits) - len(gone)


def restore(path: Path, store: Store) -> int:
    """Put the content of a backup into an empty store and return how many visits it holds.

    Raises
    ------
    StoreError
        The store is not empty, or the file is not a backup, damaged, or written by a newer hipcv; the store then stays empty.
    """
    if _visit_ids(store.engine):
        raise StoreError("store_not_empty", about=store.folder)
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory(dir=store.uploads) as place:
            archive.extract(DATABASE, place)
            copy = open_database(sqlite_url(Path(place) / DATABASE))
            try:
                visits = _visit_ids(copy)
                _unpack_images(archive, store, visits)
                _copy_rows(copy, store.engine)  # last, as a visit is there once its row is
            finally:
                copy.dispose()
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError):
        raise StoreError("no_backup", about=path) from None
    except OSError as problem:
        raise StoreError("backup_not_read", about=path, reason=problem.strerror or "unknown reason") from None
    return len(visits)


# ---------------------------------------------------------------------- rows
def _copy_rows(source: Engine, target: Engine) -> None:
    with _snapshot(source) as reading, target.begin() as writing:
        for table in Base.metadata.sorted_tables:
            wanted = select(table)
            if table.name == JobRow.__tablename__:
                wanted = wanted.where(table.c.state.not_in([state.value for state in ACTIVE]))
            found = reading.execution_options(yield_per=_ROWS_AT_ONCE).execute(wanted)
            for part in found.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in part])


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment, whatever is written meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # its driver begins only before it writes
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _visit_ids(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(VisitRow.id)))


def _forget(engine: Engine, visits: Set[str]) -> None:
    """Leave visits out that were deleted while their images were copied."""
    with Session(engine) as session, session.begin():
        for visit_id in visits:
            session.delete(session.get_one(VisitRow, visit_id))
        session.flush()


# ---------------------------------------------------------------------- images
def _add_images(archive: zipfile.ZipFile, store: Store, visit_id: str) -> bool:
    """Add the images of a visit, all or none; False if it has been deleted meanwhile."""
    folder = store.folder_of(visit_id)
    try:
        images = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    except FileNotFoundError:
        images = {}
    with Session(store.engine) as session:
        if not session.scalar(select(func.count()).select_from(VisitRow).where(VisitRow.id == visit_id)):
            return False
    for name, content in images.items():
        archive.writestr(f"{_VISITS}/{visit_id}/{name}", content)
    return True


def _unpack_images(archive: zipfile.ZipFile, store: Store, visits: Set[str]) -> None:
    for name in archive.namelist():
        first, *rest = PurePosixPath(name).parts
        if first == _VISITS and len(rest) > 1 and rest[0] in visits and ".." not in rest:
            target = store.folder_of(rest[0]).joinpath(*rest[1:])
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(archive.read(name))
