"""The log of the desk: what was seen, changed, signed, exported and deleted, each entry chained to the one before by its hash.

An entry holds ids, counts and hashes, and the name of whoever sat at the desk, but nothing about a person who was measured: it stays
when everything of theirs is erased. The log begins when the desk is first opened; the app of a patient at home keeps none.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from hipcv.errors import StoreError
from hipcv.store.access import Action
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


def take_turns(connection: Connection) -> None:
    """Let only one writer at a time append, so that no two entries follow the same one: to the end of the transaction (`one_transaction`)."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('hipcv log'))"))


def append(session: Session, action: Action, subject: str, detail: Mapping[str, Any], actor: str = "") -> Entry | None:
    """Append an entry within the transaction of what it tells of; None as long as the desk was never opened. `actor` is who did it."""
    last = session.execute(select(LogRow.number, LogRow.hash).order_by(LogRow.number.desc()).limit(1)).first()
    if last is None and action is not Action.DESK_OPENED:
        return None
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    known = Entry(number, datetime.now(UTC), actor, action.value, subject, dict(detail), previous, "")
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


def signed_hash(row: SignatureRow) -> str:
    """Hash of everything that was signed."""
    return hash_of(
        [
            row.visit_id, row.version, row.replaces, row.outcome, row.reviewer, row.signed_at.astimezone(UTC).isoformat(),
            row.comment_patient, row.comment_record, row.film_again, row.edits, row.document,
        ]
    )  # fmt: skip


class LogHead:
    """Number and hash of the last entry, beside the database: an end that was cut off a log shows nowhere else."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, entry: Entry) -> None:
        """Remember the last entry."""
        with replacing(self._path) as unfinished:
            unfinished.write_text(f"{entry.number} {entry.hash}\n", encoding="ascii")

    def known(self) -> tuple[int, str] | None:
        """What was kept; None if nothing was. Raises `StoreError` if it may not be read."""
        try:
            number, _, sha256 = self._path.read_text(encoding="ascii").strip().partition(" ")
            return int(number), sha256
        except (FileNotFoundError, ValueError):
            return None
        except OSError as problem:
            raise StoreError("store_unreadable", about=self._path, reason=problem.strerror) from None
