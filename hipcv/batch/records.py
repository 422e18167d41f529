"""What became of each clip, a small file each: written whole, so that a run which is killed goes on where it stopped."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from hipcv.batch.entry import Entry
from hipcv.batch.extra_files import EXTRAS
from hipcv.batch.file_ops import sha256_of
from hipcv.batch.folders import DatasetFolders
from hipcv.batch.messages import ClipResult, Result
from hipcv.system.writing import replacing


@dataclass(frozen=True, slots=True)
class ClipStatus:
    """One clip that was done, and with what."""

    result: ClipResult
    fingerprint: str


def write(home: DatasetFolders, entry: Entry, record: ClipStatus) -> None:
    """Keep it. What the clip has no longer goes first; files that were not asked for this time do not stand without their hashes.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    if record.result.result is Result.FAILED:
        for path in home.files(entry, EXTRAS).values():
            home.remove(path)
    for extra, sha256 in record.result.files.items():
        if not sha256:
            home.remove(home.extra(entry, extra))
    text = json.dumps({**record.result.document(), "fingerprint": record.fingerprint, "clip": entry.clip})
    with replacing(_path(home, entry)) as unfinished:
        unfinished.write_text(text + "\n", encoding="utf-8")


def read(home: DatasetFolders, entry: Entry) -> ClipStatus | None:
    """What is known of a clip; None = nothing."""
    try:
        document = json.loads(_path(home, entry).read_text(encoding="utf-8"))
        return ClipStatus(ClipResult.of(document), document["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_good(home: DatasetFolders, entry: Entry, record: ClipStatus, fingerprint: str, extras: Collection[str]) -> bool:
    """Whether the clip need not be measured again, if it is still the same file: an unreadable one has no hash to tell that by."""
    return bool(record.result.sha256) and stands(home, entry, record, fingerprint, extras)


def stands(home: DatasetFolders, entry: Entry, record: ClipStatus, fingerprint: str, extras: Collection[str]) -> bool:
    """Whether it says how the clip is measured with this fingerprint, and its files are what was written then.

    They are not if the machine lost its power meanwhile, or a later call was stopped between its files and its record.
    """
    if record.fingerprint != fingerprint:
        return False
    if record.result.result is Result.FAILED:
        return True
    hashes = record.result.files
    return all(name in hashes and hashes[name] == sha256_of(path) for name, path in home.files(entry, extras).items())


def _path(home: DatasetFolders, entry: Entry) -> Path:
    return home.state / "records" / f"{entry.key}.json"
