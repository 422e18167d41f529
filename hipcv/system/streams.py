"""Stdout and stderr for the command: UTF-8, never missing, and a stdout that remembers its errors."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Stdout(io.TextIOWrapper):
    """Stdout in UTF-8 that remembers its last write error, so that the error is not mistaken for another one."""

    problem: OSError | None = None

    def write(self, text: str) -> int:
        """Write, remembering any error."""
        with self._remembering():
            return super().write(text)

    def flush(self) -> None:
        """Flush, remembering any error."""
        with self._remembering():
            super().flush()

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            self.problem = problem
            raise


def prepare() -> Stdout:
    """Set stdout and stderr to UTF-8, whatever the system's own encoding; output to a closed one is discarded."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 (it stays open to the end)
    with suppress(OSError, ValueError):  # a descriptor of its own, so that native code can be silenced while Python still writes
        own = os.dup(sys.stderr.fileno())
        sys.stderr = open(own, "w", encoding="utf-8", errors="replace", buffering=1)  # noqa: SIM115, PTH123 (likewise)
    on_terminal = sys.stdout.isatty()
    out = Stdout(sys.stdout.detach(), encoding="utf-8", errors="replace", line_buffering=on_terminal)  # type: ignore[union-attr]
    sys.stdout = out
    return out
