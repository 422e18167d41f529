"""Processor seconds, time and memory of `hipcv measure` against a plain loop over the same frames, and where they go.

    python benchmarks/measure.py [CLIP] [--rounds 5] [--skip-large] [--before DIR]

The programs take turns, each in its own process, so that a busy machine slows all. What counts are the ratios. Run it on a quiet machine:
where two programs share a core, both take more processor seconds. `--before` names the folder of another version of hipcv to compare with.
"""

import argparse
import subprocess
import sys
import tempfile
from fractions import Fraction
from itertools import count, islice
from pathlib import Path
from statistics import median

import av
from cost import Cost, cost

ROOT = Path(__file__).resolve().parents[1]
PLAIN, OURS, BEFORE = "plain loop", "hipcv measure", "hipcv before"


def side_by_side(clip: Path, rounds: int, before: Path | None) -> None:
    """Run them in turn and print what each costs, and in proportion to the plain loop."""
    measure = [sys.executable, "-m", "hipcv", "measure", str(clip)]
    plain = [sys.executable, str(ROOT / "benchmarks" / "plain_loop.py"), str(clip)]
    programs = {PLAIN: (plain, ROOT), OURS: (measure, ROOT)} | ({BEFORE: (measure, before)} if before else {})
    costs: dict[str, list[Cost]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, (command, source) in programs.items():
            costs[name].append(cost(command, source))
    print(f"{'':14s} {'processor':>11s} {'wall':>9s} {'peak':>8s}   ratio to the plain loop: processor, wall")
    for name, runs in costs.items():
        pairs = list(zip(runs, costs[PLAIN], strict=True))
        of_cpu, of_wall = median(one.cpu_s / base.cpu_s for one, base in pairs), median(one.wall_s / base.wall_s for one, base in pairs)
        cpu_s, wall_s, peak_mb = median(one.cpu_s for one in runs), median(one.wall_s for one in runs), max(one.peak_mb for one in runs)
        print(f"{name:14s} {cpu_s:9.2f} s {wall_s:7.2f} s {peak_mb:5.0f} MB   {of_cpu:.2f}, {of_wall:.2f}")


def stages(clip: Path) -> None:
    """Print where the processor seconds go."""
    print("processor seconds by stage, one thing after the other:", flush=True)
    subprocess.run([sys.executable, str(ROOT / "benchmarks" / "stages.py"), str(clip)], check=True, stderr=subprocess.DEVNULL)


def rewritten(clip: Path, target: Path, short_side_px: int, codec: str, pixels: str, times: int) -> None:
    """Write the clip enlarged, each frame so many times as often."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as out:
        stream = source.streams.video[0]
        factor = short_side_px / min(stream.codec_context.width, stream.codec_context.height)
        width, height = (round(side * factor) for side in (stream.codec_context.width, stream.codec_context.height))
        made = out.add_stream(codec, rate=30 * times, options={"preset": "ultrafast"})
        made.width, made.height, made.pix_fmt = width, height, pixels
        numbers, tick = count(), Fraction(1, 30 * times)
        for frame in source.decode(stream):
            large = frame.reformat(width, height, pixels)
            for number in islice(numbers, times):
                large.pts, large.time_base = number, tick
                out.mux(made.encode(large))
        out.mux(made.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, default=ROOT / "samples" / "p06_asym.mp4")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-large", action="store_true")
    parser.add_argument("--before", type=Path, help="folder of another version of hipcv")
    options = parser.parse_args()
    options.clip = options.clip.resolve()
    print(f"{options.clip.name}, {options.rounds} rounds in turn")
    side_by_side(options.clip, options.rounds, options.before)
    stages(options.clip)
    if options.skip_large:
        return
    with tempfile.TemporaryDirectory() as folder:
        phone, large = Path(folder) / "phone.mp4", Path(folder) / "large.mp4"
        rewritten(options.clip, phone, 1080, "libx265", "yuv420p10le", 2)
        print("\nthe same at 1080 x 1920, HEVC of 10 bit, 60 frames a second")
        side_by_side(phone, max(1, options.rounds // 2), options.before)
        stages(phone)
        rewritten(options.clip, large, 2160, "libx264", "yuv420p", 1)
        at_4k = cost([sys.executable, "-m", "hipcv", "measure", str(large)], ROOT)
        print(f"\nthe same at 4K: {at_4k.cpu_s:.2f} processor seconds, {at_4k.wall_s:.2f} s, peak {at_4k.peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
