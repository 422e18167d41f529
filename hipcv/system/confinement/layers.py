"""What a process can give up here, and how it does."""

import signal
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from hipcv.system.confinement import kernel, landlock, seccomp

if sys.platform != "win32":
    import resource


_AFTER_SIGNAL_S = 5
"""Between the signal that says which limit was reached, and the end."""


class Layer(Enum):
    """One of the layers of a sandbox."""

    LIMITS = "limits"
    """Memory (not on macOS), time on the processor, further descriptors, size of files, further processes: by limits of the system
    (POSIX)."""
    FILES = "files"
    """No file is opened: Landlock (Linux)."""
    CALLS = "calls"
    """No network, no process, no program, no executable memory: seccomp (Linux)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a confined process may use."""

    memory_bytes: int
    """Of address space, what the libraries have taken included."""
    processor_s: int


def here() -> frozenset[Layer]:
    """Layers that this system has, without putting any on."""
    known = {Layer.LIMITS: sys.platform != "win32", Layer.FILES: landlock.version() > 0, Layer.CALLS: seccomp.is_here()}
    return frozenset(layer for layer, is_known in known.items() if is_known)


def put_on(bounds: Bounds) -> frozenset[Layer]:
    """Give up for good what is not needed; returns the layers that hold from now on, for a process of one thread."""
    held = set()
    if sys.platform == "linux":
        kernel.end_with_parent(signal.SIGKILL)
        kernel.no_new_rights()
        kernel.no_privileges()
        if _has_one_thread() and landlock.close_files():  # a thread that runs already would keep its rights
            held.add(Layer.FILES)
    if _limit(bounds):
        held.add(Layer.LIMITS)
    if sys.platform == "linux" and seccomp.few_calls():  # last, as it forbids the others
        held.add(Layer.CALLS)
    return frozenset(held)


def _has_one_thread() -> bool:
    return sum(1 for _ in Path("/proc/self/task").iterdir()) == 1


def _limit(bounds: Bounds) -> bool:
    if sys.platform == "win32":
        return False
    wanted = {
        "RLIMIT_AS": bounds.memory_bytes,
        "RLIMIT_CPU": bounds.processor_s,
        "RLIMIT_NOFILE": 0,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NPROC": 0,
        "RLIMIT_CORE": 0,
    }
    lowered = {name: _lower(name, value) for name, value in wanted.items() if hasattr(resource, name)}
    if sys.platform == "darwin":  # there a process has more address space reserved from its start than any such limit allows
        lowered.pop("RLIMIT_AS", None)
    return all(lowered.values())


def _lower(name: str, value: int) -> bool:
    number = getattr(resource, name)
    _, hard = resource.getrlimit(number)
    least = value if hard == resource.RLIM_INFINITY else min(value, hard)
    later = least + _AFTER_SIGNAL_S if name == "RLIMIT_CPU" and least == value else least
    try:
        resource.setrlimit(number, (least, later))
    except (ValueError, OSError):
        return False
    return True
