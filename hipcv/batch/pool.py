"""Several hands at once: orders go in as they are asked for, outcomes come out as they are ready."""

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

from hipcv.batch.hand import Hand, Limits, Stop
from hipcv.batch.messages import Order, Outcome

T = TypeVar("T")


def outcomes(orders: Iterable[tuple[T, Order]], n_hands: int, limits: Limits) -> Generator[tuple[T, Outcome], None, None]:
    """Measure all clips, `n_hands` at a time, in the order in which they get ready; memory does not grow with their number.

    Closing the iterator, or an error, ends all children.

    Raises
    ------
    OutputError
        A result cannot be written.
    """
    crew = _Crew(orders, n_hands, limits)
    try:
        yield from crew.outcomes()
    finally:
        crew.end()


class _Crew(Generic[T]):
    """Threads that share one iterator of orders; each waits for a hand of its own."""

    def __init__(self, orders: Iterable[tuple[T, Order]], n_hands: int, limits: Limits) -> None:
        self._orders, self._one_at_a_time = iter(orders), threading.Lock()
        self._ready: queue.Queue[tuple[T, Outcome] | BaseException | None] = queue.Queue(maxsize=2 * n_hands)
        self._stop, self._limits = threading.Event(), limits
        self._threads = [threading.Thread(target=self._work, name=f"hipcv-hand-{number}") for number in range(n_hands)]
        for thread in self._threads:
            thread.start()

    def outcomes(self) -> Iterator[tuple[T, Outcome]]:
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
        hand = Hand(self._limits, self._stop)
        try:
            while not self._stop.is_set() and (pair := self._next()):
                self._put((pair[0], hand.do(pair[1])))
        except Stop:
            pass
        except BaseException as problem:  # told by the thread that waits for outcomes
            self._put(problem)
        finally:
            hand.close()
            self._put(None)

    def _next(self) -> tuple[T, Order] | None:
        with self._one_at_a_time:
            return next(self._orders, None)

    def _put(self, item: tuple[T, Outcome] | BaseException | None) -> None:
        while not self._stop.is_set():
            with suppress(queue.Full):
                self._ready.put(item, timeout=0.1)
                return
