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

from hipcv import stopping
from hipcv.batch.order import Order, Outcome, Result
from hipcv.container import open_regular_file
from hipcv.errors import ClipError, HipcvError, OutputError

UNWRITABLE = "unwritable"
"""Answered instead of a result: not the clip is at fault but the place for the results, so the run has to stop."""


def main() -> None:
    """Until stdin ends."""
    stopping.at_once()
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        try:
            answer = done(order).document()
        except OutputError as problem:
            answer = {"result": UNWRITABLE, "sentence": str(problem)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _listen(orders: "queue.SimpleQueue[Order]") -> None:
    """The end of stdin is the end of the parent, also in the middle of a clip: nobody waits for it any more."""
    for line in sys.stdin:
        orders.put(Order.of(line))
    os._exit(0)


def done(order: Order) -> Outcome:
    """Measure one clip and write what comes of it.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    sha256 = ""
    try:
        if order.known_sha256:
            sha256 = _sha256(order)
            if sha256 == order.known_sha256:
                return Outcome(Result.SAME, sha256)
        return Outcome(Result.MEASURED, _measured(order))
    except OutputError:
        raise
    except HipcvError as problem:
        return Outcome(Result.FAILED, sha256 or sha256_if_any(order), code_of(problem), str(problem))
    except MemoryError:
        return Outcome(Result.FAILED, sha256 or sha256_if_any(order), "memory", f"{order.name}: it takes more memory than there is.")


def code_of(problem: HipcvError) -> str:
    """The reason in a word, from the name of the error.

    >>> from hipcv.errors import NoReps
    >>> code_of(NoReps())
    'no_reps'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()


def _measured(order: Order) -> str:
    from hipcv.batch import deidentify, series
    from hipcv.document import as_text, to_document
    from hipcv.output import replacing
    from hipcv.pipeline import measure
    from hipcv.settings import Mirrored, Settings

    settings = Settings(mirrored=Mirrored(order.mirrored)).changed(order.changes)
    measurement = measure(order.path, model=order.model, settings=settings, name=order.name)
    document = to_document(measurement)
    if order.salt:
        document = deidentify.document_without_identity(document, bytes.fromhex(order.salt))
    if order.series:
        series.write(measurement, Path(order.series))
    with replacing(order.document) as unfinished:
        unfinished.write_text(as_text(document), encoding="utf-8")
    return measurement.clip.sha256


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
