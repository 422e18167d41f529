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
"""Environment variables: the data folder, and the address of the database if it is not a file in that folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The store, queue and supervisor that pages and routes use."""

    store: Store
    queue: Queue
    supervisor: Supervisor


def service() -> Service:
    """The running service; the first call starts it."""
    return _started(os.environ.get(DATA) or platformdirs.user_data_dir("hipcv"), os.environ.get(DATABASE) or None)


@cache
def _started(folder: str, url: str | None) -> Service:
    store = Store(Path(folder), url)
    supervisor = Supervisor(store)
    supervisor.start()
    return Service(store, supervisor.queue, supervisor)
