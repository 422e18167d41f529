"""Replaces names, paths, dates and hashes with codes that can be traced back only with the study's key (study_key.py).

Codes are keyed hashes (HMAC-SHA-256): the same subject gets the same code in every run of a study, and nobody without the key can
find the name by trying candidates.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hipcv.batch.entry import Entry, key_of
from hipcv.batch.identifying_text import tells_a_person, words_of
from hipcv.batch.manifest import is_day
from hipcv.catalogues.message import Message
from hipcv.errors import BadManifest
from hipcv.system.typed_dates import tells_a_date

_CODE_LETTERS = 20


def code(secret_key: bytes, kind: str, name: str) -> str:
    """The code for a name; `kind` keeps a subject and a clip of the same name apart.

    >>> code(b"secret", "subject", "Ana")
    'subject-82d43668c5d8a9e5e4f0'
    """
    digest = hmac.new(secret_key, f"{kind}:{name}".encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
    return f"{kind}-{digest[:_CODE_LETTERS]}"


def pairs(named: Sequence[Entry], secret_key: bytes) -> list[tuple[Entry, Entry]]:
    """Each clip with its coded counterpart; `path` stays real in both, and is kept only in the working state of the run.

    Sorted by code, because the order of names or of a list would give something away.
    """
    first_days = _first_days(named)
    coded = [(entry, _coded(entry, secret_key, first_days.get(entry.subject))) for entry in named]
    coded.sort(key=lambda pair: pair[1].clip)
    return [(entry, replace(seen, number=number)) for number, (entry, seen) in enumerate(coded)]


def _coded(entry: Entry, secret_key: bytes, first_day: date | None) -> Entry:
    clip = code(secret_key, "clip", entry.key)
    subject = code(secret_key, "subject", entry.subject) if entry.subject else ""
    return replace(entry, clip=clip, key=key_of(clip), subject=subject, session=_session(entry, first_day), date="", extra={})


def _session(entry: Entry, first_day: date | None) -> str:
    """The session as the dataset shows it: a name stays; a date becomes the number of days since the subject's first date."""
    if entry.session and not is_day(entry.session):
        return entry.session
    day = entry.session or entry.date
    return f"day {(date.fromisoformat(day) - first_day).days}" if day and first_day else ""


def check(named: Sequence[Entry]) -> None:
    """Check that session and group names, which are kept, reveal neither a date nor a subject.

    Raises
    ------
    BadManifest
        If any name does; lists every such name on a line of its own.
    """
    people = {words_of(entry.subject) for entry in named} - {""}
    sessions = dict.fromkeys(entry.session for entry in named if not is_day(entry.session))
    groups = dict.fromkeys(entry.group for entry in named)
    faults = []
    for what, names in (("session", sessions), ("group", groups)):
        for text in names:
            if tells_a_date(text):
                faults.append(Message("faults.tells_date", {"case": what, "text": text}))
            if tells_a_person(text, people):
                faults.append(Message("faults.tells_subject", {"case": what, "text": text}))
    if faults:
        raise BadManifest("deidentify_faults", faults=faults)


def _first_days(named: Iterable[Entry]) -> dict[str, date]:
    first: dict[str, date] = {}
    for entry in named:
        for text in (entry.date, entry.session):
            if is_day(text):
                day = date.fromisoformat(text)
                first[entry.subject] = min(day, first.get(entry.subject, day))
    return first


def document_without_identity(document: Mapping[str, Any], secret_key: bytes) -> dict[str, Any]:
    """A measurement without links to the file: the hash is keyed, the size removed. The name was already replaced when it was measured."""
    clip = {
        **document["clip"],
        "sha256": hmac.new(secret_key, document["clip"]["sha256"].encode(), hashlib.sha256).hexdigest(),
        "n_bytes": None,
    }
    return {**document, "clip": clip}
