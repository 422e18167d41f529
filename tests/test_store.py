"""Visits that are kept: said, said anew, and gone when they are deleted, down to the bytes on disk. Over both kinds of database."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hipcv.errors import RecordError, StoreError, VisitNotFound
from hipcv.jobs.queue import Queue
from hipcv.records import record
from hipcv.records.document import to_document
from hipcv.records.visit import Kind, Visit
from hipcv.store.database import sqlite_url
from hipcv.store.job import Request, State
from hipcv.store.store import DATABASE, Sizes, Store, new_id
from tests.builders import a_measurement

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLE, NOTE = "Knie-Reha Woche drei", "schmerzhaft beim Eindrehen ÄÖÜ"
NO_IDS = ["", "..", "../..", "/etc", "0" * 31, "0" * 33, "G" * 32, "../" + "0" * 29, "０" * 32]


@pytest.fixture
def store(tmp_path, database_url):
    opened = Store(tmp_path / "data", None if database_url.startswith("sqlite") else database_url)
    yield opened
    opened.engine.dispose()


def visit(**choices):
    known = {"id": new_id(), "measured_at": NOON, "title": TITLE, "kind": Kind.SINGLE, "note": NOTE}
    return Visit(**{**known, "document": to_document(a_measurement()), **choices})


def added(store, **choices):
    """A visit in the store, with its folder and a picture in it."""
    one = visit(**choices)
    folder = store.folder_of(one.id)
    folder.mkdir()
    record.write(a_measurement(), folder)
    (folder / "right-0.jpg").write_bytes(b"a picture")
    store.add(one)
    return one


def files_with(store, *texts):
    """Every file in the folder of the store that holds one of the texts in some encoding."""
    wanted = [form for text in texts for form in (text.encode(), text.encode("utf-16-le"), text.encode("ascii", "backslashreplace"))]
    return [path.name for path in store.folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in wanted)]


# ---------------------------------------------------------------- keeping
def test_a_visit_comes_back_as_it_was_kept(store):
    one = added(store, kind=Kind.BEFORE)
    (back,) = store.visits()
    assert [getattr(back, name) for name in Visit.__slots__] == [getattr(one, name) for name in Visit.__slots__]
    assert store.visit(one.id).document == to_document(a_measurement())


def test_a_point_in_time_keeps_its_meaning_in_every_zone(store):
    tokyo = timezone(timedelta(hours=9))
    one = added(store, measured_at=NOON.astimezone(tokyo))
    assert store.visit(one.id).measured_at == NOON
    assert store.visit(one.id).measured_at.utcoffset() is not None


def test_visits_come_in_order_of_their_day_however_they_were_added(store):
    ids = {days: added(store, measured_at=NOON + timedelta(days=days)).id for days in (3, 1, 2)}
    assert [one.id for one in store.visits()] == [ids[1], ids[2], ids[3]]


def test_what_is_said_of_a_visit_can_be_said_anew(store):
    one, other = added(store), added(store)
    store.rename(one.id, title="  Woche vier ", kind=Kind.AFTER, note=" besser\n", measured_at=NOON + timedelta(days=1))
    back = store.visit(one.id)
    assert (back.title, back.kind, back.note, back.measured_at) == ("Woche vier", Kind.AFTER, "besser", NOON + timedelta(days=1))
    assert store.visit(other.id).title == TITLE


def test_a_title_too_long_for_its_column_is_cut(store):
    one = added(store, title="x" * 300)
    assert store.visit(one.id).title == "x" * 200
    store.rename(one.id, title="y" * 300, kind=Kind.SINGLE, note="", measured_at=NOON)
    assert store.visit(one.id).title == "y" * 200


def test_the_record_of_a_visit_is_read_from_its_folder(store):
    one = added(store)
    assert store.record(one.id).folder == store.folder / "visits" / one.id
    assert to_document(store.record(one.id).measurement) == one.document


def test_a_visit_without_its_files_is_told(store):
    one = added(store)
    shutil.rmtree(store.folder_of(one.id))
    with pytest.raises(RecordError):
        store.record(one.id)


def test_facts_for_a_file_that_is_sent_are_plain_text():
    after = visit(kind=Kind.AFTER)
    assert after.facts(with_words=True) == {"title": TITLE, "measured_on": "2026-03-02", "kind": "after", "note": NOTE}
    assert after.facts() == {"title": "", "measured_on": "2026-03-02", "kind": "after", "note": ""}


def test_sizes_are_those_on_disk(store):
    one = added(store)
    (store.folder / "uploads" / "half").write_bytes(bytes(70))
    expected = sum(path.stat().st_size for path in store.folder_of(one.id).iterdir())
    assert store.sizes() == Sizes({one.id: expected}, in_work=70, left_over=0)


# ---------------------------------------------------------------- what is not there
def test_a_visit_that_is_not_there_is_told(store):
    added(store)
    for name in (new_id(), *NO_IDS):
        with pytest.raises(VisitNotFound):
            store.visit(name)
        with pytest.raises(VisitNotFound):
            store.rename(name, title="", kind=Kind.SINGLE, note="", measured_at=NOON)


def test_what_is_no_id_becomes_no_path(store):
    one = added(store)
    for name in NO_IDS:
        for ask in (store.folder_of, store.job_folder, store.record, store.delete):
            with pytest.raises(VisitNotFound):
                ask(name)
    assert [back.id for back in store.visits()] == [one.id]
    assert store.folder_of(one.id).is_dir()


def test_a_folder_where_nothing_can_be_kept_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/data: nothing can be kept there .*--data"):
        Store(tmp_path / "file" / "data")


# ---------------------------------------------------------------- deletion
def test_a_deleted_visit_leaves_no_row_and_no_file_and_the_others_stay(store):
    gone, kept = added(store), added(store)
    store.delete(gone.id)
    assert [one.id for one in store.visits()] == [kept.id]
    assert not store.folder_of(gone.id).exists()
    assert to_document(store.record(kept.id).measurement) == kept.document


def test_the_job_that_led_to_a_visit_goes_with_it(store, tmp_path):
    (tmp_path / "clip").write_bytes(b"film")
    queue = Queue(store)
    job_id = queue.add(tmp_path / "clip", "clip.mp4", Request(title=TITLE, note=NOTE))
    one = added(store)
    queue.progress(job_id, state=State.RUNNING.value, visit_id=one.id)
    store.delete(one.id)
    assert queue.jobs() == []
    assert not store.job_folder(job_id).exists()


def test_deleting_twice_is_no_fault(store):
    one = added(store)
    store.delete(one.id)
    store.delete(one.id)
    assert store.visits() == []


def test_deleting_everything_leaves_nothing_but_an_empty_store(store, tmp_path):
    (tmp_path / "clip").write_bytes(b"film")
    added(store)
    Queue(store).add(tmp_path / "clip", "clip.mp4", Request())
    (store.folder / "uploads" / "half").write_bytes(b"half a film")
    store.delete_all()
    assert (store.visits(), Queue(store).jobs()) == ([], [])
    assert [path for part in ("visits", "jobs", "uploads", "opened") for path in (store.folder / part).iterdir()] == []
    assert store.sizes() == Sizes({}, in_work=0, left_over=0)


def test_what_an_interrupted_deletion_left_is_told_and_goes_with_everything(store):
    lost = store.folder / "visits" / new_id()
    lost.mkdir()
    (lost / "right-0.jpg").write_bytes(bytes(50))
    assert store.sizes() == Sizes({}, in_work=0, left_over=50)
    store.delete_all()
    assert list((store.folder / "visits").iterdir()) == []


def test_a_start_clears_away_what_a_killed_server_left(on_file, tmp_path):
    kept, lost = added(on_file), on_file.folder / "visits" / new_id()
    waiting = Queue(on_file).add(clip_at(tmp_path), "clip.mp4", Request())
    for path in (lost, on_file.folder / "jobs" / new_id(), on_file.opened / new_id(), on_file.folder_of(waiting)):
        path.mkdir()
        (path / "clip").write_bytes(b"film")
    (on_file.uploads / "half.part").write_bytes(b"half")
    on_file.clear_orphans()
    assert {path.name for path in (on_file.folder / "visits").iterdir()} == {kept.id, waiting}
    assert [path.name for path in (on_file.folder / "jobs").iterdir()] == [waiting]
    assert [*on_file.opened.iterdir(), *on_file.uploads.iterdir()] == []


def test_a_database_given_by_a_wrong_address_costs_no_pictures(on_file, tmp_path):
    kept = added(on_file)
    elsewhere = Store(on_file.folder, sqlite_url(tmp_path / "other.sqlite3"))
    elsewhere.clear_orphans()
    elsewhere.engine.dispose()
    assert on_file.record(kept.id).measurement is not None


def test_a_start_without_the_database_that_knows_them_costs_no_pictures(on_file):
    kept = added(on_file)
    on_file.engine.dispose()
    (on_file.folder / DATABASE).rename(on_file.folder / "elsewhere.sqlite3")  # as after a start with --database, then one without
    forgetful = Store(on_file.folder)
    forgetful.clear_orphans()
    assert forgetful.visits() == []
    assert forgetful.sizes().left_over > 0
    forgetful.engine.dispose()
    (on_file.folder / "elsewhere.sqlite3").replace(on_file.folder / DATABASE)
    assert Store(on_file.folder).record(kept.id).measurement is not None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_visit_that_cannot_be_deleted_stays_to_be_seen(on_file):
    one = added(on_file)
    on_file.folder_of(one.id).chmod(0o500)
    with pytest.raises(StoreError, match="Not everything could be deleted"):
        on_file.delete(one.id)
    on_file.folder_of(one.id).chmod(0o700)
    assert [visit.id for visit in on_file.visits()] == [one.id]


def test_what_stays_after_a_deletion_is_told(on_file, monkeypatch):
    one = added(on_file)
    monkeypatch.setattr("hipcv.store.store.shutil.rmtree", lambda _path: None)
    monkeypatch.setattr("hipcv.store.store._PATIENCE_S", 0.1)
    with pytest.raises(StoreError, match="Not everything could be deleted"):
        on_file.delete(one.id)
    assert [visit.id for visit in on_file.visits()] == [one.id]


@pytest.fixture
def on_file(tmp_path):
    opened = Store(tmp_path / "data")
    yield opened
    opened.engine.dispose()


@pytest.mark.parametrize("everything", [False, True], ids=["one", "everything"])
def test_no_byte_on_disk_tells_of_a_deleted_visit(on_file, everything, tmp_path):
    """A long note lies on pages of its own, a short one among others; both kinds were in the log of SQLite."""
    notes = [NOTE, f"{NOTE} " * 400]
    ids = [added(on_file, note=note).id for note in notes]
    job_id = Queue(on_file).add(clip_at(tmp_path), "clip.mp4", Request(title=TITLE, note=NOTE))
    Queue(on_file).progress(job_id, visit_id=ids[0])
    if not everything:
        added(on_file, title="anything", note="else")
    assert set(files_with(on_file, TITLE, NOTE)) & {"hipcv.sqlite3", "hipcv.sqlite3-wal"}
    if everything:
        on_file.delete_all()
    else:
        for visit_id in ids:
            on_file.delete(visit_id)
    assert files_with(on_file, TITLE, NOTE) == []
    assert len(on_file.visits()) == (0 if everything else 1)


def test_no_byte_on_disk_tells_what_was_said_before(on_file):
    one = added(on_file)
    on_file.rename(one.id, title="new", kind=Kind.SINGLE, note="new", measured_at=NOON)
    assert files_with(on_file, TITLE, NOTE) == []


def test_no_byte_on_disk_tells_of_a_job_that_was_forgotten(on_file, tmp_path):
    queue = Queue(on_file)
    job_id = queue.add(clip_at(tmp_path), "clip.mp4", Request(title=TITLE, note=NOTE))
    queue.cancel(job_id)
    queue.forget(job_id)
    assert files_with(on_file, TITLE, NOTE) == []


def clip_at(folder):
    (folder / "clip").write_bytes(b"film")
    return folder / "clip"


# ---------------------------------------------------------------- the folder
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits")
def test_nobody_else_on_the_machine_can_read_what_is_kept(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    store = Store(tmp_path / "data")
    one = added(store)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    store.engine.dispose()
    assert {name: mode & 0o077 for name, mode in modes.items()} == dict.fromkeys(modes, 0)
    assert store.visit(one.id).title == TITLE
    store.engine.dispose()


def test_a_store_found_by_a_relative_path_stays_where_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    store = Store(Path("data"))
    monkeypatch.chdir("/")
    one = added(store)
    store.engine.dispose()
    assert (tmp_path / "data" / "visits" / one.id).is_dir()


def test_ids_are_as_the_store_takes_them_and_never_the_same(tmp_path):
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids)
