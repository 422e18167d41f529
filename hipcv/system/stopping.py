"""Ctrl-C, SIGTERM and SIGHUP: at once while libraries load, tidily once files are written. Needs nothing but the standard library."""

import os
import signal
from types import FrameType
from typing import NoReturn

SENTENCE = "Stopped."
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Stopped(BaseException):
    """A person or the system wants this to end; no `Exception`, so that nothing on the way takes it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = status_of(number)


def status_of(number: int) -> int:
    """The exit status by which a shell knows the signal: 130 for Ctrl-C."""
    return 128 + number


def at_once() -> None:
    """From here on a signal ends the process where it stands; half-loaded libraries would turn an exception into something else."""
    _handle(_leave)


def tidily() -> None:
    """From here on a signal raises `Stopped`, so that nothing unfinished is left behind."""
    _handle(_raise)


def _handle(handler: object) -> None:
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup, or a job in the background
            signal.signal(number, handler)  # type: ignore[arg-type]


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, f"{SENTENCE}\n".encode())
    os._exit(status_of(number))


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)
