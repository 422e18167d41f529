"""What several test files share: the sample clips and their measurements, made once."""

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

from hipcv.measurement import Measurement
from hipcv.settings import Mirrored, Settings
from tests.memory import Memory, kept_memory
from tests.postgres import database_url, postgres  # noqa: F401 (fixtures)

# These machines are shared: how long one example takes says nothing about the code.
hypothesis.settings.register_profile("hipcv", deadline=None)
hypothesis.settings.load_profile("hipcv")

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="session")
def of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one run of pytest share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def memory() -> Memory:
    """What this code has measured, in this run or an earlier one, whichever process wanted it first."""
    return Memory(kept_memory())


@pytest.fixture
def remembering(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, processes that the test starts, and those that they start, measure nothing that was measured in this run."""

    def begin() -> None:
        for name, value in memory.variables().items():
            monkeypatch.setenv(name, value)

    return begin


@pytest.fixture(scope="session")
def measured_sample(memory: Memory) -> Callable[[str], Measurement]:
    """The measurement of a sample clip by its name."""

    @cache
    def measured(name: str) -> Measurement:
        measurement: Measurement = memory.measure(SAMPLES / f"{name}.mp4", settings=Settings(mirrored=Mirrored.NO))
        return measurement

    return measured


@pytest.fixture(scope="session")
def truth_of() -> Callable[[str], dict[str, Any]]:
    """The truth beside a sample clip."""
    return lambda name: json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def kept_record(measured_sample: Callable[[str], Measurement], of_this_run: Path) -> Path:
    """What a worker leaves of a sample clip; made once, whichever of the processes of pytest comes first."""
    from tests.visits import write_record

    folder = of_this_run / "record" / "sample"
    with FileLock(of_this_run / "record.lock"):
        if not folder.exists():
            half = folder.with_name("half")
            write_record(measured_sample("p06_asym"), SAMPLES / "p06_asym.mp4", half)
            half.rename(folder)
    return folder


@pytest.fixture(scope="session")
def short_clip(of_this_run: Path) -> Path:
    """The first 3.3 s of a sample clip: the right leg turns in and out once."""
    from tests.variants import rewritten

    clip = of_this_run / "short.mp4"
    with FileLock(clip.with_suffix(".lock")):
        if not clip.exists():
            rewritten("p07_oneleg", clip, keep=lambda index: index < 100)
    return clip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that measure come first, so that no process is left with one of them at the end; within a file nothing moves."""
    measuring = {item.path for item in items if item.get_closest_marker("pose")}
    items.sort(key=lambda item: item.path not in measuring)
