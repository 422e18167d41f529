"""The one store and the one supervisor behind all pages, tabs and phones of a server."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hipcv.jobs.queue import Queue
from hipcv.jobs.supervisor import Supervisor
from hipcv.store import place, settings
from hipcv.store.store import Store
from hipcv.web.server.open_tabs import OpenTabs


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The store, queue and supervisor that pages and routes use, and what their tabs hold."""

    store: Store
    queue: Queue
    supervisor: Supervisor
    tabs: OpenTabs


def service() -> Service:
    """The running service; the first call starts it."""
    return _started(place.data_folder(), place.database_address())


@cache
def _started(folder: Path, url: str | None) -> Service:
    store = Store(folder, url)
    # Set here and not by each page: callbacks and downloads do not run as part of a page.
    store.gate.acting = lambda: settings.reviewer(store) if settings.setting(store, settings.DESK, False) else ""
    tabs = OpenTabs()
    supervisor = Supervisor(store, tabs.are_holding)
    supervisor.start()
    return Service(store, supervisor.queue, supervisor, tabs)
