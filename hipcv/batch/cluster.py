"""The same work on a Dask cluster that stands: clips and results lie on storage that all machines share.

Workers that are lost are Dask's to replace, and their clips are measured by others; a clip that took several with it is given up. What
a worker does is in remote.py.
"""

import asyncio
import logging
import pkgutil
import queue
import time
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from typing import Generic, TypeVar

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError
from distributed.core import rpc
from distributed.security import Security
from distributed.versions import VersionMismatchWarning

from hipcv.batch.child import sha256_if_any
from hipcv.batch.dask_task import Run, let_go, measured
from hipcv.batch.fingerprint import versions
from hipcv.batch.messages import ClipResult, ClipTask, Result
from hipcv.errors import ClusterError, HipcvError
from hipcv.jobs.child_process import Limits

T = TypeVar("T")

_CONNECT_S = 10
_LOOK_S = 5.0
"""How often the workers are counted: there may be more, or fewer."""
_PATIENCE_S = 600
"""How long a cluster that has lost its last worker is waited for."""
_AHEAD = 2
"""Clips that are handed out for each thread of the cluster: one in hand, one so that it need not wait."""
_WORKER_LOST = "worker_lost"


def on_cluster(address: str, limits: Limits) -> Callable[[Iterable[tuple[T, ClipTask]]], Generator[tuple[T, ClipResult], None, None]]:
    """Measure on the workers of the scheduler at `address`."""
    return partial(results, address=address, limits=limits)


def results(tasks: Iterable[tuple[T, ClipTask]], address: str, limits: Limits) -> Generator[tuple[T, ClipResult], None, None]:
    """Measure all clips, in the order in which they get ready; only a few of them are with the cluster at a time.

    Closing the iterator, or an error, takes them back.

    Raises
    ------
    ClusterError
        No scheduler answers there, or it has no workers, or they cannot do the work.
    OutputError
        A result cannot be written.
    """
    run = Run(uuid.uuid4().hex, limits, versions())
    with _connected(address) as client:
        try:
            yield from _Work(tasks, client, address, run).results()
        finally:
            if client.status == "running":
                with suppress(OSError):
                    client.run(let_go, run.name, on_error="ignore")


class _Work(Generic[T]):
    """The clips that are with the cluster."""

    def __init__(self, tasks: Iterable[tuple[T, ClipTask]], client: Client, address: str, run: Run) -> None:
        self._tasks, self._client, self._address, self._run = iter(tasks), client, address, run
        self._given: dict[str, tuple[T, ClipTask]] = {}
        self._ready: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._n_threads, self._looked_at_s, self._worker_seen_at_s = 0, -_LOOK_S, time.monotonic()

    def results(self) -> Iterator[tuple[T, ClipResult]]:
        self._look()
        if not self._n_threads:
            raise ClusterError("cluster_without_workers", about=self._address)
        self._check()
        self._hand_out()
        while self._given:
            future = self._next()
            result = _result(future, self._given[future.key][1], self._address) if future else None
            if future and result:
                tag, _ = self._given.pop(future.key)
                future.release()
                if result.code == _WORKER_LOST:
                    self._check()  # or is it what joined meanwhile?
                yield tag, result
            elif future:
                future.add_done_callback(self._ready.put)
            self._look()
            self._hand_out()

    def _check(self) -> None:
        """A worker without hipcv would end with the first clip, and look as if that had done it."""
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
        """Count the threads of the cluster, from time to time."""
        now_s = time.monotonic()
        if now_s - self._looked_at_s < _LOOK_S:
            return
        try:
            self._n_threads, self._looked_at_s = sum(self._client.nthreads().values()), now_s
        except OSError:
            raise _lost(self._address) from None
        if self._n_threads:
            self._worker_seen_at_s = now_s
        elif now_s - self._worker_seen_at_s > _PATIENCE_S:
            raise ClusterError("cluster_workers_gone", about=self._address, minutes=_PATIENCE_S / 60)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """What goes wrong is told in our words; Dask's own, and its warnings of other versions, stay unsaid (remote.py checks ours)."""
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
    """Raises where there is none: a `Client` in vain may hang for ever, or keep its thread and break the end of the program."""
    async with rpc(address, timeout=_CONNECT_S, connection_args=Security().get_connection_args("client")) as there:
        if (await there.identity()).get("type") != "Scheduler":
            raise ValueError("it is that of a worker")


def _result(future: Future, task: ClipTask, address: str) -> ClipResult | None:
    """None = its worker was lost before it could be fetched, and another one has to do it again."""
    result: ClipResult
    try:
        result, machine = future.result(timeout=_LOOK_S)
    except TimeoutError:
        return None
    except KilledWorker:
        problem = HipcvError("clip_workers_lost", about=task.name)
        return ClipResult(Result.FAILED, sha256_if_any(task), _WORKER_LOST, str(problem))
    except (CancelledError, CommClosedError):
        raise _lost(address) from None
    except OSError as problem:
        raise ClusterError("cluster_worker_cannot_start", reason=problem) from None
    except (ImportError, AttributeError, RuntimeError) as problem:
        first = str(problem).splitlines()[0].split(". ")[0]
        raise ClusterError("cluster_unknown_version", versions=first) from None
    if result.result is Result.FAILED and not result.sha256 and sha256_if_any(task):
        raise ClusterError("cluster_clip_unreadable", machine=machine, path=task.path)
    return result


def _lost(address: str) -> ClusterError:
    return ClusterError("cluster_connection_lost", about=address)
