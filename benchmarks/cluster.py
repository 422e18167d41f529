"""`hipcv batch --scheduler` on this machine: clips with one, two and four Dask workers of one thread, and what a thousand empty files cost.

    python benchmarks/cluster.py [--count 8] [--entries 1000] [--workers 1,2,4]

More workers than cores show what the scheduler and the files cost, not more speed. An empty file is refused at once: its time is that of
handing out a clip, of a child process that answers, and of the files written for it.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cost import cost
from distributed import Client

ROOT = Path(__file__).resolve().parents[1]
DASK = [sys.executable, "-m", "dask"]
_START_S = 60


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    """A process in the background, ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def cluster(n_workers: int, folder: Path) -> Iterator[str]:
    """A scheduler with so many workers on this machine; yields its address."""
    file = folder / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as stack:
        stack.enter_context(running([*DASK, "scheduler", "--port", "0", "--scheduler-file", str(file), *local]))
        end_s = time.monotonic() + _START_S
        while not file.exists() and time.monotonic() < end_s:
            time.sleep(0.1)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        for number in range(n_workers):
            place = ["--local-directory", str(folder / f"worker-{number}")]
            stack.enter_context(running([*DASK, "worker", address, "--nthreads", "1", "--memory-limit", "0", *local, *place]))
        with Client(address) as client:
            client.wait_for_workers(n_workers, timeout=_START_S)
        yield address


def batch_s(clips: Path, address: str, out: Path) -> float:
    """Seconds of one run; clips without a number are part of it."""
    return cost([sys.executable, "-m", "hipcv", "batch", str(clips), "-o", str(out), "--scheduler", address], ROOT, accepted=(0, 1)).wall_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--workers", default="1,2,4")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hipcv-bench-") as name:
        place = Path(name)
        clips, empty = place / "clips", place / "empty"
        clips.mkdir()
        empty.mkdir()
        for number in range(options.count):
            shutil.copy(ROOT / "samples" / "p06_asym.mp4", clips / f"{number:02d}.mp4")
        for number in range(options.entries):
            (empty / f"{number:04d}.mp4").touch()
        print(f"workers   {options.count} clips   {options.entries} empty files, an entry")
        for n_workers in map(int, options.workers.split(",")):
            folder = place / f"cluster-{n_workers}"
            folder.mkdir()
            with cluster(n_workers, folder) as address:
                of_clips = batch_s(clips, address, folder / "clips")
                of_empty = batch_s(empty, address, folder / "empty")
            print(f"{n_workers:7d}{of_clips:9.1f} s{of_empty:13.1f} s{1000 * of_empty / options.entries:13.1f} ms", flush=True)


if __name__ == "__main__":
    main()
