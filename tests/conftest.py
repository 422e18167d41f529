"""What several test files share: the sample clips and their measurements, made once."""

import json
import os
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

from hipcv.measurement import Measurement
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
def measured_sample(of_this_run: Path) -> Callable[[str], Measurement]:
    """The measurement of a sample clip by its name; made once, whichever process of this run wants it first."""

    @cache
    def measured(name: str) -> Measurement:
        kept = of_this_run / f"{name}.pickle"
        with FileLock(kept.with_suffix(".lock")):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(_measure(name)))
        measurement: Measurement = pickle.loads(kept.read_bytes())
        return measurement

    return measured


def _measure(name: str) -> Measurement:
    from hipcv import Mirrored, Settings, measure

    return measure(SAMPLES / f"{name}.mp4", settings=Settings(mirrored=Mirrored.NO))


@pytest.fixture(scope="session")
def truth_of() -> Callable[[str], dict[str, Any]]:
    """The truth beside a sample clip."""
    return lambda name: json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 3.3 s of a sample clip: the right leg turns in and out once."""
    from tests.variants import rewritten

    return rewritten("p07_oneleg", tmp_path_factory.mktemp("short") / "short.mp4", keep=lambda index: index < 100)
