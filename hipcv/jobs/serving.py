"""The child's side of a process for clips: takes one request after another and reports on each (child_process.py)."""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from hipcv.system import stopping

READY = {"news": "ready"}
"""The first news: once it is sent, a crash is the clip's fault and not the installation's."""

Tell = Callable[[Mapping[str, Any]], None]


def serve(work: Callable[[Mapping[str, Any], Tell], None]) -> NoReturn:
    """Do `work` for every request until stdin closes; it reports to the parent with `tell`."""
    stopping.at_once()
    tell = _teller()
    requests: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    tell(READY)
    while True:
        work(requests.get(), tell)


def _teller() -> Tell:
    """A function that writes to the stdout read by the parent; from now on, whatever a library prints goes to stderr."""
    own = os.dup(1)
    os.dup2(2, 1)
    out, one_at_a_time = open(own, "w", encoding="utf-8", buffering=1), threading.Lock()  # noqa: PTH123, SIM115 - stays open to the end

    def tell(news: Mapping[str, Any]) -> None:
        with one_at_a_time:
            out.write(json.dumps(news) + "\n")

    return tell


def _listen(requests: "queue.SimpleQueue[Mapping[str, Any]]") -> None:
    """Queue the requests; when stdin closes, exit even in the middle of a clip, as the parent has ended."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)
