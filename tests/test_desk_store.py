"""People, reviews and the log in both kinds of database: what is kept, what is refused, what is gone."""

import inspect
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from hipcv.codes import Quantity, Severity
from hipcv.errors import NotAllowed, PersonDetails, PersonNotFound, ReviewChanged, VisitNotFound, VisitSigned
from hipcv.jobs.queue import Queue
from hipcv.landmarks import Side
from hipcv.records.document import to_document
from hipcv.records.visit import Kind
from hipcv.store import audit, inbox, log, migrations, reviews, settings
from hipcv.store.access import Action
from hipcv.store.audit import Fault
from hipcv.store.inbox import Show
from hipcv.store.job import Request, State
from hipcv.store.people import NoteKind, PainfulSide, People, Person, found
from hipcv.store.reviews import Instrument, Outcome, Reading, Reviews, Verdict
from hipcv.store.store import DATABASE, Store
from tests.builders import a_measurement
from tests.desks import NOON, a_person, a_visit, opened_desk
from tests.test_store import files_with

ACCEPTED = Verdict(Outcome.ACCEPTED, "Dr. Vogel")


@pytest.fixture
def store(tmp_path, database_url):
    opened = opened_desk(tmp_path / "data", database_url)
    yield opened
    opened.engine.dispose()


def log_of(store, subject=None):
    with store.gate.reading() as session:
        return log.entries(session, subject)


def faults(store):
    return [(one.fault, one.number) for one in audit.audit(store).faults]


# ---------------------------------------------------------------- people
def test_a_person_comes_back_as_kept(store):
    made = a_person(store, "  Ä.   Adler ", birth_year=1961, painful_side=PainfulSide.LEFT, note=" seit 2019 ")
    assert (made.code, made.note) == ("Ä. Adler", "seit 2019")
    assert People(store).person(made.id) == made


@pytest.mark.parametrize("wrong", [{"code": "  "}, {"code": "x" * 81}, {"birth_year": 1800}, {"birth_year": 2999}])
def test_details_that_cannot_be_are_refused(store, wrong):
    with pytest.raises(PersonDetails):
        a_person(store, **wrong)
    assert People(store).lines() == []


def test_people_are_found_by_code_note_and_year_and_the_archive_only_if_asked(store):
    a_person(store, "Über, Anna", birth_year=1990)
    a_person(store, "Berg", note="Läuferin, übt täglich", archived=True)
    lines = People(store).lines()
    assert [line.person.code for line in lines] == ["Berg", "Über, Anna"]
    assert [line.person.code for line in found(lines, "über")] == ["Über, Anna"]
    assert [line.person.code for line in found(lines, "ÜBT", archived=True)] == ["Berg"]
    assert [line.person.code for line in found(lines, "anna 1990")] == ["Über, Anna"]
    assert found(lines, "anna 1991") == []


def test_a_line_counts_visits_and_those_that_wait(store):
    person = a_person(store)
    first, _ = a_visit(store, person), a_visit(store, person, days=3)
    Reviews(store).sign(first.id, ACCEPTED, first.document, [])
    (line,) = People(store).lines()
    assert (line.n_visits, line.n_waiting) == (2, 1)
    assert line.last_at.date() == date(2026, 3, 5)


def test_merging_moves_everything_and_leaves_one(store):
    kept, other = a_person(store, "A"), a_person(store, "A.", birth_year=1950, note="other's")
    visit = a_visit(store, other)
    people = People(store)
    people.ask(other.id, "CODE1")
    people.add_note(other.id, date(2026, 3, 1), NoteKind.TREATMENT, "mobilisation")
    people.merge(kept.id, other.id)
    assert [line.person.id for line in people.lines()] == [kept.id]
    assert (people.person(kept.id).birth_year, people.person(kept.id).note) == (1950, "other's")
    assert store.visit(visit.id).person_id == kept.id
    assert people.asked("CODE1") == kept.id
    assert [note.note for note in people.notes(kept.id)] == ["mobilisation"]
    with pytest.raises(PersonNotFound):
        people.merge(kept.id, kept.id)
    with pytest.raises(PersonNotFound):
        people.merge(kept.id, other.id)


