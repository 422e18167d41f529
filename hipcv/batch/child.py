"""`python -m hipcv.batch.child`: measures clip after clip. The libraries and the model are loaded once."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hipcv.batch.file_ops import sha256_of
from hipcv.batch.messages import JSON, ClipResult, ClipTask, Result
from hipcv.errors import ClipError, HipcvError, InstallationError, ModelError, OutputError
from hipcv.jobs.serving import Tell, serve
from hipcv.records.document import as_text, to_document
from hipcv.settings import Mirrored, Settings
from hipcv.system.writing import replacing
from hipcv.video.container import open_regular_file

UNWRITABLE, UNFIT = "unwritable", "unfit"
"""Answered instead of a result: not the clip is at fault but the place for the results, or this installation, so the run has to stop."""


def answer(request: Mapping[str, Any], tell: Tell) -> None:
    """Measure one clip and tell what became of it."""
    try:
        tell(measure_one(ClipTask(**request)).document())
    except OutputError as problem:
        tell({"result": UNWRITABLE, "problem": problem.message.to_text()})
    except (InstallationError, ModelError) as problem:
        tell({"result": UNFIT, "problem": problem.message.to_text()})
    except ImportError as problem:
        tell({"result": UNFIT, "problem": InstallationError("library_unloadable", reason=problem).message.to_text()})


def measure_one(task: ClipTask) -> ClipResult:
    """Measure one clip and write what comes of it.

    Raises
    ------
    OutputError
        It cannot be written.
    InstallationError, ModelError, ImportError
        No clip can be measured here.
    """
    sha256 = ""
    try:
        if task.known_sha256:
            sha256 = _sha256(task)
            if sha256 == task.known_sha256:
                return ClipResult(Result.SAME, sha256)
        return _measured(task)
    except (OutputError, InstallationError, ModelError, ImportError):
        raise
    except HipcvError as refusal:
        code, problem = code_of(refusal), refusal
    except MemoryError:
        code, problem = "memory", HipcvError("clip_memory", about=task.name)
    except Exception as fault:  # a fault of ours or of a library, which must not end the run
        code, problem = "unexpected", HipcvError("clip_unforeseen", about=task.name, kind=type(fault).__name__)
    return ClipResult(Result.FAILED, sha256 or sha256_if_any(task), code, str(problem))


def code_of(problem: HipcvError) -> str:
    """The reason in a word, from the name of the error.

    >>> from hipcv.errors import NoReps
    >>> code_of(NoReps("no_swing"))
    'no_reps'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()


def _measured(task: ClipTask) -> ClipResult:
    from hipcv import measure  # late: loads PyAV, OpenCV, MediaPipe, SciPy
    from hipcv.batch import deidentify, extra_files  # late: loads Arrow

    settings = Settings(mirrored=Mirrored(task.mirrored)).changed(task.changes)
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
    """The hash of the clip; empty if it cannot be read."""
    try:
        return _sha256(task)
    except (ClipError, OSError):
        return ""


if __name__ == "__main__":
    serve(answer)
