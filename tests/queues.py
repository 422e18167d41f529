"""Clips through the app's queue, as uploads go."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hipcv.jobs.supervisor import Supervisor
from hipcv.store.job import ACTIVE, Request
from hipcv.store.store import Store

PATIENCE_S = 600


@contextmanager
def all_ended(clips: Iterable[Path], folder: Path) -> Iterator[Supervisor]:
    """A supervisor that has dealt with a copy of each clip, in their order."""
    supervisor = Supervisor(Store(folder))
    supervisor.start()
    try:
        for path in clips:
            supervisor.queue.add(path, path.name, Request(), copy=True)
        end_s = time.monotonic() + PATIENCE_S
        while supervisor.queue.jobs(*ACTIVE) and time.monotonic() < end_s:
            time.sleep(0.5)
        yield supervisor
    finally:
        supervisor.close()
        supervisor.store.engine.dispose()
