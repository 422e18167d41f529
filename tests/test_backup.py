"""A backup and what is made of it: everything comes back, in either kind of database, or nothing does and a sentence says why."""

import json
import os
import sqlite3
import stat
import threading
import time
import zipfile
from datetime import date

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from hipcv.errors import BackupError, HipcvError, NotAllowed, OutputError, StoreError, StoreInUse
from hipcv.jobs.queue import Queue
from hipcv.records import record
from hipcv.store import backup, restore
from hipcv.store.audit import Fault, audit
from hipcv.store.backup_format import MANIFEST
from hipcv.store.database import sqlite_url
from hipcv.store.empty_place import EmptyPlace
from hipcv.store.existing import existing_store
from hipcv.store.job import Request, State
from hipcv.store.people import NoteKind, People
from hipcv.store.reviews import Instrument, Quantity, Reading, Reviews, Side
from hipcv.store.server_lock import ServerLock
from hipcv.store.store import DATABASE, Store
from tests.backups import ACCEPTED, before_restore, content, files, full_desk, names_and_bytes, rewritten, rows, with_images
from tests.command import quick
from tests.desks import NOON, a_person, a_visit
from tests.postgres import fresh_database

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")


def url_of(store):
    return None if store.engine.dialect.name == "sqlite" else store.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def store(tmp_path, database_url):
    opened = full_desk(tmp_path / "data", database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def on_file(tmp_path):
    opened = full_desk(tmp_path / "data")
    yield opened
    opened.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def to_url(request):
    """The address of an empty database to restore into; None = a file in the folder."""
    return None if request.param == "sqlite" else fresh_database(request.getfixturevalue("postgres"))


@pytest.fixture
def restored(tmp_path):
    """Restores a file, and opens what came of it."""
    opened = []

    def run(file, url=None, folder=None):
        folder = folder or tmp_path / "restored"
        restore.restore(file, folder, url)
        opened.append(existing_store(folder, url))
        return opened[-1]

    yield run
    for one in opened:
        one.engine.dispose()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.zip"


def refusal(call, *arguments, kind=HipcvError):
    """The one sentence with which something is refused."""
    with pytest.raises(kind) as problem:
        call(*arguments)
    said = str(problem.value)
    assert len(said.splitlines()) == 1
    assert said.endswith(".")
    assert problem.value.said("de") != said
    return said


def only_from(folder):
    """A guard: whoever calls it says that nothing in a folder has changed since."""
    before = names_and_bytes(folder)
    return lambda: names_and_bytes(folder) == before


# ---------------------------------------------------------------- there and back
def test_everything_comes_back_in_either_kind_of_database(store, to_url, file, restored):
    before = content(store)
    done = backup.write(store, file)
    assert (done.n_visits, done.n_people, done.n_entries, done.n_bytes) == (4, 2, len(before[0]["log"]), file.stat().st_size)
    assert (done.in_work, done.without_images) == ([], [])
    back = restored(file, to_url)
    assert before_restore(back) == before
    assert audit(back).faults == []
    assert back.gate.head.known() == (audit(back).last.number, audit(back).last.hash)
    assert all(list(table) for name, table in before[0].items() if name != "job"), "the desk holds something of everything"


def test_a_patients_own_app_comes_back_without_a_log(tmp_path, file, to_url, restored):
    store = Store(tmp_path / "data")
    with_images(store, a_visit(store))
    before = content(store)
    done = backup.write(store, file)
    assert (done.n_visits, done.n_people, done.n_entries) == (1, 0, 0)
    assert content(store) == before, "where there is no log, none is begun"
    back = restored(file, to_url)
    assert content(back) == before
    assert not (back.folder / "log-head.txt").exists()
    store.engine.dispose()


def test_it_is_entered_in_the_log_and_so_is_the_restore(store, file, to_url, restored):
    backup.write(store, file)
    with zipfile.ZipFile(file) as packed:
        manifest = json.loads(packed.read(MANIFEST))
    written = rows(store)["log"][-1]
    assert (written[3], written[5]) == ("backed_up", {"backup": manifest["sha256"], "visits": 4})
    entry = rows(restored(file, to_url))["log"][-1]
    assert entry[3] == "restored"
    assert entry[5] == {"backup": manifest["sha256"], "visits": [], "log_head": [len(rows(store)["log"]) - 1, written[6]]}


def test_life_goes_on_after_a_restore(store, file, to_url, restored):
    """Numbers go on after the highest one, the log stays append-only, and a backup of the restored one is as good."""
    backup.write(store, file)
    back = restored(file, to_url)
    (person, *_), visit = People(back).lines(), back.visits()[0]
    kept = Reviews(back)
    assert kept.add_edit(visit.id, {"kind": "include"}) == 1
    kept.sign(visit.id, ACCEPTED, visit.document, [1])
    kept.add_reading(visit.id, Reading(Side.LEFT, Quantity.INTERNAL, 3, Instrument.GONIOMETER))
    People(back).add_note(person.person.id, date(2026, 3, 4), NoteKind.OTHER, "danach")
    for table in ("edit", "signature", "reading", "course_note"):
        ids = [row[0] for row in rows(back)[table]]
        assert ids[-1] == max(row[0] for row in rows(store)[table]) + 1
    for command in ("UPDATE log SET actor = 'x'", "DELETE FROM log"):
        with pytest.raises(DBAPIError, match="append-only"), back.engine.begin() as connection:
            connection.execute(text(command))
    assert audit(back).faults == []
    again = content(back)
    backup.write(back, file)
    assert before_restore(restored(file, folder=back.folder.parent / "third")) == again


def test_an_empty_store_that_the_app_has_made_takes_a_backup(store, file, tmp_path, to_url, restored):
    backup.write(store, file)
    Store(tmp_path / "restored", to_url).engine.dispose()
    (tmp_path / "restored" / ".DS_Store").touch()
    assert before_restore(restored(file, to_url))[1] == files(store)


@POSIX
def test_only_its_owner_can_ever_read_it(on_file, file):
    (file.parent / "backup.zip").write_bytes(b"an older one that everybody may read")
    file.chmod(0o644)
    seen = set()

    def look(_done, _total):
        (unfinished,) = file.parent.glob(".backup-*.zip")
        seen.add(stat.S_IMODE(unfinished.stat().st_mode))

    before = os.umask(0)
    try:
        backup.write(on_file, file, look)
    finally:
        os.umask(before)
    assert (seen, stat.S_IMODE(file.stat().st_mode)) == ({0o600}, 0o600)
    assert list(file.parent.glob(".*")) == []


@POSIX
def test_nobody_else_can_read_what_was_restored(on_file, file, tmp_path, restored):
    backup.write(on_file, file)
    before = os.umask(0)
    try:
        restored(file, folder=tmp_path / "a" / "b")
    finally:
        os.umask(before)
    private = [tmp_path / "a", *(path for path in (tmp_path / "a" / "b").rglob("*") if path.is_dir()), tmp_path / "a" / "b" / DATABASE]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private} == {0}


