"""Times of the pages of the desk with a practice's worth of data: 300 people and 3,000 visits, of a drag on the review, and of four corrections.

    python benchmarks/desk.py [--people 300] [--visits 3000] [--loads 100] [--data DIR]

A real server and a real Chromium on this machine, which times itself. "Loaded" is a page by its address, which also starts Streamlit's own
program in the browser; "opened" is from a click on the page before, as somebody walks through the desk. Both end when the content is on the
screen. `--data` keeps the folder for the next run; filling it takes minutes.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from hipcv.catalogues.words import texts  # noqa: E402
from hipcv.desk import review_state  # noqa: E402
from hipcv.pipeline import measure  # noqa: E402
from hipcv.records import record  # noqa: E402
from hipcv.records.visit import Kind, Visit  # noqa: E402
from hipcv.review.corrected import corrected  # noqa: E402
from hipcv.review.edits import (  # noqa: E402
    ChooseZero,
    Exclude,
    ExcludeReason,
    Numbered,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
)
from hipcv.store import inbox  # noqa: E402
from hipcv.store.inbox import Show  # noqa: E402
from hipcv.store.people import People, Person  # noqa: E402
from hipcv.store.reviews import Outcome, Verdict  # noqa: E402
from hipcv.store.settings import DESK, remember  # noqa: E402
from hipcv.store.store import Store, new_id  # noqa: E402
from tests.browser import DESKTOP, browser, serve, settle  # noqa: E402
from tests.visits import write_record  # noqa: E402

EN = texts("en")
EDITS = [
    Numbered(number, edit)
    for number, edit in enumerate(
        [
            Exclude("right-0", ExcludeReason.COMPENSATED),
            RatePelvis("right-1", PelvisRating.UNSURE),
            ChooseZero(ZeroChoice.PICTURE),
            SwapSides(),
        ],
        1,
    )
]
SIGNED_SHARE = 0.97
"""Of a practice's visits, all but the last days' are signed."""


def fill(folder: Path, n_people: int, n_visits: int) -> None:
    """A store with people and visits of one real measurement; the files of all visits are one and the same on disk."""
    clip = ROOT / "samples" / "p06_asym.mp4"
    source = folder / "source"
    write_record(measure(clip), clip, source)
    store = Store(folder / "data")
    remember(store, DESK, True)
    chance = random.Random(1)
    people = [People(store).add(Person("", f"Person {number:03}")) for number in range(n_people)]
    text, now = (source / record.DOCUMENT).read_text(encoding="utf-8"), datetime.now(UTC)
    for number in range(n_visits):
        document = json.loads(text)
        document["clip"] |= {"name": f"clip{number}.mp4", "sha256": f"{number:064x}"}
        visit = Visit(new_id(), now - timedelta(hours=2 * number), "", Kind.SINGLE, "", document, chance.choice(people).id, received=True)
        shutil.copytree(source, store.folder_of(visit.id), copy_function=os.link)
        (store.folder_of(visit.id) / record.DOCUMENT).unlink()
        (store.folder_of(visit.id) / record.DOCUMENT).write_text(json.dumps(document), encoding="utf-8")
        store.add(visit)
        if number > (1 - SIGNED_SHARE) * n_visits:
            review_state.sign(store, review_state.open_review(store, visit.id), Verdict(Outcome.ACCEPTED, "Dr. Vogel"))
    store.engine.dispose()


def spread(times_s: list[float]) -> str:
    """Median, 95th percentile and longest of some times."""
    ordered = sorted(times_s)
    return f"median {ordered[len(ordered) // 2]:.3f} s, 95th percentile {ordered[int(0.95 * (len(ordered) - 1))]:.3f} s, longest {ordered[-1]:.3f} s"


def timed(do: Callable[[], None], n: int) -> list[float]:
    """Seconds of each of n runs."""
    times_s = []
    for _ in range(n):
        started_s = time.perf_counter()
        do()
        times_s.append(time.perf_counter() - started_s)
    return times_s


def run(folder: Path, loads: int) -> None:
    """Walk through the desk and print the times."""
    store = Store(folder / "data")
    waiting = [line.id for line in inbox.lines(store, Show.WAITING)]
    people = [line.person.id for line in People(store).lines()]
    measurement = store.record(waiting[0]).measurement
    store.engine.dispose()
    print(f"recomputed: {spread(timed(lambda: corrected(measurement, EDITS), 20))}", flush=True)
    with serve(folder, "127.0.0.1", "--desk") as server, browser() as chromium, _window(chromium) as page:
        desk = Desk(page, server.url, waiting, people)
        for name in SIGNS:
            print(f"{name:7} loaded: {spread([desk.loaded(name) for _ in range(loads)])}", flush=True)
        for name in SIGNS:
            print(f"{name:7} opened: {spread([desk.opened(name) for _ in range(loads)])}", flush=True)
        print(f"drag to new angle: {spread([dragged(page, desk.address('review')) for _ in range(10)])}")
        print(f"drag to new numbers: {spread([saved(page, desk.address('review')) for _ in range(10)])}")


SIGNS = {
    "inbox": [".row img"],
    "person": [".row img", "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"],
    "review": ["[data-handle=ankle]", ".hipcv-table"],
}
"""What has to be on the screen of each page: the first row of a list with its pictures, the chart of the course, the leg with its points."""
_TIMER = """
(() => {
  const within = (root, sign) => {
    const found = root.querySelector(sign);
    if (found) return found;
    for (const one of root.querySelectorAll('*')) {
      const inside = one.shadowRoot?.querySelector(sign);
      if (inside) return inside;
    }
  };
  const seen = (sign) => document.body && within(document, sign)?.getBoundingClientRect().height > 0;
  // Milliseconds, since the document was asked for, at which all signs are on the screen.
  window.hipcvShown = (signs, path) => new Promise(done => {
    const look = () => location.pathname === path && signs.every(seen) ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
    look();
  });
  addEventListener('pointerdown', () => { window.hipcvBegan = performance.now(); }, true);
})();
"""


@contextmanager
def _window(chromium: Browser) -> Iterator[Page]:
    """A window that times itself: reporting every request of a page to this process would slow the page down."""
    context = chromium.new_context(viewport={**DESKTOP, "height": 1400}, locale="en-GB", timezone_id="UTC")
    page = context.new_page()
    page.add_init_script(_TIMER)
    yield page
    context.close()


class Desk:
    """The desk in a browser, with somebody who reads each page before going on."""

    def __init__(self, page: Page, url: str, waiting: list[str], people: list[str]) -> None:
        self._page, self._url, self._waiting, self._people = page, url, waiting, people
        self._chance = random.Random(2)

    def address(self, name: str) -> str:
        """Address of a page, of any person or any visit that waits."""
        choice = {"person": f"?person={self._chance.choice(self._people)}", "review": f"?visit={self._chance.choice(self._waiting)}"}
        return f"{self._url}/{name}{choice.get(name, '')}"

    def loaded(self, name: str) -> float:
        """Seconds until a page is shown, from its address."""
        self._page.goto(self.address(name), wait_until="commit")
        shown_ms = self._shown_ms(name)
        self._read()
        return shown_ms / 1000

    def opened(self, name: str) -> float:
        """Seconds until a page is shown, from a click on a page that leads to it."""
        before = "inbox" if name == "review" else "people"
        self._page.goto(f"{self._url}/{before}")
        self._page.locator(".row").first.wait_for()
        self._read()
        link = (
            self._page.get_by_test_id("stTopNavLink").filter(has_text=EN["app.page.inbox"])
            if name == "inbox"
            else self._page.locator(".row")
        )
        link.first.click()
        shown_ms = self._shown_ms(name)
        began_ms = float(self._page.evaluate("window.hipcvBegan"))
        self._read()
        return (shown_ms - began_ms) / 1000

    def _shown_ms(self, name: str) -> float:
        path = "/" if name == "inbox" else f"/{name}"
        self._page.wait_for_function("typeof hipcvShown !== 'undefined' && document.readyState !== 'loading'")
        return float(self._page.evaluate("([signs, path]) => hipcvShown(signs, path)", [SIGNS[name], path]))

    def _read(self) -> None:
        settle(self._page)
        self._page.wait_for_timeout(300)


_FOLLOWS = """
() => new Promise(done => {
  const inside = [...document.querySelectorAll('*')].map(one => one.shadowRoot).find(root => root?.querySelector('[data-handle=ankle]'));
  const ring = inside.querySelector('[data-handle=ankle]'), said = inside.querySelector('.reading');
  const box = ring.querySelector('.ring').getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const event = (kind, dx) => new PointerEvent(kind, {pointerId: 1, clientX: x + dx, clientY: y, bubbles: true, isPrimary: true});
  ring.setPointerCapture = () => {};
  ring.dispatchEvent(event('pointerdown', 0));
  const began = performance.now(), before = said.textContent;
  ring.dispatchEvent(event('pointermove', 25));
  const look = () => said.textContent !== before ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look);
  look();
})
"""


def dragged(page, address: str) -> float:
    """Seconds from the movement of a pointer to the next frame on the screen with the new angle, timed in the browser itself."""
    page.goto(address)
    page.locator("[data-handle=ankle]").wait_for()
    settle(page)
    return float(page.evaluate(_FOLLOWS)) / 1000


def saved(page, address: str) -> float:
    """Seconds from letting a point go to the table with the new numbers; the correction is undone again."""
    page.goto(address)
    handle = page.locator("[data-handle=ankle] .ring")
    handle.wait_for()
    settle(page)
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 10, steps=3)
    page.evaluate("addEventListener('pointerup', () => { window.hipcvBegan = performance.now(); }, true)")
    page.mouse.up()
    shown_ms = page.evaluate("hipcvShown(['.st-key-undo'], '/review')")
    took_s = (shown_ms - page.evaluate("hipcvBegan")) / 1000
    settle(page)
    page.get_by_role("button", name=EN["review.undo_all"]).click()
    page.get_by_text(EN["review.no_corrections"]).wait_for()
    return float(took_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--visits", type=int, default=3000)
    parser.add_argument("--loads", type=int, default=100)
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "data").exists():
            fill(folder, chosen.people, chosen.visits)
        run(folder, chosen.loads)


if __name__ == "__main__":
    main()