def test_a_visit_is_given_to_a_person_and_to_nobody(store):
    person, visit = a_person(store), a_visit(store)
    people = People(store)
    people.give_visit(visit.id, person.id)
    assert [one.id for one in store.visits(person.id)] == [visit.id]
    assert store.visits() == []
    people.give_visit(visit.id, None)
    assert [one.id for one in store.visits()] == [visit.id]
    with pytest.raises(PersonNotFound):
        people.give_visit(visit.id, "0" * 32)
    with pytest.raises(VisitNotFound):
        people.give_visit("0" * 32, person.id)


def test_what_was_received_from_others_is_not_among_ones_own(store):
    a_visit(store, received=True)
    assert store.visits() == []


def test_an_erased_person_leaves_nothing_but_ids_in_the_log(store):
    person = a_person(store, "Unverwechselbar", note="geheimnisvoll")
    visit = a_visit(store, person, title="Knirschgeräusch")
    reviews_ = Reviews(store)
    reviews_.add_reading(visit.id, Reading(Side.LEFT, Quantity.INTERNAL, 31, Instrument.GONIOMETER, reader="Quastenflosser"))
    reviews_.sign(visit.id, Verdict(Outcome.ACCEPTED, "V", comment_record="Wanderdüne"), visit.document, [])
    People(store).add_note(person.id, date(2026, 3, 1), NoteKind.OTHER, "Heuschrecke")
    store.erase_person(person.id)
    assert People(store).lines() == []
    assert not store.folder_of(visit.id).exists()
    words = ("Unverwechselbar", "geheimnisvoll", "Knirschgeräusch", "Quastenflosser", "Wanderdüne", "Heuschrecke")
    if store.engine.dialect.name == "sqlite":
        assert files_with(store, *words) == []
    assert not any(word in str(entry) for entry in log_of(store) for word in words)
    assert faults(store) == []


# ---------------------------------------------------------------- the list
def test_the_list_holds_the_gravest_first_and_counts(store):
    person = a_person(store, "Äpfel")
    grave = to_document(a_measurement())
    grave["findings"] = [{"code": "clip_cut", "severity": Severity.SERIOUS.value, "message": "cut.", "values": {}}]
    calm = to_document(a_measurement()) | {"findings": []}
    first, worst = a_visit(store, person, document={**calm, "n": 1}), a_visit(store, received=True, document=grave)
    signed = a_visit(store, person, days=-2, document={**calm, "n": 2})
    a_visit(store, kind=Kind.SAMPLE, document={**calm, "n": 3})
    Reviews(store).sign(signed.id, ACCEPTED, signed.document, [])
    assert [line.id for line in inbox.lines(store, Show.WAITING)] == [worst.id, first.id]
    assert [line.id for line in inbox.lines(store, Show.WAITING, most=1, after=1)] == [first.id]
    assert [line.id for line in inbox.lines(store, Show.ALL, "äPFEL")] == [first.id, signed.id]
    assert inbox.lines(store, Show.ALL, "%") == []
    assert inbox.counts(store) == {Show.WAITING: 2, Show.DOUBTFUL: 1, Show.NOBODYS: 1, Show.SIGNED: 1, Show.ALL: 4}
    (line,) = inbox.lines(store, Show.DOUBTFUL)
    assert (line.person_code, line.received, line.severity, line.kind) == ("", True, 3, Kind.SINGLE)


def test_the_same_measurement_and_the_same_video_are_recognised(store):
    visit = a_visit(store)
    with store.gate.reading() as session:
        fingerprint, clip = session.execute(text("SELECT fingerprint, clip_sha256 FROM visit")).one()
    assert inbox.same_again(store, fingerprint, clip) == (visit.id, None)
    assert inbox.same_again(store, "0" * 64, clip) == (None, visit.id)
    assert inbox.same_again(store, "0" * 64, "0" * 64) == (None, None)


