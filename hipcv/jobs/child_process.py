"""The parent's side of a child process for clips: a clip that crashes its process costs that clip and nothing else.

Both sides exchange JSON, one object per line: requests on stdin, news on stdout, starting with `READY` (serving.py is the other
side). The child ends when its stdin closes, so it never outlives its parent.
"""

import json
import os
import queue
import subprocess
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
from hipcv.system import children, cores

_DYING_S = 5.0
"""How long the process may take to exit after it has closed its stdout."""
_FAMILY_S = 1.0
"""How often its own children are looked for, which means a look at every process of the machine."""

News = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one clip."""

    time_s: float = 45 * 60
    """Ten minutes of video take a quarter of an hour on a slow machine."""
    memory_mb: int = 2000
    """Every clip within the accepted limits stays below 2 GB."""


class Exceeded(Enum):
    """The limit that a clip has exceeded."""

    TIME = "time"
    MEMORY = "memory"


class ChildEnded(Exception):
    """Raised when the child has ended and no more news will come."""

    def __init__(self, status: int, was_ready: bool) -> None:
        super().__init__(f"exit status {status}")
        self.status = status
        """As `subprocess` reports it: negative = killed by that signal."""
        self.was_ready = was_ready
        """Whether it got as far as accepting requests; if not, the installation is at fault and not the clip."""


class ChildProcess:
    """A child process: sends requests, receives news, checks the limits, ends it."""

    def __init__(self, module: str, limits: Limits, folder: Path | None = None, *, one_core: bool = False) -> None:
        self.n_requests = 0
        self._limits, self._asked_s = limits, time.monotonic()
        self._was_ready = False
        self._known: list[psutil.Process] = []
        self._known_s = -_FAMILY_S
        self._process = subprocess.Popen(
            children.python(module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=folder,
            env=cores.on_one_core(dict(os.environ)) if one_core else None,
            start_new_session=True,  # Ctrl-C in the terminal goes to the parent only
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
        """Send a request and start its clock; if the child is dead, `news` reports it."""
        self.n_requests += 1
        self._asked_s = time.monotonic()
        with suppress(OSError):
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()

    def news(self, patience_s: float) -> News | None:
        """The next news; None = nothing within `patience_s`.

        Raises
        ------
        ChildEnded
            If the child has ended and all its news was read.
        """
        end_s = time.monotonic() + patience_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end_s - time.monotonic()))
            except queue.Empty:
                return None
            try:
                told: News = json.loads(line)
            except ValueError:  # the end, or a line cut off by it
                self._lines.put("")  # so that the next call also finds the end
                raise ChildEnded(self._end(), self._was_ready) from None
            if told != READY:
                return told
            self._was_ready = True

    def exceeded(self) -> Exceeded | None:
        """The limit exceeded by the current request, if any."""
        if time.monotonic() - self._asked_s > self._limits.time_s:
            return Exceeded.TIME
        return Exceeded.MEMORY if self._memory_mb() > self._limits.memory_mb else None

    def is_alive(self) -> bool:
        """Whether it can take a request."""
        return self._process.poll() is None

    def close(self) -> None:
        """Close stdin: no further request will come, so the child ends by itself at once."""
        with suppress(OSError):
            self._stdin.close()

    def ask_to_stop(self) -> None:
        """Ask the child to end, which it does at once."""
        self._process.terminate()

    def kill(self) -> None:
        """End the child at once."""
        others = self._family()[1:]
        self._process.kill()
        for one in others:  # where the system does not end them with their parent
            with suppress(psutil.Error):
                one.kill()
        self._process.wait()
        self.close()

    def _end(self) -> int:
        """The exit status; a process that has closed its stdout gets a few seconds to exit and is then killed."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        self._process.kill()
        self.close()
        return self._process.wait()

    def _memory_mb(self) -> float:
        """Of the process and the decoders that it has started."""
        if time.monotonic() - self._known_s > _FAMILY_S:
            self._known, self._known_s = self._family(), time.monotonic()
        used = 0
        for one in self._known:
            with suppress(psutil.Error):
                used += one.memory_info().rss
        return used / 1e6

    def _family(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            process = psutil.Process(self._process.pid)
            return [process, *process.children(recursive=True)]
        return []
