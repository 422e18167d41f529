"""A folder and a database in which nothing is kept yet, taken for a restore and given back as they were if it fails."""

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, inspect, select

from hipcv.errors import StoreError
from hipcv.store.database import engine_of, explained, revision_of, shown_address, sqlite_file, sqlite_url
from hipcv.store.server_lock import LOCK, ServerLock
from hipcv.store.sql_tables import Base
from hipcv.store.store import DATABASE, PARTS, Store, make_folders, remove

_MARK = "restoring.txt"
"""Names the database and the visits of a restore in progress: if it is killed, the next one into that database, as long as that is empty,
may delete their folders, and no others. It is removed once the rows are committed; if that fails, the rows show that it is out of date."""
_BESIDE = ("", "-wal", "-shm", "-journal")
"""Endings of an SQLite database and of the files that SQLite puts beside it."""
_USUAL = {LOCK, _MARK, *(DATABASE + ending for ending in _BESIDE), "lost+found"}
"""What may lie in a folder in which nothing is kept, beside the empty folders of a store."""


class EmptyPlace:
    """The folder and the database during a restore; nobody else uses them."""

    def __init__(self, store: Store, visits: Iterable[str]) -> None:
        self.store = store
        self._visits = [store.folder_of(visit_id) for visit_id in visits]
        self._before = {*store.folder.iterdir(), *_database_files(store.engine)}
        self._ending = False

    def prepare(self) -> None:
        """Make the folders, after those of a restore that was killed are gone."""
        folder = self.store.folder
        if (folder / _MARK).exists():
            for visit in (folder / "visits").iterdir():
                remove(visit)
        make_folders(folder, with_database=sqlite_file(self.store.engine) == folder / DATABASE)
        names = [shown_address(self.store.engine), *(visit.name for visit in self._visits)]
        (folder / _MARK).write_text("\n".join(names), encoding="utf-8")

    def end(self) -> None:
        """Say that the rows are committed next: from here on, the images may belong to rows."""
        self._ending = True

    def done(self) -> None:
        """Say that the rows are committed."""
        (self.store.folder / _MARK).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what was made, unless rows have come to refer to it."""
        if self._ending:
            with suppress(StoreError):
                self._ending = not _is_empty(self.store.engine)
        self.store.engine.dispose()
        if self._ending:  # they were committed, although the answer did not arrive
            self.done()
            return
        for path in self._visits:
            remove(path)
        folder = self.store.folder
        for path in {folder / _MARK, *(_database_files(self.store.engine) - self._before)}:
            remove(path)
        for path in {folder / part for part in PARTS} - self._before:
            with suppress(OSError):  # somebody else has put something into it
                path.rmdir()


@contextmanager
def empty_place(folder: Path, url: str | None, visits: Iterable[str]) -> Iterator[EmptyPlace]:
    """An empty folder and database for visits with these ids, locked against every server; afterwards, or before, nothing else is changed.

    Raises
    ------
    StoreError
        Something is kept there already, or nothing can be.
    StoreInUse
        An app uses them.
    """
    folder = folder.absolute()
    engine = engine_of(url or sqlite_url(folder / DATABASE))
    try:
        _check(folder, engine)  # before anything is made
        with _locked(Store(folder, engine=engine)) as store:
            _check(folder, engine)
            place = EmptyPlace(store, visits)
            try:
                place.prepare()
                yield place
                place.done()
            except BaseException:
                place.clear()
                raise
    except OSError as problem:
        raise StoreError("store_not_writable", about=folder, reason=problem.strerror or str(problem)) from None
    finally:
        engine.dispose()


def _check(folder: Path, engine: Engine) -> None:
    """Raise `StoreError` if something is kept in the folder or the database; a mark that is out of date is removed."""
    database, half_restored = _marked(folder)
    is_same, file = database == shown_address(engine), sqlite_file(engine)
    has_rows = (file is None or file.exists()) and not _is_empty(engine)
    if is_same and has_rows:
        (folder / _MARK).unlink(missing_ok=True)
    if folder.exists() and not _is_unused(folder, half_restored if is_same else set()):
        raise StoreError("restore_not_empty", about=folder)
    if has_rows:
        raise StoreError("restore_not_empty", about=file or shown_address(engine))


def _marked(folder: Path) -> tuple[str, set[str]]:
    """The database and the visits of a restore that was killed here; an empty address if there was none."""
    try:
        database, *visits = (folder / _MARK).read_text(encoding="utf-8").splitlines() or [""]
    except FileNotFoundError:
        return "", set()
    return database, set(visits)


def _is_unused(folder: Path, half_restored: Set[str]) -> bool:
    """Whether the folder is empty, or holds no more than an app that was started there leaves, or a restore that was killed."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    kept = {path.name for part in PARTS if part in names for path in (folder / part).iterdir()}
    return names <= _USUAL | set(PARTS) and kept <= half_restored


def _is_empty(engine: Engine) -> bool:
    with explained(engine, opening=True), engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        if revision_of(connection) is None and there & Base.metadata.tables.keys():
            return False  # tables of the same names, but not ours
        tables = [table for table in Base.metadata.sorted_tables if table.name in there]
        return all(connection.execute(select(1).select_from(table).limit(1)).first() is None for table in tables)


@contextmanager
def _locked(store: Store) -> Iterator[Store]:
    """The store with its lock; its folder is made if it is not there, and goes again, with the file of the lock, if the body fails."""
    made, was_used, lock, is_done = _made_folders(store.folder), (store.folder / LOCK).exists(), ServerLock(store), False
    try:
        with explained(store.engine):
            lock.take()
        yield store
        is_done = True
    finally:
        lock.release()
        if not is_done and not was_used:
            lock.remove_file()
            with suppress(OSError):  # somebody else has put something into one of them
                for folder in made:
                    folder.rmdir()


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it that are missing; returns those that were, the innermost first."""
    made: list[Path] = []
    for one in reversed([folder, *folder.parents]):
        with suppress(FileExistsError):
            if not one.exists():
                one.mkdir(mode=0o700)
                made.insert(0, one)
    return made


def _database_files(engine: Engine) -> set[Path]:
    """What there is of an SQLite database."""
    file = sqlite_file(engine)
    return set() if file is None else {path for ending in _BESIDE if (path := file.with_name(file.name + ending)).exists()}
