"""A copy of everything that is kept, taken while it is in use, and brought back into either kind of database."""

import os
import sqlite3
import stat
import threading
import zipfile

import pytest

from hipcv.errors import OutputError, StoreError
from hipcv.jobs.queue import Queue
from hipcv.store import backup
from hipcv.store.job import Request
from hipcv.store.store import DATABASE, Store
from tests.command import hipcv
from tests.test_store import added


@pytest.fixture
def store(tmp_path, database_url):
    opened = Store(tmp_path / "data", None if database_url.startswith("sqlite") else database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def other(tmp_path):
    opened = Store(tmp_path / "other")
    yield opened
    opened.engine.dispose()


def content(store):
    """All visits with their details and images."""
    pictures = {str(path.relative_to(store.folder)): path.read_bytes() for path in (store.folder / "visits").rglob("*") if path.is_file()}
    return [(one.id, one.measured_at, one.title, one.kind, one.note, one.document) for one in store.visits()], pictures


def test_everything_comes_back(store, other, tmp_path):
    for _ in range(3):
        added(store)
    assert backup.write(store, tmp_path / "all.backup") == 3
    assert backup.restore(tmp_path / "all.backup", other) == 3
    assert content(other) == content(store)


def test_it_comes_back_into_the_other_kind_of_database(store, other, tmp_path):
    added(other)
    backup.write(other, tmp_path / "all.backup")
    backup.restore(tmp_path / "all.backup", store)
    assert content(store) == content(other)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_only_its_owner_can_read_it(store, other, tmp_path):
    one = added(store)
    backup.write(store, tmp_path / "all.backup")
    backup.restore(tmp_path / "all.backup", other)
    written = [tmp_path / "all.backup", *(path for path in other.folder_of(one.id).rglob("*") if path.is_file())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_a_clip_that_waits_is_not_in_it(store, other, tmp_path):
    added(store)
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a clip")
    Queue(store).add(clip, "clip.mp4", Request())
    backup.write(store, tmp_path / "all.backup")
    backup.restore(tmp_path / "all.backup", other)
    assert Queue(other).jobs() == []


def test_visits_that_come_and_go_meanwhile_leave_a_whole_copy(store, other, tmp_path):
    for _ in range(8):
        added(store)
    stop = threading.Event()

    def bustle():
        while not stop.is_set():
            store.delete(store.visits()[0].id)
            added(store)

    beside = threading.Thread(target=bustle)
    beside.start()
    try:
        for number in range(5):
            copied = backup.write(store, tmp_path / f"{number}.backup")
            assert copied > 0
    finally:
        stop.set()
        beside.join()
    assert backup.restore(tmp_path / "4.backup", other) == copied
    for one in other.visits():
        assert list(other.folder_of(one.id).iterdir())
    assert other.sizes().left_over == 0


def test_nothing_is_restored_onto_visits(store, tmp_path):
    added(store)
    backup.write(store, tmp_path / "all.backup")
    with pytest.raises(StoreError, match="there are visits already"):
        backup.restore(tmp_path / "all.backup", store)


def test_an_empty_store_is_likely_the_wrong_one(store, tmp_path):
    with pytest.raises(StoreError, match="--data"):
        backup.write(store, tmp_path / "all.backup")
    assert not (tmp_path / "all.backup").exists()


def test_a_damaged_copy_is_told_and_leaves_the_store_empty(store, other, tmp_path):
    added(store)
    path = tmp_path / "all.backup"
    backup.write(store, path)
    whole = path.read_bytes()
    for damaged in (b"", b"not a backup", whole[: len(whole) // 2], whole[:100] + bytes([whole[100] ^ 255]) + whole[101:]):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match="backup"):
            backup.restore(path, other)
        assert other.visits() == []


def test_a_stranger_in_the_copy_stays_out(store, other, tmp_path):
    one = added(store)
    path = tmp_path / "all.backup"
    backup.write(store, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"visits/{one.id}/../../../out", "out")
        archive.writestr("visits/" + "0" * 32 + "/picture.jpg", "of nobody")
    backup.restore(path, other)
    assert not (tmp_path / "out").exists()
    assert {path.name for path in (other.folder / "visits").iterdir()} == {one.id}


def test_a_copy_of_a_newer_version_says_so(store, other, tmp_path):
    added(store)
    path = tmp_path / "all.backup"
    backup.write(store, path)
    with zipfile.ZipFile(path) as archive:
        archive.extract(DATABASE, tmp_path)
        rest = {name: archive.read(name) for name in archive.namelist() if name != DATABASE}
    database = sqlite3.connect(tmp_path / DATABASE)
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / DATABASE, DATABASE)
        for name, data in rest.items():
            archive.writestr(name, data)
    with pytest.raises(StoreError, match="newer hipcv"):
        backup.restore(path, other)


def test_a_file_that_cannot_be_written_is_named(store, tmp_path):
    added(store)
    with pytest.raises(OutputError, match="cannot be written"):
        backup.write(store, tmp_path / "none" / "all.backup")


def test_the_commands_copy_and_bring_back(store, other, tmp_path, database_url):
    added(store)
    database = [] if database_url.startswith("sqlite") else ["--database", database_url]
    path = tmp_path / "all.backup"
    done = hipcv("backup", path, "--data", store.folder, *database)
    assert (done.returncode, done.stderr) == (0, f"1 visit copied to {path}.\n")
    done = hipcv("restore", path, "--data", other.folder)
    assert (done.returncode, done.stderr) == (0, "1 visit restored.\n")
    assert content(other) == content(store)
