"""The task that a cluster worker runs for each clip: one child process per thread, which loads the model once (clip_worker.py).

The child ends when the worker does, whatever ends it. A worker that could not measure exactly as the others do raises an error instead.
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
    """Values that all clips of a run share."""

    name: str
    """Distinguishes this run from others on the same cluster."""
    limits: Limits
    versions: dict[str, str]
    """Versions of hipcv and its libraries on the client, which the dataset will state."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The clip worker of one thread, kept from clip to clip of a run."""

    run: str
    worker: ClipWorker
    busy: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        with self.busy:
            self.worker.close()


_kept: dict[int, _Kept] = {}
"""Clip workers by thread identifier."""
_stops: dict[str, threading.Event] = {}
"""Stop events by run name; set = nobody is waiting for the clips of that run any more."""


def measured(task: ClipTask, run: Run) -> tuple[ClipResult, str]:
    """Measure a clip; returns the result and the name of this machine.

    Raises
    ------
    ClusterError
        If this machine cannot measure as the client would.
    OutputError
        If the result cannot be written.
    Stop
        If the run was stopped meanwhile.
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
    """End the child processes of a run; clips being measured are abandoned."""
    _stops.setdefault(run_name, threading.Event()).set()
    for kept in list(_kept.values()):
        if kept.run == run_name and not kept.busy.locked():  # a busy one checks its stop event itself
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
