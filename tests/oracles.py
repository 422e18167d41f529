"""Readers of other people for files that hipcv writes, each in a process of its own, so that nothing of them meets hipcv's libraries.

`scripts/check` puts `movement` into a folder of its own. OpenSim is looked for in the Python that HIPCV_ORACLE_PYTHON names; CONTRIBUTING.md says how to get it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def read_by_movement(code: str, *arguments: object, cwd: Path) -> Any:
    """What `code` writes to `out`, run with the package `movement`; the test fails where that is not installed."""
    return _run(sys.executable, code, arguments, cwd, PYTHONPATH=str(Path(sys.prefix) / "alone"))


def read_by_opensim(code: str, *arguments: object, cwd: Path) -> Any:
    """What `code` writes to `out`, run with OpenSim; the test skips where no Python with it is named."""
    python = os.environ.get("HIPCV_ORACLE_PYTHON")
    if not python:
        pytest.skip("HIPCV_ORACLE_PYTHON names no Python that has opensim (CONTRIBUTING.md)")
    return _run(str(Path(python).absolute()), code, arguments, cwd)


def _run(python: str, code: str, arguments: tuple[object, ...], cwd: Path, **environment: str) -> Any:
    """`out` by way of JSON (NaN allowed). The home is `cwd`, as movement keeps a log there."""
    script = f"import json, sys\narguments = sys.argv[1:]\n{code}\nprint('\\n' + json.dumps(out))"
    home = {"HOME": str(cwd), "USERPROFILE": str(cwd)}
    run = subprocess.run(
        [python, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | home | environment,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])