def test_the_visit_before_is_the_persons_own_and_usable(store):
    person = a_person(store)
    old, unusable, now, later = (a_visit(store, person, days=days) for days in (0, 1, 2, 3))
    others = a_visit(store, a_person(store, "B"), days=1.5)
    Reviews(store).sign(unusable.id, Verdict(Outcome.NOT_USABLE, "V"), unusable.document, [])
    lines = {line.id: line for line in inbox.every(store)}
    before = inbox.before_each(store, list(lines.values()))
    assert (before[now.id].id, before[later.id].id, before[unusable.id].id) == (old.id, now.id, old.id)
    assert old.id not in before
    assert others.id not in before


def test_the_next_one_that_waits_is_the_one_behind_and_all_are_reached(store):
    calm = to_document(a_measurement()) | {"findings": []}
    grave = calm | {"findings": [{"code": "clip_cut", "severity": Severity.SERIOUS.value, "message": "cut.", "values": {}}]}
    visits = [a_visit(store, document={**(grave if n == 3 else calm), "n": n}) for n in range(4)]
    order = [line.id for line in inbox.lines(store, Show.WAITING)]
    assert order[0] == visits[3].id
    assert [inbox.next_waiting(store, one) for one in order] == [*order[1:], order[0]]
    Reviews(store).sign(order[1], ACCEPTED, visits[0].document, [])
    assert inbox.next_waiting(store, order[1]) == order[2]
    assert inbox.next_waiting(store, "0" * 32) == order[0]
    for one in order[2:]:
        store.delete(one)
    assert inbox.next_waiting(store, order[0]) is None


def test_of_two_files_of_one_day_the_one_that_came_first_is_the_earlier(store):
    person = a_person(store)
    first, second = (a_visit(store, person, received=True) for _ in range(2))
    assert [line.id for line in inbox.of_person(store, person.id)] == [second.id, first.id]
    assert [one.id for one in store.visits(person.id)] == [first.id, second.id]
    lines = {line.id: line for line in inbox.every(store)}
    assert {key: line.id for key, line in inbox.before_each(store, list(lines.values())).items()} == {second.id: first.id}


# ---------------------------------------------------------------- reviews
def test_edits_are_numbered_undone_and_never_reuse_a_number(store):
    visit, kept = a_visit(store), Reviews(store)
    assert [kept.add_edit(visit.id, {"kind": "include", "rep": name}) for name in "ab"] == [1, 2]
    assert kept.undo(visit.id) == 1
    assert kept.add_edit(visit.id, {"kind": "include", "rep": "c"}) == 3
    assert [edit.content["rep"] for edit in kept.edits(visit.id)] == ["a", "c"]
    assert kept.undo(visit.id, everything=True) == 2
    assert kept.edits(visit.id) == []
    assert kept.undo(visit.id) == 0
    with pytest.raises(VisitNotFound):
        kept.add_edit("0" * 32, {})


def test_what_is_signed_is_locked_and_a_new_version_names_the_old(store):
    visit, kept = a_visit(store), Reviews(store)
    kept.add_edit(visit.id, {"kind": "include"})
    with pytest.raises(ReviewChanged):
        kept.sign(visit.id, ACCEPTED, visit.document, [])
    first = kept.sign(visit.id, Verdict(Outcome.CORRECTED, " Dr. Vogel ", "gut", "intern"), visit.document, [1])
    assert (first.version, first.replaces, first.verdict.reviewer) == (1, None, "Dr. Vogel")
    assert store.visit(visit.id).outcome == "corrected"
    for change in (lambda: kept.add_edit(visit.id, {}), lambda: kept.undo(visit.id), lambda: kept.sign(visit.id, ACCEPTED, {}, [1])):
        with pytest.raises(VisitSigned):
            change()
    kept.reopen(visit.id)
    kept.undo(visit.id)
    second = kept.sign(visit.id, Verdict(Outcome.NOT_USABLE, "B", film_again="feet in the picture"), visit.document, [])
    assert (second.version, second.replaces) == (2, 1)
    back = kept.signatures(visit.id)
    assert [(one.version, one.verdict, [edit.number for edit in one.edits]) for one in back] == [
        (1, first.verdict, [1]),
        (2, second.verdict, []),
    ]
    assert back[0].document == visit.document
    assert faults(store) == []


