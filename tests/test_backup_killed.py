"""Backup and restore while the app is at work, killed at any moment, and on a full disk."""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from hipcv.errors import StoreError, StoreInUse
from hipcv.jobs.queue import Queue
from hipcv.store import backup, restore
from hipcv.store.audit import audit
from hipcv.store.existing import existing_store
from hipcv.store.job import Request, Stage
from hipcv.store.people import People
from hipcv.store.reviews import Reviews
from tests.backups import ACCEPTED, before_restore, content, files, full_desk, names_and_bytes, rows, with_images
from tests.browser import serve
from tests.command import COMMAND, quick
from tests.desks import a_person, a_visit, opened_desk
from tests.postgres import fresh_database
from tests.test_supervisor import until

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL and no limits"), pytest.mark.release]
KILLS = 8
LARGE = 1_500_000
"""Bytes of an image, so that a backup takes long enough to be killed in the middle."""


# ---------------------------------------------------------------- while the app is at work
class Bustle:
    """A practice at work: visits come, are corrected, signed, and go, in a thread of its own."""

    def __init__(self, store):
        self._store, self._ended, self.n_rounds = store, threading.Event(), 0
        self.images = {}
        """All files that there ever were, by the ids of their visits."""
        stays = a_person(store, "Stays")
        self.staying = {self.come(stays).id for _ in range(3)}
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def come(self, person):
        visit = with_images(self._store, a_visit(self._store, person), 200)
        folder = self._store.folder_of(visit.id)
        self.images[visit.id] = {f"{visit.id}/{path.name}": path.read_bytes() for path in folder.iterdir()}
        return visit

    def _work(self):
        kept, number = Reviews(self._store), 0
        while not self._ended.is_set():
            person = a_person(self._store, f"P{number}")
            first, second = self.come(person), self.come(person)
            kept.add_edit(first.id, {"n": number})
            kept.sign(first.id, ACCEPTED, first.document, [1])
            kept.sign(second.id, ACCEPTED, second.document, [])
            People(self._store).ask(person.id, f"CODE{number}")
            passing = [line.person.id for line in People(self._store).lines() if line.person.code != "Stays"]
            if len(passing) > 3:
                gone = random.choice(passing)
                for visit in self._store.visits(gone)[:1]:
                    self._store.delete(visit.id)
                self._store.erase_person(gone)
            number += 1
            self.n_rounds = number


@pytest.mark.pose
def test_while_the_app_measures_and_a_practice_is_at_work_every_backup_is_whole(tmp_path, short_clip, memory, remembering):
    remembering()
    with serve(tmp_path) as server:
        store = opened_desk(server.data)
        queue = Queue(store)
        with server.remembering(memory), Bustle(store) as bustle:
            job_id = queue.add(short_clip, "mine.mp4", Request(title="Woche drei"), copy=True)
            until(lambda: bustle.n_rounds > 4 and queue.job(job_id).stage is Stage.DRAWING)
            for number in range(4):
                done = quick("backup", tmp_path / f"{number}.zip", "--data", server.data)
                assert done.returncode == 0, done.stderr
                assert done.stdout.startswith(f"{tmp_path / f'{number}.zip'}: ")
                assert "images are not in" not in done.stderr
                checked = quick("audit", "--data", server.data)
                assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
        images = bustle.images
        store.engine.dispose()
    for number in range(4):
        restore.restore(tmp_path / f"{number}.zip", tmp_path / f"restored-{number}")
        back = existing_store(tmp_path / f"restored-{number}")
        assert audit(back).faults == []
        found, kept = rows(back)["visit"], files(back)
        assert bustle.staying <= {row[0] for row in found}
        measured = {row[0] for row in found} - images.keys()
        assert measured <= {job_id}
        expected = {name: data for row in found for name, data in images.get(row[0], {}).items()}
        assert {name: data for name, data in kept.items() if name.split("/")[0] not in measured} == expected
        back.engine.dispose()


