"""One clip in a process of its own: a request on stdin, news on stdout, one JSON object a line.

It knows no database and no page. Whatever a clip does to it, the server outlives it.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hipcv.capture.clip_check_items import Glance
from hipcv.errors import HipcvError
from hipcv.store.job import Camera, Stage, mirroring
from hipcv.system import stopping

_NEWS_S = 0.3
"""Progress is told no more often."""

Tell = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do: measure `clip`, write what comes of it into `out`."""

    clip: str
    out: str
    name: str
    camera: str

    def line(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self)) + "\n"


def main() -> int:
    """Entry point of `python -m hipcv.jobs.worker`."""
    stopping.at_once()
    order = Order(**json.loads(sys.stdin.readline()))
    try:
        _work(order, _tell)
    except HipcvError as problem:
        _tell({"news": "failed", "problem": problem.message.to_text()})
        return 1
    return 0


def _tell(news: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(news) + "\n")  # in one piece, as two threads tell
    sys.stdout.flush()


def _work(order: Order, tell: Tell) -> None:
    clip, out = Path(order.clip), Path(order.out)
    tell({"news": "stage", "stage": Stage.LOOKING.value})
    from hipcv.capture.clip_check import camera_says
    from hipcv.pipeline import measure
    from hipcv.records import record
    from hipcv.settings import Settings

    camera = Camera(order.camera)
    says = mirroring(camera, camera_says(clip, Settings(), order.name))
    with ThreadPoolExecutor(1, "hipcv-first-look") as beside:
        beside.submit(_look, order, says, tell)
        measurement = measure(
            clip, settings=Settings(mirrored=camera.mirrored), name=order.name, on_progress=_progress(Stage.MEASURING, tell)
        )
    out.mkdir(mode=0o700, exist_ok=True)  # it is there if an earlier server ended while the pictures were drawn
    record.write(measurement, out)
    tell({"news": "measured"})

    from hipcv.rendering.figure import write_figure
    from hipcv.rendering.overlay import write_overlay
    from hipcv.rendering.stills import keeper

    write_figure(measurement, out / record.FIGURE)
    write_overlay(clip, measurement, out / record.OVERLAY, on_progress=_progress(Stage.DRAWING, tell), on_picture=keeper(measurement, out))


def _look(order: Order, says: Glance, tell: Tell) -> None:
    """The first look, beside the measuring, which has the last word on a clip that cannot be used."""
    from hipcv.capture.clip_check import look
    from hipcv.settings import Settings

    with suppress(HipcvError):
        tell({"news": "glance", "glance": [_plain(one) for one in (*look(order.clip, Settings(), order.name), says)]})


def _plain(one: Glance) -> dict[str, Any]:
    return {"item": one.item.value, "fine": one.fine, "seen": one.seen}


def _progress(stage: Stage, tell: Tell) -> Callable[[int, int], None]:
    """Now and then, how far it is."""
    tell({"news": "stage", "stage": stage.value})
    last_s = time.monotonic()

    def on_progress(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s >= _NEWS_S:
            last_s = time.monotonic()
            tell({"news": "progress", "done": done, "total": total})

    return on_progress


if __name__ == "__main__":
    sys.exit(main())