def test_the_latest_signed_version_of_each_visit_of_a_person(store):
    person, kept = a_person(store), Reviews(store)
    visits = [a_visit(store, person, days=days) for days in range(2)]
    kept.sign(visits[0].id, ACCEPTED, visits[0].document, [])
    kept.reopen(visits[0].id)
    kept.sign(visits[0].id, ACCEPTED, visits[0].document, [])
    assert {visit_id: one.version for visit_id, one in kept.signed_of(person.id).items()} == {visits[0].id: 2}


def test_readings_belong_to_a_visit_even_a_signed_one(store):
    visit, kept = a_visit(store), Reviews(store)
    kept.sign(visit.id, ACCEPTED, visit.document, [])
    kept.add_reading(visit.id, Reading(Side.RIGHT, Quantity.EXTERNAL, 41.5, Instrument.INCLINOMETER, passive=True, reader="V"))
    (reading,) = kept.readings(visit.id)
    assert (reading.side, reading.quantity, reading.value_deg, reading.passive) == (Side.RIGHT, Quantity.EXTERNAL, 41.5, True)
    assert kept.all_readings() == [(visit.id, reading)]
    kept.delete_reading(visit.id, reading.id)
    assert kept.readings(visit.id) == []
    assert [entry.action for entry in log_of(store, visit.id)][-2:] == ["reading", "reading_deleted"]


# ---------------------------------------------------------------- the gate
class Nobody:
    def allows(self, *_):
        return False


def calls_of(kind):
    return [name for name, member in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]


PLACES_ONLY = {"folder_of", "job_folder", "clear_orphans", "incoming"}
"""They tell where files lie, make room for some, or tidy up before a server starts; they show and change nothing of a person. So does
`clear` of the queue."""


