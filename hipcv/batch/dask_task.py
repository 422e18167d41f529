"""What a worker of a cluster does with a clip: one child process for each of its threads, which loads the model once (hand.py).

The child ends with the worker, however that ends. A worker that could not do the work as the others do says so instead of doing it.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from platform import node

from hipcv.batch.clip_worker import ClipWorker, Stop
from hipcv.batch.fingerprint import versions
from hipcv.batch.messages import ClipResult, ClipTask
from hipcv.errors import ClusterError, InstallationError
from hipcv.jobs.child_process import Limits


@dataclass(frozen=True, slots=True)
class Run:
    """What all clips of a run have in common."""

    name: str
    """Tells it from other runs on the same cluster."""
    limits: Limits
    versions: dict[str, str]
    """Of the client's hipcv and libraries: what the dataset will say it was made with."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The hand of one thread, kept from clip to clip of a run."""

    run: str
    worker: ClipWorker
    busy: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        with self.busy:
            self.worker.close()


_kept: dict[int, _Kept] = {}
"""By thread."""
_stops: dict[str, threading.Event] = {}
"""By run; set = nobody waits for its clips any more."""


def measured(task: ClipTask, run: Run) -> tuple[ClipResult, str]:
    """Measure a clip; with it the name of this machine.

    Raises
    ------
    ClusterError
        This machine cannot do the work as the client would.
    OutputError
        The result cannot be written.
    Stop
        The run was stopped meanwhile.
    """
    _check(task, run)
    stop = _stops.setdefault(run.name, threading.Event())
    if stop.is_set():
        raise Stop
    kept = _of_this_thread(run, stop)
    try:
        with kept.busy:
            result = kept.worker.measure(task)
    except InstallationError as problem:
        raise ClusterError("cluster_worker_cannot_measure", machine=node(), reason=problem.message) from None
    if stop.is_set():
        kept.close()
    return result, node()


def let_go(run_name: str) -> None:
    """End the children of a run; a clip that one has in hand is given up."""
    _stops.setdefault(run_name, threading.Event()).set()
    for kept in list(_kept.values()):
        if kept.run == run_name and not kept.busy.locked():  # a busy one looks at its stop
            kept.close()


def _of_this_thread(run: Run, stop: threading.Event) -> _Kept:
    kept = _kept.get(threading.get_ident())
    if kept is None or kept.run != run.name:
        if kept:
            kept.close()
        kept = _kept[threading.get_ident()] = _Kept(run.name, ClipWorker(run.limits, stop))
    return kept


def _check(task: ClipTask, run: Run) -> None:
    own = versions()
    other = [f"{name} {own.get(name)} instead of {version}" for name, version in run.versions.items() if own.get(name) != version]
    if other:
        raise ClusterError("cluster_other_versions", machine=node(), versions=other)
    folder = Path(task.document).parent
    if not folder.is_dir():
        raise ClusterError("cluster_folder_not_shared", machine=node(), folder=folder)
