"""The server: Streamlit with uploads that go to disk, pictures that come from disk, and no word to any other machine."""

import gc
import os
import socket
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module, resources
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hipcv.catalogues.words import flat
from hipcv.errors import PortTaken
from hipcv.web.server import media_routes
from hipcv.web.server.service import DATA, DATABASE, service
from hipcv.web.server.uploads import UploadsToDisk

HERE = "127.0.0.1"
"""Nobody but this machine reaches it."""
SCRIPT = Path(__file__).parents[1] / "app.py"
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)
"""Whatever a page holds, the browser asks no other machine for it."""
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


class SecureHeaders:
    """ASGI middleware: what every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _warm_up() -> None:
    """Load what the first result would wait for.

    Streamlit collects garbage after every run of a page; what is loaded once and stays need not be looked through each time (0.15 s of
    every half second that a page follows a job).
    """
    import_module("hipcv.web.parts.result_view")
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _running(_app: Any) -> AsyncIterator[None]:
    """Jobs that an earlier server left go on as soon as this one is up, and processes end with it."""
    running = service()
    Thread(target=_warm_up, name="hipcv-warm-up", daemon=True).start()
    yield
    running.supervisor.close()


def build() -> st.App:
    """The whole application; `app.py` holds one for `streamlit run`."""
    return st.App(SCRIPT, **parts())


def _to_first_page(request: Request) -> Response:
    """The first page has no name in its address; who writes the one that the others suggest gets there, too."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


def parts() -> dict[str, Any]:
    """What hipcv adds to Streamlit."""
    return {
        "lifespan": _running,
        "routes": [*media_routes.routes(service), Route("/measure", _to_first_page)],
        "middleware": [Middleware(SecureHeaders), Middleware(UploadsToDisk, folder=lambda: service().store.uploads)],
    }


def choose_store(data: Path | None, database: str | None) -> None:
    """Where this server keeps things; opened at once, so that what is wrong with it is said before a page is up.

    Raises
    ------
    StoreError
        The folder or the database cannot be used.
    """
    if data is not None:
        os.environ[DATA] = str(data.absolute())
    if database is not None:
        os.environ[DATABASE] = database
    service()


def configuration() -> dict[str, Any]:
    """Streamlit's options by their full names, as config.toml has them."""
    tables = tomllib.loads((resources.files("hipcv.web") / "config.toml").read_text(encoding="utf-8"))
    return {name: value for section, table in tables.items() for name, value in flat(section, table).items()}


def check_place(address: str, port: int) -> None:
    """Say at once if nothing can be served there.

    Raises
    ------
    PortTaken
        Something else answers there, or the system does not allow it.
    """
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just stopped is no obstacle
        try:
            probe.bind((address, port))
        except OSError as problem:
            case = "here" if address == HERE else "elsewhere"
            raise PortTaken("port_taken", case=case, port=port, reason=problem.strerror, address=address) from None


def run(address: str, port: int, *, open_browser: bool) -> None:
    """Serve until somebody stops it; only who asks for `address` by its own name gets an answer."""
    known = configuration()
    place = {"server.address": address, "browser.serverAddress": address, "server.port": port}
    hosts = {"server.allowedHosts": [*known["server.allowedHosts"], address]}
    build().run(config={**known, **place, **hosts, "server.headless": not open_browser})