def test_progress_is_told_to_the_end(on_file, file, tmp_path):
    seen = []
    backup.write(on_file, file, lambda *done: seen.append(done))
    assert seen == [(number, 4) for number in range(1, 5)]
    seen.clear()
    restore.restore(file, tmp_path / "restored", None, lambda *done: seen.append(done))
    n_parts, n_images = len(zipfile.ZipFile(file).namelist()) - 1, len(files(on_file))
    assert seen[0] == (1, 2 * n_parts)
    assert len(seen) == n_parts + n_images


# ---------------------------------------------------------------- what is left out
def a_job(store, state, visit_id=None):
    (store.folder.parent / "clip").write_bytes(b"film")
    job_id = Queue(store).add(store.folder.parent / "clip", "clip.mp4", Request())
    Queue(store).progress(job_id, state=state.value, visit_id=visit_id)
    return job_id


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING, State.STOPPING])
def test_a_visit_at_work_is_left_out_with_all_that_is_its_own_and_named(store, file, to_url, restored, state):
    visit = next(one for person in People(store).lines() for one in store.visits(person.person.id) if one.title == "Woche 0")
    a_job(store, state, visit.id)
    before = content(store)
    done = backup.write(store, file)
    assert (done.n_visits, done.in_work, done.without_images) == (3, [visit.measured_at], [])
    back = restored(file, to_url)
    found, images = before_restore(back)
    for table, place in {"visit": 0, "edit": 1, "signature": 1, "reading": 1}.items():
        assert found[table] == [row for row in before[0][table] if row[place] != visit.id]
        assert len(found[table]) < len(before[0][table])
    assert all(found[table] == before[0][table] for table in ("person", "course_note", "ask", "setting", "log"))
    assert images == {name: data for name, data in before[1].items() if not name.startswith(visit.id)}
    assert Queue(back).jobs() == []
    assert audit(back).faults == [], "the log says why its signed version is not there"


