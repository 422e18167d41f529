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
from hipcv.settings import Settings, Turn

_LIMITS = Limits(time_s=20, memory_mb=1500)
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Glance:
    """What the beginning of a clip tells."""

    mirrored: bool | None
    """Whether the file itself says that it is mirrored; None = it does not say."""
    picture: bytes
    """JPEG of one picture, as upright as the file says."""
    needed: Turn
    """How it has to be turned for the people in it to be upright, as far as that is sure."""


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
    return Glance(told["mirrored"], base64.b64decode(told["picture"]), Turn(told["needed"]))


def _look(request: Mapping[str, Any], tell: Tell) -> None:
    from hipcv.capture import lying, pose  # late: loads MediaPipe
    from hipcv.rendering.first_picture import first_frames, small_jpeg  # late: loads PyAV, OpenCV
    from hipcv.video.clip import open_clip  # late: loads PyAV

    try:
        with open_clip(request["clip"], Settings()) as clip, pose.everybody_finder() as finder:
            mirrored, _ = clip.camera_facts
            frames = first_frames(clip)
            picture = base64.b64encode(small_jpeg(frames[-1])).decode("ascii")
            needed = lying.turn_needed([finder.find(frame) for frame in frames])
        tell({"news": "seen", "mirrored": mirrored, "picture": picture, "needed": needed.value})
    except HipcvError:
        tell({"news": "unseen"})


if __name__ == "__main__":
    serve(_look)
