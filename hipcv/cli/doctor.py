"""Checks the installation. Each check says what it found and, if it failed, what to do."""

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from hipcv.capture import pose_models
from hipcv.errors import HipcvError, InstallationError
from hipcv.values import Frame

CV2_PROVIDERS = ("opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
OLDEST_FFMPEG = (62, 28, 102)
"""libavcodec of FFmpeg 8.1.2, the first without a known high-severity vulnerability (CVE-2026-8461)."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    what: str
    passed: bool
    seen: str


def examine() -> list[Check]:
    """Run all checks, each after those it depends on."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: f"{platform.python_version()} on {platform.system()} {platform.machine()}, {sys.executable}"),
        ("mediapipe", _mediapipe),
        ("OpenCV", _opencv),
        ("FFmpeg", _ffmpeg),
        *((f"pose model {name}", lambda name=name: _bundle(name)) for name in ("full", "lite")),
        ("pose network", _network),
    ]
    return [_run(what, check) for what, check in checks]


def _run(what: str, check: Callable[[], str]) -> Check:
    try:
        return Check(what, True, check())
    except (HipcvError, metadata.PackageNotFoundError, ImportError, OSError) as problem:
        return Check(what, False, str(problem))


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


def _bundle(name: str) -> str:
    data, info = pose_models.load(name)
    return f"{len(data):,} bytes, sha256 {info.sha256[:12]}…"


def _network() -> str:
    import numpy as np

    from hipcv.capture.pose import PoseFinder  # late: loads MediaPipe

    with PoseFinder(pose_models.load("lite")[0]) as finder:
        people = finder.find(Frame(0.0, np.zeros((480, 270, 3), np.uint8)))
    return f"runs; {len(people)} people in an empty picture"