def test_a_visit_is_at_work_before_its_job_names_it(on_file, file):
    job_id = a_job(on_file, State.RUNNING)
    a_visit(on_file, id=job_id)
    done = backup.write(on_file, file)
    assert (done.n_visits, done.in_work) == (4, [NOON])


def test_a_visit_whose_job_has_ended_is_in_it_and_the_job_is_not(on_file, file, restored):
    a_job(on_file, State.DONE, on_file.visits()[0].id)
    a_job(on_file, State.FAILED)
    before = content(on_file)
    assert backup.write(on_file, file).n_visits == 4
    assert before_restore(restored(file)) == before
    assert "job" not in str(zipfile.ZipFile(file).namelist())


@pytest.mark.parametrize("lost", ["folder", record.DOCUMENT])
def test_a_visit_without_its_images_is_left_out_and_named(on_file, file, restored, lost):
    visit = on_file.visits()[0]
    folder = on_file.folder_of(visit.id)
    for path in folder.iterdir():
        if lost in ("folder", path.name):
            path.unlink()
    if lost == "folder":
        folder.rmdir()
    done = backup.write(on_file, file)
    assert (done.n_visits, done.without_images) == (3, [visit.measured_at])
    assert not any(visit.id in str(row) for row in rows(restored(file))["visit"])


def test_unfinished_files_links_and_what_is_not_ours_stay_out(on_file, file):
    folder = on_file.folder_of(on_file.visits()[0].id)
    wanted = set(files(on_file))
    (folder / ".overlay-x.mp4").write_bytes(b"half")
    (folder / "my notes.txt").write_bytes(b"of mine")
    (folder / "more").mkdir()
    (folder / "more" / "right-0.jpg").write_bytes(b"elsewhere")
    if os.name == "posix":
        (folder / "link.jpg").symlink_to(file.parent / "secret")
    backup.write(on_file, file)
    assert {name.removeprefix("visits/") for name in zipfile.ZipFile(file).namelist() if name.startswith("visits/")} == wanted


@pytest.fixture
def beside():
    """Runs something in a thread, and waits for it at the end."""
    threads = []

    def run(action):
        threads.append(threading.Thread(target=action))
        threads[-1].start()

    yield run
    for thread in threads:
        thread.join()


def test_a_visit_that_is_just_being_deleted_is_out_with_all_that_is_its_own(on_file, file, beside, restored):
    """Slowly, as on a full disk: for two seconds some of its files are there, the document among them, and its row to the end."""
    visit = on_file.visits(People(on_file).lines()[0].person.id)[0]
    folder = on_file.folder_of(visit.id)
    names = sorted((path.name for path in folder.iterdir()), key=lambda name: name == record.DOCUMENT)
    begun = threading.Event()

    def slowly():
        for name in names:
            (folder / name).unlink()
            begun.set()
            time.sleep(0.3)
        folder.rmdir()
        on_file.delete(visit.id)

    beside(slowly)
    begun.wait()
    done = backup.write(on_file, file)
    assert (done.n_visits, done.without_images) == (3, [])
    back = restored(file)
    assert not any(visit.id in str(row) for name, table in rows(back).items() if name != "log" for row in table)
    assert audit(back).faults == []


