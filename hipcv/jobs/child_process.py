"""A process of its own for clips, as its parent sees it: whatever a clip does to it costs that clip and nothing else.

Both sides speak JSON, one object a line: requests go in on stdin, news comes out on stdout, `READY` first (serving.py is the other
side). The child ends when its stdin does, so it never outlives its parent.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

import psutil

from hipcv.jobs.serving import READY

_DYING_S = 5.0
"""From the end of its news to that of the process."""

News = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one clip may take."""

    time_s: float = 45 * 60
    """Ten minutes of video take a quarter of an hour on a slow machine."""
    memory_mb: int = 2500
    """Any clip that is accepted stays below 2 GB."""


class Exceeded(Enum):
    """Which limit a clip went beyond."""

    TIME = "time"
    MEMORY = "memory"


class ChildEnded(Exception):
    """No news will come any more."""

    def __init__(self, status: int, was_ready: bool) -> None:
        super().__init__(f"exit status {status}")
        self.status = status
        """As `subprocess` gives it: negative = a signal."""
        self.was_ready = was_ready
        """Whether it got as far as the first request; if not, it is the installation that ends it."""


class ChildProcess:
    """Starts a child, gives it requests, hears its news, holds it to its limits, and ends it."""

    def __init__(self, module: str, limits: Limits, folder: Path | None = None) -> None:
        self.n_requests = 0
        self._limits, self._asked_s = limits, time.monotonic()
        self._was_ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=folder,
            start_new_session=True,  # Ctrl-C in the terminal is for the parent
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(self._process.stdout,), name="hipcv-child", daemon=True).start()

    def _listen(self, stdout: IO[str]) -> None:
        with stdout:
            for line in stdout:
                self._lines.put(line)
        self._lines.put("")

    def send(self, request: Mapping[str, Any]) -> None:
        """Give it a request, whose time runs from here; that a dead child does not hear it is told by `news`."""
        self.n_requests += 1
        self._asked_s = time.monotonic()
        with suppress(OSError):
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()

    def news(self, patience_s: float) -> News | None:
        """The next thing that it tells; None = nothing within the patience.

        Raises
        ------
        ChildEnded
            It told its last.
        """
        end_s = time.monotonic() + patience_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end_s - time.monotonic()))
            except queue.Empty:
                return None
            try:
                told: News = json.loads(line)
            except ValueError:  # the end, or half a line before it
                self._lines.put("")  # whoever asks again is told again
                raise ChildEnded(self._end(), self._was_ready) from None
            if told != READY:
                return told
            self._was_ready = True

    def exceeded(self) -> Exceeded | None:
        """Which limit it is beyond with its request, if any."""
        if time.monotonic() - self._asked_s > self._limits.time_s:
            return Exceeded.TIME
        return Exceeded.MEMORY if self._memory_mb() > self._limits.memory_mb else None

    def is_alive(self) -> bool:
        """Whether it can take a request."""
        return self._process.poll() is None

    def close(self) -> None:
        """There will be no further request: it ends by itself, at once."""
        with suppress(OSError):
            self._stdin.close()

    def ask_to_stop(self) -> None:
        """It may put away what it has in hand."""
        self._process.terminate()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.wait()
        self.close()

    def _end(self) -> int:
        """How it ended; a process that has closed its stdout tells nothing more, and is not waited for."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        self._process.kill()
        return self._process.wait()

    def _memory_mb(self) -> float:
        with suppress(psutil.Error):
            return float(psutil.Process(self._process.pid).memory_info().rss) / 1e6
        return 0.0
