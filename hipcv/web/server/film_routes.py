"""The page that films: its files, and the one place that takes its recording. It measures nothing; the recording goes into the queue."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hipcv.catalogues.words import Words
from hipcv.errors import NotAllowed
from hipcv.filmed import filmed_of
from hipcv.store import job
from hipcv.store.store import UNFINISHED, new_id
from hipcv.video import limits
from hipcv.web.server.film_facts import page_facts
from hipcv.web.server.film_files import file_named
from hipcv.web.server.service import Service

ADDRESS = "/film"
_MARK = "x-hipcv-film"
"""A header that a page of another site cannot send without being asked for, and nobody answers that question."""
_ENDINGS = {"video/mp4": "mp4", "video/webm": "webm"}
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Only what this page needs, and no other machine."""
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(self), accelerometer=(self), gyroscope=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(service: Callable[[], Service]) -> list[Route]:
    """The routes of the page."""

    async def take(request: Request) -> Response:
        return await _take(request, service())

    return [
        Route(ADDRESS, _to_page),
        Route(f"{ADDRESS}/page.json", _facts),
        Route(f"{ADDRESS}/clip", take, methods=["POST"]),
        Route(ADDRESS + "/{name:path}", _file),
    ]


def _to_page(request: Request) -> Response:
    query = request.url.query
    return RedirectResponse(f"{ADDRESS}/?{query}" if query else f"{ADDRESS}/")


def _file(request: Request) -> Response:
    found = file_named(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.", 404)
    path, media_type = found
    return FileResponse(path, media_type=media_type, headers=HEADERS)


def _facts(request: Request) -> Response:
    return JSONResponse(page_facts(_language(request)), headers=HEADERS)


def _language(request: Request) -> str:
    said = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return said.split(",")[0].split("-")[0].strip()


async def _take(request: Request, service: Service) -> Response:
    """Write a recording to disk as it comes, then put it into the queue; nothing is left of one that breaks off."""
    words = Words(_language(request))
    ending = _ENDINGS.get(request.headers.get("content-type", "").split(";")[0].strip())
    if _MARK not in request.headers or request.headers.get("sec-fetch-site", "same-origin") != "same-origin" or ending is None:
        return _problem(words("film.not_taken"), 403)
    try:
        filmed = filmed_of(json.loads(request.query_params.get("about", "")))
    except ValueError:
        return _problem(words("film.not_taken"), 400)
    coming = service.store.uploads / f"{new_id()}{UNFINISHED}"
    try:
        await _save(request, coming)
        name = f"hipcv {datetime.now():%Y-%m-%d %H-%M}.{ending}"
        asked = job.Request(job.Camera.BACK, filmed=filmed.document())  # neither camera of a browser mirrors what it records
        job_id = await run_in_threadpool(service.queue.add, coming, name, asked)
    except ClientDisconnect:
        return _problem("", 400)
    except (OSError, NotAllowed, _Unusable) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        return _problem(words("measure.not_kept", why=reason) if reason else words("film.not_taken"), 507 if reason else 413)
    finally:
        coming.unlink(missing_ok=True)
    return JSONResponse({"job": job_id}, 201, headers=HEADERS)


class _Unusable(ValueError):
    """The recording is empty, or larger than hipcv accepts."""


async def _save(request: Request, target: Path) -> None:
    n_bytes = 0
    with target.open("xb") as file:
        async for chunk in request.stream():
            n_bytes += len(chunk)
            if n_bytes > limits.MAX_BYTES:
                raise _Unusable
            file.write(chunk)
    if not n_bytes:
        raise _Unusable


def _problem(sentence: str, status: int) -> Response:
    return JSONResponse({"problem": sentence}, status, headers=HEADERS)
