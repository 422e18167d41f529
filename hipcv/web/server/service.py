"""The one store and the one supervisor behind all pages, tabs and phones of a server."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

from hipcv.jobs.queue import Queue
from hipcv.jobs.supervisor import Supervisor
from hipcv.store.store import Store

DATA, DATABASE = "HIPCV_DATA", "HIPCV_DATABASE"
"""Where things are kept: the folder, and the address of the database if it is not a file in there."""


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """What pages and routes work with."""

    store: Store
    queue: Queue
    supervisor: Supervisor


def service() -> Service:
    """The running one; it starts with the first call."""
    return _started(os.environ.get(DATA) or platformdirs.user_data_dir("hipcv"), os.environ.get(DATABASE) or None)


@cache
def _started(folder: str, url: str | None) -> Service:
    store = Store(Path(folder), url)
    supervisor = Supervisor(store)
    supervisor.start()
    return Service(store, supervisor.queue, supervisor)
