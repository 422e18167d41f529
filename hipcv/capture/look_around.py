"""Regular checks of a clip while its person is tracked: the mirror image, other people, light and sharpness, and whether the image moves.

One network does all of it, as each takes a hundred megabytes. It searches the mirrored image afresh: how it sees the person followed shows
how it reads left and right legs (kinematics/mirror_average.py), and who else is there it sees just as well.
"""

from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import numpy as np

from hipcv.capture import people, picture_quality
from hipcv.capture.people import Person
from hipcv.capture.picture_quality import PictureSample
from hipcv.capture.pose import MOST_PEOPLE, Pose, PoseFinder
from hipcv.kinematics import mirror_average
from hipcv.kinematics.geometry import length
from hipcv.kinematics.mirror_average import MirrorLooks
from hipcv.landmarks import N_LANDMARKS, SWAPPED
from hipcv.settings import Settings
from hipcv.system import cores
from hipcv.values import BoolArray, FloatArray, Frame, ImageArray, VideoInfo
from hipcv.video import limits

_LOOKS_PER_CHECK = 2
"""Every so many looks into the mirror, light and sharpness are checked, and one looks for other people."""
_MOSTLY_NEW = 0.75
"""Share of the frames that show something new; with fewer, the rate of the file says little."""


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    time_s: float
    followed_px: FloatArray | None
    """Pose (33, 2) of the person followed."""
    seen: Future[list[Pose]]
    """Everybody in the mirrored image, flipped back."""

    def followed_again_px(self) -> FloatArray:
        """The person followed, as seen in the mirror (33, 2); NaN = not there."""
        poses = [pose.image_px for pose in self.seen.result()]
        if self.followed_px is None or not poses:
            return np.full((N_LANDMARKS, 2), np.nan)
        return poses[int(np.argmin([length(pose - self.followed_px).sum() for pose in poses]))]


class LookAround(AbstractContextManager["LookAround"]):
    """Regular checks in parallel with the tracking."""

    def __init__(self, bundle: bytes) -> None:
        self._samples: list[PictureSample] = []
        self._times: list[float] = []
        self._thumbnails: list[ImageArray] = []
        self._finder = PoseFinder(bundle, n_people=MOST_PEOPLE, track=False)
        self._beside = cores.beside("hipcv-look-around")
        self._looks: list[_Look] = []
        self._closer_looks: list[Future[list[Person]]] = []

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown(cancel_futures=True)
        self._finder.close()

    def note(self, frame: Frame) -> None:
        """Keep a thumbnail of every frame, in order of time."""
        self._times.append(frame.time_s)
        self._thumbnails.append(picture_quality.thumbnail(frame))

    def at(self, frame: Frame, followed: Pose | None) -> None:
        """Check this frame if the last check is long enough ago."""
        if self._looks and frame.time_s - self._looks[-1].time_s < mirror_average.LOOK_S:
            return
        if self._looks:
            self._looks[-1].seen.result()  # so that no frames queue up; an error in a look is raised here
        image_px = followed.image_px if followed else None
        if len(self._looks) % _LOOKS_PER_CHECK == 0:
            self._samples.append(picture_quality.sample(frame, image_px))
            if image_px is not None:
                self._closer_looks.append(self._beside.submit(self._look_closer, frame, len(self._samples) % 4, people.person_of(image_px)))
        self._looks.append(_Look(frame.time_s, image_px, self._beside.submit(self._look, frame)))

    def _look(self, frame: Frame) -> list[Pose]:
        width = frame.rgb.shape[1]
        return [
            Pose(mirror_average.flipped(pose.image_px, width), pose.world_m[SWAPPED] * [-1, 1, 1], pose.visibility[SWAPPED])
            for pose in self._finder.find(replace(frame, rgb=frame.rgb[:, ::-1]))
        ]

    def _look_closer(self, frame: Frame, quarter: int, followed: Person) -> list[Person]:
        """Anybody in a quarter of the image who is too small to be found in the whole."""
        height, width = (n // 2 for n in frame.rgb.shape[:2])
        left, top = quarter % 2 * width, quarter // 2 * height
        found = self._finder.find(replace(frame, rgb=frame.rgb[top : top + height, left : left + width]))
        seen = [(people.person_of(pose.image_px + np.array([left, top])), pose.visibility) for pose in found]
        return [person for person, visibility in seen if people.is_smaller(person, visibility, followed)]

    def smaller_person(self) -> bool:
        """Whether there is somebody else, far smaller, at the same place in several looks."""
        return people.seen_again([person for look in self._closer_looks for person in look.result()])

    def samples(self) -> tuple[PictureSample, ...]:
        """Light and sharpness at each check, and every cut."""
        cuts_s = picture_quality.cuts_s(self._times, self._thumbnails)
        ends_s = [sample.time_s for sample in self._samples[1:]] + [np.inf]
        return tuple(
            replace(sample, cuts_s=tuple(cut_s for cut_s in cuts_s if sample.time_s <= cut_s < end_s))
            for sample, end_s in zip(self._samples, ends_s, strict=True)
        )

    def mirrorings_s(self) -> tuple[float, ...]:
        """Times at which the image changes into its mirror image."""
        return tuple(picture_quality.mirrorings_s(self._times, self._thumbnails))

    def frozen(self, found: BoolArray, settings: Settings) -> tuple[tuple[tuple[float, float], ...], BoolArray]:
        """Stretches in which the image stands still while somebody is in it, and flags (n_frames,) of their frames."""
        spans_s = picture_quality.frozen_s(self._times, self._thumbnails, settings.longest_gap_s)
        time_s = np.array(self._times)
        flags = [(time_s >= start_s) & (time_s <= end_s) for start_s, end_s in spans_s]
        shown = [k for k, flag in enumerate(flags) if found[flag].any()]
        return tuple(spans_s[k] for k in shown), np.any([np.zeros(len(time_s), bool), *(flags[k] for k in shown)], axis=0)

    def with_true_rate(self, info: VideoInfo) -> VideoInfo:
        """The clip with the rate of new images where it is well below that of the frames.

        Raises
        ------
        UnsupportedClip
            It is below the lowest one accepted.
        """
        rate_hz = picture_quality.picture_rate_hz(self._times, self._thumbnails)
        if rate_hz * float(np.median(np.diff(self._times))) > _MOSTLY_NEW:
            return info
        limits.check_read(info.name, info.n_frames, info.duration_s, rate_hz)
        return replace(info, frame_rate_hz=rate_hz)

    def looks(self) -> list[list[Pose]]:
        """The people seen at each check."""
        return [look.seen.result() for look in self._looks[::_LOOKS_PER_CHECK]]

    def mirror_looks(self) -> MirrorLooks:
        """The person followed, as seen in the mirrored image."""
        points = [look.followed_again_px() for look in self._looks]
        return MirrorLooks(np.array([look.time_s for look in self._looks]), np.array(points).reshape(-1, N_LANDMARKS, 2))
