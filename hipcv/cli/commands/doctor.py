"""The command `hipcv doctor`: checks whether this installation is complete. Each check says what it found, or what to do."""

import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path

import typer

from hipcv.capture import pose_models
from hipcv.cli import terminal
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, in_plain_words
from hipcv.errors import HipcvError, InstallationError
from hipcv.system.confinement.layers import Layer
from hipcv.values import Frame

CV2_PROVIDERS = ("opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
_CLOSED_TO = {
    Layer.FILES: "files (Landlock)",
    Layer.CALLS: "network and processes (seccomp)",
    Layer.LIMITS: "more memory and time than a clip takes (limits)",
}
OLDEST_FFMPEG = (62, 28, 102)
"""libavcodec of FFmpeg 8.1.2, the first without a known high-severity vulnerability (CVE-2026-8461)."""


@in_plain_words
def doctor() -> None:
    """Check this installation."""
    checks: dict[str, Callable[[], str]] = {
        "Python": lambda: f"{platform.python_version()} on {platform.system()} {platform.machine()}, {sys.executable}",
        "mediapipe": _mediapipe,
        "OpenCV": _opencv,
        "FFmpeg": _ffmpeg,
        "decoder sandbox": _sandbox,
        "pose model full": partial(_bundle, "full"),
        "pose model lite": partial(_bundle, "lite"),
        "pose network": _network,
    }
    out, n_failed = terminal.console(), 0
    for what, check in checks.items():
        try:
            mark, seen = "ok  ", check()
        except (HipcvError, metadata.PackageNotFoundError, ImportError, OSError) as problem:
            mark, seen, n_failed = "FAIL", str(problem), n_failed + 1
        terminal.print_hanging(out, mark, f"{what}: {seen}")
    out.print()
    out.print(f"{n_failed} of {len(checks)} checks failed; each line above says what to do." if n_failed else "Everything is in place.")
    if n_failed:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _mediapipe() -> str:
    if warning := pose_models.telemetry_warning():
        raise warning
    return f"{pose_models.mediapipe_version()}, sends nothing to anybody"


def installed_opencvs() -> list[str]:
    """Installed distributions that provide `cv2`; several would overwrite each other's files."""
    found = []
    for name in CV2_PROVIDERS:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found


def _opencv() -> str:
    found = installed_opencvs()
    if len(found) != 1:
        raise HipcvError("several_opencv", n=len(found), packages=found or ["none"])
    try:
        import cv2  # noqa: F401
    except ImportError as problem:
        raise InstallationError.without(problem) from None
    return found[0]


def _ffmpeg() -> str:
    import av

    version = av.library_versions["libavcodec"]
    seen = f"libavcodec {'.'.join(map(str, version))} (PyAV {av.__version__})"
    if version < OLDEST_FFMPEG:
        raise HipcvError("decoder_has_holes", seen=seen)
    return seen


def _sandbox() -> str:
    from hipcv.video import sandbox  # late: loads PyAV
    from hipcv.video.reader import Wanted  # late: loads PyAV

    with Path(__file__).open("rb") as file, sandbox.decoder(__file__, file, "hipcv", Wanted(240, 5)) as decoder:
        held = decoder.layers()
    told = {
        "closed to": [what for layer, what in _CLOSED_TO.items() if layer in held],
        "open to": [what for layer, what in _CLOSED_TO.items() if layer not in held],
    }
    return "; ".join(f"{how} {', '.join(these)}" for how, these in told.items() if these)


def _bundle(name: str) -> str:
    data, info = pose_models.load(name)
    return f"{len(data):,} bytes, sha256 {info.sha256[:12]}…"


def _network() -> str:
    import numpy as np

    from hipcv.capture.pose import PoseFinder  # late: loads MediaPipe

    with PoseFinder(pose_models.load("lite")[0]) as finder:
        people = finder.find(Frame(0.0, np.zeros((480, 270, 3), np.uint8)))
    return f"runs; {len(people)} people in an empty picture"
