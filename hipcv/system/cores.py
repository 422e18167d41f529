"""How much of the machine one measurement may use: all of it, or one core when several are measured at a time; and how many heaps."""

import ctypes
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

ONE_CORE = "HIPCV_ONE_CORE"
"""Environment variable: 1 = a measurement does one thing after the other."""
_HEAP_SETTING, _HEAPS = "MALLOC_ARENA_MAX", 2
"""Each thread would otherwise get a heap of its own, which keeps what it once held: 90 MB more in all."""
_M_ARENA_MAX = -8
"""Number of the setting in glibc's malloc.h."""
MODEST = {"OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1", _HEAP_SETTING: str(_HEAPS)}
"""Environment variables: one thread, as matrices and pictures of a leg are too small to be worth a second core, and few heaps."""
_P = ParamSpec("_P")
_R = TypeVar("_R")


class _InCaller(Executor):
    """Does every task at once in the thread that submits it: threads that share a core only slow each other."""

    def submit(self, fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_R]:
        done: Future[_R] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as problem:
            done.set_exception(problem)
        return done


def beside(name: str) -> Executor:
    """A second thread, or the caller's own if this process is to use one core."""
    return _InCaller() if os.environ.get(ONE_CORE) == "1" or _usable() == 1 else ThreadPoolExecutor(1, name)


def on_one_core(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a process that is to use one core."""
    return {**environment, **MODEST, ONE_CORE: "1"}


def _usable() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_back_memory() -> None:
    """Give free memory in the heaps back to the system, as after a clip; how much would stay is chance. Needs milliseconds."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # a library other than glibc
            ctypes.CDLL(None).malloc_trim(0)


def share_heaps() -> None:
    """Let the threads of this process share a few heaps; to be called before they start. Nothing happens where the C library has one heap."""
    if sys.platform == "linux" and _HEAP_SETTING not in os.environ:
        with suppress(AttributeError):  # a library other than glibc
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)
