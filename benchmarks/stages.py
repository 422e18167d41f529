"""Where the time of one measurement goes: processor seconds of every stage, with one thing done after the other.

python benchmarks/stages.py CLIP.mp4
"""

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

WHOLE = {"mirrored look", "look around"}
"""Stages with a network of their own, whose time counts for them."""
spent: Counter[str] = Counter()
calls: Counter[str] = Counter()
_running = ["other"]
_since = [time.process_time()]


def switch(stage: str) -> str:
    """Count the time so far for the stage that ran, and run another; returns the one that ran."""
    now = time.process_time()
    before = _running[0]
    spent[before] += now - _since[0]
    _running[0], _since[0] = stage, now
    return before


def counted(owner: Any, name: str, stage: str) -> None:
    """Count the time inside a function or method for a stage, and all within it that belongs to no other."""
    inner = getattr(owner, name)

    def wrapper(*args: object, **kwargs: object) -> object:
        if _running[0] in WHOLE:
            return inner(*args, **kwargs)
        before = switch(stage)
        calls[stage] += 1
        try:
            return inner(*args, **kwargs)
        finally:
            switch(before)

    setattr(owner, name, wrapper)


def count_stages() -> None:
    """From here on, the time of every stage is counted."""
    from hipcv.capture import capture, look_around, pose
    from hipcv.registration import correct_rotation, prepare, register_leg
    from hipcv.video import clip

    counted(pose.PoseFinder, "__init__", "start")
    counted(pose.PoseFinder, "find", "network")
    counted(look_around.LookAround, "at", "look around")
    counted(look_around.LookAround, "note", "thumbnails")
    counted(capture._Keeper, "at", "images of the legs")
    counted(prepare, "leg_layers", "registration: template")
    counted(register_leg.LegRegistration, "looks", "registration: view")
    counted(correct_rotation, "solve_views", "registration: view")
    counted(register_leg.LegRegistration, "weigh_rivals", "registration: view")
    counted(register_leg.LegRegistration, "follow", "registration: follow")
    frames = clip.Clip.frames

    def counted_frames(self: clip.Clip) -> Iterator[Any]:
        source = frames(self)
        while True:
            before = switch("taking pictures over")
            frame = next(source, None)
            switch(before)
            if frame is None:
                return
            yield frame

    clip.Clip.frames = counted_frames  # type: ignore[method-assign]


def main() -> None:
    switch("start")
    from hipcv.system import cores

    os.environ.update(cores.on_one_core({}))  # before the libraries load
    import hipcv
    from hipcv import pipeline
    from hipcv.records.document import to_json

    count_stages()
    counted(pipeline, "capture", "rest of the pass")
    counted(pipeline, "evaluate", "angles to findings")
    switch("other")
    measured = hipcv.measure(sys.argv[1])
    switch("output")
    to_json(measured)
    switch("other")
    whole, decoders = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent["decode, sandboxed"] = decoders.ru_utime + decoders.ru_stime
    for stage, seconds in spent.most_common():
        print(f"  {stage:24s} {seconds:6.2f} s" + (f"  {calls[stage]:5d} calls" if calls[stage] else ""))
    print(f"  {'all':24s} {sum(spent.values()):6.2f} s, peak {whole.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
