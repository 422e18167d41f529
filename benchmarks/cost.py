"""What a command costs: processor seconds, time and memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_S = 0.5
"""Adding up the pages of a process holds it up, so it is done seldom."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run of a command."""

    wall_s: float
    cpu_s: float
    """Processor time of the command and all its children."""
    peak_mb: float
    """Most memory of the command and all its children at one time, what they share counted once (where the system tells: PSS)."""


def cost(command: Sequence[str], source: Path | None = None, accepted: Sequence[int] = (0,)) -> Cost:
    """Run a command, with the hipcv of the folder `source` if one is given; ends this program at another exit status than those accepted."""
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(source)} if source else None
    # Started in that folder, as with -m Python looks there first.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=source)
    seen, ended = [0.0], threading.Event()
    looking = threading.Thread(target=_look, args=(process.pid, seen, ended))
    looking.start()
    _, status, usage = os.wait4(process.pid, 0)
    ended.set()
    looking.join()
    if os.waitstatus_to_exitcode(status) not in accepted:
        sys.exit(f"{' '.join(command)} failed")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, max(seen))


def _look(pid: int, seen: list[float], ended: threading.Event) -> None:
    """Note how much memory a process and its children have, until it has ended."""
    while not ended.wait(_EVERY_S):
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            seen.append(sum(map(_memory_mb, [process, *process.children(recursive=True)])))


def _memory_mb(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        full = process.memory_full_info()
        return float(getattr(full, "pss", full.rss)) / 1e6
    return 0.0
