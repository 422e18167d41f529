"""`python -m hipcv.jobs.peek`: a first glance at a clip that has just come, in a process of its own, as any clip may crash what reads it."""

import base64
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hipcv.errors import HipcvError
from hipcv.jobs.child_process import ChildEnded, ChildProcess, Limits, News
from hipcv.jobs.serving import Tell, serve

_LIMITS = Limits(time_s=20, memory_mb=1500)
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Glance:
    """What the beginning of a clip tells."""

    mirrored: bool | None
    """Whether the file itself says that it is mirrored; None = it does not say."""
    as_filmed: bytes
    """JPEG of one upright picture."""
    turned_round: bytes
    """The same, mirrored."""


def peek(clip: Path) -> Glance | None:
    """Look at a clip; None if that did not succeed, for whatever reason: the measurement will say why."""
    child = ChildProcess("hipcv.jobs.peek", _LIMITS, clip.parent)
    child.send({"clip": str(clip)})
    end_s = time.monotonic() + _LIMITS.time_s
    try:
        with suppress(ChildEnded):
            while time.monotonic() < end_s and child.exceeded() is None:
                if told := child.news(_EVERY_S):
                    return _glance(told)
        return None
    finally:
        child.kill()


def _glance(told: News) -> Glance | None:
    if told["news"] != "seen":
        return None
    as_filmed, turned_round = (base64.b64decode(picture) for picture in told["pictures"])
    return Glance(told["mirrored"], as_filmed, turned_round)


def _look(request: Mapping[str, Any], tell: Tell) -> None:
    from hipcv.rendering.first_picture import first_picture  # late: loads PyAV, OpenCV
    from hipcv.settings import Settings  # late: beside the next one
    from hipcv.video.clip import open_clip  # late: loads PyAV

    try:
        with open_clip(request["clip"], Settings()) as clip:
            mirrored, _ = clip.camera_facts
            pictures = [base64.b64encode(picture).decode("ascii") for picture in first_picture(clip)]
        tell({"news": "seen", "mirrored": mirrored, "pictures": pictures})
    except HipcvError:
        tell({"news": "unseen"})


if __name__ == "__main__":
    serve(_look)
