"""Asks routes for something, without a server and without a network."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.routing import Route


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    routes: Sequence[Route],
    path: str,
    *,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """The answer to a path as it comes out of an address."""
    sent: list[Any] = []
    coming = [{"type": "http.request", "body": body or b"", "more_body": False}]

    async def receive() -> Any:
        if coming and body is not None:
            return coming.pop()
        return await asyncio.Event().wait()  # whoever asks stays until all has come

    async def send(message: Any) -> None:
        sent.append(message)

    asked = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "headers": asked, "query_string": urlencode(query or {}).encode()}
    asyncio.run(Starlette(routes=routes)({**scope, "root_path": ""}, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:]))
