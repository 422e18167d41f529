"""One process that measures again and again, refuses in between and leaves clips in the middle, keeps nothing of them."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

MOST_GROWTH_MB = 30


@pytest.mark.pose
@pytest.mark.release
@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are counted on POSIX")
def test_after_the_first_twenty_nothing_grows(short_clip):
    run = subprocess.run(
        [sys.executable, "benchmarks/long_life.py", short_clip, "--times", "50"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stderr == ""
    last = run.stdout.splitlines()[-1]
    assert last.startswith("  50: ")
    memory, descriptors, threads, children = (int(growth) for growth in re.findall(r"\(([+-]\d+)\)", last))
    assert memory < MOST_GROWTH_MB, run.stdout
    assert (descriptors, threads, children) == (0, 0, 0), run.stdout
