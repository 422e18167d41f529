"""From clip to landmarks: one pass over the frames, and a second one only if there are several people in the image, or it is mirrored
midway.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module

import numpy as np

from hipcv.capture import lying, people
from hipcv.capture.leg_footage import Footage
from hipcv.capture.look_around import LookAround
from hipcv.capture.lying import EarlyLook
from hipcv.capture.picture_quality import PictureSample
from hipcv.capture.pose import MOST_PEOPLE, Pose, PoseFinder
from hipcv.errors import NoPerson
from hipcv.kinematics.mirror_average import MirrorLooks
from hipcv.kinematics.paced_look import Pace, in_every_frame
from hipcv.landmarks import N_LANDMARKS
from hipcv.settings import Settings
from hipcv.system import cores
from hipcv.values import BoolArray, FloatArray, Frame, LandmarkSeries, ReadFaults, VideoInfo
from hipcv.video.clip import Clip, open_clip

OnProgress = Callable[[int, int], None]
_NEEDED_LATER = ("scipy.interpolate", "scipy.signal")
"""Loaded while the network works, as they take as long to load as a second of video to measure."""


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """The content of one clip, before any angle is measured."""

    landmarks: LandmarkSeries
    clip: VideoInfo
    faults: ReadFaults
    samples: tuple[PictureSample, ...]
    n_people: int
    footage: Footage | None = None
    """Images of the legs; None if there are several people in the image."""
    mirror_looks: MirrorLooks | None = None
    """Poses of the same person in the mirrored image; None likewise."""
    agreeing_share: float = 1.0
    """Share of separate looks at the clip that saw the trunk in the direction in which it was tracked."""
    frozen_s: tuple[tuple[float, float], ...] = ()
    """Stretches in which the image only repeats itself while somebody is in it."""
    mirrorings_s: tuple[float, ...] = ()
    """Times at which the recording changes between plain and mirrored; frames from every odd one on were turned back."""
    smaller_person: bool = False
    """Whether somebody else is in the image, so small that the person measured is not in doubt."""


def capture(
    path: str | os.PathLike[str], bundle: bytes, settings: Settings, on_progress: OnProgress | None = None, name: str | None = None
) -> Capture:
    """Read a clip and find the seated person's landmarks in every measured frame; `name` as in `video.reader.open_clip`.

    Raises
    ------
    ClipError
        The file cannot be used.
    NoPerson
        Nobody was found in any frame.
    NotSeated
        The person lies in the picture from beginning to end.
    """
    taken = _captured(path, bundle, settings, on_progress, name)
    if taken.mirrorings_s:
        taken = _captured(path, bundle, settings, on_progress, name, taken.mirrorings_s)
    if not taken.landmarks.found.any():
        raise NoPerson("nobody_found", about=taken.clip.name, seconds=taken.clip.duration_s)
    return taken


def _captured(
    path: str | os.PathLike[str],
    bundle: bytes,
    settings: Settings,
    on_progress: OnProgress | None,
    name: str | None,
    mirrorings_s: tuple[float, ...] = (),
) -> Capture:
    with open_clip(path, settings, name) as clip:
        early = EarlyLook(partial(lying.spread_looks, path, settings, clip.name, clip.n_frames_announced // clip.stride), settings.turn)
        with PoseFinder(bundle) as finder, LookAround(bundle) as look_around, _Keeper() as keeper, _loading():
            pace = Pace()

            def find(frame: Frame) -> list[Pose] | None:
                look_around.note(frame)
                if not pace.wants(frame.time_s):
                    return None
                found = finder.find(frame)
                followed = found[0] if found else None
                pace.saw(frame.time_s, followed.image_px if followed else None)
                early.at(frame, followed)
                look_around.at(frame, followed)
                keeper.at(frame, followed)
                return found

            film = _collect(clip, find, on_progress, mirrorings_s)
            looks, smaller = look_around.looks(), look_around.smaller_person()
            footage, mirror_looks = keeper.footage(), look_around.mirror_looks()
        info, faults = look_around.with_true_rate(clip.info()), clip.faults()
    n_people = people.count([[people.person_of(pose.image_px) for pose in look] for look in looks])
    landmarks = in_every_frame(film.series([0 if poses else None for poses in film.poses]), np.array(film.time_s))
    if n_people > 1:
        landmarks = _follow(path, bundle, settings, on_progress, info.name, mirrorings_s)
    alone = n_people == 1
    frozen_s, blind = look_around.frozen(landmarks.found, settings)
    return Capture(
        landmarks=replace(landmarks, blind=blind, turned=_is_turned(landmarks.time_s, mirrorings_s)),
        clip=info,
        faults=faults,
        samples=look_around.samples(),
        n_people=n_people,
        footage=footage if alone else None,
        mirror_looks=mirror_looks if alone else None,
        agreeing_share=lying.agreeing_share(looks, landmarks),
        frozen_s=frozen_s,
        mirrorings_s=mirrorings_s or look_around.mirrorings_s(),
        smaller_person=alone and smaller,
    )


@contextmanager
def _loading() -> Iterator[None]:
    with cores.beside("hipcv-libraries") as pool:
        loaded = [pool.submit(import_module, name) for name in _NEEDED_LATER]
        yield
        for one in loaded:
            one.result()


def _is_turned(time_s: float | FloatArray, mirrorings_s: Sequence[float]) -> BoolArray:
    """Whether the recording is the mirror image of what it was at first; it changes at each of these times."""
    return np.asarray(np.searchsorted(mirrorings_s, time_s, side="right") % 2 == 1)


class _Keeper(AbstractContextManager["_Keeper"]):
    """Keeps the images of the legs, in parallel with the tracking."""

    def __init__(self) -> None:
        self._footage = Footage()
        self._pool = cores.beside("hipcv-footage")
        self._last: Future[None] | None = None

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def at(self, frame: Frame, pose: Pose | None) -> None:
        """Keep this frame if the last one kept is long enough ago."""
        if self.footage().wants(frame.time_s):  # `wants` reads the footage that the task writes
            self._last = self._pool.submit(self._footage.add, frame, pose.image_px if pose else None)

    def footage(self) -> Footage:
        """All images kept, after the current task; an error in it is raised here."""
        if self._last:
            self._last.result()
        return self._footage


@dataclass(frozen=True, slots=True, eq=False)
class _Film:
    """All poses in the frames of a clip that were looked at."""

    time_s: list[float]
    """Of all frames."""
    looked_s: list[float]
    poses: list[list[Pose]]
    width_px: int
    height_px: int

    def series(self, picks: Sequence[int | None]) -> LandmarkSeries:
        """Landmarks of one person at the looks; `picks` is the index of that person's pose in each, None = not there."""
        nobody = Pose(np.full((N_LANDMARKS, 2), np.nan), np.full((N_LANDMARKS, 3), np.nan), np.zeros(N_LANDMARKS))
        rows = [nobody if pick is None else poses[pick] for pick, poses in zip(picks, self.poses, strict=True)]
        return LandmarkSeries(
            time_s=np.array(self.looked_s),
            image_px=np.stack([pose.image_px for pose in rows]),
            world_m=np.stack([pose.world_m for pose in rows]),
            visibility=np.stack([pose.visibility for pose in rows]),
            width_px=self.width_px,
            height_px=self.height_px,
        )