@pytest.mark.parametrize(
    ("of", "name"),
    [
        *(("store", name) for name in calls_of(Store) if name not in PLACES_ONLY),
        *(("people", name) for name in calls_of(People)),
        *(("reviews", name) for name in calls_of(Reviews)),
        *(("inbox", name) for name in ("counts", "lines", "same_again", "before_each", "next_waiting", "of_person", "every")),
        *(("settings", name) for name in ("setting", "remember")),
        ("audit", "audit"),
        *(("queue", name) for name in calls_of(Queue) if name != "clear"),
    ],
)
def test_every_read_and_write_can_be_refused_and_then_changes_nothing(tmp_path, of, name):
    allowed = opened_desk(tmp_path / "data")
    person = a_person(allowed)
    visit = a_visit(allowed, person)
    before = len(log_of(allowed))
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a clip")
    refused = Store(tmp_path / "data", access=Nobody())
    owner = {"store": refused, "people": People(refused), "reviews": Reviews(refused), "queue": Queue(refused)}
    call = getattr(owner.get(of) or {"inbox": inbox, "settings": settings, "audit": audit}[of], name)
    known = {
        "visit_id": visit.id,
        "person_id": person.id,
        "kept_id": person.id,
        "other_id": person.id[::-1],
        "visit": visit,
        "person": person,
        "store": refused,
        "show": Show.ALL,
        "verdict": ACCEPTED,
        "document": {},
        "edits": [],
        "content": {},
        "reading": Reading(Side.LEFT, Quantity.INTERNAL, 3, Instrument.GONIOMETER),
        "reading_id": 1,
        "note_id": 1,
        "code": "X",
        "day": NOON.date(),
        "kind": NoteKind.OTHER if of == "people" else Kind.SINGLE,
        "note": "",
        "title": "",
        "measured_at": NOON,
        "name": "desk",
        "value": False,
        "fingerprint": "",
        "visit_ids": [visit.id],
        "lines": inbox.every(allowed),
        "clip_sha256": "",
        "clip": clip,
        "request": Request(),
        "job_id": "a" * 32,
        "state": State.DONE,
    }
    needed = [
        one.name for one in inspect.signature(call).parameters.values()
        if one.default is one.empty and one.kind not in {one.VAR_POSITIONAL, one.VAR_KEYWORD}
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        call(**{one: known[one] for one in needed})
    assert len(log_of(allowed)) == before
    assert allowed.folder_of(visit.id).is_dir()
    assert clip.is_file()
    assert not list((tmp_path / "data" / "jobs").iterdir())
    for one in (allowed, refused):
        one.engine.dispose()


# ---------------------------------------------------------------- the log
def test_the_log_tells_who_did_what_to_whom(store):
    store.gate.acting = lambda: "Dr. Vogel"
    person = a_person(store)
    visit = a_visit(store, person)
    Reviews(store).add_edit(visit.id, {"kind": "include"})
    store.gate.note(Action.EXPORTED, visit.id, {"format": "pdf"})
    told = [(entry.number, entry.action, entry.subject, entry.actor) for entry in log_of(store)]
    assert told == [
        (1, "desk_opened", "", ""),
        (2, "person_added", person.id, "Dr. Vogel"),
        (3, "visit_added", visit.id, "Dr. Vogel"),
        (4, "edited", visit.id, "Dr. Vogel"),
        (5, "exported", visit.id, "Dr. Vogel"),
    ]
    assert [entry.number for entry in log_of(store, visit.id)] == [3, 4, 5]
    assert faults(store) == []


def test_a_patients_own_app_keeps_no_log(tmp_path):
    store = Store(tmp_path / "data")
    store.delete(a_visit(store).id)
    assert log_of(store) == []
    store.engine.dispose()


def test_a_change_that_fails_leaves_no_entry(store):
    before = len(log_of(store))
    with pytest.raises(PersonNotFound):
        People(store).add_note("0" * 32, date(2026, 1, 1), NoteKind.OTHER, "")
    assert len(log_of(store)) == before


def test_many_writers_at_once_make_one_chain(store):
    visit = a_visit(store)
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda n: Reviews(store).add_edit(visit.id, {"n": n}), range(24)))
    assert sorted(numbers) == list(range(1, 25))
    assert faults(store) == []


def test_the_database_refuses_to_change_the_log(store):
    for command in ("UPDATE log SET actor = 'x'", "DELETE FROM log"):
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(command))


TAMPERED = {
    "changed": ("UPDATE log SET actor = 'somebody' WHERE number = 2", Fault.CHANGED, 2),
    "removed": ("DELETE FROM log WHERE number = 2", Fault.REMOVED, 2),
    "shortened": ("DELETE FROM log WHERE number > 3", Fault.SHORTENED, 4),
    "emptied": ("DELETE FROM log", Fault.SHORTENED, 1),
    "inserted": (
        "INSERT INTO log SELECT number + 10, at, actor, action, subject, detail, previous, hash FROM log WHERE number = 2",
        Fault.REMOVED,
        7,
    ),
}


@pytest.fixture
def tampered(tmp_path):
    """The data folder of a desk with a log of five entries, and a way to change its database behind hipcv's back."""
    store = opened_desk(tmp_path / "data")
    for name in "abc":
        a_person(store, name)
    visit = a_visit(store)
    Reviews(store).sign(visit.id, ACCEPTED, visit.document, [])
    store.engine.dispose()

    def run(command):
        with sqlite3.connect(tmp_path / "data" / DATABASE) as connection:
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute(command)
        connection.close()
        opened = Store(tmp_path / "data")
        try:
            return faults(opened)
        finally:
            opened.engine.dispose()

    return run


@pytest.mark.parametrize(("command", "fault", "number"), TAMPERED.values(), ids=TAMPERED)
def test_tampering_with_the_log_is_found(tampered, command, fault, number):
    assert (fault, number) in tampered(command)


