"""Files that patients send: taken in, recognised, refused with a reason; and killed meanwhile."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from hipcv.desk.request_code import new_code
from hipcv.desk.take_in import Fate, take_in
from hipcv.errors import RecordError
from hipcv.records.visit import Kind
from hipcv.store import inbox
from hipcv.store.inbox import Show
from hipcv.store.people import People
from hipcv.store.store import Store
from tests.conftest import ROOT
from tests.desks import a_person, assert_whole, opened_desk
from tests.sent_files import altered, of_newer_version, sent_file

pytestmark = pytest.mark.pose


@pytest.fixture
def store(tmp_path):
    opened = opened_desk(tmp_path / "data")
    yield opened
    opened.engine.dispose()


def refused(store, file):
    with pytest.raises(RecordError) as problem:
        take_in(store, file, file.name)
    assert list((store.folder / "visits").iterdir()) == []
    assert inbox.lines(store, Show.ALL) == []
    return str(problem.value)


def test_a_file_becomes_a_visit_that_waits(store, kept_record, tmp_path):
    file = sent_file(
        kept_record, tmp_path / "one.hipcv", 1, title="Woche 3", note="rechts zieht es", kind="before", measured_on="2026-10-01"
    )
    taken = take_in(store, file, "one.hipcv")
    assert (taken.fate, taken.person_id) == (Fate.NEW, None)
    visit = store.visit(taken.visit_id)
    assert (visit.title, visit.note, visit.kind, visit.received) == ("Woche 3", "rechts zieht es", Kind.BEFORE, True)
    assert visit.measured_at.astimezone().date() == date(2026, 10, 1)
    assert store.record(visit.id).measurement.clip.name == "clip01.mp4"
    assert [line.id for line in inbox.lines(store, Show.NOBODYS)] == [visit.id]
    assert store.visits() == []


def test_a_code_that_was_given_out_leads_to_the_person_however_it_is_typed(store, kept_record, tmp_path):
    person, code = a_person(store), new_code()
    People(store).ask(person.id, code)
    file = sent_file(kept_record, tmp_path / "one.hipcv", 1, asked_code=code.lower().replace("-", " "))
    assert take_in(store, file, "one.hipcv").person_id == person.id
    stranger = sent_file(kept_record, tmp_path / "two.hipcv", 2, asked_code=new_code())
    assert take_in(store, stranger, "two.hipcv").person_id is None


def test_the_same_measurement_is_taken_once_even_if_packed_otherwise(store, kept_record, tmp_path):
    first = take_in(store, sent_file(kept_record, tmp_path / "one.hipcv", 1), "one.hipcv")
    again = take_in(store, sent_file(kept_record, tmp_path / "again.hipcv", 1, title="anders"), "again.hipcv")
    assert (again.fate, again.visit_id) == (Fate.SAME, first.visit_id)
    assert len(list((store.folder / "visits").iterdir())) == 1


def test_before_and_after_of_a_day_stay_in_order(store, kept_record, tmp_path):
    for number, kind in ((1, "after"), (2, "before")):
        take_in(store, sent_file(kept_record, tmp_path / f"{kind}.hipcv", number, kind=kind), kind)
    assert [line.kind for line in inbox.every(store)] == [Kind.AFTER, Kind.BEFORE]


@pytest.mark.parametrize(
    ("facts", "day"),
    [({"measured_on": "next week"}, date.today()), ({"measured_on": "2999-01-01"}, date.today()), ({"kind": "sample"}, date(2026, 11, 20))],
)
def test_facts_that_cannot_be_are_not_believed(store, kept_record, tmp_path, facts, day):
    visit = store.visit(take_in(store, sent_file(kept_record, tmp_path / "one.hipcv", 1, **facts), "one").visit_id)
    assert visit.measured_at.astimezone().date() == day
    assert visit.kind is Kind.SINGLE


def test_files_that_cannot_be_taken_say_why_and_leave_nothing(store, kept_record, tmp_path):
    whole = sent_file(kept_record, tmp_path / "whole.hipcv", 1)
    assert "altered" in refused(store, altered(whole, tmp_path / "altered.hipcv"))
    assert "newer" in refused(store, of_newer_version(whole, tmp_path / "newer.hipcv"))
    damaged = tmp_path / "damaged.hipcv"
    damaged.write_bytes(whole.read_bytes()[:-5000])
    assert refused(store, damaged).startswith("damaged.hipcv: ")
    (tmp_path / "video.hipcv").write_bytes(b"no zip at all")
    refused(store, tmp_path / "video.hipcv")


_TAKES_IN = """
import sys
from pathlib import Path
from hipcv.desk.take_in import take_in
from hipcv.store.store import Store
store = Store(Path(sys.argv[1]))
for file in sorted(Path(sys.argv[2]).glob("*.hipcv")):
    print(take_in(store, file, file.name).visit_id, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_no_visit_is_half_and_none_that_was_told_is_lost(store, kept_record, tmp_path):
    files = tmp_path / "sent"
    files.mkdir()
    for number in range(6):
        sent_file(kept_record, files / f"{number}.hipcv", number)
    told: set[str] = set()
    for seed in range(6):
        command = [sys.executable, "-c", _TAKES_IN, str(store.folder), str(files)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            told.add(process.stdout.readline().strip())  # it is at work
            time.sleep(random.Random(seed).uniform(0, 0.5))
            os.kill(process.pid, signal.SIGKILL)
            told.update(line.strip() for line in process.stdout)
        opened = Store(store.folder)
        opened.clear_orphans()
        known = {line.id for line in inbox.every(opened)}
        assert told - {""} <= known
        assert_whole(opened)
        opened.engine.dispose()
