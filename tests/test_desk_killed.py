"""The server is killed while somebody works at the desk: what was shown as saved is there when it runs again, and nothing is half."""

import random
import re
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Error as BrowserError

from hipcv.catalogues.words import texts
from hipcv.desk.take_in import take_in
from hipcv.store import inbox
from hipcv.store.settings import DESK, remember
from hipcv.store.store import Store
from tests.browser import DESKTOP, browser, needs_browser, serve, window
from tests.desks import assert_whole
from tests.sent_files import sent_file
from tests.tiers import release

EN = texts("en")
SIZE = {**DESKTOP, "height": 2600}
BRIEF_MS = 4000
"""How long a hand waits for a control; a page that has lost its server lets nobody touch anything."""
LONGEST_S = 90
pytestmark = [needs_browser, pytest.mark.pose, pytest.mark.slow]


class Killed(Exception):
    """The server is gone."""


@dataclass
class Desk:
    """A server that is killed at a moment of its own, and a window in front of it."""

    url: str
    process: subprocess.Popen
    page: object = None

    def kill_within(self, chance, seconds):
        threading.Timer(chance.uniform(0, seconds), self.process.kill).start()

    def is_alive(self):
        return self.process.poll() is None

    def do(self, act):
        """Touch something on the page; raises `Killed` if the server is."""
        end = time.monotonic() + LONGEST_S
        while True:
            try:
                return act()
            except BrowserError:
                if not self.is_alive():
                    raise Killed from None
                if time.monotonic() > end:  # before, the page may have been drawn anew under the hand
                    raise

    def until(self, shown):
        """Wait until the page shows something; raises `Killed` if the server is killed before."""
        end = time.monotonic() + LONGEST_S
        while not self.do(shown):
            assert time.monotonic() < end, self.page.get_by_test_id("stMain").inner_text()
            if not self.is_alive():
                raise Killed
            self.page.wait_for_timeout(40)


@contextmanager
def desk(chromium, folder):
    with serve(folder) as server, window(chromium, SIZE, []) as page:
        page.set_default_timeout(BRIEF_MS)
        yield Desk(server.url, server.process, page)


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "data")
    remember(opened, DESK, True)
    yield opened
    opened.engine.dispose()


# ---------------------------------------------------------------- a review
@dataclass
class Seen:
    """What a review shows as saved."""

    corrections: list = field(default_factory=list)
    versions: int = 0
    is_signed: bool = False

    def may_become(self, under_way):
        """What it may be after a server was killed: as it was shown, or with what was under way."""
        after = {
            "correct": lambda: Seen([*self.corrections, "…"], self.versions),
            "undo": lambda: Seen(self.corrections[:-1], self.versions),
            "sign": lambda: Seen(self.corrections, self.versions + 1, True),
            "reopen": lambda: Seen(self.corrections, self.versions),
        }
        return [self, *([after[under_way]()] if under_way else [])]

    def without_end(self, n):
        """The words of a correction that was under way are not known."""
        return Seen([*self.corrections[:n], *["…" for _ in self.corrections[n:]]], self.versions, self.is_signed)


