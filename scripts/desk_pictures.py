"""Take the pictures of the therapist's desk in docs/: a real server, a real browser, the sample clips.

    python scripts/desk_pictures.py

Needs Chromium (Debian: apt-get install chromium). Look at every picture before it is committed.
"""

import io
import sys
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from hipcv.catalogues.words import texts  # noqa: E402
from hipcv.desk.reply import write_reply  # noqa: E402
from hipcv.settings import Mirrored, Settings  # noqa: E402
from hipcv.store.reviews import Reviews  # noqa: E402
from hipcv.store.settings import DESK, REVIEWER, remember  # noqa: E402
from hipcv.store.store import Store  # noqa: E402
from tests import practice  # noqa: E402
from tests.browser import browser, serve, settle, window  # noqa: E402
from tests.memory import Memory, kept_memory  # noqa: E402
from tests.visits import write_record  # noqa: E402

SAMPLES, DOCS = ROOT / "samples", ROOT / "docs"
CLIPS = ("p06_asym", "p01_front", "p07_oneleg")
EN = texts("en")
DESKTOP, TABLET, PHONE = 1440, 820, 390
TALL = 3600
"""A page scrolls inside the window, so only a window that holds all of it shows all of it."""
MOST_BYTES = 300_000
MOST_LINES, GAP, BETWEEN = 1700, 24, (230, 234, 238)
STAGE, CHART = ".stage .shank", "svg.marks"


