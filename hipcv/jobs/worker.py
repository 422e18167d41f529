"""`python -m hipcv.jobs.worker`: measures a clip for a visit, and draws its figure, overlay, film of the legs and stills.

It knows neither the database nor the pages. The server survives it if a clip crashes it.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hipcv.capture.clip_check_items import ClipCheck
from hipcv.errors import HipcvError
from hipcv.filmed import filmed_of
from hipcv.jobs.serving import Tell, serve
from hipcv.records import record
from hipcv.settings import Settings, Turn
from hipcv.store.job import Camera, Stage, mirroring

_NEWS_S = 0.3
"""Shortest time between two progress reports."""


@dataclass(frozen=True, slots=True)
class Task:
    """A worker's task: measure `clip`, write the results into `out`."""

    clip: str
    out: str
    name: str
    camera: str
    filmed: Mapping[str, Any] | None = None
    """What the coach told, if it was filmed with hipcv."""
    turn: int = Turn.NONE.value

    def settings(self) -> Settings:
        """The settings of the measurement."""
        return Settings(mirrored=Camera(self.camera).mirrored, turn=Turn(self.turn))


def measure_and_draw(request: Mapping[str, Any], tell: Tell) -> None:
    """Carry out a task and report with `stage`, `progress`, `glance` and `measured`, and finally `done` or `failed`."""
    try:
        _work(Task(**request), tell)
    except HipcvError as problem:
        tell({"news": "failed", "problem": problem.message.to_text()})
    else:
        tell({"news": "done"})


def _work(task: Task, tell: Tell) -> None:
    clip, out = Path(task.clip), Path(task.out)
    tell({"news": "stage", "stage": Stage.LOOKING.value})
    from hipcv.capture.clip_check import camera_says  # late: loads PyAV, OpenCV, MediaPipe, SciPy
    from hipcv.pipeline import measure  # late: loads PyAV, OpenCV, MediaPipe, SciPy

    says = mirroring(Camera(task.camera), camera_says(clip, task.settings(), task.name))
    with ThreadPoolExecutor(1, "hipcv-first-look") as beside:
        beside.submit(_look, task, says, tell)
        measurement = measure(clip, settings=task.settings(), name=task.name, on_progress=_progress(Stage.MEASURING, tell))
    if task.filmed is not None:
        measurement = replace(measurement, filmed=filmed_of(task.filmed))
    out.mkdir(mode=0o700, exist_ok=True)  # it exists if an earlier server ended while the overlay was being drawn
    record.write(measurement, out)
    tell({"news": "measured"})

    from hipcv.rendering import leg_film  # late: loads PyAV, SciPy
    from hipcv.rendering.figure import write_figure  # late: loads Matplotlib
    from hipcv.rendering.overlay import write_overlay  # late: loads PyAV, OpenCV, Matplotlib, SciPy
    from hipcv.rendering.stills import keeper  # late: loads OpenCV

    write_figure(measurement, out / record.FIGURE)
    drawing = _progress(Stage.DRAWING, tell)
    with leg_film.keeper(measurement, out) as keep_legs:
        write_overlay(clip, measurement, out / record.OVERLAY, on_progress=drawing, on_plain=keep_legs, on_picture=keeper(measurement, out))


def _look(task: Task, says: ClipCheck, tell: Tell) -> None:
    """The clip check, run alongside the measurement, which decides whether a clip is usable."""
    from hipcv.capture.clip_check import look  # late: loads PyAV, OpenCV, MediaPipe, SciPy

    with suppress(HipcvError):
        checks = [*look(task.clip, task.settings(), task.name), says]
        tell({"news": "glance", "glance": [{"item": one.item.value, "fine": one.fine, "seen": one.seen} for one in checks]})


def _progress(stage: Stage, tell: Tell) -> Callable[[int, int], None]:
    """A callback that reports progress at most every 0.3 s."""
    tell({"news": "stage", "stage": stage.value})
    last_s = time.monotonic()

    def on_progress(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s >= _NEWS_S:
            last_s = time.monotonic()
            tell({"news": "progress", "done": done, "total": total})

    return on_progress


if __name__ == "__main__":
    serve(measure_and_draw)
