"""A pool of clip workers: takes clip tasks as workers become free, yields clip results as they are ready."""

import queue
import threading
from collections.abc import Iterator
from contextlib import suppress

from hipcv.batch.clip_worker import ClipWorker, Stop
from hipcv.batch.entry import Entry
from hipcv.batch.messages import ClipResult, ClipTask, Results, Tasks
from hipcv.jobs.child_process import Limits


def results(tasks: Tasks, n_workers: int, limits: Limits) -> Results:
    """Measure all clips, `n_workers` at a time, yielding each result when it is ready; memory use does not grow with the number of clips.

    Closing the iterator, or an error, ends all child processes.

    Raises
    ------
    OutputError
        If a result cannot be written.
    """
    workers = _Pool(tasks, n_workers, limits)
    try:
        yield from workers.results()
    finally:
        workers.end()


class _Pool:
    """Threads that share one iterator of clip tasks; each waits for a clip worker of its own."""

    def __init__(self, tasks: Tasks, n_workers: int, limits: Limits) -> None:
        self._tasks, self._one_at_a_time = iter(tasks), threading.Lock()
        self._ready: queue.Queue[tuple[Entry, ClipResult] | BaseException | None] = queue.Queue(maxsize=2 * n_workers)
        self._stop, self._limits = threading.Event(), limits
        self._threads = [threading.Thread(target=self._work, name=f"hipcv-hand-{number}") for number in range(n_workers)]
        for thread in self._threads:
            thread.start()

    def results(self) -> Iterator[tuple[Entry, ClipResult]]:
        n_working = len(self._threads)
        while n_working:
            item = self._ready.get()
            if item is None:
                n_working -= 1
            elif isinstance(item, BaseException):
                raise item
            else:
                yield item

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        worker = ClipWorker(self._limits, self._stop)
        try:
            while not self._stop.is_set() and (pair := self._next()):
                self._put((pair[0], worker.measure(pair[1])))
        except Stop:
            pass
        except BaseException as problem:  # raised again by the thread that waits for results
            self._put(problem)
        finally:
            worker.close()
            self._put(None)

    def _next(self) -> tuple[Entry, ClipTask] | None:
        with self._one_at_a_time:
            return next(self._tasks, None)

    def _put(self, item: tuple[Entry, ClipResult] | BaseException | None) -> None:
        while not self._stop.is_set():
            with suppress(queue.Full):
                self._ready.put(item, timeout=0.1)
                return