def test_files_that_come_while_it_looks_are_in_it(on_file, file, beside):
    folder = on_file.folder_of(on_file.visits()[0].id)
    begun = threading.Event()

    def draw():
        for number in range(8):
            (folder / f"left-{number}.jpg").write_bytes(b"drawn")
            begun.set()
            time.sleep(0.1)

    beside(draw)
    begun.wait()
    backup.write(on_file, file)
    assert sum("/left-" in name for name in zipfile.ZipFile(file).namelist()) == 8


def test_a_long_backup_holds_nobody_up(on_file, file):
    """While images are copied, rows can be written and deleted ones leave SQLite's own log at once."""
    took = []

    def delete(done, _total):
        if done == 1:
            begun = time.monotonic()
            a_person(on_file, "meanwhile")
            on_file.delete(on_file.visits()[0].id)
            took.append(time.monotonic() - begun)
            assert (on_file.folder / f"{DATABASE}-wal").stat().st_size == 0

    backup.write(on_file, file, delete)
    assert took[0] < 5


# ---------------------------------------------------------------- a wrong place
def no_store(tmp_path, kind):
    """A folder and an address that a mistyped option may lead to."""
    folder = tmp_path / "wrong"
    if kind != "absent":
        folder.mkdir()
        (folder / "letter.txt").write_text("mine")
    if kind in ("visits without a database", "a database that is not there"):
        (folder / "visits").mkdir()
    if kind == "an empty file":
        (folder / "visits").mkdir()
        (folder / DATABASE).touch()
    if kind == "another program's database":
        (folder / "visits").mkdir()
        sqlite3.connect(folder / DATABASE).execute("CREATE TABLE visit (x)").connection.close()
    return folder, sqlite_url(folder / "other.sqlite3") if kind == "a database that is not there" else None


@pytest.mark.parametrize(
    "kind",
    [
        "absent",
        "somebody's folder",
        "visits without a database",
        "an empty file",
        "another program's database",
        "a database that is not there",
    ],
)
@pytest.mark.parametrize("command", ["backup", "audit"])
def test_a_mistyped_folder_stays_as_it_is(tmp_path, kind, command):
    folder, url = no_store(tmp_path, kind)
    unchanged = only_from(tmp_path)
    done = quick(command, *([tmp_path / "b.zip"] if command == "backup" else []), "--data", folder, *(["--database", url] if url else []))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "no data of hipcv are here. Give the folder of the app with --data" in done.stderr
    assert unchanged()


def test_a_file_instead_of_a_folder_is_told(tmp_path):
    (tmp_path / "file").touch()
    assert "no data of hipcv" in refusal(existing_store, tmp_path / "file")
    assert "no data of hipcv" in refusal(existing_store, tmp_path / "file" / "data")


def test_an_empty_database_of_a_server_stays_empty(on_file, postgres):
    url = fresh_database(postgres)
    for read_only in (True, False):
        assert "no data of hipcv are here" in refusal(lambda read_only=read_only: existing_store(on_file.folder, url, read_only=read_only))
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize(("revision", "sentence"), [("0001", "Start the app of this version once"), ("9999", "Update hipcv")])
def test_data_of_another_version_are_left_alone(store, revision, sentence):
    with store.engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    assert sentence in refusal(existing_store, store.folder, url_of(store))
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == revision


def test_a_store_in_which_nothing_is_kept_is_likely_the_wrong_one(tmp_path, file):
    store = Store(tmp_path / "data")
    assert "nothing is kept here" in refusal(backup.write, store, file)
    assert not file.exists()
    store.engine.dispose()


def test_a_database_with_another_folder_is_told(on_file, tmp_path, file):
    other = Store(tmp_path / "other", sqlite_url(on_file.folder / DATABASE))
    assert refusal(backup.write, other, file).startswith(f"{other.folder}: no visit in the database has its images in this folder")
    assert list(tmp_path.glob("*.zip")) == []
    other.engine.dispose()


def test_a_backup_in_the_folder_of_the_app_is_refused(on_file):
    for inside in (on_file.folder / "b.zip", on_file.uploads / "b.zip", on_file.folder / ".." / "data" / "b.zip"):
        assert "in the app's own folder" in refusal(backup.write, on_file, inside, kind=OutputError)
    assert list(on_file.folder.rglob("*.zip")) == []


