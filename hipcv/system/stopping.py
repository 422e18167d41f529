"""Ctrl-C, SIGTERM and SIGHUP: an immediate exit while libraries load, an orderly one once files are written. Standard library only."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

SENTENCE = "Stopped."
_SOON_S = 0.01
_sent_again: threading.Timer | None = None
"""Sends the last signal whose exception Python discarded once more."""
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Stopped(BaseException):
    """A person or the system requests a stop; not an `Exception`, so that no handler on the way mistakes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.status = status_of(number)


def status_of(number: int) -> int:
    """Exit status by which a shell recognises the signal: 130 for Ctrl-C."""
    return 128 + number


def at_once() -> None:
    """Make signals end the process immediately; half-loaded libraries would turn an exception into something else."""
    _handle(_leave)


def tidily() -> None:
    """Make signals raise `Stopped`, so that nothing unfinished is left behind."""
    _handle(_raise)
    sys.unraisablehook = _raise_later


def _handle(handler: object) -> None:
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # ignored under nohup or in a background job
            signal.signal(number, handler)  # type: ignore[arg-type]


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, f"{SENTENCE}\n".encode())
    os._exit(status_of(number))


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    if _sent_again:  # a second exception would interrupt the clean-up after this one
        _sent_again.cancel()
    raise Stopped(number)


def _raise_later(lost: "sys.UnraisableHookArgs") -> None:
    """Python discards an exception that is raised in a finalizer or a C callback; if a signal raised it, the signal is sent again."""
    global _sent_again
    if isinstance(lost.exc_value, Stopped):
        _sent_again = threading.Timer(_SOON_S, _send, [lost.exc_value.number])
        _sent_again.daemon = True
        _sent_again.start()
    else:
        sys.__unraisablehook__(lost)


def _send(number: int) -> None:
    if sys.platform == "win32":
        signal.raise_signal(number)
        return
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, number)  # this thread and no other, so that it also wakes from waiting
