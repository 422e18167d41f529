"""`python -m hipcv.batch.child`: measures clip after clip, so that the libraries and the model are loaded only once."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hipcv.batch.file_ops import sha256_of
from hipcv.batch.messages import JSON, ClipResult, ClipTask, Method, Result
from hipcv.errors import ClipError, HipcvError, InstallationError, ModelError, OutputError
from hipcv.jobs.serving import Tell, serve
from hipcv.records.document import as_text, to_document
from hipcv.system.writing import replacing
from hipcv.video.container import open_regular_file

UNWRITABLE, UNFIT = "unwritable", "unfit"
"""Sent instead of a result when the fault is not the clip's but the output folder's or the installation's, so the run has to stop."""


def answer(request: Mapping[str, Any], tell: Tell) -> None:
    """Measure one clip, write its files, and send the result."""
    task = ClipTask(**request)
    try:
        told = _measured(task).document()
    except OutputError as problem:
        told = {"result": UNWRITABLE, "problem": problem.message.to_text()}
    except (InstallationError, ModelError) as problem:
        told = {"result": UNFIT, "problem": problem.message.to_text()}
    except ImportError as problem:
        told = {"result": UNFIT, "problem": InstallationError("library_unloadable", reason=problem).message.to_text()}
    except HipcvError as refusal:
        told = failed(task, code_of(refusal), refusal).document()
    except MemoryError:
        told = failed(task, "memory", HipcvError("clip_memory", about=task.name)).document()
    except Exception as fault:  # our own fault or a library's, which must not end the run
        told = failed(task, "unexpected", HipcvError("clip_unforeseen", about=task.name, kind=type(fault).__name__)).document()
    tell(told)


def failed(task: ClipTask, code: str, problem: HipcvError) -> ClipResult:
    """The result of a clip without a measurement."""
    return ClipResult(Result.FAILED, sha256_if_any(task), code, str(problem))


def code_of(problem: HipcvError) -> str:
    """The error code: the name of the error class in snake case.

    >>> from hipcv.errors import NoReps
    >>> code_of(NoReps("no_swing"))
    'no_reps'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()


def _measured(task: ClipTask) -> ClipResult:
    if task.known_sha256 and _sha256(task) == task.known_sha256:
        return ClipResult(Result.SAME, task.known_sha256)
    from hipcv import measure  # late: loads PyAV, OpenCV, MediaPipe, SciPy
    from hipcv.batch import deidentify, extra_files  # late: loads Arrow

    settings = Method(changes=tuple(task.changes)).settings(task.mirrored, task.turn)
    measurement = measure(task.path, model=task.model, settings=settings, name=task.name)
    document = to_document(measurement)
    if task.secret_key:
        document = deidentify.document_without_identity(document, bytes.fromhex(task.secret_key))
    files = extra_files.write(measurement, task.extras)
    with replacing(task.document) as unfinished:
        unfinished.write_text(as_text(document), encoding="utf-8")
    files[JSON] = sha256_of(Path(task.document))
    return ClipResult(Result.MEASURED, measurement.clip.sha256, files=files)


def _sha256(task: ClipTask) -> str:
    with open_regular_file(task.path, task.name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_if_any(task: ClipTask) -> str:
    """The SHA-256 of the clip; empty if it cannot be read."""
    try:
        return _sha256(task)
    except (ClipError, OSError):
        return ""


if __name__ == "__main__":
    serve(answer)
