"""A browser with a fake camera that plays a clip: rendered people as a phone would see them, altered in known ways."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser

from hipcv.settings import Settings
from hipcv.video.clip import open_clip
from tests.browser import browser

Alter = Callable[[np.ndarray], np.ndarray]
RATE_HZ = 30
"""At which Chromium plays such a file, whatever the clip had."""


def pictures(clip: Path, still_s: float = 0.0) -> Iterator[np.ndarray]:
    """The upright pictures of a clip at the fake camera's rate, RGB, the first one for so long before it begins to move."""
    next_s = 0.0
    with open_clip(clip, Settings(analysis_rate_hz=240)) as opened:
        for number, frame in enumerate(opened.frames()):
            if number == 0:
                yield from [frame.rgb] * round(still_s * RATE_HZ)
            while next_s <= frame.time_s:
                next_s += 1 / RATE_HZ
                yield frame.rgb


def write_mjpeg(frames: Iterator[np.ndarray], out: Path, alter: Alter = lambda rgb: rgb) -> Path:
    """Pictures as the file that Chromium's fake camera plays, over and over."""
    with out.open("wb") as file:
        for rgb in frames:
            fine, data = cv2.imencode(".jpg", cv2.cvtColor(alter(rgb), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])
            assert fine
            file.write(data.tobytes())
    return out


@contextmanager
def browser_with_camera(film: Path | None, *further: str, allowed: bool = True) -> Iterator[Browser]:
    """Chromium whose only camera plays `film`; None = it has no camera. If not `allowed`, nobody answers when the page asks for it."""
    fake = ["--use-fake-ui-for-media-stream"] if allowed else []
    if film is not None:
        fake += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    with browser(*fake, *further) as chromium:
        yield chromium


# ---------------------------------------------------------------------- what goes wrong in front of a camera
def rolled(degrees: float) -> Alter:
    """The phone leans by so many degrees; what comes into the picture at its corners is its edge, drawn out."""

    def alter(rgb: np.ndarray) -> np.ndarray:
        height, width = rgb.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)

    return alter


def smaller(share: float) -> Alter:
    """The phone stands farther away."""

    def alter(rgb: np.ndarray) -> np.ndarray:
        height, width = rgb.shape[:2]
        small = cv2.resize(rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
        return cv2.copyMakeBorder(small, top, height - small.shape[0] - top, left, width - small.shape[1] - left, cv2.BORDER_REPLICATE)

    return alter


def without_feet(share: float = 0.8) -> Alter:
    """The lower part of the picture is not there."""
    return lambda rgb: rgb[: int(share * rgb.shape[0])]


def on_foot(hips: float, knees: float, longer: float) -> Alter:
    """The person stands: between hips and knees, at these shares of the height, the thighs are drawn out to so many times their length."""

    def alter(rgb: np.ndarray) -> np.ndarray:
        height, width = rgb.shape[:2]
        top, bottom = round(hips * height), round(knees * height)
        thighs = cv2.resize(rgb[top:bottom], (width, round(longer * (bottom - top))), interpolation=cv2.INTER_CUBIC)
        return np.vstack([rgb[:top], thighs, rgb[bottom:]])

    return alter


def darker(share: float) -> Alter:
    """Less light."""
    return lambda rgb: (rgb * share).astype(np.uint8)


def twice(rgb: np.ndarray) -> np.ndarray:
    """Two people side by side."""
    return np.hstack([rgb, rgb[:, ::-1]])


def empty(rgb: np.ndarray) -> np.ndarray:
    """A bare wall."""
    return rgb[:8, :8].repeat(80, 0).repeat(45, 1)


WRONG: dict[str, tuple[Alter, set[str]]] = {
    "level": (rolled(8), {"check.level.left", "check.level.right"}),
    "far": (smaller(0.45), {"check.near.far"}),
    "feet cut off": (without_feet(0.7), {"check.feet.feet"}),
    "dark": (darker(0.12), {"check.light.dark", "check.person.dark"}),
    "two people": (twice, {"check.alone.several"}),
    "standing": (on_foot(0.492, 0.532, 7), {"check.seated.standing"}),
    "an empty room": (empty, {"check.person.nobody"}),
}
"""What is done to the pictures of the first sample, and which of the coach's sentences are right then."""