def test_a_place_that_takes_no_file_is_told(on_file, tmp_path):
    before = len(rows(on_file)["log"])
    assert "it cannot be written" in refusal(backup.write, on_file, tmp_path / "none" / "b.zip")
    assert "this is a folder" in refusal(backup.write, on_file, tmp_path)
    assert len(rows(on_file)["log"]) == before


def test_whoever_may_not_cannot(on_file, file, tmp_path):
    class Nobody:
        def allows(self, *_):
            return False

    refused = Store(on_file.folder, access=Nobody())
    with pytest.raises(NotAllowed):
        backup.write(refused, file)
    assert not file.exists()
    refused.engine.dispose()


def test_a_log_that_takes_no_entry_leaves_a_whole_backup(on_file, file, restored):
    with on_file.engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'the log is full'); END"))
    said = refusal(backup.write, on_file, file)
    assert said.startswith(f"{file}: the backup is whole, but the log of the desk could not take an entry about it.")
    assert before_restore(restored(file))[1] == files(on_file)


@pytest.mark.parametrize("command", ["UPDATE visit SET document = 'no JSON'", "UPDATE person SET created_at = 'no time'"])
def test_a_row_that_cannot_be_read_is_told(on_file, file, command):
    with on_file.engine.begin() as connection:
        connection.execute(text(command))
    assert "cannot be read" in refusal(backup.write, on_file, file)
    assert not file.exists()


# ---------------------------------------------------------------- where something is kept
def test_nothing_is_restored_onto_anything(store, file, tmp_path, restored):
    backup.write(store, file)
    unchanged = only_from(tmp_path) if store.engine.dialect.name == "postgresql" else lambda: True
    before = content(store)
    assert "something is kept there already" in refusal(restore.restore, file, store.folder, url_of(store))
    assert content(store) == before
    assert unchanged()


def killed_after_its_images(file, folder, monkeypatch):
    """What a restore leaves that is killed when its images are there and its rows are not committed."""
    with monkeypatch.context() as patch:
        patch.setattr(restore, "_restored_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(EmptyPlace, "clear", lambda self: self.store.engine.dispose())
        with pytest.raises(KeyboardInterrupt):
            restore.restore(file, folder)


def test_a_restore_that_is_killed_just_before_its_rows_are_kept_can_be_done_again(on_file, file, tmp_path, monkeypatch):
    folder = tmp_path / "again"
    backup.write(on_file, file)
    killed_after_its_images(file, folder, monkeypatch)
    assert files(Store(folder))
    elsewhere = sqlite_url(tmp_path / "elsewhere.sqlite3")
    with pytest.raises(StoreError) as refused:  # those images may belong to rows of the other database
        restore.restore(file, folder, elsewhere)
    assert refused.value.code == "restore_not_empty"
    restore.restore(file, folder)
    back = existing_store(folder)
    assert files(back) == files(on_file)
    assert not (folder / "restoring.txt").exists()
    back.engine.dispose()


def test_a_restore_that_is_killed_just_after_its_rows_are_kept_is_whole(on_file, file, tmp_path, monkeypatch):
    folder = tmp_path / "whole"
    backup.write(on_file, file)
    with monkeypatch.context() as patch:
        patch.setattr(EmptyPlace, "done", lambda _: None)
        restore.restore(file, folder)
    assert (folder / "restoring.txt").exists()
    with pytest.raises(StoreError) as refused:
        restore.restore(file, folder)
    assert refused.value.code == "restore_not_empty"
    back = existing_store(folder)
    assert files(back) == files(on_file)
    assert not (folder / "restoring.txt").exists()
    back.engine.dispose()


def test_nothing_is_restored_into_a_database_with_rows(store, file, tmp_path):
    backup.write(store, file)
    before = content(store)
    assert "something is kept there already" in refusal(restore.restore, file, tmp_path / "new", store.engine.url.render_as_string(False))
    assert content(store) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "left", ["visits/x/measurement.json", "visits/right-0.jpg", "jobs/x/clip", "uploads/x", "log-head.txt", "letter.txt"]
)
def test_a_folder_that_holds_anything_is_refused_and_stays(on_file, file, tmp_path, left):
    backup.write(on_file, file)
    Store(tmp_path / "other").engine.dispose()
    (tmp_path / "other" / left).parent.mkdir(exist_ok=True)
    (tmp_path / "other" / left).write_text("kept")
    unchanged = only_from(tmp_path)
    assert "something is kept there already" in refusal(restore.restore, file, tmp_path / "other")
    assert unchanged()


