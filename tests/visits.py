"""A store with visits in it, made of a real measurement, for tests of the pages."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hipcv.measurement import Measurement
from hipcv.records import record
from hipcv.records.visit import Kind, Visit
from hipcv.rendering import leg_film, stills
from hipcv.rendering.figure import write_figure
from hipcv.rendering.overlay import write_overlay
from hipcv.store.store import Store, new_id

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write_record(measurement: Measurement, clip: Path, folder: Path) -> None:
    """Everything that a worker leaves."""
    folder.mkdir(parents=True, exist_ok=True)
    record.write(measurement, folder)
    write_figure(measurement, folder / record.FIGURE)
    with leg_film.keeper(measurement, folder) as keep_legs:
        keep = stills.keeper(measurement, folder)
        write_overlay(clip, measurement, folder / record.OVERLAY, on_plain=keep_legs, on_picture=keep)


def add_visit(store: Store, folder: Path, days: float = 0.0, title: str = "", kind: Kind = Kind.SINGLE, note: str = "") -> Visit:
    """A visit whose pictures are copied from `folder`, so many days after the first one."""
    document = json.loads((folder / record.DOCUMENT).read_text(encoding="utf-8"))
    visit = Visit(new_id(), FIRST + timedelta(days=days), title, kind, note, document)
    shutil.copytree(folder, store.folder_of(visit.id))
    store.add(visit)
    return visit
