"""The log of the desk: what was seen, changed, signed, exported and deleted, each entry chained to the one before by its hash.

An entry holds ids, counts and hashes, and the name of whoever sat at the desk, but nothing about a person who was measured: it stays
when everything of theirs is erased. The log begins when the desk is first opened; the app of a patient at home keeps none.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hipcv.store.access import ACTOR, Action
from hipcv.store.sql_tables import LogRow, SignatureRow
from hipcv.system.writing import replacing

START = "0" * 64
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `number` counts from 1 without gaps."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    hash: str

    def computed_hash(self) -> str:
        """The hash that its content and the entry before it give."""
        content = [self.number, self.at.astimezone(UTC).isoformat(), self.actor, self.action, self.subject, self.detail, self.previous]
        return hash_of(content)


def hash_of(content: Any) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def take_turns(session: Session) -> None:
    """Let only one writer at a time append, so that no two entries follow the same one: from here to the end of the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('hipcv log'))"))
    else:
        session.execute(text("UPDATE setting SET name = name WHERE name = ''"))  # SQLite locks the file at the first write


def append(session: Session, action: Action, subject: str, detail: Mapping[str, Any]) -> Entry | None:
    """Append an entry within the transaction of what it tells of; None as long as the desk was never opened."""
    last = session.execute(select(LogRow.number, LogRow.hash).order_by(LogRow.number.desc()).limit(1)).first()
    if last is None and action is not Action.DESK_OPENED:
        return None
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    known = Entry(number, datetime.now(UTC), ACTOR.get(), action.value, subject, dict(detail), previous, "")
    row = LogRow(
        number=number, at=known.at, actor=known.actor, action=known.action, subject=subject,
        detail=dict(detail), previous=previous, hash=known.computed_hash(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _entry(row)


def entries(session: Session, subject: str | None = None) -> list[Entry]:
    """All entries in order, or those about one person or visit."""
    query = select(LogRow).order_by(LogRow.number)
    rows = session.scalars(query if subject is None else query.where(LogRow.subject == subject))
    return [_entry(row) for row in rows]


def _entry(row: LogRow) -> Entry:
    return Entry(row.number, row.at, row.actor, row.action, row.subject, row.detail, row.previous, row.hash)


# ---------------------------------------------------------------------- verification
class Fault(Enum):
    """What is wrong with a log."""

    CHANGED = "changed"
    """An entry does not have the hash of its content."""
    REMOVED = "removed"
    """A number is missing."""
    INSERTED = "inserted"
    """An entry does not follow the one before it."""
    SHORTENED = "shortened"
    """The end is missing: entries were seen that are no longer there."""
    SIGNATURE_CHANGED = "signature_changed"
    """A signed version is not the one that was entered in the log."""
    SIGNATURE_MISSING = "signature_missing"
    """A signed version was entered in the log but is no longer there, and no deletion was entered."""
    SIGNATURE_UNKNOWN = "signature_unknown"
    """A signed version was never entered in the log."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, at an entry (or the entry after it), and the visit it is about if it is about one."""

    fault: Fault
    number: int
    subject: str = ""


def faults_of_chain(found: Iterable[Entry], head: tuple[int, str] | None) -> list[Finding]:
    """What is wrong with the chain; `head` is the number and the hash of the last entry that was written, as far as that is known."""
    faults: list[Finding] = []
    number, previous = 0, START
    by_number: dict[int, str] = {}
    for entry in found:
        if entry.number > number + 1:
            faults.append(Finding(Fault.REMOVED, number + 1))
        elif entry.previous != previous:
            faults.append(Finding(Fault.INSERTED, entry.number))
        if entry.hash != entry.computed_hash():
            faults.append(Finding(Fault.CHANGED, entry.number))
        number, previous = entry.number, entry.hash
        by_number[number] = entry.hash
    if head is not None and head[0] > number:
        faults.append(Finding(Fault.SHORTENED, number + 1))
    elif head is not None and by_number.get(head[0]) != head[1]:
        faults.append(Finding(Fault.CHANGED, head[0]))
    return faults


def faults_of_signatures(session: Session, found: Iterable[Entry]) -> list[Finding]:
    """Signed versions that are not what the log says of them."""
    gone: set[str] = set()
    said: dict[tuple[str, int], tuple[int, str]] = {}
    for entry in found:
        if entry.action == Action.SIGNED.value:
            said[entry.subject, entry.detail["version"]] = entry.number, entry.detail["sha256"]
        elif entry.action in {Action.VISIT_DELETED.value, Action.PERSON_ERASED.value, Action.ALL_DELETED.value}:
            gone.update([entry.subject, *entry.detail.get("visits", ())] if entry.subject else (visit for visit, _ in said))
    kept = {(row.visit_id, row.version): signed_hash(row) for row in session.scalars(select(SignatureRow))}
    faults = [Finding(Fault.SIGNATURE_UNKNOWN, 0, visit) for visit, version in kept if (visit, version) not in said]
    for (visit, version), (number, sha256) in said.items():
        if (visit, version) not in kept:
            faults += [] if visit in gone else [Finding(Fault.SIGNATURE_MISSING, number, visit)]
        elif kept[visit, version] != sha256:
            faults.append(Finding(Fault.SIGNATURE_CHANGED, number, visit))
    return faults


def signed_hash(row: SignatureRow) -> str:
    """Hash of everything that was signed."""
    return hash_of(
        [
            row.visit_id, row.version, row.replaces, row.outcome, row.reviewer, row.signed_at.astimezone(UTC).isoformat(),
            row.comment_patient, row.comment_record, row.film_again, row.edits, row.document,
        ]
    )  # fmt: skip


def count(session: Session) -> int:
    """Number of entries; 0 where the desk was never opened."""
    return session.scalar(select(func.count()).select_from(LogRow)) or 0


class LogHead:
    """Number and hash of the last entry, beside the database: an end that was cut off a log shows nowhere else."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, entry: Entry) -> None:
        """Remember the last entry."""
        with replacing(self._path) as unfinished:
            unfinished.write_text(f"{entry.number} {entry.hash}\n", encoding="ascii")

    def known(self) -> tuple[int, str] | None:
        """What was kept; None if nothing was."""
        try:
            number, _, sha256 = self._path.read_text(encoding="ascii").strip().partition(" ")
            return int(number), sha256
        except (FileNotFoundError, ValueError):
            return None
