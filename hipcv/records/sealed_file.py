"""A record as one file (`.hipcv`) that another installation can open: a zip with a manifest that names every part and its hash.

docs/record.md describes the format: `hipcv-record/1`, and `hipcv-record/2` for a file with the film of the legs, which 0.1.0 cannot open.
"""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hipcv.errors import RecordError
from hipcv.records import record
from hipcv.records.record import ARRAYS, DOCUMENT, FIGURE, LEG_FILM, LEG_FILM_FACTS, OVERLAY, STILL, Record
from hipcv.system.writing import replacing
from hipcv.version import __version__
from hipcv.video.container import shown_name

SCHEMA, SCHEMA_WITH_LEGS = "hipcv-record/1", "hipcv-record/2"
ENDING = ".hipcv"
MANIFEST = "manifest.json"
_ANY_SCHEMA = re.compile(r"hipcv-record/[0-9]{1,4}")
_LEGS = {LEG_FILM, LEG_FILM_FACTS}
_COMMON = {DOCUMENT, ARRAYS, FIGURE, OVERLAY}
_PARTS = {SCHEMA: _COMMON, SCHEMA_WITH_LEGS: _COMMON | _LEGS}
"""Parts of a file of each schema, besides the stills."""
_MOST_PARTS = 1000
_MOST_BYTES = 600_000_000
_MOST_MANIFEST_BYTES = 1_000_000
_CHUNK = 1 << 20


def pack(folder: Path, out: Path, facts: Mapping[str, str], *, with_video: bool = False, with_legs: bool = True) -> None:
    """Write a record as one file.

    Parameters
    ----------
    folder : the output of `record.write`, with the images beside it
    out : the file to write
    facts : the person's details of this visit (title, kind, note, date); characters that control a terminal are replaced
    with_video : also include the overlay; its face is blurred like those of the stills
    with_legs : also include the film of the legs, if there is one; its face is blurred, too

    Raises
    ------
    OutputError
        The file cannot be written there.
    """
    present = {path.name for path in folder.iterdir()} - (set() if with_video else {OVERLAY})
    schema = SCHEMA_WITH_LEGS if with_legs and present >= _LEGS else SCHEMA
    names = [name for name in sorted(present) if _belongs(name, schema)]
    manifest = {
        "schema": schema,
        "hipcv": __version__,
        "visit": {name: record.CONTROL_CHARACTERS.sub("\ufffd", fact) for name, fact in facts.items()},
        "parts": {name: {"n_bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)} for name in names},
    }
    manifest["sha256"] = seal(manifest)
    with replacing(out) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False))
        for name in names:
            packed.write(folder / name, name, zipfile.ZIP_STORED if not name.endswith(".json") else None)


def unpack(file: Path, folder: Path, name: str | None = None) -> tuple[Record, Mapping[str, str]]:
    """Check a file and extract its parts into an empty folder; returns the record, and the person's details of the visit.

    `name` is the file's name in messages.

    Raises
    ------
    RecordError
        Not such a file, damaged, altered, or of a newer format.
    """
    name = shown_name(name or file)
    try:
        if not file.is_file():
            raise RecordError("sealed_no_such_file")
        with zipfile.ZipFile(file) as packed:
            manifest = _manifest(packed)
            for part_name, part in manifest["parts"].items():
                _unpack_part(packed, part_name, part, folder)
        return record.read(folder), manifest["visit"]
    except RecordError as problem:
        raise RecordError.of(problem, about=name) from None
    except (KeyError, TypeError, AttributeError):
        raise RecordError("sealed_parts_differ", about=name) from None
    except record.UNREADABLE:
        raise RecordError("sealed_not_whole", about=name) from None


def _belongs(name: str, schema: str) -> bool:
    return name in _PARTS[schema] or STILL.fullmatch(name) is not None


def _manifest(packed: zipfile.ZipFile) -> dict[str, Any]:
    parts = packed.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise RecordError("sealed_too_large", most=_MOST_BYTES // 1000000)
    record.check_parts(packed, _MOST_BYTES)
    manifest = _parsed_manifest(packed)
    if not isinstance(manifest, dict) or not _ANY_SCHEMA.fullmatch(str(manifest.get("schema", ""))):
        raise RecordError("sealed_no_manifest")
    if manifest["schema"] not in _PARTS:
        raise RecordError("sealed_newer", schema=manifest["schema"])
    if manifest["sha256"] != seal(manifest):
        raise RecordError("sealed_altered")
    if not _fits(packed, manifest):
        raise KeyError("parts")
    return manifest


def _fits(packed: zipfile.ZipFile, manifest: Mapping[str, Any]) -> bool:
    """Whether it lists what is in the file, which is nothing but parts of a record, and the details of the visit are all text."""
    parts, facts = manifest["parts"], manifest["visit"].values()
    is_whole = sorted(packed.namelist()) == sorted([MANIFEST, *parts]) and all(_belongs(name, manifest["schema"]) for name in parts)
    return is_whole and all(isinstance(fact, str) for fact in facts)


def _parsed_manifest(packed: zipfile.ZipFile) -> Any:
    if MANIFEST not in packed.namelist():
        if _begins_as_ours(packed):  # its end is missing, and the arrays, themselves a zip file, were mistaken for the whole
            raise zipfile.BadZipFile
        return None
    if packed.getinfo(MANIFEST).file_size > _MOST_MANIFEST_BYTES:
        raise ValueError("too large")
    return record.parsed(packed.read(MANIFEST))


def _begins_as_ours(packed: zipfile.ZipFile) -> bool:
    """Whether a file begins with a manifest, which hipcv writes first."""
    assert packed.filename is not None
    with Path(packed.filename).open("rb") as file:
        return file.read(30 + len(MANIFEST))[30:] == MANIFEST.encode()


def seal(manifest: Mapping[str, Any]) -> str:
    """Hash of a manifest, which holds the hashes of all parts. It reveals damage and careless changes, not who wrote the file."""
    content = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _unpack_part(packed: zipfile.ZipFile, name: str, part: Mapping[str, Any], folder: Path) -> None:
    with packed.open(name) as source, (folder / name).open("xb") as target:
        shutil.copyfileobj(source, target, _CHUNK)  # no more than the size that was checked
    if (folder / name).stat().st_size != part["n_bytes"] or _sha256(folder / name) != part["sha256"]:
        raise RecordError("sealed_part_altered", part=name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
