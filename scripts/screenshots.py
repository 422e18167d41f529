"""Take the screenshots of the app in docs/: a real server, a real browser, a sample clip.

    python scripts/screenshots.py

Needs Chromium (Debian: apt-get install chromium). Look at every screenshot before it is committed.
"""

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hipcv import Mirrored, Settings, measure  # noqa: E402
from hipcv.records.visit import Kind  # noqa: E402
from hipcv.store.store import Store  # noqa: E402
from tests.browser import DESKTOP, PHONE, browser, serve, upload, window  # noqa: E402
from tests.visits import add_visit, write_record  # noqa: E402

SAMPLES, DOCS = ROOT / "samples", ROOT / "docs"
_GAP = 24


def _seed(folder: Path) -> str:
    """Store three visits of two samples, so that there is something to compare; returns the id of the first."""
    store = Store(folder / "data")
    records = {}
    for name in ("p06_asym", "p01_front"):
        clip = SAMPLES / f"{name}.mp4"
        records[name] = folder / name
        write_record(measure(clip, settings=Settings(mirrored=Mirrored.NO)), clip, records[name])
    first = add_visit(store, records["p06_asym"], 0, "Week 1", Kind.BEFORE)
    add_visit(store, records["p01_front"], 0.02, "Week 1", Kind.AFTER)
    add_visit(store, records["p01_front"], 14, "Week 3")
    return first.id


def _shot(page, lines: int) -> np.ndarray:
    """A screenshot of the top of the page, at least `lines` pixels high."""
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": max(lines, size["height"])})
    page.wait_for_timeout(2500)
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    page.set_viewport_size(size)
    return picture


def _side_by_side(pictures: list[np.ndarray]) -> np.ndarray:
    height = max(picture.shape[0] for picture in pictures)
    padded = [
        cv2.copyMakeBorder(one, _GAP, height - one.shape[0] + _GAP, _GAP, 0, cv2.BORDER_CONSTANT, value=(238, 234, 230)) for one in pictures
    ]
    return cv2.copyMakeBorder(np.hstack(padded), 0, 0, 0, _GAP, cv2.BORDER_CONSTANT, value=(238, 234, 230))


def main() -> None:
    """Write docs/app-phone.png, docs/app-desktop.png and docs/app-dark.png."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visit_id = _seed(folder)
        with serve(folder) as server, browser() as chromium:
            with window(chromium, PHONE, []) as page:
                page.goto(server.url)
                page.get_by_role("heading", level=1).wait_for()
                first = _shot(page, 1700)
                upload(page, SAMPLES / "p06_asym.mp4")
                page.get_by_text("First look:").wait_for()
                page.wait_for_timeout(3000)
                job = _shot(page, 1700)
                page.goto(f"{server.url}/result?visit={visit_id}")
                page.locator(".hipcv-stills img").first.wait_for()
                result = _shot(page, 1700)
                cv2.imwrite(str(DOCS / "app-phone.png"), _side_by_side([first, job, result]))
            for scheme, file in (("light", "app-desktop.png"), ("dark", "app-dark.png")):
                with window(chromium, DESKTOP, [], color_scheme=scheme) as page:
                    page.goto(f"{server.url}/result?visit={visit_id}" if scheme == "light" else f"{server.url}/visits")
                    page.get_by_role("heading", level=1).wait_for()
                    cv2.imwrite(str(DOCS / file), _shot(page, 1500))


if __name__ == "__main__":
    main()
