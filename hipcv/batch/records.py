"""What became of each clip, a small file each: written whole, so that a run which is killed goes on where it stopped."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from hipcv.batch.entry import Entry
from hipcv.batch.extra_files import EXTRAS
from hipcv.batch.file_ops import sha256_of
from hipcv.batch.folders import Home
from hipcv.batch.messages import Outcome, Result
from hipcv.system.writing import replacing


@dataclass(frozen=True, slots=True)
class Record:
    """One clip that was done, and with what."""

    outcome: Outcome
    fingerprint: str


def write(home: Home, entry: Entry, record: Record) -> None:
    """Keep it. What the clip has no longer goes first; files that were not asked for this time do not stand without their hashes.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    if record.outcome.result is Result.FAILED:
        for path in home.files(entry, EXTRAS).values():
            home.remove(path)
    for extra, sha256 in record.outcome.files.items():
        if not sha256:
            home.remove(home.extra(entry, extra))
    text = json.dumps({**record.outcome.document(), "fingerprint": record.fingerprint, "clip": entry.clip})
    with replacing(_path(home, entry)) as unfinished:
        unfinished.write_text(text + "\n", encoding="utf-8")


def read(home: Home, entry: Entry) -> Record | None:
    """What is known of a clip; None = nothing."""
    try:
        document = json.loads(_path(home, entry).read_text(encoding="utf-8"))
        return Record(Outcome.of(document), document["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_good(home: Home, entry: Entry, record: Record, fingerprint: str, extras: Collection[str]) -> bool:
    """Whether the clip need not be measured again, if it is still the same file: an unreadable one has no hash to tell that by."""
    return bool(record.outcome.sha256) and stands(home, entry, record, fingerprint, extras)


def stands(home: Home, entry: Entry, record: Record, fingerprint: str, extras: Collection[str]) -> bool:
    """Whether it says how the clip is measured with this fingerprint, and its files are what was written then.

    They are not if the machine lost its power meanwhile, or a later call was stopped between its files and its record.
    """
    if record.fingerprint != fingerprint:
        return False
    if record.outcome.result is Result.FAILED:
        return True
    hashes = record.outcome.files
    return all(name in hashes and hashes[name] == sha256_of(path) for name, path in home.files(entry, extras).items())


def _path(home: Home, entry: Entry) -> Path:
    return home.state / "records" / f"{entry.key}.json"
