"""The database of the store: opening, migration, and deletion that leaves nothing readable in its file."""

from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from hipcv.errors import StoreError

_WAIT_S = 15


def open_database(url: str) -> Engine:
    """A database engine with the tables of this version.

    Raises
    ------
    StoreError
        The database cannot be reached, or a newer hipcv has changed it.
    """
    try:
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise StoreError("database_address") from None
    try:
        migrate(engine)
    except StoreError:
        engine.dispose()
        raise
    except DBAPIError as problem:
        engine.dispose()
        reason = str(problem.orig).strip().splitlines()[0] if problem.orig else "no answer"
        raise StoreError("database_unreachable", about=shown_address(engine), reason=reason) from None
    return engine


def _engine(url: str) -> Engine:
    if "@" in (make_url(url).host or ""):  # part of a password, which would be shown
        raise ArgumentError("an @ in a user or a password is written %40")
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)  # titles and notes must not appear in a log
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def sqlite_url(path: Path) -> str:
    """Database address of an SQLite file."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def migrate(engine: Engine) -> None:
    """Bring the tables up to this version, step by step."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("hipcv.store") / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two servers that start at the same time take turns
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('hipcv'))"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise StoreError("store_newer") from None


def forget_deleted(engine: Engine) -> None:
    """Remove deleted rows from the files, too: SQLite overwrites them at once, but its log still contains them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            for table in ("visit", "job", "person", "edit", "signature", "reading", "course_note", "ask"):
                connection.execute(text(f"VACUUM {table}"))


def _prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]  # (what the driver gives)
    # FULL: what was shown as saved must be there after a power cut, too.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", f"busy_timeout={1000 * _WAIT_S}"):
        connection.execute(f"PRAGMA {pragma}")


def shown_address(engine: Engine) -> str:
    """Database address without the password, wherever the address contains it."""
    return engine.url.set(query={}).render_as_string(hide_password=True)
