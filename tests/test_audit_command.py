"""`hipcv audit`: what it says of a log that is whole, of one that is not, and of none; it changes nothing."""

import json
import sqlite3
import threading

import pytest
from sqlalchemy.exc import OperationalError

from hipcv.catalogues.words import languages, texts
from hipcv.errors import StoreError
from hipcv.store.access import Action
from hipcv.store.audit import Fault, Finding, audit
from hipcv.store.existing import existing_store
from hipcv.store.reviews import Reviews
from hipcv.store.sql_tables import PersonRow
from hipcv.store.store import DATABASE, Store
from tests.backups import ACCEPTED, full_desk, names_and_bytes
from tests.command import quick
from tests.desks import a_visit, opened_desk


@pytest.fixture
def closed(tmp_path):
    """The folder of a desk whose app is not open."""
    full_desk(tmp_path / "data").engine.dispose()
    return tmp_path / "data"


def tampered(folder, *commands):
    database = sqlite3.connect(folder / DATABASE)
    with database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        for command in commands:
            database.execute(command)
    database.close()


def last_of(folder):
    store = existing_store(folder, read_only=True)
    try:
        return audit(store).last
    finally:
        store.engine.dispose()


# ---------------------------------------------------------------- what it prints
def test_a_whole_log_is_told_with_its_last_entry(closed):
    last = last_of(closed)
    done = quick("audit", "--data", closed)
    assert (done.returncode, done.stderr) == (0, "")
    first, second, sha256, note = done.stdout.splitlines()
    assert first == f"The log has {last.number} entries. Nothing is wrong with it."
    assert second.startswith(f"Last entry: number {last.number}, ")
    assert sha256.strip() == last.hash
    assert note.startswith("Note number and hash somewhere else")


def test_every_fault_is_a_sentence_and_the_status_is_1(closed):
    tampered(
        closed, "UPDATE log SET actor = 'x' WHERE number = 2", "DELETE FROM log WHERE number = 4", "DELETE FROM signature WHERE version = 1"
    )
    done = quick("audit", "--data", closed)
    n = last_of(closed).number
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"The log has {n - 1} entries. 3 faults:"
    assert lines[1:3] == ["- Entry 2 was changed after it was written.", "- Entry 4 is missing, and perhaps others after it."]
    assert "is gone, and no entry tells of a deletion." in " ".join(done.stdout.split())
    assert f"number {n}, " in done.stdout


def test_a_log_that_was_never_begun_is_said_to_be_none(tmp_path):
    store = Store(tmp_path / "data")
    a_visit(store)
    store.engine.dispose()
    done = quick("audit", "--data", tmp_path / "data")
    assert (done.returncode, done.stdout) == (0, "There is no log yet: it begins when the desk is first opened.\n")


def test_a_log_that_was_emptied_is_not_one_that_was_never_begun(closed):
    tampered(closed, "DELETE FROM log", "DELETE FROM signature")
    done = quick("audit", "--data", closed)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        ["The log has 0 entries. 1 fault:", "- The end of the log is missing, from entry 1 on."],
    )


def test_as_json_it_says_the_same(closed, tmp_path):
    last = last_of(closed)
    whole = json.loads(quick("audit", "--data", closed, "--json", "-").stdout)
    assert whole == {
        "schema": "hipcv-audit/1",
        "n_entries": last.number,
        "last": {"number": last.number, "at": last.at.isoformat(), "hash": last.hash},
        "faults": [],
    }
    tampered(closed, "UPDATE log SET actor = 'x' WHERE number = 2")
    done = quick("audit", "--data", closed, "--json", tmp_path / "audit.json")
    assert done.returncode == 1
    said = "Entry 2 was changed after it was written."
    assert said in done.stdout
    written = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert written["faults"] == [{"fault": "changed", "number": 2, "visit": "", "message": said}]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_its_sentence(fault, language):
    said = Finding(fault, 7, "a" * 32).said(language)
    assert said.endswith(".")
    assert ("7" in said) != (fault is Fault.SIGNATURE_UNKNOWN)
    assert ("a" * 32 in said) == fault.value.startswith("signature")
    assert {key for key in texts(language) if key.startswith("audit.")} == {f"audit.{one.value}" for one in Fault}


