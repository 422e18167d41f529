"""A process of its own for clips, from within: takes one request after another and tells what becomes of them (child_process.py)."""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from hipcv.system import stopping

READY = {"news": "ready"}
"""The first news: from here on it is not the installation that ends this process."""

Tell = Callable[[Mapping[str, Any]], None]


def serve(work: Callable[[Mapping[str, Any], Tell], None]) -> NoReturn:
    """Do `work` for every request until stdin ends; what it tells goes to the parent."""
    stopping.at_once()
    tell = _teller()
    requests: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    tell(READY)
    while True:
        work(requests.get(), tell)


def _teller() -> Tell:
    """Writes to the stdout that the parent reads; whatever a library prints goes to stderr from here on."""
    own = os.dup(1)
    os.dup2(2, 1)
    out, one_at_a_time = open(own, "w", encoding="utf-8", buffering=1), threading.Lock()  # noqa: PTH123, SIM115 - open to the end

    def tell(news: Mapping[str, Any]) -> None:
        with one_at_a_time:
            out.write(json.dumps(news) + "\n")

    return tell


def _listen(requests: "queue.SimpleQueue[Mapping[str, Any]]") -> None:
    """The end of stdin is the end of the parent, also in the middle of a clip: nobody waits for it any more."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)
