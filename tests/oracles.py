"""Readers of other people for files that hipcv writes, each in a process of its own, so that nothing of them meets hipcv's libraries.

The package `movement` brings a second OpenCV, so it has to live in another environment; so may OpenSim:

    python -m venv ORACLES && ORACLES/bin/pip install movement opensim
    HIPCV_ORACLE_PYTHON=ORACLES/bin/python pytest tests/test_export.py
"""

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

import pytest


@cache
def _python_with(module: str) -> str | None:
    """A Python that can import a module: this one, or the one that the environment names."""
    if find_spec(module):
        return sys.executable
    other = os.environ.get("HIPCV_ORACLE_PYTHON")
    if other and subprocess.run([other, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0:
        return other
    return None


def read_by(module: str, code: str, *arguments: object, cwd: object) -> Any:
    """What `code` writes to `out` as JSON (NaN allowed), run where `module` is installed; the test skips where it is nowhere."""
    python = _python_with(module)
    if python is None:
        pytest.skip(f"{module} is not installed (HIPCV_ORACLE_PYTHON names a Python that has it)")
    script = f"import json, sys\narguments = sys.argv[1:]\n{code}\nprint('\\n' + json.dumps(out))"
    run = subprocess.run(
        [python, "-c", script, *map(str, arguments)], capture_output=True, text=True, cwd=str(cwd), timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])
