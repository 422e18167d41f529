"""Time and memory of `hipcv measure` against a plain loop over the same frames, and a breakdown of the time.

    python benchmarks/measure.py [CLIP] [--rounds 7] [--skip-4k]

The two take turns, each in its own process, so that a busy machine slows both. The result that counts is the ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import av

from hipcv.capture import capture, pose
from hipcv.video import reader

ROOT = Path(__file__).resolve().parents[1]


def run(command: list[str]) -> tuple[float, float]:
    """Wall time in s and peak memory in MB of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def side_by_side(clip: Path, rounds: int) -> None:
    """Run the two in turn and print the ratio of their times."""
    plain_loop = [sys.executable, str(ROOT / "benchmarks" / "plain_loop.py"), str(clip)]
    hipcv_measure = [sys.executable, "-m", "hipcv", "measure", str(clip)]
    ratios, plain, ours = [], [], []
    for _ in range(rounds):
        plain.append(run(plain_loop))
        ours.append(run(hipcv_measure))
        ratios.append(ours[-1][0] / plain[-1][0])
    print(f"plain loop     {statistics.median(t for t, _ in plain):6.2f} s  peak {max(m for _, m in plain):5.0f} MB")
    print(f"hipcv measure  {statistics.median(t for t, _ in ours):6.2f} s  peak {max(m for _, m in ours):5.0f} MB")
    print(f"ratio          {statistics.median(ratios):6.2f}    each round: {', '.join(f'{r:.2f}' for r in ratios)}  (target: at most 2.0)")


def shares(clip: Path) -> None:
    """Print where the time of one measurement goes; decoding runs in parallel with the pose network, so the parts may exceed the whole."""
    spent = {"decode": 0.0, "pose": 0.0, "look around": 0.0, "mirror": 0.0}

    def timed(owner: type, name: str, share: str) -> None:
        inner = getattr(owner, name)

        def wrapper(*args: object, **kwargs: object) -> object:
            start = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                thread = threading.current_thread().name
                beside = next(
                    (other for other in ("look around", "mirror") if thread.startswith(f"hipcv-{other.replace(' ', '-')}")), share
                )
                spent[beside] += time.perf_counter() - start

        setattr(owner, name, wrapper)

    timed(pose.PoseFinder, "find", "pose")
    timed(pose.PoseFinder, "__init__", "pose")
    frames = reader.Clip.frames

    def timed_frames(self: reader.Clip) -> object:
        source = frames(self)
        while True:
            start = time.perf_counter()
            frame = next(source, None)
            spent["decode"] += time.perf_counter() - start
            if frame is None:
                return
            yield frame

    reader.Clip.frames = timed_frames  # type: ignore[method-assign]
    from hipcv.pipeline import measure

    capturing = capture.capture
    taken = [0.0]

    def timed_capture(*args: object) -> object:
        start = time.perf_counter()
        result = capturing(*args)
        taken[0] = time.perf_counter() - start
        return result

    import hipcv.pipeline

    hipcv.pipeline.capture = timed_capture  # type: ignore[assignment]
    start = time.perf_counter()
    measure(clip)
    whole = time.perf_counter() - start
    print(f"inside measure() {whole:.2f} s: pose {spent['pose']:.2f} s, rest of the pass {taken[0] - spent['pose']:.2f} s,")
    print(
        f"  angles to findings {whole - taken[0]:.2f} s; beside the pose: decode {spent['decode']:.2f} s, look around {spent['look around']:.2f} s, mirrored picture {spent['mirror']:.2f} s"
    )


def enlarged(clip: Path, target: Path) -> None:
    """Write the clip at 2160 x 3840 (or 3840 x 2160), H.264."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as out:
        stream = source.streams.video[0]
        upright = stream.codec_context.height > stream.codec_context.width
        width, height = (2160, 3840) if upright else (3840, 2160)
        made = out.add_stream("libx264", rate=30, width=width, height=height, pix_fmt="yuv420p", options={"preset": "ultrafast"})
        for frame in source.decode(stream):
            out.mux(made.encode(frame.reformat(width, height)))
        out.mux(made.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, default=ROOT / "samples" / "p06_asym.mp4")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--skip-4k", action="store_true")
    options = parser.parse_args()
    print(f"{options.clip.name}, {options.rounds} rounds in turn")
    side_by_side(options.clip, options.rounds)
    shares(options.clip)
    if not options.skip_4k:
        with tempfile.TemporaryDirectory() as folder:
            large = Path(folder) / "large.mp4"
            enlarged(options.clip, large)
            seconds, memory = run([sys.executable, "-m", "hipcv", "measure", str(large)])
            print(f"the same at 4K: {seconds:.2f} s, peak {memory:.0f} MB (target: below 700 MB)")


if __name__ == "__main__":
    main()
