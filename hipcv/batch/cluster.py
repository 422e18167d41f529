"""Measure on an existing Dask cluster; clips and results lie on storage that all machines share.

Dask replaces lost workers and hands their clips to others; a clip that has taken several workers down with it counts as failed. The
workers' side is in dask_task.py.
"""

import asyncio
import logging
import pkgutil
import queue
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError
from distributed.core import rpc
from distributed.security import Security
from distributed.versions import VersionMismatchWarning

from hipcv.batch.child import failed, sha256_if_any
from hipcv.batch.dask_task import Run, let_go, measured
from hipcv.batch.entry import Entry
from hipcv.batch.fingerprint import versions
from hipcv.batch.messages import ClipResult, ClipTask, Result, Results, Tasks
from hipcv.errors import ClusterError, HipcvError
from hipcv.jobs.child_process import Limits

_CONNECT_S = 10
_LOOK_S = 5.0
"""How often the workers are counted, as some may have joined or left."""
_PATIENCE_S = 600
"""How long to wait for a cluster that has lost its last worker."""
_AHEAD = 2
"""Clips handed out per thread of the cluster: one being measured, and one waiting so that the thread never idles."""
_WORKER_LOST = "worker_lost"


def on_cluster(address: str, limits: Limits) -> Callable[[Tasks], Results]:
    """A measuring function that uses the workers of the scheduler at `address`."""
    return partial(results, address=address, limits=limits)


def results(tasks: Tasks, address: str, limits: Limits) -> Results:
    """Measure all clips, yielding each result when it is ready; the cluster holds only a few clips at a time.

    Closing the iterator, or an error, withdraws the clips that are still with the cluster.

    Raises
    ------
    ClusterError
        If no scheduler answers at `address`, it has no workers, or the workers cannot measure.
    OutputError
        If a result cannot be written.
    """
    run = Run(uuid.uuid4().hex, limits, versions())
    with _connected(address) as client:
        try:
            yield from _Work(tasks, client, address, run).results()
        finally:
            if client.status == "running":
                with suppress(OSError):
                    client.run(let_go, run.name, on_error="ignore")


class _Work:
    """The clips that are currently with the cluster."""

    def __init__(self, tasks: Tasks, client: Client, address: str, run: Run) -> None:
        self._tasks, self._client, self._address, self._run = iter(tasks), client, address, run
        self._given: dict[str, tuple[Entry, ClipTask]] = {}
        self._ready: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._n_threads, self._looked_at_s, self._worker_seen_at_s = 0, -_LOOK_S, time.monotonic()

    def results(self) -> Iterator[tuple[Entry, ClipResult]]:
        self._look()
        if not self._n_threads:
            raise ClusterError("cluster_without_workers", about=self._address)
        self._check()
        self._hand_out()
        while self._given:
            if future := self._next():
                entry, task = self._given[future.key]
                if result := _result(future, task, self._address):
                    del self._given[future.key]
                    future.release()
                    if result.code == _WORKER_LOST:
                        self._check()  # or was it a worker without hipcv that has just joined?
                    yield entry, result
                else:
                    future.add_done_callback(self._ready.put)
            self._look()
            self._hand_out()

    def _check(self) -> None:
        """Refuse workers without hipcv: they would die on the first clip, and the clip would get the blame."""
        answers = self._client.run(pkgutil.resolve_name, f"{measured.__module__}:__name__", on_error="return")
        for worker, answer in answers.items():
            if isinstance(answer, Exception):
                raise ClusterError("cluster_worker_unknown_version", worker=worker, versions=answer)

    def _next(self) -> Future | None:
        with suppress(queue.Empty):
            return self._ready.get(timeout=_LOOK_S)
        return None

    def _hand_out(self) -> None:
        while len(self._given) < _AHEAD * self._n_threads and (pair := next(self._tasks, None)):
            future = self._client.submit(measured, pair[1], self._run, pure=False)
            self._given[future.key] = pair
            future.add_done_callback(self._ready.put)

    def _look(self) -> None:
        """Count the threads of the cluster every few seconds."""
        now_s = time.monotonic()
        if now_s - self._looked_at_s < _LOOK_S:
            return
        try:
            self._n_threads, self._looked_at_s = sum(self._client.nthreads().values()), now_s
        except OSError:
            raise ClusterError("cluster_connection_lost", about=self._address) from None
        if self._n_threads:
            self._worker_seen_at_s = now_s
        elif now_s - self._worker_seen_at_s > _PATIENCE_S:
            raise ClusterError("cluster_workers_gone", about=self._address, minutes=_PATIENCE_S / 60)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Connect to the scheduler, reporting errors in our words; Dask's logs and version warnings are silenced (dask_task.py checks versions)."""
    for name in ("distributed", "distributed.client", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        asyncio.run(asyncio.wait_for(_find_scheduler(address), _CONNECT_S))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client = Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, ImportError) as problem:
        why = {"case": "silence"} if isinstance(problem, TimeoutError) else {"reason": problem}
        raise ClusterError("cluster_no_scheduler", about=address, **why) from None
    with client:
        yield client


async def _find_scheduler(address: str) -> None:
    """Raise if there is no scheduler: a `Client` without one may hang for ever, or keep its thread alive and block the program's exit."""
    async with rpc(address, timeout=_CONNECT_S, connection_args=Security().get_connection_args("client")) as there:
        if (await there.identity()).get("type") != "Scheduler":
            raise ValueError("it is that of a worker")


def _result(future: Future, task: ClipTask, address: str) -> ClipResult | None:
    """The result of a clip; None = its worker was lost before the result could be fetched, and another worker has to measure it again."""
    result: ClipResult
    try:
        result, machine = future.result(timeout=_LOOK_S)
    except TimeoutError:
        return None
    except KilledWorker:
        return failed(task, _WORKER_LOST, HipcvError("clip_workers_lost", about=task.name))
    except (CancelledError, CommClosedError):
        raise ClusterError("cluster_connection_lost", about=address) from None
    except OSError as problem:
        raise ClusterError("cluster_worker_cannot_start", reason=problem) from None
    except (ImportError, AttributeError, RuntimeError) as problem:
        first = str(problem).splitlines()[0].split(". ")[0]
        raise ClusterError("cluster_unknown_version", versions=first) from None
    if result.result is Result.FAILED and not result.sha256 and sha256_if_any(task):
        raise ClusterError("cluster_clip_unreadable", machine=machine, path=task.path)
    return result
