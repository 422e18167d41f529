"""What stays behind when one process measures again and again: memory, descriptors, threads and children.

    python benchmarks/long_life.py [CLIP] [--times 200]

Every fifth clip is one that is refused, every seventh is left in the middle. What counts is the growth after the first twenty.
"""

import argparse
import gc
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

import hipcv
from hipcv.errors import HipcvError
from hipcv.settings import Settings
from hipcv.video.clip import open_clip

ROOT = Path(__file__).resolve().parents[1]
_WARM = 20


def state() -> dict[str, float]:
    """What this process holds."""
    gc.collect()
    process = psutil.Process()
    return {
        "MB": process.memory_info().rss / 1e6,
        "descriptors": process.num_fds(),
        "threads": process.num_threads(),
        "children": len(process.children(recursive=True)),
    }


def once(number: int, clip: Path, bad: Path) -> None:
    """One measurement, or what may come between."""
    with suppress(HipcvError):
        hipcv.measure(bad if number % 5 == 4 else clip, model="lite")
    if number % 7 == 6:
        with open_clip(clip, Settings()) as opened:
            next(opened.frames())


def main() -> None:
    """Measure so many times and print what is left."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("clip", nargs="?", type=Path, default=ROOT / "samples" / "p07_oneleg.mp4")
    options.add_argument("--times", type=int, default=200)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "cut.mp4"
        bad.write_bytes(chosen.clip.read_bytes()[:100_000])
        before = {}
        for number in range(chosen.times):
            once(number, chosen.clip, bad)
            if number + 1 in {_WARM, chosen.times} or (number + 1) % 50 == 0:
                now = state()
                before = before or now
                print(
                    f"{number + 1:4d}: " + ", ".join(f"{value:.0f} {name} ({value - before[name]:+.0f})" for name, value in now.items()),
                    flush=True,
                )


if __name__ == "__main__":
    main()
