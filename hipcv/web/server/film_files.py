"""The files of the page that films: what may be served, as what, and the hashes of those by others."""

from importlib import resources
from pathlib import Path

FILM = Path(str(resources.files("hipcv.web") / "film"))
VENDOR = FILM / "vendor"
MODEL = "lite.task"
"""The pose model for looking: the small one, as the coach measures nothing."""
VENDOR_SHA256 = {
    "vision_bundle.cjs": "bf58c9b3f592304422947b51e1f7de360c67d4dfeaa900064352da0c5a7c9115",
    "vision_wasm_internal.js": "4a97e2520ba506c680ecd6ba6acfb146888afa0e2746d57f205352bc6ebb82eb",
    "vision_wasm_internal.wasm": "f00ec4731faa23b3e714d00e88d4d10e2df5c0a427d3a2b4ae6e3526fdd14ef7",
}
"""As `scripts/vendor_pose_network.py` takes them from the package."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".cjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".task": "application/octet-stream",
}


def file_named(name: str) -> tuple[Path, str] | None:
    """Path and media type of a file of the page; None for everything else. "" is the page itself."""
    if name == MODEL:
        return Path(str(resources.files("hipcv.capture") / "bundles" / MODEL)), _TYPES[".task"]
    path = _FILES.get(name or "page.html")
    return (path, _TYPES[path.suffix]) if path else None


_FILES = {path.relative_to(FILM).as_posix(): path for path in FILM.rglob("*") if path.suffix in _TYPES}