class Camera:
    """Takes pictures of the pages of one server."""

    def __init__(self, chromium: Browser, url: str, out: Path) -> None:
        self._chromium, self._url, self._out = chromium, url, out

    @contextmanager
    def page(self, address: str, width: int, scheme: str, *drawn: str):
        """A page, when everything on it is drawn."""
        size = {"width": width, "height": TALL}
        with window(self._chromium, size, [], color_scheme=scheme, reduced_motion="reduce") as page:
            page.goto(f"{self._url}/{address}")
            settle(page)
            for selector in drawn:
                page.locator(selector).first.wait_for()
            yield page

    def shot(self, page: Page, first: str | None = None, end: str | None = None) -> Image.Image:
        """A picture of the page, from one text to just above another one, by default down to the line under everything."""
        settle(page)
        _wait_until_nothing_moves(page)
        top = 0 if first is None else _top(page, first) - 16
        bottom = (page.locator("hr").last.bounding_box()["y"] if end is None else _top(page, end)) - 12
        clip = {"x": 0, "y": top, "width": page.viewport_size["width"], "height": bottom - top}
        return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")

    def take(self, page: Page, name: str, first: str | None = None, end: str | None = None) -> None:
        """Keep such a picture as docs/desk-NAME.png."""
        self.keep(self.shot(page, first, end), name)

    def keep(self, image: Image.Image, name: str) -> None:
        """Write a picture with 256 colours, which nobody misses on a page, and smaller if it is still too large."""
        out = self._out / f"desk-{name}.png"
        while True:
            image.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)
            if out.stat().st_size < MOST_BYTES:
                return
            image = image.resize((image.width * 9 // 10, image.height * 9 // 10), Image.Resampling.LANCZOS)


def _top(page: Page, text: str) -> float:
    return page.get_by_text(text, exact=True).first.bounding_box()["y"]


def _wait_until_nothing_moves(page: Page) -> None:
    """Films, charts and pictures come after the page, and move what is below them."""
    before = None
    while (now := page.screenshot()) != before:
        before = now
        page.wait_for_timeout(700)


def _side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pages of a phone beside each other, cut off where a reader has seen enough."""
    height = min(MOST_LINES, max(one.height for one in pictures))
    whole = Image.new("RGB", (sum(one.width + GAP for one in pictures) + GAP, height + 2 * GAP), BETWEEN)
    left = GAP
    for one in pictures:
        whole.paste(one.crop((0, 0, one.width, min(one.height, height))), (left, GAP))
        left += one.width + GAP
    return whole


def _one_below_the_other(pictures: Sequence[Image.Image]) -> Image.Image:
    whole = Image.new("RGB", (max(one.width for one in pictures), sum(one.height for one in pictures)), BETWEEN)
    top = 0
    for one in pictures:
        whole.paste(one, (0, top))
        top += one.height
    return whole


def take_all(folder: Path, records: Sequence[Path], out: Path = DOCS) -> None:
    """Fill a practice with the records and take every picture."""
    store = Store(folder / "data")
    remember(store, DESK, True)
    remember(store, REVIEWER, practice.REVIEWER)
    found = practice.fill(store, records)
    answer = folder / "answer.hipcv"
    write_reply(store, Reviews(store).signatures(found.answered)[-1], answer)
    with browser() as chromium:
        with serve(folder) as server:
            camera = Camera(chromium, server.url, out)
            _lists(camera, found)
            _reviews(camera, found)
            phones = _on_a_phone(camera, found)
            _in_every_look(camera, found)
        remember(store, DESK, False)
        with serve(folder) as server:
            camera = Camera(chromium, server.url, out)
            camera.keep(_side_by_side([*phones, _answer(camera, answer)]), "phone")
    store.engine.dispose()


def _lists(camera: Camera, found: practice.Practice) -> None:
    with camera.page("inbox", DESKTOP, "light", ".row img") as page:
        camera.take(page, "inbox")
    person = f"person?person={found.person}"
    with camera.page(person, TABLET, "light") as page:
        page.locator("summary", has_text=EN["person.ask"]).click()
        page.get_by_alt_text(EN["person.qr"]).wait_for()
        camera.take(page, "ask", end=EN["course.heading"])
    with camera.page(person, DESKTOP, "light", CHART) as page:
        camera.take(page, "person", end=EN["person.visits"])
    with camera.page("agreement", TABLET, "light", CHART) as page:
        camera.take(page, "agreement")


def _reviews(camera: Camera, found: practice.Practice) -> None:
    with camera.page(f"review?visit={found.waiting}", DESKTOP, "light", STAGE) as page:
        camera.take(page, "review", end=EN["compare.heading"])
    with camera.page(f"review?visit={found.corrected}", DESKTOP, "dark", STAGE) as page:
        page.locator(".reps button", has_text="R IR 1").click()
        page.locator(".stage .original").wait_for()
        camera.take(page, "corrected", end=EN["compare.heading"])
    with camera.page(f"review?visit={found.waiting}", TABLET, "dark", STAGE) as page:
        page.locator("summary", has_text=EN["compare.heading"]).click()
        page.locator(".compare .shank").first.wait_for()
        camera.take(page, "compare", EN["compare.heading"], EN["review.sign.heading"])
    with camera.page(f"review?visit={found.corrected}", TABLET, "light", STAGE) as page:
        page.get_by_role("textbox", name=EN["review.sign.comment_patient"]).fill("Well filmed. Please film again in two weeks.")
        page.get_by_role("textbox", name=EN["review.sign.comment_record"]).fill("Leans to the right in external rotation of the left hip.")
        camera.take(page, "sign", EN["review.sign.heading"])
    with camera.page(f"review?visit={found.answered}", TABLET, "dark", STAGE) as page:
        camera.take(page, "signed", EN["review.sign.heading"])


def _on_a_phone(camera: Camera, found: practice.Practice) -> list[Image.Image]:
    with camera.page("inbox", PHONE, "dark", ".row img") as page:
        inbox = camera.shot(page)
    with camera.page(f"review?visit={found.waiting}", PHONE, "light", STAGE) as page:
        return [inbox, camera.shot(page)]


def _in_every_look(camera: Camera, found: practice.Practice) -> None:
    """One sheet for each page that a morning is spent on: three widths, by day and by night."""
    pages = {
        "inbox": ("inbox", ".row img"),
        "person": (f"person?person={found.person}", CHART),
        "review": (f"review?visit={found.waiting}", STAGE),
    }
    for name, (address, drawn) in pages.items():
        shots = []
        for scheme in ("light", "dark"):
            for width in (PHONE, TABLET, DESKTOP):
                with camera.page(address, width, scheme, drawn) as page:
                    shots.append(camera.shot(page))
        rows = [_side_by_side(shots[:3]), _side_by_side(shots[3:])]
        camera.keep(_one_below_the_other(rows), f"looks-{name}")


def _answer(camera: Camera, answer: Path) -> Image.Image:
    with camera.page("open", PHONE, "light") as page:
        page.locator("input[type=file]").set_input_files(answer)
        page.get_by_text(EN["open.answer.heading"]).wait_for()
        return camera.shot(page)


def main() -> None:
    """Measure the samples and write docs/desk-*.png."""
    with tempfile.TemporaryDirectory() as name:
        folder, memory = Path(name), Memory(kept_memory())
        records = [folder / clip for clip in CLIPS]
        for record in records:
            clip = SAMPLES / f"{record.name}.mp4"
            write_record(memory.measure(clip, settings=Settings(mirrored=Mirrored.NO)), clip, record)
        take_all(folder, records)


if __name__ == "__main__":
    main()
