"""Files as patients send them (`.hipcv`), made of one stored measurement, each another one."""

import json
import shutil
import zipfile
from pathlib import Path

from hipcv.records import record, sealed_file


def sent_file(kept: Path, out: Path, number: int = 0, **facts: str) -> Path:
    """A file of the measurement in the folder `kept`, whose video has a number of its own in name and hash."""
    folder = out.with_suffix(".folder")
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns(record.OVERLAY))
    document = json.loads((folder / record.DOCUMENT).read_text(encoding="utf-8"))
    document["clip"] |= {"name": f"clip{number:02}.mp4", "sha256": f"{number:064x}"}
    (folder / record.DOCUMENT).write_text(json.dumps(document), encoding="utf-8")
    known = {"title": "", "measured_on": "2026-11-20", "kind": "single", "note": ""}
    sealed_file.pack(folder, out, {**known, **facts})
    shutil.rmtree(folder)
    return out


def altered(file: Path, out: Path) -> Path:
    """The file with one number of its document changed, and packed again without a new seal."""
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(b'"n_reps": 2', b'"n_reps": 3') if name == record.DOCUMENT else data)
    return out


def of_newer_version(file: Path, out: Path) -> Path:
    """The file as a later version of the format would name itself."""
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == sealed_file.MANIFEST:
                data = json.dumps({**json.loads(data), "schema": "hipcv-record/9"}).encode()
            after.writestr(name, data)
    return out