def test_a_practice_at_work_on_a_server_is_copied_as_it_is_at_one_moment(tmp_path, postgres):
    url = fresh_database(postgres)
    store = opened_desk(tmp_path / "data", url)
    with Bustle(store) as bustle:
        until(lambda: bustle.n_rounds > 6)
        second = existing_store(store.folder, url)
        for number in range(3):
            backup.write(second, tmp_path / f"{number}.zip")
            assert audit(second).faults == []
        second.engine.dispose()
    for number in range(3):
        restore.restore(tmp_path / f"{number}.zip", tmp_path / f"restored-{number}")
        back = existing_store(tmp_path / f"restored-{number}")
        assert audit(back).faults == []
        expected = {name: data for row in rows(back)["visit"] for name, data in bustle.images[row[0]].items()}
        assert files(back) == expected
        assert bustle.staying <= {name.split("/")[0] for name in expected}
        back.engine.dispose()
    store.engine.dispose()


# ---------------------------------------------------------------- killed
WRITE = """
import sys
from pathlib import Path
from hipcv.store import backup
from hipcv.store.existing import existing_store
store = existing_store(Path(sys.argv[1]))
print("begins", flush=True)
backup.write(store, Path(sys.argv[2]))
"""
RESTORE = """
import sys
from pathlib import Path
from hipcv.store import restore
print("begins", flush=True)
restore.restore(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] or None)
"""


def begun(program, *arguments):
    """A process that has just begun with the work."""
    process = subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"begins\n"
    return process


def killed_after(process, seconds):
    """Whether it was killed, and had not ended by itself before."""
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def time_taken(program, *arguments):
    process = begun(program, *arguments)
    start = time.monotonic()
    assert process.wait() == 0
    process.stdout.close()
    return time.monotonic() - start


@pytest.fixture
def large(tmp_path):
    """A desk whose backup takes a while, with its backup."""
    store = full_desk(tmp_path / "data")
    for visit in store.visits():
        with_images(store, visit, LARGE)
    for _ in range(3):
        with_images(store, a_visit(store), LARGE)
    backup.write(store, tmp_path / "whole.zip")
    yield store
    store.engine.dispose()


def test_a_killed_backup_leaves_no_file_or_a_whole_one(large, tmp_path):
    file = tmp_path / "killed.zip"
    whole_s, n_killed = time_taken(WRITE, large.folder, file), 0
    before = content(large)
    for number in range(KILLS):
        file.unlink(missing_ok=True)
        n_killed += killed_after(begun(WRITE, large.folder, file), random.uniform(0, whole_s))
        if file.exists():
            restore.restore(file, tmp_path / f"restored-{number}")
            back = existing_store(tmp_path / f"restored-{number}")
            assert files(back) == before[1]
            back.engine.dispose()
        assert content(large)[1] == before[1]
        assert {name: table for name, table in rows(large).items() if name != "log"} == {
            name: table for name, table in before[0].items() if name != "log"
        }
        assert audit(large).faults == []
    assert n_killed > 1


def test_an_earlier_backup_survives_a_killed_one(large, tmp_path):
    file = tmp_path / "whole.zip"
    earlier = file.read_bytes()
    assert killed_after(begun(WRITE, large.folder, file), 0.01)
    assert file.read_bytes() == earlier


def restored_again(file, folder, url):
    """Whether what a killed restore left could be restored into; otherwise something must be kept there."""
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s:
        try:
            restore.restore(file, folder, url)
        except StoreInUse:  # the server of the database has not noticed yet that nobody is there
            time.sleep(0.2)
        except StoreError as problem:
            return problem.code != "restore_not_empty"
        else:
            return True
    raise AssertionError("the lock was never released")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_restore_is_whole_or_done_again(large, tmp_path, kind, request):
    def fresh():
        return "" if kind == "sqlite" else fresh_database(request.getfixturevalue("postgres"))

    whole_s, n_killed, n_again = time_taken(RESTORE, tmp_path / "whole.zip", tmp_path / "timed", fresh()), 0, 0
    expected = files(large)
    for number in range(KILLS):
        folder, url = tmp_path / f"killed-{number}", fresh()
        n_killed += killed_after(begun(RESTORE, tmp_path / "whole.zip", folder, url), random.uniform(0, whole_s))
        n_again += restored_again(tmp_path / "whole.zip", folder, url or None)
        back = existing_store(folder, url or None)
        assert files(back) == expected
        assert audit(back).faults == []
        assert rows(back)["log"][-1][3] == "restored"
        assert not (folder / "restoring.txt").exists()
        back.engine.dispose()
    assert n_killed > 1
    assert n_again > 0


