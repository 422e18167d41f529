"""How this Python starts another one: with this hipcv, and with nothing that lies about in the folder where it happens to run."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_START = "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
"""`-P` keeps the working folder out of the path, where a stranger may have put a `json.py`; where hipcv is not installed, it is found last."""
_KEPT = ("PYTHON", "LC_", "LANG", "LD_LIBRARY_PATH", "DYLD_", "SYSTEMROOT", "PATH", "TMP", "TEMP")


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of hipcv in another process."""
    return [sys.executable, "-P", "-c", _START, str(_ROOT), module, *arguments]


def above_streams(descriptor: int) -> int:
    """Another descriptor for the same, to hand to a child: it must not have the number of a standard stream, which may be free here."""
    import fcntl  # here, as Windows has none

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)


def bare_environment() -> dict[str, str]:
    """The variables without which Python does not start; no address, password or name of this process."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)}