def test_tables_of_another_program_are_left_alone(on_file, file, tmp_path, postgres):
    url = fresh_database(postgres)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (theirs int)"))
    backup.write(on_file, file)
    assert "something is kept there already" in refusal(restore.restore, file, tmp_path / "new", url)
    assert inspect(engine).get_table_names() == ["visit"]
    assert not (tmp_path / "new").exists()
    engine.dispose()


def test_a_place_in_use_is_refused(on_file, file, tmp_path, to_url):
    backup.write(on_file, file)
    used = Store(tmp_path / "used", to_url)
    lock = ServerLock(used)
    lock.take()
    unchanged = only_from(used.folder)
    refusal(restore.restore, file, used.folder, to_url, kind=StoreInUse)
    if to_url:
        refusal(restore.restore, file, tmp_path / "another", to_url, kind=StoreInUse)
        assert not (tmp_path / "another").exists()
    assert unchanged()
    lock.release()
    restore.restore(file, used.folder, to_url)
    used.engine.dispose()


def test_the_app_cannot_start_while_it_is_restored(on_file, file, tmp_path, to_url):
    backup.write(on_file, file)
    refused = []

    def start(done, total):
        if done == total // 2 + 1:  # the first image has been written
            store = Store(tmp_path / "new", to_url)
            with pytest.raises(StoreInUse):
                ServerLock(store).take()
            store.engine.dispose()
            refused.append(done)

    restore.restore(file, tmp_path / "new", to_url, start)
    assert len(refused) == 1


@pytest.mark.parametrize("place", ["file", "file/data"])
def test_a_place_that_cannot_be_a_folder_is_told(on_file, file, tmp_path, place):
    backup.write(on_file, file)
    (tmp_path / "file").touch()
    unchanged = only_from(tmp_path)
    assert "nothing can be kept there" in refusal(restore.restore, file, tmp_path / place)
    assert unchanged()


def test_a_database_out_of_reach_is_told_and_nothing_is_made(on_file, file, tmp_path):
    backup.write(on_file, file)
    unchanged = only_from(tmp_path)
    assert "cannot be opened" in refusal(restore.restore, file, tmp_path / "new", "postgresql+psycopg://me:s3cret@127.0.0.1:1/x")
    assert "is not one of a database" in refusal(restore.restore, file, tmp_path / "new", "nonsense")
    assert unchanged()


# ---------------------------------------------------------------- what fails leaves nothing
@pytest.mark.parametrize("there", ["nothing", "an empty folder", "an empty store"])
def test_rows_that_do_not_fit_together_leave_everything_as_it_was(on_file, file, tmp_path, to_url, there):
    backup.write(on_file, file)
    with zipfile.ZipFile(file) as packed:
        edits = packed.read("rows/edit.jsonl").replace(on_file.visits()[0].id.encode(), b"0" * 32)
        readings = packed.read("rows/reading.jsonl")
    for visit_id in {json.loads(line)["visit_id"] for line in readings.splitlines()}:
        readings = readings.replace(visit_id.encode(), b"0" * 32)
    rewritten(file, file, {"rows/edit.jsonl": edits, "rows/reading.jsonl": readings})
    folder = tmp_path / "outer" / "new"
    if there != "nothing":
        folder.mkdir(parents=True)
    if there == "an empty store":
        Store(folder, to_url).engine.dispose()
    unchanged = only_from(tmp_path)
    engine = create_engine(to_url or sqlite_url(folder / DATABASE)) if to_url else None
    tables = inspect(engine).get_table_names() if engine else []
    assert "the database does not take what is in it" in refusal(restore.restore, file, folder, to_url, kind=BackupError)
    assert unchanged()
    if engine:
        assert inspect(engine).get_table_names() == tables
        engine.dispose()


