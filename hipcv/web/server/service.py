"""The one store and the one supervisor behind all pages, tabs and phones of a server."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hipcv.jobs.queue import Queue
from hipcv.jobs.supervisor import Supervisor
from hipcv.store import place, settings
from hipcv.store.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The store, queue and supervisor that pages and routes use."""

    store: Store
    queue: Queue
    supervisor: Supervisor


def service() -> Service:
    """The running service; the first call starts it."""
    return _started(place.data_folder(), place.database_address())


@cache
def _started(folder: Path, url: str | None) -> Service:
    store = Store(folder, url)
    # Set here and not by each page: callbacks and downloads do not run as part of a page.
    store.gate.acting = lambda: settings.reviewer(store) if settings.setting(store, settings.DESK, False) else ""
    supervisor = Supervisor(store)
    supervisor.start()
    return Service(store, supervisor.queue, supervisor)
