"""Writes uploads to disk chunk by chunk. Streamlit would hold each uploaded video in memory, even after the tab is closed.

`UploadsToDisk` stands in front of Streamlit: it writes what `st.file_uploader` sends into a file, and passes on a small upload of the
same name that holds only the number of that file. The page gets the file with `received`.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hipcv.errors import UploadGone
from hipcv.store.store import UNFINISHED, new_id
from hipcv.video import limits

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_ROUTE = "/_stcore/upload_file/"
_MARK = re.compile(rb"hipcv-upload:([0-9a-f]{32})")
_MARGIN_BYTES = 1_000_000
"""Room for the form around the file."""


class UploadsToDisk:
    """ASGI middleware; `folder` is called for each upload, and `hold` with its file and the tab that it is for."""

    def __init__(self, app: ASGIApp, folder: Callable[[], Path], hold: Callable[[Path, str], None]) -> None:
        self._app, self._folder, self._hold = app, folder, hold
        self._files: dict[str, Path] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle any request; only those of the uploader are intercepted."""
        path = scope.get("path", "")
        if scope["type"] != "http" or _ROUTE not in path or scope["method"] not in {"PUT", "DELETE"}:
            await self._app(scope, receive, send)
        elif scope["method"] == "DELETE":
            self._forget(path)
            await self._app(scope, receive, send)
        else:
            await self._take(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        target = self._folder() / new_id()
        coming = target.with_suffix(UNFINISHED)
        try:
            name = await _save(request, coming)
            coming.rename(target)
        except (ClientDisconnect, OSError, ValueError) as problem:
            coming.unlink(missing_ok=True)
            status = 413 if isinstance(problem, _TooLarge) else 507 if isinstance(problem, OSError) else 400
            await PlainTextResponse("This file cannot be taken.", status)(scope, receive, send)
            return
        self._files = {path: file for path, file in self._files.items() if file.exists()} | {scope["path"]: target}
        self._hold(target, _tab_of(scope["path"]))
        status = await self._pass_on(scope, send, name, target.name)
        if status >= 300:  # Streamlit rejects it: no session, or not from its own page
            self._forget(scope["path"])

    async def _pass_on(self, scope: Scope, send: Send, name: bytes, number: str) -> int:
        """The status of Streamlit's answer to the small upload."""
        boundary = new_id().encode()
        head = b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n' % (boundary, name)
        body = head + b"Content-Type: application/octet-stream\r\n\r\nhipcv-upload:%b\r\n--%b--\r\n" % (number.encode(), boundary)
        headers = [pair for pair in scope["headers"] if pair[0] not in {b"content-type", b"content-length", b"transfer-encoding"}]
        headers += [(b"content-type", b"multipart/form-data; boundary=" + boundary), (b"content-length", str(len(body)).encode())]
        answered = 500

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def watch(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
            await send(message)

        await self._app({**scope, "headers": headers}, receive, watch)
        return answered

    def _forget(self, path: str) -> None:
        if target := self._files.pop(path, None):
            target.unlink(missing_ok=True)


def _tab_of(path: str) -> str:
    """The tab that an address of the uploader is for."""
    return path.partition(_ROUTE)[2].partition("/")[0]


class _TooLarge(ValueError):
    """The upload is larger than hipcv accepts."""


async def _save(request: Request, target: Path) -> bytes:
    """Write the one file of a form to `target`; returns the file name exactly as it was sent."""
    _, options = parse_options_header(request.headers.get("content-type"))
    n_bytes = 0
    with target.open("xb") as file:
        if b"boundary" not in options:
            raise ValueError("no form")
        form = _Form(options[b"boundary"], file)
        async for chunk in request.stream():
            n_bytes += len(chunk)
            if n_bytes > limits.MAX_BYTES + _MARGIN_BYTES:
                raise _TooLarge
            form.parser.write(chunk)
        form.parser.finalize()
    return form.file_name()


class _Form:
    """Parses a form as it arrives: the file goes to disk, the headers are kept."""

    def __init__(self, boundary: bytes, file: BinaryIO) -> None:
        self._file, self._name, self._value = file, b"", b""
        self._headers: dict[bytes, bytes] = {}
        callbacks: MultipartCallbacks = {
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_part_data": self._on_data,
        }
        self.parser = MultipartParser(boundary, callbacks)

    def file_name(self) -> bytes:
        """The file name, escaped so that it can be put in a header again."""
        _, said = parse_options_header(self._headers.get(b"content-disposition"))
        return said.get(b"filename", b"video").replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._file.write(data[start:end])


def received(upload: UploadedFile, folder: Path) -> Path:
    """The file on disk that an upload stands for; without the middleware (in a test) it is written now.

    Raises
    ------
    UploadGone
        If it was deleted meanwhile, as an upload that no page took.
    """
    data = upload.getvalue()
    if mark := _MARK.fullmatch(data):
        kept = folder / mark[1].decode()
        if not kept.is_file():
            raise UploadGone("upload_gone")
        return kept
    target = folder / new_id()
    target.write_bytes(data)
    return target
