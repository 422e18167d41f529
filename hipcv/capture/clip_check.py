"""Quick check of a clip before the long wait: one person, upright, in the image from head to feet, and well lit?"""

import os
from collections.abc import Iterator, Sequence

import numpy as np

from hipcv.capture import people, picture_quality
from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.capture.picture_quality import PictureSample
from hipcv.capture.pose import Pose, everybody_finder
from hipcv.kinematics.body import trunk_px
from hipcv.kinematics.geometry import length
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import FACE, Side, of_side
from hipcv.settings import Settings
from hipcv.values import Frame
from hipcv.video.clip import open_clip

_LOOK_S = 2.0
"""Length of the clip that is checked: somebody who starts the phone alone may still be walking to the seat in the first second."""
_EVERY_S = 0.25
_LEGS = [of_side(part, side) for part in ("knee", "ankle", "foot_index") for side in Side]
_EDGE = 0.01
"""A point this near to the edge of the image, as a share of its height, may lie outside."""


def look(path: str | os.PathLike[str], settings: Settings, name: str | None = None) -> list[ClipCheck]:
    """Check the first two seconds.

    Raises
    ------
    ClipError
        The file cannot be used at all.
    """
    with open_clip(path, settings, name) as clip, everybody_finder() as finder:
        samples, looks = [], []
        for frame in _few(clip.frames()):
            found = finder.find(frame)
            largest = max(found, key=lambda pose: people.person_of(pose.image_px).size_px, default=None)
            samples.append(picture_quality.sample(frame, largest.image_px if largest else None))
            looks.append((frame, found, largest))
    return [ClipCheck(Item.READABLE, True), *_persons(looks, settings), _light(samples, settings)]


def camera_says(path: str | os.PathLike[str], settings: Settings, name: str | None = None) -> ClipCheck:
    """Mirroring as stated in the file; store/job.py compares it with the person's statement about the camera. Errors as above."""
    with open_clip(path, settings, name) as clip:
        mirrored, front = clip.camera_facts
    if mirrored is None:
        return ClipCheck(Item.MIRRORED, True, "front" if front else "")
    return ClipCheck(Item.MIRRORED, True, "mirrored" if mirrored else "not_mirrored")


_Look = tuple[Frame, list[Pose], Pose | None]


def _few(frames: Iterator[Frame]) -> Iterator[Frame]:
    next_s = 0.0
    for frame in frames:
        if frame.time_s > _LOOK_S:
            return
        if frame.time_s >= next_s:
            next_s = frame.time_s + _EVERY_S
            yield frame


def _persons(looks: Sequence[_Look], settings: Settings) -> Iterator[ClipCheck]:
    seen = [(frame, pose) for frame, _, pose in looks if pose is not None]
    if 2 * len(seen) < len(looks) or not seen:
        yield ClipCheck(Item.ONE_PERSON, False, "nobody")
        return
    yield ClipCheck(Item.UPRIGHT, *_verdict([_is_upright(pose) for _, pose in seen], "lying"))
    n_people = people.count([[people.person_of(pose.image_px) for pose in found] for _, found, _ in looks])
    yield ClipCheck(Item.ONE_PERSON, n_people == 1, "" if n_people == 1 else "several")
    yield ClipCheck(Item.WHOLE_BODY, *_verdict([_is_in(frame, pose, FACE, settings) for frame, pose in seen], "head"))
    yield ClipCheck(Item.FEET, *_verdict([_is_in(frame, pose, _LEGS, settings) for frame, pose in seen], "feet"))


def _verdict(each: Sequence[bool], otherwise: str) -> tuple[bool, str]:
    fine = 2 * sum(each) >= len(each)
    return fine, "" if fine else otherwise


def _is_upright(pose: Pose) -> bool:
    """Whether the trunk is upright; an image lying on its side was filmed with a rotation that the file does not state."""
    trunk = trunk_px(pose.image_px)
    across, down = trunk
    return bool(down > abs(across) and down > 0.1 * length(trunk))


def _is_in(frame: Frame, pose: Pose, points: Sequence[int], settings: Settings) -> bool:
    height, width = frame.rgb.shape[:2]
    margin = _EDGE * height
    x, y = pose.image_px[list(points)].T
    inside = (x >= margin) & (x <= width - margin) & (y >= margin) & (y <= height - margin)
    return bool(np.mean(inside & (pose.visibility[list(points)] >= settings.min_visibility)) > 0.75)


def _light(samples: Sequence[PictureSample], settings: Settings) -> ClipCheck:
    brightness = float(np.median([sample.brightness for sample in samples]))
    blur = float(nanmedian(np.array([sample.blur for sample in samples]), axis=0))
    seen = "dark" if brightness < settings.dark_level else "blurred" if blur > settings.blur_level else ""
    return ClipCheck(Item.LIGHT, not seen, seen)
