"""Measures one clip at a time in a child process, which is started on demand and replaced if it dies."""

import signal
import threading
from contextlib import suppress
from dataclasses import asdict

from hipcv.batch.child import UNFIT, UNWRITABLE, failed
from hipcv.batch.messages import ClipResult, ClipTask
from hipcv.catalogues.message import Message
from hipcv.errors import HipcvError, InstallationError, OutputError
from hipcv.jobs.child_process import ChildEnded, ChildProcess, Exceeded, Limits, News

_LOOK_S = 0.1
_CLIPS_A_CHILD = 100
"""After this many clips the child is replaced, so that memory leaks in libraries do not add up."""


class Stop(Exception):
    """Raised when the run is stopped; the clip being measured is abandoned."""


class ClipWorker:
    """A child process that measures clip after clip; a clip that kills it is reported as failed.

    It uses one core, so that as many run at a time as there are cores.
    """

    def __init__(self, limits: Limits, stop: threading.Event | None = None) -> None:
        self._limits, self._stop = limits, stop or threading.Event()
        self._child: ChildProcess | None = None

    def measure(self, task: ClipTask) -> ClipResult:
        """Measure a clip and wait until it is done or exceeds the limits.

        Raises
        ------
        OutputError
            If the result cannot be written.
        InstallationError
            If no clip can be measured on this machine.
        Stop
            If the run was stopped meanwhile.
        """
        child = self._ready()
        child.send(asdict(task))
        try:
            while (news := child.news(_LOOK_S)) is None:
                if self._stop.is_set():
                    self.close()
                    raise Stop
                if exceeded := child.exceeded():
                    self.close()
                    return self._beyond(task, exceeded)
        except ChildEnded as end:
            self.close()
            if end.status > 0 and not end.was_ready:
                raise InstallationError("process_cannot_start", status=end.status) from None
            return failed(task, "crash", HipcvError("clip_crashed", about=task.name, how=_death(end.status)))
        return _result(news)

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.kill()
            self._child = None

    def _ready(self) -> ChildProcess:
        if self._child and (self._child.n_requests >= _CLIPS_A_CHILD or not self._child.is_alive()):
            self.close()
        self._child = self._child or ChildProcess("hipcv.batch.child", self._limits, one_core=True)
        return self._child

    def _beyond(self, task: ClipTask, exceeded: Exceeded) -> ClipResult:
        if exceeded is Exceeded.TIME:
            return failed(task, "timeout", HipcvError("clip_took_too_long", about=task.name, seconds=self._limits.time_s))
        return failed(task, "memory", HipcvError("clip_took_too_much_memory", about=task.name, megabytes=self._limits.memory_mb))


def _result(news: News) -> ClipResult:
    refusals: dict[str, type[HipcvError]] = {UNWRITABLE: OutputError, UNFIT: InstallationError}
    if refusal := refusals.get(news["result"]):
        raise refusal.said_by(Message.from_text(news["problem"]))
    return ClipResult.of(news)


def _death(status: int) -> str:
    """
    >>> _death(-11), _death(3)
    ('SIGSEGV', 'exit status 3')
    """
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"exit status {status}"
