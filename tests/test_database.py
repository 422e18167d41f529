"""Databases as they are found: new, of today, of tomorrow, out of reach."""

import re
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect, text

from hipcv.errors import StoreError
from hipcv.store.database import migrate, open_database, sqlite_url
from hipcv.store.sql_tables import Base


@pytest.fixture
def engine(database_url):
    opened = open_database(database_url)
    yield opened
    opened.dispose()


def told(url):
    """The sentences about an address that cannot be opened."""
    with pytest.raises(StoreError) as problem:
        open_database(url)
    assert len(str(problem.value).splitlines()) == 1
    assert str(problem.value).endswith(".")
    return str(problem.value)


# ---------------------------------------------------------------- steps
def test_a_new_database_has_the_tables_of_the_code(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_bringing_it_up_to_date_again_changes_nothing(engine):
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0002"


def test_a_first_start_that_breaks_off_leaves_no_half_of_the_tables(database_url):
    """As when it is killed: the next start would find tables that are there already, and could make none."""
    made = []

    def break_off(_connection, _cursor, statement, *_):
        made.append(statement)
        if "CREATE TABLE signature" in statement:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(KeyboardInterrupt):
            open_database(database_url)
    finally:
        event.remove(Engine, "before_cursor_execute", break_off)
    assert any("CREATE TABLE visit" in statement for statement in made)
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    open_database(database_url).dispose()


def test_a_store_of_a_newer_hipcv_is_left_alone(database_url, engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert told(database_url) == "A newer hipcv has changed this store. Update hipcv, or choose another folder with --data."
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_two_servers_that_start_at_once_take_turns(postgres):
    from concurrent.futures import ThreadPoolExecutor

    from tests.postgres import fresh_database

    url = fresh_database(postgres)
    with ThreadPoolExecutor(4) as pool:
        for opened in pool.map(open_database, [url] * 4):
            opened.dispose()


def test_sqlite_overwrites_what_is_deleted_and_keeps_its_references(tmp_path):
    opened = open_database(sqlite_url(tmp_path / "store.sqlite3"))
    with opened.connect() as connection:
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("secure_delete", "foreign_keys", "journal_mode")}
    opened.dispose()
    assert pragmas == {"secure_delete": 1, "foreign_keys": 1, "journal_mode": "wal"}


# ---------------------------------------------------------------- addresses
@pytest.mark.parametrize("folder", ["a b", "100%25", "what?", "a#b", "Hüfte"])
def test_a_file_lies_where_its_name_says(tmp_path, folder):
    (tmp_path / folder).mkdir()
    open_database(sqlite_url(tmp_path / folder / "store.sqlite3")).dispose()
    assert [path.name for path in tmp_path.iterdir()] == [folder]
    assert sqlite3.connect(tmp_path / folder / "store.sqlite3").execute("SELECT count(*) FROM visit").fetchone() == (0,)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("postgresql+psycopg://user:s3cret@127.0.0.1:1/db", id="in its place"),
        pytest.param("postgresql+psycopg://127.0.0.1:1/db?user=user&password=s3cret", id="among the options"),
        pytest.param("postgresql+psycopg://user:s3cret@127.0.0.1:1/db?no_such_option=1", id="with an option that there is not"),
        pytest.param("postgresql+psycopg://user:s3cret@127.0.0.1:1/db?sslmode=quite", id="with an option that is wrong"),
        pytest.param("postgresql+psycopg://user:top@s3cret@127.0.0.1:1/db", id="with an @ in it"),
        pytest.param("postgresql+psycopg://user:s3cret@127.0.0.1:port/db", id="before a port that is no number"),
        pytest.param("postgresql+psycopg//user:s3cret@127.0.0.1/db", id="without a colon"),
        pytest.param("mysql+pymysql://user:s3cret@127.0.0.1/db", id="for a driver that is not there"),
        pytest.param("postgresql+nothing://user:s3cret@127.0.0.1/db", id="for a driver that never was"),
    ],
)
def test_a_database_out_of_reach_is_told_without_the_password(address):
    assert "s3cret" not in told(address)


def test_a_server_that_is_not_there_is_named_with_the_reason():
    assert re.match(
        r"postgresql\+psycopg://user:\*\*\*@127\.0\.0\.1:1/db: .*refused", told("postgresql+psycopg://user:s3cret@127.0.0.1:1/db")
    )


def test_a_database_that_the_server_does_not_have_is_named(postgres):
    assert "/missing: the database cannot be opened" in told(f"{postgres}/missing")


def test_a_user_who_may_not_make_tables_is_told(postgres):
    import psycopg

    from tests.postgres import fresh_database

    url = fresh_database(postgres)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    assert "permission denied" in told(url.replace("hipcv@", "guest@"))


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\0" + bytes(200)], ids=["text", "only its head"])
def test_a_file_that_is_no_database_is_told_and_stays(tmp_path, content):
    file = tmp_path / "store.sqlite3"
    file.write_bytes(content)
    assert str(file) in told(sqlite_url(file))
    assert file.read_bytes() == content