# ---------------------------------------------------------------- what it leaves
def test_it_changes_nothing(closed):
    before = names_and_bytes(closed), sorted(path.name for path in closed.iterdir())
    assert quick("audit", "--data", closed).returncode == 0
    assert (names_and_bytes(closed), sorted(path.name for path in closed.iterdir())) == before


def test_a_store_that_was_opened_to_be_read_cannot_be_written(closed):
    store = existing_store(closed, read_only=True)
    with pytest.raises(OperationalError, match="readonly"):
        store.gate.note(Action.EXPORTED)
    store.engine.dispose()


def test_a_snapshot_of_a_server_cannot_be_written(tmp_path, postgres):
    from tests.postgres import fresh_database

    store = opened_desk(tmp_path / "data", fresh_database(postgres))
    with store.gate.snapshot(Action.LIST) as session, pytest.raises(Exception, match="read-only transaction"):
        session.execute(PersonRow.__table__.delete())
    store.engine.dispose()


# ---------------------------------------------------------------- while others write
def test_what_is_signed_while_it_looks_is_no_fault(tmp_path, database_url):
    """Entries, signed versions and the number that is kept beside the database belong to one moment."""
    store = opened_desk(tmp_path / "data", database_url)
    ended = threading.Event()

    def sign():
        while not ended.is_set():
            visit = a_visit(store)
            for _ in range(20):
                Reviews(store).sign(visit.id, ACCEPTED, {}, [])
                Reviews(store).reopen(visit.id)

    thread = threading.Thread(target=sign)
    thread.start()
    try:
        found = [audit(store).faults for _ in range(100)]
    finally:
        ended.set()
        thread.join()
    assert found == [[]] * 100
    store.engine.dispose()


# ---------------------------------------------------------------- what is no log at all
@pytest.mark.parametrize(
    "command",
    [
        "UPDATE log SET detail = '{}' WHERE action = 'signed'",
        "UPDATE log SET detail = '[]' WHERE action IN ('signed', 'person_erased')",
        "UPDATE log SET detail = '7' WHERE number = 1",
        "UPDATE log SET subject = 'x', hash = '' WHERE number = 1",
        "UPDATE log SET at = '1999-01-01 00:00:00.000000' WHERE number = 3",
        "UPDATE log SET number = -number",
    ],
)
def test_whatever_an_entry_was_changed_to_is_a_fault(closed, command):
    tampered(closed, command)
    done = quick("audit", "--data", closed)
    assert (done.returncode, done.stderr) == (1, "")
    assert " faults:" in done.stdout or " fault:" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE log SET at = 'yesterday' WHERE number = 2",
        "UPDATE log SET detail = 'no JSON' WHERE number = 2",
        'UPDATE log SET detail = \'{"version": [], "visits": 7}\'',
        "UPDATE log SET action = 'restored', detail = '{\"log_head\": 7}'",
        "UPDATE log SET action = 'restored', detail = '{\"log_head\": [\"a\"]}'",
        "UPDATE signature SET signed_at = 'tomorrow'",
    ],
)
def test_what_cannot_even_be_read_is_one_sentence(closed, command):
    tampered(closed, command)
    store = existing_store(closed, read_only=True)
    with pytest.raises(StoreError, match="some of what the database holds cannot be read"):
        audit(store)
    store.engine.dispose()


def test_a_head_that_may_not_be_read_is_told(closed):
    (closed / "log-head.txt").unlink()
    (closed / "log-head.txt").mkdir()
    done = quick("audit", "--data", closed)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "log-head.txt: it cannot be read" in done.stderr
