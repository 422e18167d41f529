"""A desk with something of everything in it, what a store holds, and backups that somebody has tampered with."""

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.records.sealed_file import seal
from hipcv.store import settings
from hipcv.store.access import Action
from hipcv.store.backup_format import MANIFEST, TABLES
from hipcv.store.people import NoteKind, PainfulSide, People
from hipcv.store.reviews import Instrument, Outcome, Reading, Reviews, Verdict
from hipcv.store.store import Store
from tests.desks import a_person, a_visit, opened_desk

ACCEPTED = Verdict(Outcome.ACCEPTED, "Dr. Vogel")


def with_images(store: Store, visit: Any, n_bytes: int = 3000) -> Any:
    """A visit with files as drawing leaves them."""
    for name in ("right-0.jpg", "overlay.mp4", "video"):
        (store.folder_of(visit.id) / name).write_bytes(f"{visit.id} {name} ".encode() + bytes(n_bytes))
    return visit


def full_desk(folder: Path, url: str | None = None) -> Store:
    """People, visits with images, corrections, signed versions, readings, notes, codes, settings, and the log of all that."""
    store = opened_desk(folder, url)
    kept, people = Reviews(store), People(store)
    store.gate.acting = lambda: "Dr. Vogel"
    anna = a_person(store, "Ä. Adler", birth_year=1961, painful_side=PainfulSide.LEFT, note="seit 2019\n„links“ \U0001f9b5")
    berg, gone = a_person(store, "Berg", archived=True), a_person(store, "weg")
    first, second = (with_images(store, a_visit(store, anna, days=days, title=f"Woche {days}")) for days in (0, 3))
    with_images(store, a_visit(store, berg, days=1.25, received=True, asked_code="K7M2-P9QR-3T"))
    with_images(store, a_visit(store))
    with_images(store, a_visit(store, gone))
    for number in range(3):
        kept.add_edit(first.id, {"kind": "include", "rep": number, "deg": 1.5, "none": None})
    kept.undo(first.id)
    kept.sign(first.id, Verdict(Outcome.CORRECTED, "Dr. Vogel", "gut", "intern ßœ"), first.document, [1, 2])
    kept.reopen(first.id)
    kept.sign(first.id, ACCEPTED, first.document, [1, 2])
    kept.add_reading(first.id, Reading(Side.RIGHT, Quantity.EXTERNAL, 41.5, Instrument.INCLINOMETER, passive=True, reader="V"))
    kept.add_reading(second.id, Reading(Side.LEFT, Quantity.INTERNAL, 0.1 + 0.2, Instrument.GONIOMETER))
    people.add_note(anna.id, date(2026, 3, 1), NoteKind.TREATMENT, "Mobilisation")
    people.ask(anna.id, "K7M2P9QR3T")
    settings.remember(store, settings.REVIEWER, {"name": "Dr. Vogel", "list": [1, 2.5, None, True]})
    store.erase_person(gone.id)
    store.gate.note(Action.EXPORTED, first.id, {"format": "pdf"})
    store.gate.acting = str
    return store


def rows(store: Store) -> dict[str, list[tuple]]:
    """All rows of all tables but the jobs."""
    with store.gate.reading() as session:
        return {table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))] for table in TABLES}


def files(store: Store) -> dict[str, bytes]:
    """All files of all visits."""
    home = store.folder / "visits"
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def content(store: Store) -> tuple[dict[str, list[tuple]], dict[str, bytes]]:
    return rows(store), files(store)


def before_restore(store: Store) -> tuple[dict[str, list[tuple]], dict[str, bytes]]:
    """What a restored store holds, without the entry about the restore, which must be the last one."""
    found = rows(store)
    if found["log"]:
        assert found["log"].pop()[3] == "restored"
    return found, files(store)


def names_and_bytes(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, as it is on disk, but for the log that SQLite keeps beside a database that is open."""
    found = [path for path in sorted(folder.rglob("*")) if not path.name.endswith(("-wal", "-shm"))]
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in found}


def rewritten(file: Path, out: Path, changed: dict[str, bytes | None] | None = None, /, **manifest: Any) -> Path:
    """A backup of which somebody has changed, added or (None) removed parts or fields of the manifest, and sealed it again."""
    with zipfile.ZipFile(file) as packed:
        known = {name: packed.read(name) for name in packed.namelist()}
    told = json.loads(known.pop(MANIFEST)) | manifest
    known = {name: data for name, data in (known | (changed or {})).items() if data is not None}
    if "parts" not in manifest:
        told["parts"] = {name: {"n_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in known.items()}
    told["sha256"] = seal(told)
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in {**known, MANIFEST: json.dumps(told).encode()}.items():
            packed.writestr(name, data)
    return out
