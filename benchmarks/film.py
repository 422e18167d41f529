"""How the page that films does on this machine: when it is ready, how often it looks while recording, and what holds it up.

    python benchmarks/film.py [--seconds 60] [--wrong]

A real server, and a real Chromium whose camera plays a sample clip. "Ready" is from the address to the network in the worker. "Looks" are
those of the test, during which it records. "Longest task" is the longest time for which the page itself could not answer. "Heap" is what
the page's own objects have grown by between the first ten seconds and the end, "browser" what all processes of Chromium have, minute by
minute. A test that is nearly complete is started over, so that it lasts as long as is asked. With --wrong instead: how long after the
button a person whose picture is wrong is told the right thing.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from tests.browser import PHONE, serve, window  # noqa: E402
from tests.fake_camera import WRONG, browser_with_camera, pictures, write_mjpeg  # noqa: E402

CLIP = ROOT / "samples" / "p01_front.mp4"
_WATCH = """globalThis.longest = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => (globalThis.longest = Math.max(globalThis.longest, one.duration))))
  .observe({ type: "longtask" });"""
_WARM_S = 10
_PATIENCE_S = 20
_NEARLY = 9
"""Movements of the twelve."""


def told(page: Page) -> dict:
    """What the coach says of itself."""
    return json.loads(page.locator("html").get_attribute("data-coach") or "{}")


def heap_mb(page: Page) -> float:
    """Memory of the page's own objects."""
    channel = page.context.new_cdp_session(page)
    channel.send("HeapProfiler.collectGarbage")
    return channel.send("Runtime.getHeapUsage")["usedSize"] / 1e6


def browser_mb() -> float:
    """Memory of all processes of Chromium."""
    return sum(_resident(one) for one in psutil.Process().children(recursive=True) if "chrom" in one.name()) / 1e6


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def begin(page: Page) -> None:
    """Until the movements are asked for."""
    while told(page).get("phase") != "test":
        page.wait_for_timeout(100)


def watch(page: Page, url: str, seconds: float) -> None:
    """Film for so long, and print what was seen."""
    began = time.monotonic()
    page.goto(f"{url}/film/?lang=en")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    print(f"ready: {time.monotonic() - began:.1f} s")
    page.locator("#begin").click()
    begin(page)
    print(f"test began: {time.monotonic() - began:.1f} s after the address")
    page.wait_for_timeout(1000 * _WARM_S)
    heap, browser, start, tests = heap_mb(page), browser_mb(), time.monotonic(), 1
    looks, minutes = [], [browser]
    while time.monotonic() - start < seconds:
        now = told(page)
        looks.append(now["perSecond"])
        if sum(sum(of_leg.values()) for of_leg in now["counts"].values()) >= _NEARLY:
            page.keyboard.press("r")
            begin(page)
            tests += 1
        if time.monotonic() - start >= 60 * len(minutes):
            minutes.append(browser_mb())
        page.wait_for_timeout(500)
    longest_ms = page.evaluate("globalThis.longest")
    print(f"looks: {looks[-1]:.1f} a second; longest task: {longest_ms:.0f} ms")
    print(f"{tests} tests in {seconds:.0f} s: heap {heap_mb(page) - heap:+.1f} MB")
    print(f"browser, each minute: {' '.join(f'{one:.0f}' for one in [*minutes, browser_mb()])} MB")


def told_after_s(page: Page, url: str, right: set[str]) -> float | None:
    """Seconds from the button to the right instruction; None = never within `_PATIENCE_S`."""
    page.goto(f"{url}/film/?lang=en")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    page.locator("#begin").click()
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE_S:
        if told(page).get("say") in right:
            return time.monotonic() - began
        page.wait_for_timeout(50)
    return None


def tell_wrong(url: str, folder: Path) -> None:
    """Print how soon each wrong picture is told."""
    for name, (alter, right) in WRONG.items():
        film = write_mjpeg(pictures(CLIP), folder / "wrong.mjpeg", alter)
        with browser_with_camera(film) as chromium, window(chromium, PHONE, []) as page:
            after_s = told_after_s(page, url, right)
        print(f"{name}: {'never' if after_s is None else f'{after_s:.1f} s after the button'}", flush=True)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--wrong", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as server:
        if chosen.wrong:
            tell_wrong(server.url, Path(name))
            return
        film = write_mjpeg(pictures(CLIP, still_s=7), Path(name) / "camera.mjpeg")
        with browser_with_camera(film) as chromium, window(chromium, PHONE, []) as page:
            page.add_init_script(_WATCH)
            watch(page, server.url, chosen.seconds)


if __name__ == "__main__":
    main()
