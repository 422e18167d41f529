"""What a page keeps on disk for a person stays while their tab is open, however long they take, and goes soon after it is closed."""

import time
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

_CLOSED_KEPT_S = 12.0
"""With the supervisor's pace, all is gone within the 20 s that are promised."""
_LOST_KEPT_S = 130.0
"""A phone that sleeps or shows another app loses its connection. Streamlit takes such a tab in again for two minutes."""
_UNUSED_KEPT_S = 2 * 3600.0
"""A tab may stay open for weeks. Each time its page is drawn, this begins again."""
_CLOSED_BY_PERSON = {1000, 1001}
"""Codes of RFC 6455 with which a browser ends a connection whose page is closed, left or loaded anew."""


def this_tab() -> str:
    """The tab that is being drawn."""
    drawn = get_script_run_ctx(suppress_warning=True)
    return drawn.session_id if drawn else ""


class OpenTabs:
    """Which files and folders belong to which tab. The supervisor asks it before it tidies up."""

    def __init__(self) -> None:
        self._held: dict[Path, tuple[str, float]] = {}
        self._kept_until_s: dict[str, float] = {}

    def hold(self, path: Path, tab: str) -> None:
        """Keep a file or folder for a tab; pages call this each time they are drawn."""
        for gone in [held for held in tuple(self._held) if not held.exists()]:
            self._held.pop(gone, None)
        self._held[path] = (tab, time.monotonic() + _UNUSED_KEPT_S)

    def are_holding(self, path: Path) -> bool:
        """Whether a tab still needs it."""
        tab, end_s = self._held.get(path, ("", 0.0))
        now_s = time.monotonic()
        if not tab or now_s > end_s:
            return False
        if _is_connected(tab):
            self._kept_until_s.pop(tab, None)
            return True
        return now_s < self._kept_until_s.setdefault(tab, now_s + _LOST_KEPT_S)

    def connection_ended(self, *, by_person: bool) -> None:
        """A tab has lost its connection, or was closed by whoever used it."""
        kept_s = _CLOSED_KEPT_S if by_person else _LOST_KEPT_S
        tabs = {tab for tab, _ in tuple(self._held.values())}
        self._kept_until_s = {tab: end_s for tab, end_s in tuple(self._kept_until_s.items()) if tab in tabs}
        for tab in tabs:
            if not _is_connected(tab):
                self._kept_until_s.setdefault(tab, time.monotonic() + kept_s)


def _is_connected(tab: str) -> bool:
    """A page that is drawn without a server, as in a test, is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(tab)


class Connections:
    """ASGI middleware that tells the tabs how a connection ended."""

    def __init__(self, app: ASGIApp, tabs: Callable[[], OpenTabs]) -> None:
        self._app, self._tabs = app, tabs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle any request; only the connections of tabs are listened to."""
        code = 0

        async def listen() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code", 0)
            return message

        await self._app(scope, listen if scope["type"] == "websocket" else receive, send)
        if scope["type"] == "websocket":
            self._tabs().connection_ended(by_person=code in _CLOSED_BY_PERSON)
