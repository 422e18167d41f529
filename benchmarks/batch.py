"""Clips per minute of `hipcv batch` with one and two workers, against a plain shell loop over `hipcv measure`; memory of the parent.

    python benchmarks/batch.py [--clips DIR] [--count 40] [--rounds 1] [--quick] [--before DIR]

The clips of a folder are repeated under other names; every fourth is spoiled: cut off in the middle, not a video, empty, or without a
person. All ways take turns on the same files, so that a busy machine slows all of them; processor seconds are hardly affected by that.

A worker uses one core, a single `hipcv measure` all of them. `--before` names the folder of another version of hipcv, for a shell loop over it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from statistics import median

import av
import numpy as np
from cost import Cost, cost

ROOT = Path(__file__).resolve().parents[1]
HIPCV = [sys.executable, "-m", "hipcv"]
_LOOP = 'for clip in "$1"/*; do "$2" -m hipcv measure "$clip" --json - >"$3/$(basename "$clip").json" 2>>"$3/errors.txt"; done; true'
_PEAK = """
import resource, sys
from hipcv.cli.main import main
sys.argv[0] = "hipcv"
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)
"""


# ---------------------------------------------------------------------- the clips
def fill(folder: Path, sources: list[Path], count: int) -> int:
    """Put `count` files into `folder`, every fourth spoiled; returns how many are not. All are copies, as each has to be measured."""
    whole, faults = cycle(sources), cycle(FAULTS)
    n_whole = 0
    for number in range(count):
        source = next(whole)
        target = folder / f"{number:03d}_{source.name}"
        if number % 4 == 3:
            next(faults)(source, target)
        else:
            shutil.copy(source, target)
            n_whole += 1
    return n_whole


def cut_off(source: Path, target: Path) -> None:
    """Half of the file, as after a broken upload."""
    target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])


def no_video(_: Path, target: Path) -> None:
    target.write_text("Dear colleague, the video is attached.\n" * 1000)


def empty(_: Path, target: Path) -> None:
    target.touch()


def nobody(_: Path, target: Path) -> None:
    """A video of an empty grey room, five seconds long."""
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=30, width=540, height=960, pix_fmt="yuv420p")
        for number in range(150):
            frame = av.VideoFrame.from_ndarray(np.full((960, 540, 3), 120 + number % 2, dtype=np.uint8))
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


FAULTS: tuple[Callable[[Path, Path], None], ...] = (cut_off, no_video, empty, nobody)


# ---------------------------------------------------------------------- the ways
def ways(clips: Path, place: Path, before: Path | None) -> Iterator[tuple[str, list[str], Path, Path]]:
    """Name and command of each way, the folder with its results (`*.json`), and the folder of the hipcv that it runs."""
    loops = {"shell loop": ROOT} | ({"shell loop, before": before} if before else {})
    for name, source in loops.items():
        loop = place / name
        loop.mkdir()
        yield name, ["sh", "-c", _LOOP, "sh", str(clips), sys.executable, str(loop)], loop, source
    for jobs in (1, 2):
        out = place / f"jobs-{jobs}"
        yield (
            f"batch, {jobs} worker{'s' if jobs > 1 else ''}",
            [*HIPCV, "batch", str(clips), "-o", str(out), "--jobs", str(jobs)],
            out / "clips",
            ROOT,
        )


def measured(results: Path) -> int:
    return sum(path.stat().st_size > 0 for path in results.glob("*.json"))


def compare(clips: Path, count: int, rounds: int, before: Path | None) -> None:
    """Time them in turn and print the times."""
    costs: dict[str, list[Cost]] = {}
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="hipcv-bench-") as place:
            for name, command, results, source in ways(clips, Path(place), before):
                costs.setdefault(name, []).append(cost(command, source, accepted=(0, 1)))  # 1: clips without a number
                print(f"  round {number + 1}, {name}: {costs[name][-1].wall_s:.0f} s, {measured(results)} with a number", flush=True)
    walls = {name: median(one.wall_s for one in several) for name, several in costs.items()}
    print(f"\n{'':20}clips/min   wall s   processor s a clip")
    for name, several in costs.items():
        cpu_s = median(one.cpu_s for one in several) / count
        print(f"{name:20}{60 * count / walls[name]:9.1f}{walls[name]:9.0f}{cpu_s:14.1f}")
    *loops, one, two = walls.items()
    for name, wall_s in [*loops, one]:
        print(f"two workers beside {name}: {wall_s / two[1]:.2f}")


# ---------------------------------------------------------------------- memory
def peak_mb(count: int) -> float:
    """Peak memory of the parent in a run over `count` empty files."""
    with tempfile.TemporaryDirectory(prefix="hipcv-bench-") as place:
        clips = Path(place) / "clips"
        clips.mkdir()
        for number in range(count):
            (clips / f"{number:04d}.mp4").touch()
        command = [sys.executable, "-c", _PEAK, "batch", str(clips), "-o", str(Path(place) / "out"), "--jobs", "1"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        return float(done.stderr.splitlines()[-1])


def main() -> None:
    shared = ROOT.parent / "shared" / "clips"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, default=shared if shared.is_dir() else ROOT / "samples", metavar="DIR")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="four clips, to see that it works")
    parser.add_argument("--before", type=Path, help="folder of another version of hipcv")
    options = parser.parse_args()
    count = 4 if options.quick else options.count
    with tempfile.TemporaryDirectory(prefix="hipcv-bench-") as place:
        n_whole = fill(Path(place), sorted(options.clips.glob("*.mp4")), count)
        print(f"{count} clips from {options.clips.name}/, {count - n_whole} of them spoiled; {os.cpu_count()} cores")
        compare(Path(place), count, options.rounds, options.before)
    few, many = peak_mb(10), peak_mb(1000)
    print(f"\npeak memory of the parent: {few:.0f} MB for 10 entries, {many:.0f} MB for 1000 ({many - few:+.1f} MB)")


if __name__ == "__main__":
    main()
