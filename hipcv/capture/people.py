"""Choice of the person on the plinth when there are several people, and of their pose in each frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from hipcv.kinematics.body import TORSO, trunk_px
from hipcv.kinematics.geometry import length
from hipcv.kinematics.seated import looks_seated
from hipcv.kinematics.signals import runs
from hipcv.landmarks import Side, of_side
from hipcv.values import FloatArray

SAME_PERSON = 0.5
"""Two torsos nearer than this share of their size are one person."""
MIN_SIZE = 0.4
"""A figure smaller than this share of the largest is a poster or somebody far away."""
_IN_SIGHT = 0.9
"""Visibility of legs that are truly there: 0.97 and more, and below 0.5 in a part of somebody larger."""
_LOOKS_TO_BELIEVE = 2
_GONE_S = 1.0
"""A person unseen for longer than this is searched for anew."""
_MIN_SHARE = 0.25
"""A figure seen for less than this share of the time of the longest-seen one is passing by, or was falsely detected."""
_JUMP_FRAMES = 5
_OTHER_SIZE = 1.25
"""A torso does not change size by this factor from one frame to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Place and size of a torso: centre (2,) in px, size in px, and whether the legs look seated."""

    centre_px: FloatArray
    size_px: float
    seated: bool


def person_of(image_px: FloatArray) -> Person:
    """The torso of one pose, image_px (33, 2)."""
    return Person(image_px[list(TORSO)].mean(axis=0), float(length(trunk_px(image_px))), bool(looks_seated(image_px)))


def count(looks: Sequence[Sequence[Person]]) -> int:
    """Number of people, at least one: the most seen at once in two or more looks, because a single look may show a phantom."""
    seen = sorted((len(_distinct(look)) for look in looks), reverse=True)
    return max(1, seen[min(_LOOKS_TO_BELIEVE, len(seen)) - 1]) if seen else 1


def is_smaller(person: Person, visibility: FloatArray, than: Person) -> bool:
    """Whether a figure in a part of the image is somebody else, as in the inset of a call: seated, far smaller, and all of both legs in sight.

    What the network makes of a part of the larger person has hidden legs; visibility (33,).
    """
    legs = [of_side(part, side) for part in ("hip", "knee", "ankle") for side in Side]
    return bool(person.seated and person.size_px < MIN_SIZE * than.size_px and np.median(visibility[legs]) > _IN_SIGHT)


def seen_again(looks: Sequence[Person]) -> bool:
    """Whether two of these looks show a figure at the same place."""
    return any(is_same(person, other.centre_px) for person, other in combinations(looks, 2))


def _distinct(look: Sequence[Person]) -> list[Person]:
    figures: list[Person] = []
    for person in sorted(look, key=lambda p: -p.size_px):
        if figures and person.size_px < MIN_SIZE * figures[0].size_px:
            break
        if not any(is_same(figure, person.centre_px) for figure in figures):
            figures.append(person)
    return figures


def is_same(person: Person, centre_px: FloatArray) -> bool:
    """Whether a torso at `centre_px` can be this person."""
    return bool(length(centre_px - person.centre_px) < SAME_PERSON * person.size_px)


# ---------------------------------------------------------------------- one person from frame to frame
@dataclass(slots=True, eq=False)
class _Track:
    """One figure from frame to frame, with its index among the people of each frame."""

    last: Person
    last_s: float
    picks: dict[int, int]
    people: list[Person]

    @property
    def size_px(self) -> float:
        return float(np.median([person.size_px for person in self.people]))

    @property
    def seated(self) -> bool:
        return 2 * sum(person.seated for person in self.people) >= len(self.people)

    def off_middle_px(self, width_px: int) -> float:
        return abs(float(np.mean([person.centre_px[0] for person in self.people])) - width_px / 2)

    def clear_of(self, other: "_Track") -> bool:
        return max(self.picks) < min(other.picks) or max(other.picks) < min(self.picks)


def follow(time_s: Sequence[float], frames: Sequence[Sequence[Person]], width_px: int) -> list[int | None]:
    """Index in each frame of the person to measure: seated before standing, then nearest to the middle.

    A figure is followed from place to place. If it is lost for more than a second, a similar one that is seen only before or only after
    is taken for the same person.
    """
    tracks = _tracks(time_s, frames)
    if not tracks:
        return [None] * len(frames)
    first, *others = _likeliest_first(tracks, width_px)
    chosen = [first]
    for track in others:
        if track.seated is first.seated and all(track.clear_of(other) for other in chosen):
            chosen.append(track)
    picks = {frame: index for track in chosen for frame, index in track.picks.items()}
    return [picks.get(frame) for frame in range(len(frames))]


def _likeliest_first(tracks: Sequence[_Track], width_px: int) -> list[_Track]:
    """Figures large enough to be the person, the likeliest first."""
    largest, longest = max(track.size_px for track in tracks), max(len(track.people) for track in tracks)
    near = [track for track in tracks if track.size_px >= MIN_SIZE * largest]
    return sorted(near, key=lambda track: (len(track.people) < _MIN_SHARE * longest, not track.seated, track.off_middle_px(width_px)))


def _tracks(time_s: Sequence[float], frames: Sequence[Sequence[Person]]) -> list[_Track]:
    tracks: list[_Track] = []
    for frame, (now_s, figures) in enumerate(zip(time_s, frames, strict=True)):
        live = [track for track in tracks if now_s - track.last_s <= _GONE_S]
        pairs = [
            (float(length(figure.centre_px - track.last.centre_px)), index, track)
            for track in live
            for index, figure in enumerate(figures)
            if is_same(track.last, figure.centre_px)
        ]
        free = set(range(len(figures)))
        for _, index, track in sorted(pairs, key=lambda pair: pair[0]):
            if index in free and track.last_s < now_s:
                free.remove(index)
                track.last, track.last_s = figures[index], now_s
                track.picks[frame] = index
                track.people.append(figures[index])
        tracks += [_Track(figures[index], now_s, {frame: index}, [figures[index]]) for index in sorted(free)]
    return tracks


def jumps_s(time_s: FloatArray, image_px: FloatArray) -> list[float]:
    """Times at which a torso suddenly moves or changes size: a cut, a knock to the phone, another person; image_px (n_frames, 33, 2).

    The medians of a few frames on either side are compared, so a single bad frame does not count; frames with nobody are skipped.
    """
    torso = image_px[:, list(TORSO)]
    shoulders, hips = torso[:, :2].mean(axis=1), torso[:, 2:].mean(axis=1)
    seen = np.isfinite(shoulders + hips).all(axis=1)
    if seen.sum() < 2 * _JUMP_FRAMES:
        return []
    seen_s, centre_px, size_px = time_s[seen], torso.mean(axis=1)[seen], np.maximum(length(shoulders - hips)[seen], 1e-9)
    centres = np.median(sliding_window_view(centre_px, _JUMP_FRAMES, axis=0), axis=-1)
    sizes = np.median(sliding_window_view(size_px, _JUMP_FRAMES), axis=-1)
    before, after = slice(None, -_JUMP_FRAMES), slice(_JUMP_FRAMES, None)
    moved = length(centres[after] - centres[before]) / (SAME_PERSON * np.maximum(sizes[before], sizes[after]))
    grown = np.abs(np.log(sizes[after] / sizes[before])) / np.log(_OTHER_SIZE)
    jump = np.maximum(moved, grown)
    return [float(seen_s[_sharpest(centre_px, size_px, start, end)]) for start, end in runs(jump > 1)]


def _sharpest(centre_px: FloatArray, size_px: FloatArray, start: int, end: int) -> int:
    """The frame with the largest change, within a run of suspect ones."""
    frames = np.arange(start, end) + _JUMP_FRAMES
    step = length(centre_px[frames] - centre_px[frames - 1]) / size_px[frames] + np.abs(np.log(size_px[frames] / size_px[frames - 1]))
    return int(frames[np.argmax(step)])
