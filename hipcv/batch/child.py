"""`python -m hipcv.batch.child`: measures clip after clip, one order a line on stdin, one answer a line on stdout.

The libraries and the model are loaded once. Whatever a clip does to this process, its parent (hand.py) is not touched.
"""

import hashlib
import json
import os
import queue
import re
import sys
import threading
from pathlib import Path
from typing import IO, Any

from hipcv.batch.messages import JSON, Order, Outcome, Result
from hipcv.errors import ClipError, HipcvError, InstallationError, ModelError, OutputError
from hipcv.system import stopping
from hipcv.video.container import open_regular_file

SEND_AGAIN = "Send the original video, or leave the clip out."
READY = "ready"
"""The first line: from here on it is not the installation that ends this process."""
UNWRITABLE, UNFIT = "unwritable", "unfit"
"""Answered instead of a result: not the clip is at fault but the place for the results, or this installation, so the run has to stop."""


def main() -> None:
    """Until stdin ends."""
    stopping.at_once()
    answers = _answers_only()
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    answers.write(READY + "\n")
    while True:
        answers.write(json.dumps(_answer(orders.get())) + "\n")


def _answers_only() -> IO[str]:
    """The stdout that the parent reads; whatever a library prints goes to stderr from here on."""
    own = os.dup(1)
    os.dup2(2, 1)
    return open(own, "w", encoding="utf-8", buffering=1)  # noqa: PTH123 - a descriptor, open to the end


def _listen(orders: "queue.SimpleQueue[Order]") -> None:
    """The end of stdin is the end of the parent, also in the middle of a clip: nobody waits for it any more."""
    for line in sys.stdin:
        orders.put(Order.of(line))
    os._exit(0)


def _answer(order: Order) -> dict[str, Any]:
    try:
        return done(order).document()
    except OutputError as problem:
        return {"result": UNWRITABLE, "sentence": str(problem)}
    except (InstallationError, ModelError) as problem:
        return {"result": UNFIT, "sentence": str(problem)}
    except ImportError as problem:
        return {"result": UNFIT, "sentence": f"A library that hipcv needs cannot be loaded here ({problem}). Install hipcv again."}


def done(order: Order) -> Outcome:
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
        if order.known_sha256:
            sha256 = _sha256(order)
            if sha256 == order.known_sha256:
                return Outcome(Result.SAME, sha256)
        return _measured(order)
    except (OutputError, InstallationError, ModelError, ImportError):
        raise
    except HipcvError as problem:
        code, sentence = code_of(problem), str(problem)
    except MemoryError:
        code = "memory"
        sentence = f"{order.name}: it takes more memory than there is. Measure it on a larger machine, or leave the clip out."
    except Exception as problem:  # a fault of ours or of a library, which must not end the run
        kind = type(problem).__name__
        code, sentence = "unexpected", f"{order.name}: measuring it failed in a way that was not foreseen ({kind}). {SEND_AGAIN}"
    return Outcome(Result.FAILED, sha256 or sha256_if_any(order), code, sentence)


def code_of(problem: HipcvError) -> str:
    """The reason in a word, from the name of the error.

    >>> from hipcv.errors import NoReps
    >>> code_of(NoReps())
    'no_reps'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()


def _measured(order: Order) -> Outcome:
    from hipcv import measure
    from hipcv.batch import deidentify, extra_files
    from hipcv.batch.file_ops import sha256_of
    from hipcv.records.document import as_text, to_document
    from hipcv.settings import Mirrored, Settings
    from hipcv.system.writing import replacing

    settings = Settings(mirrored=Mirrored(order.mirrored)).changed(order.changes)
    measurement = measure(order.path, model=order.model, settings=settings, name=order.name)
    document = to_document(measurement)
    if order.salt:
        document = deidentify.document_without_identity(document, bytes.fromhex(order.salt))
    files = extra_files.write(measurement, order.extras)
    with replacing(order.document) as unfinished:
        unfinished.write_text(as_text(document), encoding="utf-8")
    files[JSON] = sha256_of(Path(order.document))
    return Outcome(Result.MEASURED, measurement.clip.sha256, files=files)


def _sha256(order: Order) -> str:
    with open_regular_file(order.path, order.name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_if_any(order: Order) -> str:
    """The hash of the clip; empty if it cannot be read."""
    try:
        return _sha256(order)
    except (ClipError, OSError):
        return ""


if __name__ == "__main__":
    main()
