"""One small file per clip that records its result, written atomically so that a killed run resumes where it stopped."""

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
    """The result of one clip, and the fingerprint it was measured with."""

    result: ClipResult
    fingerprint: str


def write(home: DatasetFolders, entry: Entry, record: ClipStatus) -> None:
    """Write the record of a clip, after deleting files that no longer match it, so that none is left without its hash.

    Raises
    ------
    OutputError
        If it cannot be written.
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
    """The record of a clip; None = it has none."""
    try:
        document = json.loads(_path(home, entry).read_text(encoding="utf-8"))
        return ClipStatus(ClipResult.of(document), document["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stands(home: DatasetFolders, entry: Entry, record: ClipStatus, fingerprint: str, extras: Collection[str]) -> bool:
    """Whether the record has this fingerprint and the clip's files still match their recorded hashes.

    They do not after a power failure, or if a later call was stopped after writing the files but before the record.
    """
    if record.fingerprint != fingerprint:
        return False
    if record.result.result is Result.FAILED:
        return True
    hashes = record.result.files
    return all(name in hashes and hashes[name] == sha256_of(path) for name, path in home.files(entry, extras).items())


def _path(home: DatasetFolders, entry: Entry) -> Path:
    return home.state / "records" / f"{entry.key}.json"
