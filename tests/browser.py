"""A real server in a process of its own, and a real browser in front of it."""

import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hipcv.catalogues.words import texts
from tests.memory import Memory

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)")


@dataclass(frozen=True)
class Server:
    """Where a server is, and what it leaves."""

    url: str
    data: Path
    contacts: Path
    output: Path
    process: subprocess.Popen
    memory: Path

    @contextmanager
    def remembering(self, memory: Memory) -> Iterator[None]:
        """Meanwhile nothing is measured that was measured in this run."""
        self.memory.symlink_to(memory.folder)
        try:
            yield
        finally:
            self.memory.unlink()

    def foreign_contacts(self) -> str:
        return self.contacts.read_text() if self.contacts.exists() else ""


@contextmanager
def serve(
    folder: Path, address: str = "127.0.0.1", *options: str, trusting: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[Server]:
    """`hipcv app` with further options, kept from reaching any other machine; it is stopped at the end. `trusting` = it is asked over https;
    a `port` is one where another server was before."""
    port = port or _free_port()
    contacts, output, memory = folder / "contacts.txt", folder / "server.txt", folder / "memory"
    environment = Memory(memory).environment(HIPCV_CONTACTS=str(contacts))
    command = [
        sys.executable,
        "-m",
        "hipcv",
        "app",
        "--data",
        str(folder / "data"),
        "--port",
        str(port),
        "--address",
        address,
        "--no-browser",
        *options,
    ]
    with output.open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT, cwd=folder)
    try:
        url = f"{'https' if trusting else 'http'}://{address}:{port}"
        _wait_for(f"{url}/_stcore/health", process, output, trusting)
        yield Server(url, folder / "data", contacts, output, process, memory)
    finally:
        process.terminate()
        process.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen, output: Path, trusting: ssl.SSLContext | None) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2, context=trusting):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(output.read_text())


@contextmanager
def browser(*further: str) -> Iterator[Browser]:
    """Chromium, with further arguments."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, *further])
        yield chromium
        chromium.close()


@contextmanager
def window(chromium: Browser, size: dict[str, int], asked: list[str], **options: object) -> Iterator[Page]:
    """A fresh window; `asked` collects the hosts that it sends requests to."""
    context = chromium.new_context(viewport=size, locale="en-GB", timezone_id="UTC", accept_downloads=True, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda channel: asked.append(channel.url))
    yield page
    context.close()


def settle(page: Page) -> None:
    """Wait until the page is drawn: what is touched meanwhile may be replaced under the hand, as no person is fast enough to see."""
    page.get_by_test_id("stButtonGroup").last.wait_for()  # the choice of language comes last
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def upload(page: Page, path: Path, picture: str = "first", title: str = "") -> None:
    """Give the page a video, say which picture is the right way round, and measure."""
    choose(page, path)
    measure_as(page, picture, title)


def choose(page: Page, path: Path) -> None:
    """Give the page a video, and wait until it asks about it."""
    settle(page)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_test_id("stRadio").wait_for()
    settle(page)


def measure_as(page: Page, picture: str, title: str = "") -> None:
    """Say which picture is the right way round, and measure."""
    said = texts("en")
    page.get_by_test_id("stRadio").get_by_text(said[f"measure.ask.{picture}"], exact=True).click()
    page.get_by_role("radio", name=said[f"measure.ask.{picture}"], checked=True).wait_for(state="attached")
    if title:
        page.get_by_text(said["measure.ask.more"]).click()
        page.get_by_label(said["measure.ask.title"]).fill(title)
        page.get_by_label(said["measure.ask.title"]).press("Tab")
    page.get_by_role("button", name=said["measure.ask.measure"], exact=True).click()