def _follow(
    path: str | os.PathLike[str],
    bundle: bytes,
    settings: Settings,
    on_progress: OnProgress | None,
    name: str,
    mirrorings_s: Sequence[float],
) -> LandmarkSeries:
    """Landmarks of one person from a second pass over the clip, with the poses of everybody."""
    with open_clip(path, settings, name) as clip, PoseFinder(bundle, n_people=MOST_PEOPLE) as finder:
        film = _collect(clip, finder.find, on_progress, mirrorings_s)
    figures = [[people.person_of(pose.image_px) for pose in poses] for poses in film.poses]
    return film.series(people.follow(film.looked_s, figures, film.width_px))


def _collect(
    clip: Clip, find: Callable[[Frame], list[Pose] | None], on_progress: OnProgress | None, mirrorings_s: Sequence[float]
) -> _Film:
    """All frames, each given to `find`, which returns the people in it, or None where it does not look."""
    times, looked, poses = [], [], []
    height, width = 1, 1
    total = clip.n_frames_announced // clip.stride
    for frame in clip.frames():
        if _is_turned(frame.time_s, mirrorings_s):
            frame = replace(frame, rgb=np.ascontiguousarray(frame.rgb[:, ::-1]))
        height, width = frame.rgb.shape[:2]
        times.append(frame.time_s)
        if (found := find(frame)) is not None:
            looked.append(frame.time_s)
            poses.append(found)
        if on_progress:
            on_progress(len(times), max(total, len(times)))
    return _Film(times, looked, poses, width, height)
