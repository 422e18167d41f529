"""The film of the legs: cut out of the clip, the face blurred, nothing drawn on it, so that a page can step through it and draw over it."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hipcv.kinematics.angles import steady_points
from hipcv.kinematics.geometry import length
from hipcv.kinematics.signals import nanmedian
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Measurement
from hipcv.records.record import LEG_FILM, LEG_FILM_FACTS, UNREADABLE, Record, parsed
from hipcv.rendering.film import encoder, even
from hipcv.system.writing import replacing
from hipcv.values import FloatArray, ImageArray, LandmarkSeries

LONG_SIDE_PX = 720
_PARTS = ("knee", "ankle", "heel", "foot_index")
_KNEE, _HEEL = 0, 2
_ROOM_SHANKS, _ABOVE_KNEES_SHANKS = 0.35, 0.5
"""Around the legs, for upright edges of the room beside them; above the knees, for the fronts of the thighs."""
_KNEE_SHANKS, _REACH_SHANKS = 0.8, 1.6
"""A knee farther from where it usually is belongs to no seated person, nor does any other point of the leg; a toe is 1.3 from its knee."""
_MOST_FACTS_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class LegView:
    """The part of the image that the film shows, in pixels of `Measurement.landmarks_as_filmed`.

    A point (x, y) of the image lies in the film at ((x - left_px) * scale, (y - top_px) * scale), to half a pixel.
    """

    left_px: int
    top_px: int
    width_px: int
    height_px: int
    scale: float
    """Pixels of the film per pixel of the image, at most 1."""
    n_frames: int
    """Frames of the film: one for each of the landmarks, at the same times."""

    @property
    def film_size_px(self) -> tuple[int, int]:
        """Width and height of the film, both even."""
        return round(self.width_px * self.scale), round(self.height_px * self.scale)

    def to_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Any) -> "LegView":
        """The view from the output of `to_dict`, perhaps read from a file of somebody else; further fields are ignored.

        Raises
        ------
        ValueError
            A field is missing, or is not what a film can have.
        """
        try:
            *counts, scale = (facts[name] for name in ("left_px", "top_px", "width_px", "height_px", "n_frames", "scale"))
        except (KeyError, TypeError):
            raise ValueError("fields are missing") from None
        if not (all(type(count) is int for count in counts) and type(scale) in {int, float} and 0 < scale <= 1):
            raise ValueError("not the numbers of a film")
        left_px, top_px, width_px, height_px, n_frames = counts
        if min(left_px, top_px) < 0 or min(width_px, height_px, n_frames) < 1:
            raise ValueError("no film has such a size")
        return cls(left_px, top_px, width_px, height_px, float(scale), n_frames)


def leg_view(measurement: Measurement) -> LegView:
    """The box around knees, ankles, heels and toes of both legs in all frames where they were seen, with some room, within the image.

    Points that no leg of a seated person reaches do not widen it, as those of a landmark astray, or of the way to the seat. Where no leg
    was seen, it is the whole image.
    """
    series = measurement.landmarks_as_filmed
    rooms_px = np.concatenate([_rooms_px(measurement, series, side) for side in Side])
    if not len(rooms_px):
        rooms_px = np.array([[0.0, 0.0, series.width_px, series.height_px]])
    left_px, top_px = np.maximum(0, np.floor(rooms_px[:, :2].min(axis=0)).astype(int)).tolist()
    right_px, bottom_px = np.minimum([series.width_px, series.height_px], np.ceil(rooms_px[:, 2:].max(axis=0)).astype(int)).tolist()
    width_px, height_px = right_px - left_px, bottom_px - top_px
    longest_px = max(width_px, height_px, LONG_SIDE_PX)
    # The size of the film is rounded first and the box shrunk to fit it, by a pixel or two, so that both sides have the same scale.
    film_px = [even(size_px * LONG_SIDE_PX // longest_px) for size_px in (width_px, height_px)]
    width_px, height_px = (round(size_px * longest_px / LONG_SIDE_PX) for size_px in film_px)
    return LegView(left_px, top_px, width_px, height_px, LONG_SIDE_PX / longest_px, len(series.time_s))


def _rooms_px(measurement: Measurement, series: LandmarkSeries, side: Side) -> FloatArray:
    """What each seen point of a leg needs around it as a box (left, top, right, bottom): (n_points, 4)."""
    settings, shank_px = measurement.settings, measurement.rotation[side].shank_px
    points_px = steady_points(series, settings)[:, [of_side(part, side) for part in _PARTS]]
    heel = of_side("heel", side)  # steady_points leaves it out
    hidden = ~series.seen | (series.visibility[:, heel] < settings.min_visibility)
    points_px[:, _HEEL] = np.where(hidden[:, None], np.nan, series.image_px[:, heel])
    usual_knee_px = nanmedian(points_px[_tested(measurement), _KNEE], axis=0)
    away_px = length(points_px - usual_knee_px)
    elsewhere = away_px[:, _KNEE, None] > _KNEE_SHANKS * shank_px
    room = np.full((len(_PARTS), 4), _ROOM_SHANKS)
    room[_KNEE, 1] = _ABOVE_KNEES_SHANKS
    boxes_px = np.concatenate([points_px, points_px], axis=2) + shank_px * room * [-1, -1, 1, 1]
    found: FloatArray = boxes_px[~elsewhere & (away_px <= _REACH_SHANKS * shank_px)]
    return found


def _tested(measurement: Measurement) -> slice:
    """The frames from the first repetition to the last; all if there is none."""
    time_s = measurement.landmarks.time_s
    reps = [rep for hip in measurement.hips.values() for rep in hip.reps]
    start_s, end_s = min((rep.start_s for rep in reps), default=-math.inf), max((rep.end_s for rep in reps), default=math.inf)
    return slice(int(np.searchsorted(time_s, start_s)), int(np.searchsorted(time_s, end_s, side="right")))


@contextmanager
def keeper(measurement: Measurement, folder: Path) -> Iterator[Callable[[int, ImageArray], None]]:
    """A callback for `overlay.write_overlay(on_plain=…)` that writes the film into `folder`, and at the end the facts about it.

    Nothing is left of a film that breaks off.

    Raises
    ------
    OutputError
        They cannot be written there.
    """
    view, time_s = leg_view(measurement), measurement.landmarks.time_s
    rows, columns = (slice(start, start + size) for start, size in ((view.top_px, view.height_px), (view.left_px, view.width_px)))
    with replacing(folder / LEG_FILM) as unfinished, encoder(unfinished, *view.film_size_px, crf="24", g="15", bf="0") as encode:
        yield lambda frame, rgb: encode(rgb[rows, columns], float(time_s[frame]))
    with replacing(folder / LEG_FILM_FACTS) as unfinished:  # last: a film with its facts is complete
        unfinished.write_text(json.dumps(view.to_dict()), encoding="utf-8")


def kept_view(record: Record) -> LegView | None:
    """What the film in a record shows; None if there is no film, or its facts do not fit the measurement, as in a file that was altered."""
    if record.leg_film is None or record.leg_film_facts is None:
        return None
    try:
        view = LegView.from_dict(parsed(record.leg_film_facts.read_bytes()[:_MOST_FACTS_BYTES]))
    except UNREADABLE:
        return None
    series = record.measurement.landmarks
    inside = view.left_px + view.width_px <= series.width_px and view.top_px + view.height_px <= series.height_px
    return view if inside and view.n_frames == len(series.time_s) else None
