"""Whether the person lies in the picture: known early if they do from beginning to end, and in doubt where separate looks disagree."""

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import takewhile

import numpy as np

from hipcv.capture.pose import Pose, everybody_finder
from hipcv.errors import NotSeated
from hipcv.kinematics.camera_view import leans_deg, trunk_from_upright_deg
from hipcv.settings import Settings, Turn
from hipcv.values import BoolArray, FloatArray, Frame, LandmarkSeries
from hipcv.video.clip import open_clip

_FIRST_S = 1.0
"""Stretch at the start in which the person must lie before the rest of the clip is looked at."""
_N_LOOKS = 10
_ALIKE_DEG = 20.0
"""A trunk seen twice in the same direction differs by less: 3° in rendered clips; a face that is blurred moves it by up to 180°."""

Looks = Generator[list[Pose], None, None]


class EarlyLook:
    """Ends the measurement of a clip that lies on its side, or upside down, from beginning to end.

    If the tracked trunk keeps to the same quarter turn in the first second, frames spread over the whole clip are searched afresh.
    Everybody in all of them has to lie like that. Otherwise the measurement goes on, as the person may get up, or someone else may sit.
    """

    def __init__(self, looks: Callable[[], Looks], turn: Turn = Turn.NONE) -> None:
        """`looks` are the separate looks at the clip, `turn` is how its picture was turned already."""
        self._looks, self._turn = looks, turn
        self._leans_deg: list[float] = []
        self._over = False

    def at(self, frame: Frame, followed: Pose | None) -> None:
        """Take in the next frame of the clip.

        Raises
        ------
        NotSeated
            The person lies in the picture throughout.
        """
        if self._over:
            return
        self._leans_deg.append(float(leans_deg(followed.image_px)) if followed else float("nan"))
        if frame.time_s >= _FIRST_S:
            self._over = True
            self._decide()

    def _decide(self) -> None:
        first = np.array(self._leans_deg)
        turn_deg = 90 * np.round(first[0] / 90)
        if not turn_deg or not _alike(first, turn_deg).all():
            return
        with closing(self._looks()) as looks:
            n_lying = sum(1 for _ in takewhile(lambda poses: _all_lie(poses, turn_deg), looks))
        if n_lying >= _N_LOOKS:
            raise NotSeated("lies_in_picture", turn=(self._turn + Turn(int(turn_deg % 360))).value)


def spread_looks(path: str | os.PathLike[str], settings: Settings, name: str, n_frames: int) -> Looks:
    """The people in at least ten frames, evenly spread over a clip of about `n_frames`; none if that number is not known."""
    every = n_frames // (_N_LOOKS + 1)
    if not every:
        return
    with open_clip(path, settings, name) as clip, everybody_finder() as finder:
        for index, frame in enumerate(clip.frames(), start=1):
            if index % every == 0:
                yield finder.find(frame)


def turn_needed(looks: Sequence[Sequence[Pose]]) -> Turn:
    """How a clip has to be turned for everybody in every look at it to be upright; not at all if they do not agree."""
    return next((turn for turn in Turn if all(_all_lie(poses, turn.value) for poses in looks)), Turn.NONE)


def agreeing_share(looks: Sequence[Sequence[Pose]], series: LandmarkSeries) -> float:
    """Share of separate looks in which somebody's trunk has the direction that the tracked one has over the whole clip."""
    lean_deg = trunk_from_upright_deg(series)
    return float(np.mean([any(_alike(leans_deg(pose.image_px), lean_deg) for pose in poses) for poses in looks]))


def _all_lie(poses: Sequence[Pose], turn_deg: float) -> bool:
    return bool(poses) and all(_alike(leans_deg(pose.image_px), turn_deg) for pose in poses)


def _alike(leans: FloatArray, lean_deg: float) -> BoolArray:
    return np.asarray(np.abs((leans - lean_deg + 180) % 360 - 180) <= _ALIKE_DEG)
