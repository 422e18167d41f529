"""`hipcv` as a person calls it: real processes, real files, what is printed.

`hipcv` is a fresh Python, which loads the libraries for seconds. `quick` gives the same command to a process that has loaded them and
forks: for what is printed and written by a command that neither measures nor is about its own start.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "hipcv"]
_PATIENCE_S = 180
_LOADED = (
    "av",
    "cv2",
    "matplotlib.pyplot",
    "mediapipe",
    "scipy.signal",
    "scipy.stats",
    "hipcv.cli.main",
    "hipcv.pipeline",
    "hipcv.rendering.figure",
    "hipcv.rendering.overlay",
    "hipcv.store.backup",
    "hipcv.store.existing",
    "hipcv.store.restore",
    "hipcv.study.study",
    "hipcv.validation.validate",
)
"""With OpenBLAS held to one thread, none of them starts another, which a fork would lose."""


def hipcv(*arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A fresh process."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, timeout=_PATIENCE_S, stdin=subprocess.DEVNULL
    )


def quick(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A forked process."""
    if not hasattr(os, "fork"):
        return hipcv(*arguments, cwd=cwd)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        order = {
            "arguments": [*map(str, arguments)],
            "cwd": str(cwd or Path.cwd()),
            "env": dict(os.environ),
            "out": str(out),
            "err": str(err),
        }
        status = _forking().do(order)
        return subprocess.CompletedProcess(order["arguments"], status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


class _Forking:
    """The process that has everything loaded; it ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.command"]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)

    def do(self, order: dict) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


_forking = cache(_Forking)


def _main() -> None:
    for name in _LOADED:
        import_module(name)
    assert len(list(Path("/proc/self/task").glob("*"))) <= 1, "a library has started a thread"
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in orders:
        child = os.fork()
        if not child:
            _become(json.loads(line))
            return
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def _become(order: dict) -> None:
    """`python -m hipcv`, as it is after its libraries are loaded; it ends as any other process."""
    signal.alarm(_PATIENCE_S)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    for number, path, mode in (
        (0, os.devnull, os.O_RDONLY),
        (1, order["out"], os.O_WRONLY | os.O_CREAT),
        (2, order["err"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.modules["__main__"].__package__ = "hipcv"  # which a wrong call names
    sys.argv = [str(ROOT / "hipcv" / "__main__.py"), *order["arguments"]]
    from hipcv.__main__ import main

    main()


if __name__ == "__main__":
    _main()
