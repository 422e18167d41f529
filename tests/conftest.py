"""What several test files share: the sample clips and their measurements, made once."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from hipcv.measurement import Measurement
from tests.postgres import database_url, postgres  # noqa: F401 (fixtures)

# These machines are shared: how long one example takes says nothing about the code.
hypothesis.settings.register_profile("hipcv", deadline=None)
hypothesis.settings.load_profile("hipcv")

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"


@cache
def _measured(name: str) -> Measurement:
    from hipcv import Mirrored, Settings, measure

    return measure(SAMPLES / f"{name}.mp4", settings=Settings(mirrored=Mirrored.NO))


@pytest.fixture(scope="session")
def measured_sample() -> Callable[[str], Measurement]:
    """The measurement of a sample clip by its name."""
    return _measured


@pytest.fixture(scope="session")
def truth_of() -> Callable[[str], dict[str, Any]]:
    """The truth beside a sample clip."""
    return lambda name: json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 3.3 s of a sample clip: the right leg turns in and out once."""
    from tests.variants import rewritten

    return rewritten("p07_oneleg", tmp_path_factory.mktemp("short") / "short.mp4", keep=lambda index: index < 100)
