"""What the tests measured once is not measured again: the same bytes with the same code, libraries and settings give the same numbers.

Processes that a test starts take part where the test gives them `Memory.environment()`. The first time hipcv's own functions do the work;
an error is never remembered. Tests of what happens while a clip is measured, and of two measurements that must agree, do without.
"""

import hashlib
import os
import pickle
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from filelock import FileLock

from hipcv.measurement import Measurement
from hipcv.settings import Mirrored, Settings

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = "HIPCV_MEMORY"
_MOST_KEPT = 3
"""More than one, as a run may start after an edit while the one before still goes."""
_MEASURES = ("system", "video", "kinematics", "capture", "findings", "registration")
"""The rooms that a number goes through, besides the files of the package itself."""
_LIBRARIES = ("mediapipe", "numpy", "scipy", "opencv-python", "av")


def kept_memory(root: Path = _ROOT) -> Path:
    """A folder for what this code measures on this machine, which the next run finds again; of other code the latest two are kept."""
    package = root / "hipcv"
    files = sorted([*package.glob("*.py"), *(file for room in _MEASURES for file in (package / room).rglob("*") if file.suffix != ".pyc")])
    state = hashlib.sha256(repr([platform.platform(), platform.processor(), *map(metadata.version, _LIBRARIES)]).encode())
    for file in [*files, Path(__file__)]:
        if file.is_file():
            state.update(file.name.encode() + file.read_bytes())
    folder = root / ".measured" / state.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    for old in sorted(folder.parent.glob("*"), key=lambda kept: kept.stat().st_mtime)[:-_MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


@dataclass(frozen=True, slots=True)
class Memory:
    """A folder that all processes of one run share."""

    folder: Path

    @classmethod
    def of_environment(cls) -> "Memory":
        """Of a process that was started with `environment()`."""
        return cls(Path(os.environ[_FOLDER]))

    def variables(self) -> dict[str, str]:
        """What a process has to find in its environment to take part; tests/at_start does the rest."""
        return {_FOLDER: str(self.folder), "PYTHONPATH": os.pathsep.join([str(_ROOT / "tests" / "at_start"), str(_ROOT)])}

    def environment(self, **others: str) -> dict[str, str]:
        """That of this process, with them."""
        return {**os.environ, **self.variables(), **others}

    def measure(self, path: Path, **choices: Any) -> Measurement:
        """As `hipcv.measure`."""
        from hipcv import pipeline

        with patch.multiple(
            pipeline, capture=partial(self._capture, pipeline.capture), evaluate=partial(self._evaluate, pipeline.evaluate)
        ):
            return pipeline.measure(path, **choices)

    def lend_to(self, module: ModuleType) -> None:
        """From here on, whoever measures in this process remembers; `module` is one that has just been loaded."""
        if module.__name__ == "hipcv.capture.capture":
            module.capture = partial(self._capture, module.capture)  # type: ignore[attr-defined]
        else:
            module.evaluate = partial(self._evaluate, module.evaluate)  # type: ignore[attr-defined]

    def _capture(self, capture: Callable, path, bundle, settings: Settings, on_progress=None, name=None):
        """What the network saw does not hang on settings that only count later."""
        from hipcv.video.container import shown_name

        asked = (_sha256(path), hashlib.sha256(bundle).hexdigest(), replace(settings, mirrored=Mirrored.AUTO, without=frozenset()))
        seen, is_new = self._once("seen", asked, lambda: capture(path, bundle, settings, on_progress, name))
        if is_new:
            return seen
        if on_progress:
            n_frames = len(seen.landmarks.time_s)
            for index in range(n_frames):
                on_progress(index + 1, n_frames)
        return _called(seen, shown_name(name or path))

    def _evaluate(self, evaluate: Callable, taken, model, settings: Settings):
        asked = (taken.clip.sha256, model, settings)
        return _called(self._once("measured", asked, lambda: evaluate(taken, model, settings))[0], taken.clip.name)

    def _once(self, kind: str, asked: tuple, make: Callable[[], Any]) -> tuple[Any, bool]:
        """What was made, and whether it was made only now."""
        kept = self.folder / f"{kind}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:16]}.pickle"
        with FileLock(kept.with_suffix(".lock")):
            if kept.exists():
                return pickle.loads(kept.read_bytes()), False
            made = make()
            half = kept.with_suffix(".half")  # a process that is killed here leaves no half of a memory
            half.write_bytes(pickle.dumps(made))
            half.replace(kept)
            return made, True


def _called(what, name: str):
    """The same under the name that this file has."""
    return replace(what, clip=replace(what.clip, name=name))


def _sha256(path) -> str:
    """Empty where there is no file: what is wrong with it is the measurement's to say."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
