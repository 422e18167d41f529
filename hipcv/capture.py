"""Clip to landmarks: one pass over the frames, and a second one only when several people are in the picture."""

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from hipcv import models, people, picture
from hipcv.errors import NoPerson
from hipcv.landmarks import N_LANDMARKS
from hipcv.people import Person
from hipcv.picture import PictureSample
from hipcv.pose import Pose, PoseFinder
from hipcv.settings import Settings
from hipcv.values import Frame, LandmarkSeries, ReadFaults, VideoInfo
from hipcv.video import Clip, open_clip

OnProgress = Callable[[int, int], None]
_LOOK_AROUND_S = 1.0
"""How often a frame is looked at afresh, for other people and for light and sharpness."""
_MOST_PEOPLE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """What one clip holds, before any angle is taken."""

    landmarks: LandmarkSeries
    clip: VideoInfo
    faults: ReadFaults
    samples: tuple[PictureSample, ...]
    n_people: int


def capture(path: str | os.PathLike[str], bundle: bytes, settings: Settings, on_progress: OnProgress | None = None) -> Capture:
    """Read a clip and find the seated person's landmarks in every frame that is measured.

    Raises
    ------
    ClipError
        The file cannot be used.
    NoPerson
        Nobody was found in any frame.
    """
    with open_clip(path, settings) as clip:
        with PoseFinder(bundle) as finder, _LookAround() as look_around:

            def find(frame: Frame) -> Pose | None:
                found = finder.find(frame)
                look_around.at(frame, found[0] if found else None)
                return found[0] if found else None

            landmarks = _collect(clip, find, on_progress)
            sightings = look_around.sightings()
        info, faults = clip.info(), clip.faults()
    target, n_people = people.choose(sightings, landmarks.width_px) if sightings else (None, 1)
    if target and n_people > 1:
        landmarks = _follow(path, bundle, settings, target, on_progress)
    if not landmarks.found.any():
        raise NoPerson(
            f"{info.name}: nobody was found in {info.duration_s:.1f} s of video. "
            "Film the whole person, head to feet, from the front, in good light, 2 to 3 m away."
        )
    return Capture(landmarks, info, faults, tuple(look_around.samples), n_people)


class _LookAround:
    """Now and then, beside the tracking: who else is in the picture, and how good is it?"""

    def __init__(self) -> None:
        self.samples: list[PictureSample] = []
        self._finder = PoseFinder(models.load("lite")[0], n_people=_MOST_PEOPLE, track=False)
        self._beside = ThreadPoolExecutor(1, "hipcv-look-around")
        self._looks: list[Future[list[Pose]]] = []

    def __enter__(self) -> "_LookAround":
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown(cancel_futures=True)
        self._finder.close()

    def at(self, frame: Frame, followed: Pose | None) -> None:
        """Look at this frame if the last look is long enough ago."""
        if self.samples and frame.time_s - self.samples[-1].time_s < _LOOK_AROUND_S:
            return
        self.samples.append(picture.sample(frame, followed.image_px if followed else None))
        self._looks.append(self._beside.submit(self._finder.find, frame))

    def sightings(self) -> list[Person]:
        """Everybody who was seen at any look, in order."""
        return [people.person_of(pose.image_px) for look in self._looks for pose in look.result()]


def _follow(
    path: str | os.PathLike[str], bundle: bytes, settings: Settings, target: Person, on_progress: OnProgress | None
) -> LandmarkSeries:
    """The same clip once more, with everybody's pose, keeping that of one person, who stays in place."""
    with open_clip(path, settings) as clip, PoseFinder(bundle, n_people=_MOST_PEOPLE) as finder:

        def find(frame: Frame) -> Pose | None:
            near = [pose for pose in finder.find(frame) if people.is_same(target, people.person_of(pose.image_px).centre_px)]
            return min(near, key=lambda pose: _distance(pose, target), default=None)

        return _collect(clip, find, on_progress)


def _distance(pose: Pose, target: Person) -> float:
    return float(np.linalg.norm(people.person_of(pose.image_px).centre_px - target.centre_px))


def _collect(clip: Clip, find: Callable[[Frame], Pose | None], on_progress: OnProgress | None) -> LandmarkSeries:
    times, poses = [], []
    height, width = 1, 1
    total = clip.n_frames_announced // clip.stride
    with closing(_read_ahead(clip.frames())) as frames:
        for frame in frames:
            height, width = frame.rgb.shape[:2]
            times.append(frame.time_s)
            poses.append(find(frame))
            if on_progress:
                on_progress(len(times), max(total, len(times)))
    nobody = Pose(np.full((N_LANDMARKS, 2), np.nan), np.full((N_LANDMARKS, 3), np.nan), np.zeros(N_LANDMARKS))
    rows = [pose or nobody for pose in poses]
    return LandmarkSeries(
        time_s=np.array(times),
        image_px=np.stack([pose.image_px for pose in rows]),
        world_m=np.stack([pose.world_m for pose in rows]),
        visibility=np.stack([pose.visibility for pose in rows]),
        width_px=width,
        height_px=height,
    )


def _read_ahead(frames: Iterator[Frame]) -> Generator[Frame, None, None]:
    """The same frames; while one is worked on, the next is decoded (both happen outside Python's lock)."""
    with ThreadPoolExecutor(1, "hipcv-decoder") as pool:
        upcoming = pool.submit(next, frames, None)
        while (frame := upcoming.result()) is not None:
            upcoming = pool.submit(next, frames, None)
            yield frame
