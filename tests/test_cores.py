"""How much of the machine one measurement uses."""

import os
import subprocess
import sys
import threading

import pytest

from hipcv.system import cores
from tests.conftest import SAMPLES


def where(name):
    with cores.beside(name) as pool:
        return pool.submit(threading.get_ident).result()


@pytest.mark.skipif(len(getattr(os, "sched_getaffinity", lambda _: range(2))(0)) == 1, reason="this machine has one core")
def test_with_the_machine_to_itself_a_measurement_works_beside(monkeypatch):
    monkeypatch.delenv(cores.ONE_CORE, raising=False)
    assert where("hipcv-test") != threading.get_ident()


def test_on_one_core_everything_is_done_in_a_row(monkeypatch):
    monkeypatch.setenv(cores.ONE_CORE, "1")
    assert where("hipcv-test") == threading.get_ident()


def test_an_error_is_raised_where_the_result_is_asked_for(monkeypatch):
    monkeypatch.setenv(cores.ONE_CORE, "1")
    with cores.beside("hipcv-test") as pool:
        failed = pool.submit(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            failed.result()


@pytest.mark.pose
@pytest.mark.release
def test_on_one_core_the_bytes_are_the_same():
    def written(environment):
        command = [sys.executable, "-m", "hipcv", "measure", str(SAMPLES / "p07_oneleg.mp4"), "--json", "-"]
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    assert written(cores.on_one_core(dict(os.environ))) == written(dict(os.environ))
