"""Takes a measurement that was sent as a file (`.hipcv`) into the store: checked, recognised, and given to the person it was asked of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path

from hipcv.desk.request_code import clean_code
from hipcv.errors import RecordError
from hipcv.records import sealed_file
from hipcv.records.document import REVIEW
from hipcv.records.visit import OWN_KINDS, Kind, Visit
from hipcv.store import inbox
from hipcv.store.people import People
from hipcv.store.store import Store
from hipcv.store.visit_rows import fingerprint
from hipcv.video.container import shown_name

ASKED = "asked_code"
"""Name of the therapist's code among the facts of a file."""
_TIMES = {Kind.BEFORE: time(11), Kind.SINGLE: time(12), Kind.AFTER: time(13)}
"""A file tells the day only; so the two visits of one day stay in order."""


class Fate(Enum):
    """What became of a file."""

    NEW = "new"
    SAME = "same"
    """The very same measurement is in the store already, so nothing was added."""
    SAME_VIDEO = "same_video"
    """It was added, but another measurement of the same video is there already."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in."""

    name: str
    fate: Fate
    visit_id: str
    """The new visit, or the one that is the same."""
    person_id: str | None


def take_in(store: Store, file: Path, name: str) -> Taken:
    """Take in a file; `name` is its name in messages.

    Raises
    ------
    RecordError
        It is no such file, damaged, altered, of a newer version, or a therapist's answer instead of a measurement.
    """
    name = shown_name(name)
    try:
        with store.incoming() as visit_id:
            visit = _unpacked(store, file, name, visit_id)
            same, video = inbox.same_again(store, fingerprint(visit), str(visit.document["clip"]["sha256"]))
            if same is not None:
                raise _Known(same)
            store.add(visit)
    except _Known as known:
        return Taken(name, Fate.SAME, known.visit_id, store.visit(known.visit_id).person_id)
    return Taken(name, Fate.SAME_VIDEO if video else Fate.NEW, visit.id, visit.person_id)


class _Known(Exception):
    """The same measurement is there already; leaving the context clears away what was unpacked."""

    def __init__(self, visit_id: str) -> None:
        super().__init__(visit_id)
        self.visit_id = visit_id


def _unpacked(store: Store, file: Path, name: str, visit_id: str) -> Visit:
    record, facts = sealed_file.unpack(file, store.folder_of(visit_id), name)
    if REVIEW in record.document:
        raise RecordError("sealed_is_answer", about=name)
    kind = _kind(facts)
    code = clean_code(facts.get(ASKED, "")) or ""
    return Visit(
        id=visit_id,
        measured_at=_measured_at(facts, kind),
        title=facts.get("title", ""),
        kind=kind,
        note=facts.get("note", ""),
        document=dict(record.document),
        person_id=People(store).asked(code) if code else None,
        received=True,
        asked_code=code,
    )


def _kind(facts: Mapping[str, str]) -> Kind:
    known = {kind.value: kind for kind in OWN_KINDS}
    return known.get(facts.get("kind", ""), Kind.SINGLE)


def _measured_at(facts: Mapping[str, str], kind: Kind) -> datetime:
    """The day that the file tells, or today if it tells none that can be."""
    today = datetime.now().astimezone()
    try:
        day = date.fromisoformat(facts.get("measured_on", ""))
    except ValueError:
        return today
    return min(datetime.combine(day, _TIMES[kind]).astimezone(), today)
