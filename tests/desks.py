"""A store with a desk in it: people, and visits of a made measurement."""

import os
import time
from datetime import UTC, datetime, timedelta

from hipcv.records import record
from hipcv.records.document import to_document
from hipcv.records.visit import Kind, Visit
from hipcv.store import audit, inbox
from hipcv.store.people import People, Person
from hipcv.store.settings import DESK, remember
from hipcv.store.store import Store, new_id
from tests.builders import a_measurement

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def opened_desk(folder, url=None, access=None):
    """A store whose desk is open, so that it keeps a log."""
    store = Store(folder, None if url is None or url.startswith("sqlite") else url, access)
    remember(store, DESK, True)
    return store


def a_visit(store, person=None, days=0.0, document=None, **choices):
    """A visit in the store, with its folder."""
    known = {"id": new_id(), "measured_at": NOON + timedelta(days=days), "title": "", "kind": Kind.SINGLE, "note": ""}
    document = document or {**to_document(a_measurement()), "test": known["id"]}
    visit = Visit(**{**known, "document": document, "person_id": person and person.id, **choices})
    folder = store.folder_of(visit.id)
    folder.mkdir()
    record.write(a_measurement(), folder)
    long_at_rest(folder)
    store.add(visit)
    return visit


def long_at_rest(folder):
    """Nothing has changed there for an hour: a backup waits until a folder is at rest."""
    then_s = time.time() - 3600
    os.utime(folder, (then_s, then_s))


def a_person(store, code="A. Adler", **choices):
    return People(store).add(Person("", code, **choices))


def assert_whole(store):
    """Every visit has its row, its folder and its complete record; nothing else is there, and the log and all signatures are whole."""
    known = {line.id for line in inbox.every(store)}
    assert {path.name for path in (store.folder / "visits").iterdir()} == known
    for visit_id in known:
        store.record(visit_id)
        assert not list(store.folder_of(visit_id).glob(".*"))
    assert audit.audit(store).faults == []