def test_what_others_put_there_meanwhile_stays(on_file, file, tmp_path):
    backup.write(on_file, file)
    with zipfile.ZipFile(file) as packed:
        people = packed.read("rows/person.jsonl")
    rewritten(file, file, {"rows/person.jsonl": people * 2})

    def put(done, total):
        if done == total // 2 + 2:
            (tmp_path / "new" / "letter.txt").write_text("mine")
            (tmp_path / "new" / "visits" / "picture.jpg").write_text("mine")

    with pytest.raises(BackupError, match="the database does not take"):
        restore.restore(file, tmp_path / "new", None, put)
    assert {name for name, data in names_and_bytes(tmp_path / "new").items() if data} == {"letter.txt", "visits/picture.jpg"}


def test_a_log_that_was_shortened_stays_so_through_a_restore(on_file, file, restored):
    database = sqlite3.connect(on_file.folder / DATABASE)
    with database:
        database.execute("DROP TRIGGER log_no_DELETE")
        database.execute("DELETE FROM log WHERE number > 5")
    database.close()
    backup.write(existing_store(on_file.folder), file)
    back = restored(file)
    assert (Fault.SHORTENED, 6) in [(one.fault, one.number) for one in audit(back).faults]
    a_person(back, "später")
    assert (Fault.SHORTENED, 6) in [(one.fault, one.number) for one in audit(back).faults]


def test_tables_that_the_app_migrates_later_need_not_be_restored_first(file, on_file, restored):
    """A backup of the tables of another version names that version."""
    backup.write(on_file, file)
    said = refusal(restore.restore, rewritten(file, file, revision="0003", hipcv="9.1.0"), file.parent / "new", kind=BackupError)
    assert said == f"{file}: it was written by hipcv 9.1.0, which keeps its data in another form. Restore it with that version."
    assert not (file.parent / "new").exists()


# ---------------------------------------------------------------- the commands
@pytest.mark.slow
def test_the_commands_say_what_they_did(on_file, file, tmp_path):
    a_job(on_file, State.RUNNING, on_file.visits()[0].id)
    done = quick("backup", file, "--data", on_file.folder)
    assert done.returncode == 0
    n = len(rows(on_file)["log"])
    assert done.stdout.splitlines()[0] == f"{file}: 3 visits and 2 people, and the log ({n - 1} entries); 0.1 MB."
    assert "not encrypted" in done.stdout
    assert done.stderr.startswith("Left out: the visit of 02 Mar 2026, ")
    done = quick("restore", file, "--data", tmp_path / "my data")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith(f"{tmp_path / 'my data'}: 3 visits and 2 people, and the log ({n} entries), as of ")
    assert second == f"Open them: hipcv app --data '{tmp_path / 'my data'}'"
    done = quick("restore", file, "--data", tmp_path / "my data")
    assert (done.returncode, done.stdout) == (1, "")
    assert "something is kept there already" in done.stderr


@pytest.mark.slow
def test_the_password_of_a_database_is_never_printed(on_file, file, postgres, tmp_path):
    backup.write(on_file, file)
    url = fresh_database(postgres).replace("hipcv@", "hipcv:s3cret@")
    done = quick("restore", file, "--data", tmp_path / "new", "--database", url)
    assert done.returncode == 0
    assert done.stdout.endswith("--database URL, with the same URL\n")
    for command in (["backup", tmp_path / "again.zip"], ["audit"]):
        done = quick(*command, "--data", tmp_path / "new", "--database", url)
        assert (done.returncode, "s3cret" in done.stdout + done.stderr) == (0, False)


@pytest.mark.slow
def test_the_place_of_the_app_is_the_place_of_the_commands(on_file, file, monkeypatch, tmp_path):
    monkeypatch.setenv("HIPCV_DATA", str(on_file.folder))
    assert quick("backup", file).returncode == 0
    assert quick("audit").returncode == 0
    monkeypatch.setenv("HIPCV_DATA", str(tmp_path / "new"))
    assert quick("restore", file).stdout.endswith("Open them: hipcv app\n")
