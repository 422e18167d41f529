"""Serves the pictures and videos of visits from disk, in chunks, so that no page holds a video in memory."""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from hipcv.errors import NotAllowed
from hipcv.records.record import FIGURE, LEG_FILM, OVERLAY, STILL
from hipcv.store.access import Action
from hipcv.store.store import is_id
from hipcv.web.server.service import Service

ADDRESS = "/files"
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".mp4": "video/mp4"}
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
"""The browser stores no copy, and no other site can show the files."""


def address(folder: Path, name: str) -> str:
    """The address of a visit's file for the browser."""
    return f"{ADDRESS}/{folder.name}/{name}"


def routes(service: Callable[[], Service]) -> list[Route]:
    """The one route for media files."""

    def answer(request: Request) -> Response:
        visit_id, name = request.path_params["visit_id"], request.path_params["name"]
        path = _path(service(), visit_id, name)
        if path is None:
            return PlainTextResponse("There is no such file.", 404)
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_HEADERS)

    return [Route(ADDRESS + "/{visit_id}/{name}", answer)]


def _path(service: Service, visit_id: str, name: str) -> Path | None:
    """The path of a requested file, None if it is not there or not to be seen by whoever asks.

    Id and name are joined only after their form was checked, so that nothing else can be requested.
    """
    if not is_id(visit_id) or not (name in {FIGURE, OVERLAY, LEG_FILM} or STILL.fullmatch(name)):
        return None
    try:
        service.store.gate.check(Action.SEE, visit_id)
    except NotAllowed:
        return None
    places = (folder / visit_id / name for folder in (service.store.folder / "visits", service.store.opened))
    return next((path for path in places if path.is_file()), None)
