"""The server: Streamlit with uploads to disk and media files from disk; it contacts no other machine."""

import gc
import os
import socket
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module, resources
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hipcv.catalogues.words import flat
from hipcv.errors import PortTaken
from hipcv.store import settings
from hipcv.store.place import DATA, DATABASE
from hipcv.web.server import film_routes, media_routes
from hipcv.web.server.certificate import Certificate
from hipcv.web.server.open_tabs import Connections
from hipcv.web.server.service import service
from hipcv.web.server.uploads import UploadsToDisk

HERE = "127.0.0.1"
"""Only this machine can reach it."""
SCRIPT = Path(__file__).parents[1] / "pages" / "app.py"
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)
"""No page can make the browser request anything from another machine."""
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


class SecureHeaders:
    """ASGI middleware that adds security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle any request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}  # the page that films has a policy of its own
                message["headers"] = [*message["headers"], *(one for one in _HEADERS if one[0] not in known)]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _warm_up() -> None:
    """Load what the first result would have to wait for.

    Streamlit collects garbage after every run of a page; freezing what stays loaded keeps it from being scanned each time (0.15 s of
    every half second while a page follows a job).
    """
    import_module("hipcv.web.parts.result_view")
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _running(_app: Any) -> AsyncIterator[None]:
    """Start the supervisor, which resumes an earlier server's jobs, and end its processes with the server."""
    running = service()
    Thread(target=_warm_up, name="hipcv-warm-up", daemon=True).start()
    yield
    running.supervisor.close()


class ToFirstPage:
    """ASGI middleware that redirects `/measure`, or `/inbox` at a desk: the first page has no name in its address, but others suggest it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle any request."""
        path = scope.get("path")
        if scope["type"] == "http" and path in {"/measure", "/inbox"} and path == self._first():
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/?{query}" if query else "/")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    @staticmethod
    def _first() -> str:
        return "/inbox" if settings.setting(service().store, settings.DESK, False) else "/measure"


def parts() -> dict[str, Any]:
    """The parts that hipcv adds to Streamlit."""
    return {
        "lifespan": _running,
        "routes": [*media_routes.routes(service), *film_routes.routes(service)],
        "middleware": [
            Middleware(SecureHeaders),
            Middleware(ToFirstPage),
            Middleware(Connections, tabs=lambda: service().tabs),
            Middleware(
                UploadsToDisk,
                folder=lambda: service().store.uploads,
                hold=lambda path, tab: service().tabs.hold(path, tab),
            ),
        ],
    }


def choose_store(data: Path | None, database: str | None, desk: bool | None = None) -> None:
    """Choose where this server keeps its data and open it at once, so that a problem is reported before a page is up.

    `desk` opens or closes the desk of a practice; None leaves it as it was.

    Raises
    ------
    StoreError
        If the folder or the database cannot be used.
    """
    if data is not None:
        os.environ[DATA] = str(data.absolute())
    if database is not None:
        os.environ[DATABASE] = database
    store = service().store
    if desk is not None:
        settings.remember(store, settings.DESK, desk)


def check_place(address: str, port: int) -> None:
    """Check early that the server can listen there.

    Raises
    ------
    PortTaken
        If something else is listening there, or the system does not allow it.
    """
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that has just stopped is no obstacle
        try:
            probe.bind((address, port))
        except OSError as problem:
            case = "here" if address == HERE else "elsewhere"
            raise PortTaken("port_taken", case=case, port=port, reason=problem.strerror, address=address) from None


def run(address: str, port: int, secure: Certificate | None = None, *, open_browser: bool) -> None:
    """Serve until stopped; only requests that name `address` or an allowed host are answered."""
    tables = tomllib.loads((resources.files("hipcv.web") / "config.toml").read_text(encoding="utf-8"))
    known = {name: value for section, table in tables.items() for name, value in flat(section, table).items()}
    place: dict[str, Any] = {"server.address": address, "browser.serverAddress": address, "server.port": port}
    if secure:
        place |= {"server.sslCertFile": str(secure.file), "server.sslKeyFile": str(secure.key)}
    hosts = {"server.allowedHosts": [*known["server.allowedHosts"], address]}
    # Streamlit puts the folder of the command on the path of imports: of `python -m hipcv` that is hipcv itself, whose `statistics` would
    # hide Python's own.
    sys.argv[:1] = [""]
    st.App(SCRIPT, **parts()).run(config={**known, **place, **hosts, "server.headless": not open_browser})