def test_a_killed_restore_is_never_cleared_away_with_what_is_not_its_own(large, tmp_path):
    """What somebody has put into the folder since then stays, and so does everything else."""
    folder = tmp_path / "killed"
    process = begun(RESTORE, tmp_path / "whole.zip", folder, "")
    until(lambda: (folder / "visits").is_dir() and list((folder / "visits").iterdir()))
    process.kill()
    process.wait()
    process.stdout.close()
    (folder / "visits" / "mine").mkdir()
    before = names_and_bytes(folder)
    with pytest.raises(StoreError, match="something is kept there already"):
        restore.restore(tmp_path / "whole.zip", folder)
    assert names_and_bytes(folder) == before
    (folder / "visits" / "mine").rmdir()
    restore.restore(tmp_path / "whole.zip", folder)


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_who_stops_it_leaves_nothing(large, tmp_path, command, signal_):
    file = tmp_path / "whole.zip" if command == "restore" else tmp_path / "stopped.zip"
    folder = tmp_path / "new" if command == "restore" else large.folder
    process = subprocess.Popen([*COMMAND, command, file, "--data", folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if command == "restore":
        until(lambda: (tmp_path / "new" / "visits").is_dir())
    else:
        until(lambda: list(tmp_path.glob(".stopped-*")))
    process.send_signal(signal_)
    _, said = process.communicate()
    assert (process.returncode, said) == (128 + signal_, "Stopped.\n")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "whole.zip"}


# ---------------------------------------------------------------- a full disk
def with_room_for(n_bytes, *arguments):
    """A command that cannot write a file larger than that."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))  # noqa: E731
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, timeout=120)


def test_a_backup_without_room_is_one_sentence_and_no_file(large, tmp_path):
    before = {path.name for path in tmp_path.iterdir()}
    n_entries = len(rows(large)["log"])
    done = with_room_for(3_000_000, "backup", tmp_path / "full.zip", "--data", large.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'full.zip'}: it cannot be written (File too large). Write to another folder, or free some space.\n"
    assert {path.name for path in tmp_path.iterdir()} == before
    assert len(rows(large)["log"]) == n_entries


@pytest.mark.parametrize(
    ("n_bytes", "sentence"),
    [
        pytest.param(1_000_000, "nothing can be kept there (File too large). Choose another folder with --data.\n", id="for the images"),
        pytest.param(40_000, "Check that it runs, may be written, and has room on its disk.\n", id="for the database"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_a_restore_without_room_is_one_sentence_and_no_folder(large, tmp_path, n_bytes, sentence, there):
    file = tmp_path / "whole.zip"
    if n_bytes < 100_000:
        small = full_desk(tmp_path / "small")
        for path in small.folder_of(small.visits()[0].id).parent.rglob("*.*"):
            if path.name in ("overlay.mp4", "right-0.jpg"):
                path.unlink()
        backup.write(small, file)
        small.engine.dispose()
    if there:
        (tmp_path / "new").mkdir()
    before = names_and_bytes(tmp_path)
    done = with_room_for(n_bytes, "restore", file, "--data", tmp_path / "new")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.endswith(sentence)
    assert names_and_bytes(tmp_path) == before


def test_a_database_that_fails_at_the_end_keeps_what_was_committed(tmp_path, postgres):
    """The database commits, but the answer does not arrive: the images stay, as rows refer to them by now."""
    store = full_desk(tmp_path / "data")
    backup.write(store, tmp_path / "b.zip")
    url = fresh_database(postgres)

    def lose_the_answer(connection):
        if (
            connection.dialect.name == "postgresql"
            and (tmp_path / "new" / "visits").is_dir()
            and any((tmp_path / "new" / "visits").iterdir())
        ):
            connection.connection.commit()
            raise OperationalError("COMMIT", {}, psycopg.OperationalError("the answer was lost"))

    event.listen(Engine, "commit", lose_the_answer)
    try:
        with pytest.raises(StoreError, match="the answer was lost"):
            restore.restore(tmp_path / "b.zip", tmp_path / "new", url)
    finally:
        event.remove(Engine, "commit", lose_the_answer)
    back = existing_store(tmp_path / "new", url)
    assert before_restore(back) == (content(store)[0] | {"log": rows(store)["log"][:-1]}, files(store))
    assert audit(back).faults == []
    for one in (back, store):
        one.engine.dispose()
