"""Verifies the log of a store, and with it every signed version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hipcv.catalogues.message import Message
from hipcv.catalogues.words import DEFAULT
from hipcv.errors import StoreError
from hipcv.store import log
from hipcv.store.access import Action
from hipcv.store.database import explained, shown_address
from hipcv.store.log import START, Entry
from hipcv.store.sql_tables import SignatureRow
from hipcv.store.store import Store

_LEAVES = {Action.VISIT_DELETED.value, Action.PERSON_ERASED.value, Action.ALL_DELETED.value, Action.RESTORED.value}
"""Actions after which visits are no longer there: a restore names those that were not in its backup."""
_ROWS_AT_ONCE = 50
_Version = tuple[str, int]
"""Id of a visit, and a version of it."""


class Fault(Enum):
    """What is wrong with a log."""

    CHANGED = "changed"
    """An entry does not have the hash of its content."""
    REMOVED = "removed"
    """A number is missing."""
    INSERTED = "inserted"
    """An entry does not follow the one before it."""
    SHORTENED = "shortened"
    """The end is missing: entries were written that are no longer there."""
    SIGNATURE_CHANGED = "signature_changed"
    """A signed version is not the one that was entered in the log."""
    SIGNATURE_MISSING = "signature_missing"
    """A signed version was entered in the log but is no longer there, and no deletion was entered."""
    SIGNATURE_UNKNOWN = "signature_unknown"
    """A signed version was never entered in the log."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, at an entry, and the visit it is about if it is about one."""

    fault: Fault
    number: int
    subject: str = ""

    def said(self, language: str = DEFAULT) -> str:
        """The sentence."""
        return Message(f"audit.{self.fault.value}", {"number": self.number, "visit": self.subject}).said(language)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a log."""

    n_entries: int
    last: Entry | None
    faults: Sequence[Finding]


def audit(store: Store) -> Audit:
    """Check every entry, the chain, its end, and the signed versions that it tells of; the store may be in use.

    Raises
    ------
    StoreError
        The database cannot be read, or something in it is no entry at all.
    """
    head = store.gate.head.known()  # before the entries: whoever writes meanwhile makes the log longer than its head, never shorter
    try:
        with explained(store.engine), store.gate.snapshot(Action.LIST) as session:
            found = log.entries(session)
            signatures = _of_signatures(session, found)
        faults = [*_of_chain(found), *_of_end(found, head), *_of_restores(found), *signatures]
    except (ValueError, TypeError, LookupError, OverflowError):  # from what is no time, no JSON, or JSON of another shape
        raise StoreError("store_damaged", about=shown_address(store.engine)) from None
    return Audit(len(found), found[-1] if found else None, faults)


def _of_chain(found: Iterable[Entry]) -> list[Finding]:
    faults: list[Finding] = []
    number, previous = 0, START
    for entry in found:
        if entry.number > number + 1:
            faults.append(Finding(Fault.REMOVED, number + 1))
        elif entry.previous != previous:
            faults.append(Finding(Fault.INSERTED, entry.number))
        if entry.hash != entry.computed_hash():
            faults.append(Finding(Fault.CHANGED, entry.number))
        number, previous = entry.number, entry.hash
    return faults


def _of_end(found: Sequence[Entry], head: tuple[int, str] | None) -> list[Finding]:
    """What the kept number and hash of the last entry say: a chain whose end was cut off, or that was made anew from some entry on."""
    if head is None:
        return []
    number, sha256 = head
    if not found or found[-1].number < number:
        return [Finding(Fault.SHORTENED, found[-1].number + 1 if found else 1)]
    return [] if any(entry.hash == sha256 for entry in found if entry.number == number) else [Finding(Fault.CHANGED, number)]


def _of_restores(found: Sequence[Entry]) -> list[Finding]:
    """Whether a log that came from a backup was shortened before; the entry of the restore remembers the head that was kept then."""
    faults: list[Finding] = []
    for place, entry in enumerate(found):
        if entry.action == Action.RESTORED.value:
            head = _detail(entry).get("log_head")
            faults += _of_end(found[:place], (head[0], head[1]) if head else None)
    return faults


def _of_signatures(session: Session, found: Iterable[Entry]) -> list[Finding]:
    """Signed versions that are not what the log says of them."""
    said, gone = _said(found)
    rows = session.scalars(select(SignatureRow), execution_options={"yield_per": _ROWS_AT_ONCE})
    kept = {(row.visit_id, row.version): log.signed_hash(row) for row in rows}
    faults = [Finding(Fault.SIGNATURE_UNKNOWN, 0, visit) for visit, _ in sorted(kept.keys() - said.keys())]
    for version, (number, sha256) in said.items():
        if version not in kept:
            faults += [] if version[0] in gone else [Finding(Fault.SIGNATURE_MISSING, number, version[0])]
        elif kept[version] != sha256:
            faults.append(Finding(Fault.SIGNATURE_CHANGED, number, version[0]))
    return faults


def _said(found: Iterable[Entry]) -> tuple[Mapping[_Version, tuple[int, str]], set[str]]:
    """Signed versions with number and hash of their entry, and the visits that are no longer there."""
    said: dict[_Version, tuple[int, str]] = {}
    gone: set[str] = set()
    for entry in found:
        detail = _detail(entry)
        if entry.action == Action.SIGNED.value:
            said[entry.subject, detail.get("version", 0)] = entry.number, detail.get("sha256", "")
        elif entry.action in _LEAVES:
            gone |= {entry.subject, *detail.get("visits", ())}
            gone |= {visit for visit, _ in said} if entry.action == Action.ALL_DELETED.value else set()
    return said, gone


def _detail(entry: Entry) -> Mapping[str, Any]:
    """What an entry holds beside its columns; nothing where somebody has put anything else there, which its hash tells."""
    return entry.detail if isinstance(entry.detail, dict) else {}