_READ = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const main = document.querySelector('[data-testid=stMain]');
  if (app?.dataset.testScriptState !== 'notRunning' || !main) return null;
  return [[...main.querySelectorAll('ol li')].map(one => one.innerText), main.innerText];
}"""


def seen_on(page):
    """What the page shows, or None while it is being drawn: one of the two ways on from here is there when all is."""
    found = page.evaluate(_READ)
    if found is None:
        return None
    corrections, text = found
    is_signed = EN["review.sign.reopen"] in text
    if not is_signed and EN["review.sign.name"] not in text:
        return None
    return Seen(corrections, len(re.findall(r"^Version \d+[:,]", text, re.MULTILINE)), is_signed)


def button(page, key):
    return page.get_by_role("button", name=EN[key], exact=True)


def correct(page):
    handle = page.locator("[data-handle=ankle]")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")


def sign(page):
    name = page.get_by_role("textbox", name=EN["review.sign.name"])
    name.fill("Dr. Vogel")
    name.press("Tab")
    button(page, "review.sign.sign").click()


ACTS = {
    "correct": correct,
    "undo": lambda page: button(page, "review.undo").click(),
    "sign": sign,
    "reopen": lambda page: button(page, "review.sign.reopen").click(),
}


def next_act(seen, chance):
    if seen.is_signed:
        return "reopen"
    return chance.choice(["correct", "correct", "sign", "undo"] if len(seen.corrections) > 1 else ["correct"])


def review(at, visit_id):
    """Open a review; returns what it shows."""
    at.do(lambda: at.page.goto(f"{at.url}/review?visit={visit_id}"))
    at.until(lambda: seen_on(at.page) is not None and at.page.locator(".stage .shank").count())
    return seen_on(at.page)


def work(at, seen, chance):
    """Review until the server is killed, at the earliest after one act; returns what was shown last, and what was under way."""
    under_way, n_acts = None, 0
    try:
        while True:
            if n_acts == 1:
                at.kill_within(chance, 3)
            under_way = next_act(seen, chance)
            wanted = seen.may_become(under_way)[-1]
            at.do(lambda: ACTS[under_way](at.page))  # noqa: B023 (called at once)
            at.until(lambda: (now := seen_on(at.page)) and now.without_end(len(seen.corrections)) == wanted)  # noqa: B023
            seen, under_way, n_acts = at.do(lambda: seen_on(at.page)), None, n_acts + 1
    except Killed:
        return seen, under_way


@pytest.mark.parametrize("kills", [2, *release(12)])
def test_nothing_that_a_review_showed_as_saved_is_lost(chromium, store, kept_record, tmp_path, kills):
    visit_id = take_in(store, sent_file(kept_record, tmp_path / "one.hipcv"), "one.hipcv").visit_id
    chance, may_be = random.Random(kills), [Seen()]
    for turn in range(kills + 1):
        with desk(chromium, tmp_path) as at:
            seen = review(at, visit_id)
            assert seen.without_end(len(may_be[0].corrections)) in may_be
            assert_whole(store)
            if turn < kills:
                last, under_way = work(at, seen, chance)
                may_be = last.may_become(under_way)


# ---------------------------------------------------------------- files that come in
_FILE = re.compile(r"clip\d\d\.hipcv")


def give(at, files):
    """Take files in; returns the names of those that are told to be here, now or since before."""
    chooser, page = at.page.locator("[data-testid=stFileUploaderDropzoneInput]"), at.page
    if not at.do(page.get_by_test_id("stFileUploaderDropzone").is_visible):
        at.do(lambda: page.locator("summary", has_text=EN["inbox.take_in"]).click())
    at.do(lambda: chooser.set_input_files(files))
    at.until(lambda: button(page, "inbox.dismiss").is_visible())
    told = at.do(lambda: page.get_by_test_id("stAlert").all_inner_texts())
    at.do(lambda: button(page, "inbox.dismiss").click())
    at.until(lambda: not button(page, "inbox.dismiss").is_visible() and settled(page))
    return {name.replace("hipcv", "mp4") for text in told for name in _FILE.findall(text)}


def settled(page):
    return page.locator("[data-testid=stApp][data-test-script-state=notRunning]").count() > 0


def count_on(at):
    """How many visits the inbox tells of."""
    pill = re.compile(EN["inbox.filter.all"].replace("({count})", r"\((\d+)\)"))
    at.do(lambda: at.page.goto(f"{at.url}/inbox"))
    at.until(lambda: settled(at.page) and at.page.get_by_text(pill).count())
    return int(pill.search(at.do(lambda: at.page.get_by_text(pill).inner_text()))[1])


def take_all_in(at, files, chance):
    """Take files in until the server is killed; returns the videos of those that were told to be here, and of those under way."""
    told, under_way = set(), []
    try:
        while True:
            under_way = chance.sample(files, chance.randint(1, 4))
            if told:
                at.kill_within(chance, 3)
            told |= give(at, under_way)
    except Killed:
        return told, {file.with_suffix(".mp4").name for file in under_way}


@pytest.mark.parametrize("kills", release(1, 8))
def test_no_file_that_was_told_to_be_taken_in_is_lost_and_none_is_half(chromium, store, kept_record, tmp_path, kills):
    files = [sent_file(kept_record, tmp_path / f"clip{number:02}.hipcv", number) for number in range(16)]
    chance, here, perhaps = random.Random(kills), set(), set()
    for turn in range(kills + 1):
        with desk(chromium, tmp_path) as at:
            known = [line.clip for line in inbox.every(store)]
            assert len(known) == len(set(known)) == count_on(at)
            assert here <= set(known) <= here | perhaps
            assert_whole(store)
            if turn < kills:
                told, perhaps = take_all_in(at, files, chance)
                here = set(known) | told