def test_an_entry_that_was_made_anew_with_its_hash_breaks_the_chain(tampered):
    assert tampered("SELECT 1") == []
    assert (Fault.INSERTED, 4) in tampered("UPDATE log SET previous = hash WHERE number = 4")


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("UPDATE signature SET comment_record = 'nothing of that'", Fault.SIGNATURE_CHANGED),
        ("UPDATE signature SET document = '{}'", Fault.SIGNATURE_CHANGED),
        ("DELETE FROM signature", Fault.SIGNATURE_MISSING),
        ("UPDATE signature SET version = 7", Fault.SIGNATURE_UNKNOWN),
    ],
)
def test_tampering_with_a_signed_version_is_found(tampered, command, fault):
    assert fault in [one for one, _ in tampered(command)]


# ---------------------------------------------------------------- from the version before
def test_a_store_of_0_1_0_keeps_everything(tmp_path, database_url):
    """The tables as 0.1.0 made them, with a visit and a job in them, are brought up to date."""
    engine = create_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    document = to_document(a_measurement())
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO visit (id, measured_at, title, kind, note, document) VALUES (:id, :at, 'Woche 3', 'before', 'links', :document)"
            ),
            {
                "id": "a" * 32,
                "at": NOON if engine.dialect.name == "postgresql" else "2026-03-02 12:00:00.000000",
                "document": json.dumps(document),
            },
        )
    engine.dispose()
    (tmp_path / "data").mkdir()
    if engine.dialect.name == "sqlite":
        (tmp_path / "data" / DATABASE).write_bytes(Path(engine.url.database).read_bytes())
    store = Store(tmp_path / "data", None if engine.dialect.name == "sqlite" else database_url)
    (visit,) = store.visits()
    assert (visit.title, visit.kind, visit.note, visit.measured_at, visit.document) == ("Woche 3", Kind.BEFORE, "links", NOON, document)
    (line,) = inbox.lines(store, Show.WAITING)
    assert (line.clip, line.taken_in_at) == (document["clip"]["name"], NOON)
    again = log.hash_of(document)
    assert inbox.same_again(store, again, "0" * 64)[0] == visit.id
    assert reviews.Reviews(store).signatures(visit.id) == []
    assert Person("", "x").painful_side is PainfulSide.UNKNOWN
    store.engine.dispose()


def test_a_database_that_0_1_0_has_made_keeps_everything(tmp_path):
    """Its app measured a clip twice, before and after a treatment, and refused a file that was none."""
    (tmp_path / "data").mkdir()
    made = Path(__file__).parent / "data" / "store_of_0.1.0.sqlite3"
    (tmp_path / "data" / DATABASE).write_bytes(made.read_bytes())
    with closing(sqlite3.connect(made)) as old:
        written = {row[0]: row[1:] for row in old.execute("SELECT id, title, kind, note, document FROM visit")}
    store = Store(tmp_path / "data")
    kept = {visit.id: (visit.title, visit.kind.value, visit.note, visit.document) for visit in store.visits()}
    assert kept == {visit_id: (*words, json.loads(document)) for visit_id, (*words, document) in written.items()}
    assert sorted((title, kind, note) for title, kind, note, _ in kept.values()) == [
        ("Woche 1", "before", "links zieht"),
        ("danach", "after", ""),
    ]
    assert [(job.name, job.state) for job in Queue(store).jobs(State.FAILED)] == [("kaputt.mp4", State.FAILED)]
    assert Queue(store).jobs(State.FAILED)[0].problem.said("en").startswith("kaputt.mp4: ")
    settings.remember(store, settings.DESK, True)
    person = People(store).add(Person("", "A"))
    for visit_id in kept:
        People(store).give_visit(visit_id, person.id)
        document = store.visit(visit_id).document
        assert reviews.Reviews(store).sign(visit_id, ACCEPTED, document, []).document == document
    assert faults(store) == []
    store.engine.dispose()
