"""The app against the command line: time from upload to result, and memory of the server process over many large uploads.

    python benchmarks/app.py            # 3 rounds of time, 20 uploads of 100 MB
    python benchmarks/app.py --rounds 1 --uploads 5

Both use a real server and a real Chromium. The time is for a clip of 16 s, from choosing camera and file until the numbers are shown.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import DESKTOP, Server, browser, serve, upload, window  # noqa: E402

CLIP = ROOT / "samples" / "p06_asym.mp4"
UPLOAD_BYTES = 100_000_000


def time_of_command() -> float:
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "hipcv", "measure", str(CLIP)], check=True, capture_output=True)
    return time.monotonic() - start


def time_of_page(page, server: Server) -> float:
    page.goto(server.url)
    start = time.monotonic()
    upload(page, CLIP)
    page.locator(".hipcv-table").first.wait_for(timeout=300_000)
    return time.monotonic() - start


def wait_until_idle(server: Server) -> None:
    while any((server.data / "jobs").iterdir()):
        time.sleep(0.3)


def memory_mb(server: Server, field: str) -> float:
    """`VmRSS` is the memory now in use, `VmHWM` its peak."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(field))) / 1000


def large_clip(folder: Path) -> Path:
    """A video that a phone could have made: the sample plus data that its index does not mention."""
    clip = CLIP.read_bytes()
    padding = UPLOAD_BYTES - len(clip)
    path = folder / "large.mp4"
    with path.open("wb") as file:
        file.write(clip + padding.to_bytes(4, "big") + b"mdat")
        file.truncate(UPLOAD_BYTES)
    return path


def upload_and_cancel(page, server: Server, clip: Path) -> None:
    page.goto(server.url)
    upload(page, clip)
    page.get_by_text("The video can be read").wait_for(timeout=120_000)
    page.get_by_role("button", name="Cancel", exact=True).click()
    wait_until_idle(server)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--uploads", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as server, browser() as chromium, window(chromium, DESKTOP, []) as page:
        rounds = []
        for number in range(options.rounds):
            command_s = time_of_command()
            page_s = time_of_page(page, server)
            wait_until_idle(server)
            rounds.append(page_s - command_s)
            print(f"round {number + 1}: hipcv measure {command_s:.1f} s, page {page_s:.1f} s, {page_s - command_s:+.1f} s", flush=True)
        if rounds:
            print(f"page less command: {statistics.median(rounds):+.1f} s (median of {len(rounds)}; at most 3 is wanted)")
        clip = large_clip(Path(name))
        for number in range(options.uploads):
            upload_and_cancel(page, server, clip)
            print(f"upload {number + 1}: the page process holds {memory_mb(server, 'VmRSS'):.0f} MB", flush=True)
        print(f"most memory ever: {memory_mb(server, 'VmHWM'):.0f} MB over {options.uploads} uploads of 100 MB (at most 400 is wanted)")


if __name__ == "__main__":
    main()
