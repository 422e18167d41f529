"""The database of the store: opening, migration, and deletion that leaves nothing readable in its file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from hipcv.errors import StoreError

_PRAGMAS = {
    "synchronous": "FULL",  # what was shown as saved must be there after a power cut, too
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "busy_timeout": "15000",
}


def open_database(url: str) -> Engine:
    """A database engine with the tables of this version.

    Raises
    ------
    StoreError
        The database cannot be reached, or a newer hipcv has changed it.
    """
    engine = engine_of(url, {"journal_mode": "WAL"})
    try:
        with explained(engine, opening=True):
            migrate(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


def open_existing(url: str, *, read_only: bool = False) -> Engine:
    """An engine on a database that already has the tables of this version; nothing is created or brought up to date.

    Raises
    ------
    StoreError
        There is no such database, or it is another version's.
    """
    engine = engine_of(url, {"query_only": "ON"} if read_only else {})
    try:
        file = sqlite_file(engine)
        if file is not None and not file.is_file():
            raise StoreError("store_missing", about=file)
        with explained(engine, opening=True), engine.connect() as connection:
            _check_revision(connection)
    except StoreError:
        engine.dispose()
        raise
    return engine


def engine_of(url: str, pragmas: Mapping[str, str] | None = None) -> Engine:
    """An engine that has not connected yet; `pragmas` are settings of SQLite beside the usual ones. Raises `StoreError`."""
    try:
        if "@" in (make_url(url).host or ""):  # part of a password, which would be shown
            raise ArgumentError("an @ in a user or a password is written %40")
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)  # titles and notes must not appear in a log
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise StoreError("database_address") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite, pragmas={**_PRAGMAS, **(pragmas or {})}))
    return engine


@contextmanager
def explained(engine: Engine, *, opening: bool = False) -> Iterator[None]:
    """Turns an error of the database, while it is opened or later, into a `StoreError` with the first line of what it says."""
    try:
        yield
    except SQLAlchemyError as problem:
        said = (str(getattr(problem, "orig", None) or "").strip() or "no answer").splitlines()[0]
        if opening:
            raise StoreError("database_unreachable", about=shown_address(engine), reason=said) from None
        raise StoreError("database_failed", about=shown_address(engine), reason=said) from None


def sqlite_file(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for a database of another kind."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def sqlite_url(path: Path) -> str:
    """Database address of an SQLite file."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def migrate(engine: Engine) -> None:
    """Bring the tables up to this version, all steps or none."""
    with one_transaction(engine) as connection:
        bring_up_to_date(connection)


@contextmanager
def one_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction to which tables belong as well as rows: SQLite's driver, left alone, begins one only with the first row."""
    is_sqlite = engine.dialect.name == "sqlite"
    options = {"isolation_level": "AUTOCOMMIT"} if is_sqlite else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def bring_up_to_date(connection: Connection) -> None:
    """Bring the tables up to this version within a transaction."""
    if connection.dialect.name == "postgresql":  # two servers that start at the same time take turns
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('hipcv'))"))
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreError("store_newer") from None


def revision_of(connection: Connection) -> str | None:
    """The version of the tables in a database; None if hipcv has none there."""
    try:
        return MigrationContext.configure(connection).get_current_revision()
    except CommandError:  # it lists several, which no step of ours leaves
        raise StoreError("store_newer") from None


def newest_revision() -> str:
    """The version of the tables that this code works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _check_revision(connection: Connection) -> None:
    """Raise `StoreError` unless the tables are those of this version."""
    found = revision_of(connection)
    if found is None:
        raise StoreError("store_missing", about=shown_address(connection.engine))
    if found != newest_revision():
        if found in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}:
            raise StoreError("store_older")
        raise StoreError("store_newer")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("hipcv.store") / "migrations").replace("%", "%%"))
    return config


def forget_deleted(engine: Engine) -> None:
    """Remove deleted rows from the files, too: SQLite overwrites them at once, but its log still contains them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            for table in ("visit", "job", "person", "edit", "signature", "reading", "course_note", "ask"):
                connection.execute(text(f"VACUUM {table}"))


def _prepare_sqlite(connection, _record, pragmas: Mapping[str, str]) -> None:  # type: ignore[no-untyped-def]  # (what the driver gives)
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")


def shown_address(engine: Engine) -> str:
    """Database address without the password, wherever the address contains it."""
    return engine.url.set(query={}).render_as_string(hide_password=True)
