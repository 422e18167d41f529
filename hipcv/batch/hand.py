"""One child process that measures, and the limits it is held to: what a clip does to it costs that clip and nothing else."""

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

import psutil

from hipcv.batch.child import READY, SEND_AGAIN, UNFIT, UNWRITABLE, sha256_if_any
from hipcv.batch.messages import Order, Outcome, Result
from hipcv.errors import InstallationError, OutputError

_LOOK_S = 0.1
_DYING_S = 5.0
"""From the end of its answers to that of the process."""
_CLIPS_A_CHILD = 100
"""Then a fresh one, so that what libraries leak does not add up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one clip may take."""

    time_s: float = 45 * 60
    """Ten minutes of video take a quarter of an hour on a slow machine."""
    memory_mb: int = 2500
    """Any clip that is accepted stays below 2 GB."""


class Stop(Exception):
    """The run ends; the clip in hand is given up."""


class Hand:
    """Measures one clip at a time in a child process, which is started when it is needed and replaced when it died."""

    def __init__(self, limits: Limits, stop: threading.Event | None = None) -> None:
        self._limits, self._stop = limits, stop or threading.Event()
        self._child: _Child | None = None

    def do(self, order: Order) -> Outcome:
        """Measure a clip; it takes as long as it takes, within the limits.

        Raises
        ------
        OutputError
            The result cannot be written.
        Stop
            The run was stopped meanwhile.
        """
        child = self._ready()
        child.send(order)
        end_s = time.monotonic() + self._limits.time_s
        while True:
            answer = child.answer(_LOOK_S)
            if answer is not None:
                return self._taken(order, answer)
            if self._stop.is_set():
                self.close()
                raise Stop
            if time.monotonic() > end_s:
                what = f"it took longer than {self._limits.time_s:g} s and was stopped"
                return self._given_up(order, "timeout", f"{what}. Give more with --time-limit and --retry-failed, or leave the clip out.")
            if child.memory_mb() > self._limits.memory_mb:
                what = f"it took more than {self._limits.memory_mb} MB of memory and was stopped"
                return self._given_up(order, "memory", f"{what}. Give more with --memory-limit and --retry-failed, or leave the clip out.")

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.kill()
            self._child = None

    def _ready(self) -> "_Child":
        if self._child and (self._child.n_clips >= _CLIPS_A_CHILD or not self._child.is_alive()):
            self.close()
        self._child = self._child or _Child()
        return self._child

    def _taken(self, order: Order, answer: str) -> Outcome:
        assert self._child is not None
        try:
            document = json.loads(answer)
        except ValueError:  # nothing, or half a line: it died
            return self._died(order, self._child)
        if document["result"] == UNWRITABLE:
            raise OutputError(document["sentence"])
        if document["result"] == UNFIT:
            raise InstallationError(document["sentence"])
        return Outcome.of(document)

    def _died(self, order: Order, child: "_Child") -> Outcome:
        status = child.end()
        self.close()
        if status > 0 and not child.was_ready:
            raise InstallationError("process_cannot_start", status=status)
        how = f"measuring it ended unexpectedly ({_death(status)}), which a damaged video can cause"
        return self._given_up(order, "crash", f"{how}. {SEND_AGAIN}")

    def _given_up(self, order: Order, code: str, what: str) -> Outcome:
        self.close()
        return Outcome(Result.FAILED, sha256_if_any(order), code, f"{order.name}: {what}")


def _death(status: int) -> str:
    """
    >>> _death(-11), _death(3)
    ('SIGSEGV', 'exit status 3')
    """
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"exit status {status}"


class _Child:
    """The process, and its answers as they come."""

    def __init__(self) -> None:
        self.n_clips, self.was_ready = 0, False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hipcv.batch.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C in the terminal is for the parent
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()

    def _listen(self, answers: IO[str]) -> None:
        with answers:
            for line in answers:
                if line.strip() == READY:
                    self.was_ready = True
                else:
                    self._answers.put(line)
        self._answers.put("")

    def send(self, order: Order) -> None:
        """Give it an order; a dead one answers with an empty line."""
        self.n_clips += 1
        with suppress(OSError):
            self._stdin.write(order.line())
            self._stdin.flush()

    def answer(self, patience_s: float) -> str | None:
        """A line, an empty one if it died; None = not yet."""
        with suppress(queue.Empty):
            return self._answers.get(timeout=patience_s)
        return None

    def is_alive(self) -> bool:
        """Whether it can take an order."""
        return self._process.poll() is None

    def end(self) -> int:
        """How it ended; a process that has closed its stdout answers no more, and is not waited for."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        self._process.kill()
        return self._process.wait()

    def memory_mb(self) -> float:
        """What it holds of the machine's memory."""
        with suppress(psutil.Error):
            return float(psutil.Process(self._process.pid).memory_info().rss) / 1e6
        return 0.0

    def kill(self) -> None:
        """At once."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._stdin.close()
