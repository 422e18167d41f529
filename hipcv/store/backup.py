"""Copies a store into one file, while the app may be using it.

The rows are those of one moment. They are kept aside until the images have been copied: a visit that was deleted meanwhile is then left
out of the rows, too. Nothing is written beside the file itself, so there is nothing to clean up if this process is killed, except that
file under its temporary name.
"""

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

from hipcv.errors import HipcvError, OutputError, StoreError, VisitNotFound
from hipcv.records.sealed_file import seal
from hipcv.store import backup_format
from hipcv.store.access import Action
from hipcv.store.backup_format import MANIFEST, SCHEMA, TABLES
from hipcv.store.backup_rows import MomentRows, rows_of_one_moment
from hipcv.store.database import explained, newest_revision
from hipcv.store.sql_tables import LogRow, PersonRow, VisitRow
from hipcv.store.store import Store
from hipcv.store.visit_files import opened_files
from hipcv.system.writing import real_path, real_target, replacing
from hipcv.version import __version__

OnProgress = Callable[[int, int], None]
_CHUNK = 1 << 20
_PATIENCE_S = 1.0
"""A deletion takes the images first and the row a moment later."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, and what it does not."""

    n_visits: int
    n_people: int
    n_entries: int
    """Entries of the log."""
    n_bytes: int
    in_work: Sequence[datetime]
    """Times of visits that were left out because they were still being measured or drawn."""
    without_images: Sequence[datetime]
    """Times of visits that were left out because their images are not in the folder."""


def write(store: Store, file: Path, on_progress: OnProgress = lambda _done, _total: None) -> BackedUp:
    """Write a backup, whole or not at all, readable by its owner alone; it is entered in the log. `on_progress` counts visits.

    Raises
    ------
    OutputError
        The file cannot be written there.
    StoreError
        The store cannot be read, nothing is kept in it, or its images are in another folder.
    """
    if real_path(real_target(file)).is_relative_to(real_path(store.folder)):
        raise OutputError("backup_inside", about=file)
    with replacing(file, mode=0o600) as unfinished, unfinished.open("wb") as out:
        with zipfile.ZipFile(out, "w") as packed:
            manifest, done = _pack(store, _Parts(packed), on_progress)
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        out.flush()
        os.fsync(out.fileno())  # whole also after a power cut
        n_bytes = out.tell()
    try:
        with explained(store.engine):
            store.gate.note(Action.BACKED_UP, detail={"backup": manifest["sha256"], "visits": done["n_visits"]})
    except HipcvError as problem:
        raise StoreError("backup_not_noted", about=file, reason=problem.message) from None
    return BackedUp(**done, n_bytes=n_bytes)


def _pack(store: Store, parts: "_Parts", on_progress: OnProgress) -> tuple[dict[str, Any], dict[str, Any]]:
    """Copy everything; returns the manifest, and what is told of it."""
    head = store.gate.head.known()  # before the rows, so that the log among them is never shorter than its head
    rows = rows_of_one_moment(store)
    if not rows.at and not rows.count(PersonRow) and not rows.count(LogRow):
        raise StoreError("backup_of_nothing", about=store.folder)
    copied = _copy_visits(store, rows, parts, on_progress)
    left_out = rows.at.keys() - copied
    without_images = _still_kept(store, left_out - rows.in_work)
    if without_images and not copied:
        raise StoreError("backup_images_elsewhere", about=store.folder)
    for table in TABLES:
        parts.add(backup_format.rows_name(table), rows.lines(table.name, left_out))
    told = {
        "n_visits": len(copied),
        "n_people": rows.count(PersonRow),
        "n_entries": rows.count(LogRow),
        "in_work": sorted(map(rows.at.__getitem__, rows.in_work)),
        "without_images": sorted(map(rows.at.__getitem__, without_images)),
    }
    return _manifest(head, sorted(left_out), parts.known), told


def _manifest(head: tuple[int, str] | None, left_out: Sequence[str], parts: Mapping[str, Any]) -> dict[str, Any]:
    manifest = {
        "schema": SCHEMA,
        "hipcv": __version__,
        "revision": newest_revision(),
        "made_at": datetime.now(UTC).isoformat(),
        "log_head": head,
        "left_out": left_out,
        "parts": parts,
    }
    return {**manifest, "sha256": seal(manifest)}


def _still_kept(store: Store, visits: Set[str]) -> set[str]:
    """Those visits without images that the database still knows, so that they were not deleted meanwhile."""
    end_s = time.monotonic() + _PATIENCE_S
    known = set(visits)
    with explained(store.engine):
        while known and time.monotonic() < end_s:
            time.sleep(_PATIENCE_S / 5)
            with store.gate.reading(Action.LIST) as session:
                known &= set(session.scalars(select(VisitRow.id)))
    return known


# ---------------------------------------------------------------------- parts
class _Parts:
    """The parts of a file that is being written, with size and hash of each."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.known: dict[str, dict[str, Any]] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a part. Nothing is compressed: images hardly become smaller, and whoever reads it can rely on the sizes."""
        n_bytes, sha256 = 0, hashlib.sha256()
        with self._packed.open(zipfile.ZipInfo(name, time.localtime()[:6]), "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
                sha256.update(chunk)
                n_bytes += len(chunk)
        self.known[name] = {"n_bytes": n_bytes, "sha256": sha256.hexdigest()}


def _copy_visits(store: Store, rows: MomentRows, parts: _Parts, on_progress: OnProgress) -> set[str]:
    """Copy the files of all visits that are not at work; returns the ids of those that have some."""
    copied: set[str] = set()
    for done, visit_id in enumerate(rows.at):
        if visit_id not in rows.in_work and _copy_files(store, visit_id, parts):
            copied.add(visit_id)
        on_progress(done + 1, len(rows.at))
    return copied


def _copy_files(store: Store, visit_id: str, parts: _Parts) -> bool:
    """Copy the files of a visit, all or none; False if it has none."""
    with ExitStack() as stack:
        try:
            files = opened_files(store.folder_of(visit_id), stack)
        except VisitNotFound:  # an id that hipcv never gave
            return False
        for name, file in files.items():
            parts.add(backup_format.file_name(visit_id, name), _chunks(file))
        return bool(files)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    try:
        while chunk := file.read(_CHUNK):
            yield chunk
    except OSError as problem:
        raise StoreError("store_unreadable", about=file.name, reason=problem.strerror) from None
