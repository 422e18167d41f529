"""The same work on a Dask cluster that stands: clips and results lie on storage that all machines share.

Each worker keeps one child process per thread, with the model loaded once (hand.py), so that limits and crashes are what they are on one
machine. Workers that are lost are Dask's to replace; a clip that took several with it is given up.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TypeVar

from distributed import Client, Future, KilledWorker, as_completed

from hipcv.batch.hand import Hand, Limits
from hipcv.batch.order import Order, Outcome, Result
from hipcv.errors import ClusterError

T = TypeVar("T")

_CONNECT_S = 20
_AHEAD = 4
"""Clips that are handed out for each thread of the cluster, so that none has to wait for the next."""

_hands = threading.local()


def on_cluster(address: str, limits: Limits) -> Callable[[Iterable[tuple[T, Order]]], Iterator[tuple[T, Outcome]]]:
    """Measure on the workers of the scheduler at `address`."""
    return partial(outcomes, address=address, limits=limits)


def outcomes(orders: Iterable[tuple[T, Order]], address: str, limits: Limits) -> Iterator[tuple[T, Outcome]]:
    """Measure all clips, in the order in which they get ready; only a few of them are with the cluster at a time.

    Raises
    ------
    ClusterError
        No scheduler answers there, or it has no workers, or they cannot do the work.
    OutputError
        A result cannot be written.
    """
    with _client(address) as client:
        waiting = iter(orders)
        given: dict[str, tuple[T, Order]] = {}

        def hand_out(how_many: int) -> Iterator[Future]:
            for tag, order in islice(waiting, how_many):
                future = client.submit(measured, order, limits, pure=False)
                given[future.key] = (tag, order)
                yield future

        n_threads = sum(client.nthreads().values())
        if not n_threads:
            raise ClusterError(f"{address}: the cluster has no workers. Start some, then give the same command.")
        running = as_completed(list(hand_out(_AHEAD * n_threads)))
        for future in running:
            tag, order = given.pop(future.key)
            yield tag, _outcome(future, order)
            future.release()
            running.update(list(hand_out(1)))


def measured(order: Order, limits: Limits) -> Outcome:
    """What a worker does with a clip; its child process stays for the next one."""
    if not hasattr(_hands, "own"):
        _hands.own = Hand(limits)
    outcome: Outcome = _hands.own.do(order)
    return outcome


def _client(address: str) -> Client:
    try:
        return Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise ClusterError(f"{address}: no Dask scheduler answers there ({problem}). Check the address, or start one.") from None


def _outcome(future: Future, order: Order) -> Outcome:
    try:
        outcome: Outcome = future.result()
    except KilledWorker:
        sentence = (
            f"{order.name}: several workers were lost while it was measured. Give the same command with --retry-failed, or leave it out."
        )
        return Outcome(Result.FAILED, code="worker_lost", sentence=sentence)
    return outcome
