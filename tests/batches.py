"""Stand-ins and helpers for the tests of runs over many clips."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from hipcv.batch import deidentify
from hipcv.batch.file_ops import sha256_of
from hipcv.batch.messages import JSON, ClipResult, ClipTask, Result
from hipcv.batch.run import Measure
from hipcv.measurement import Measurement
from hipcv.records.document import as_text, to_document
from tests.builders import a_clip, a_measurement

LACKING = "mot"
"""A format that holds none of these measurements."""
FAILS = b"nobody"
"""A file that begins so has no number."""


def write_files(folder: Path, *names: str) -> Path:
    """Files that a stand-in can measure: each its own content, with the first bytes of an MP4."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0\0\0\x18ftypmp42" + name.encode())
    return folder


def stand_in(asked: list[str] | None = None, made: Callable[[ClipTask], Measurement] | None = None) -> Measure:
    """Instead of the hands: answers at once, as a child would; `asked` collects the clips that were really measured."""

    def measure(pairs):
        for tag, task in pairs:
            yield tag, _done(task, [] if asked is None else asked, made or _measured)

    return measure


def _done(task: ClipTask, asked: list[str], made: Callable[[ClipTask], Measurement]) -> ClipResult:
    data = Path(task.path).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == task.known_sha256:
        return ClipResult(Result.SAME, sha256)
    asked.append(task.name)
    if data.startswith(FAILS):
        return ClipResult(Result.FAILED, sha256, "no_person", f"{task.name}: nobody was found.")
    document = to_document(made(task))
    if task.secret_key:
        document = deidentify.document_without_identity(document, bytes.fromhex(task.secret_key))
    files = {JSON: written(task.document, as_text(document))}
    for extra, path in task.extras.items():
        files[extra] = "" if extra == LACKING else written(path, f"{task.name} {task.changes} {extra}")
    return ClipResult(Result.MEASURED, sha256, files=files)


def written(path: str, text: str) -> str:
    """Write a file; its hash."""
    Path(path).write_text(text, encoding="utf-8")
    return sha256_of(Path(path))


def _measured(task: ClipTask) -> Measurement:
    data = Path(task.path).read_bytes()
    return replace(a_measurement(), clip=a_clip(name=task.name, sha256=hashlib.sha256(data).hexdigest(), n_bytes=len(data)))


def everything(folder: Path) -> dict[str, bytes]:
    """All files of a dataset by their names, without the working state, and run.json without its times."""
    return dict(sorted(_files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith((".hipcv/", "shard-")):
            data = path.read_bytes()
            if name == "run.json":
                data = json.dumps({**json.loads(data), "time": {}}).encode()
            yield name, data
