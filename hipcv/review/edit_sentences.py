"""One plain sentence for each edit, for lists, the report and the record of changes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hipcv.catalogues.words import Words
from hipcv.kinematics.drawn_leg import drawn_leg
from hipcv.landmarks import Side
from hipcv.language.sentences import whole
from hipcv.measurement import Measurement
from hipcv.review.chosen_zero import chosen, line_roll
from hipcv.review.corrected import corrected, rep_keys
from hipcv.review.edits import (
    AddRep,
    ChooseZero,
    Edit,
    Exclude,
    MovePoints,
    Numbered,
    RatePelvis,
    SwapSides,
    added_key,
    kind_of,
    side_of,
)
from hipcv.review.reviewed_reps import reviewed_reps
from hipcv.values import Direction


class RepName(NamedTuple):
    """What people call a repetition: its side, its direction, and its number among those, from 1."""

    side: Side
    direction: Direction
    number: int


class Change(NamedTuple):
    """What an edit changed about a repetition; NaN = not known."""

    before_deg: float
    after_deg: float
    knee_px: float = math.nan
    """How far the knee was moved."""
    ankle_px: float = math.nan


def edit_sentences(measurement: Measurement, edits: Sequence[Numbered], words: Words) -> list[str]:
    """A sentence for each edit, in their order; sides and numbers of repetitions are those of the corrected measurement.

    Raises
    ------
    ReviewError
        As `corrected`.
    """
    names = rep_names(measurement, edits)
    sentences = []
    for index, (number, edit) in enumerate(edits):
        key = added_key(edit.side, number) if isinstance(edit, AddRep) else getattr(edit, "rep", "")
        change = _change(measurement, edits[:index], edits[index], names) if isinstance(edit, MovePoints) else None
        sentences.append(edit_sentence(edit, words, rep=names.get(key), change=change, lean_deg=_lean_deg(measurement, edit)))
    return sentences


def rep_names(measurement: Measurement, edits: Sequence[Numbered]) -> dict[str, RepName]:
    """What each repetition of the corrected measurement is called, by its key."""
    hips, keys = corrected(measurement, edits).hips, rep_keys(measurement, edits)
    return {
        key: RepName(side, rep.direction, hips[side].number_of(rep))
        for side in Side
        for key, rep in zip(keys[side], hips[side].reps, strict=True)
    }


def edit_sentence(edit: Edit, words: Words, *, rep: RepName | None = None, change: Change | None = None, lean_deg: float = math.nan) -> str:
    """The edit in words: `Right, internal, repetition 2: ankle moved by 12 px, end range 31° → 34°`.

    Parameters
    ----------
    rep : the repetition of an edit that has one; None = it was added and taken back
    change : of moved points, if it is known
    lean_deg : of a line that was chosen as the vertical: its angle from the vertical of the image, unsigned
    """
    if isinstance(edit, SwapSides):
        return words("review.edit.swap_sides")
    if isinstance(edit, ChooseZero):
        return words(f"review.edit.choose_zero.{edit.zero}", lean_deg=lean_deg)
    named = words("review.edit.rep", **rep._asdict()) if rep else words("review.edit.no_rep")
    what = _what(edit, words, change)
    if change is None or not math.isfinite(change.before_deg):
        return words("review.edit.of_rep", rep=named, what=what)
    return words("review.edit.of_rep_changed", rep=named, what=what, before=whole(change.before_deg), after=whole(change.after_deg))


def _what(edit: Edit, words: Words, change: Change | None) -> str:
    """What was done to a repetition."""
    if isinstance(edit, Exclude):
        case = "in_words" if edit.words else "plain"
        return words(f"review.edit.exclude.{case}", exclude_reason=edit.reason, words=edit.words)
    if isinstance(edit, MovePoints):
        return words(f"review.edit.move_points.{_moved(change)}", time_s=edit.time_s, **(change._asdict() if change else {}))
    if isinstance(edit, AddRep):
        return words("review.edit.add_rep", start_s=edit.start_s, end_s=edit.end_s)
    if isinstance(edit, RatePelvis):
        return words(f"review.edit.rate_pelvis.{edit.rating}")
    return words(f"review.edit.{kind_of(edit)}")


def _moved(change: Change | None) -> str:
    """Which points were moved by at least a pixel, as far as it is known."""
    if change is None or not math.isfinite(change.knee_px + change.ankle_px):
        return "placed"
    knee, ankle = change.knee_px >= 0.5, change.ankle_px >= 0.5
    return "both" if knee and ankle else "knee" if knee else "ankle" if ankle else "confirmed"


def _change(measurement: Measurement, before: Sequence[Numbered], now: Numbered, names: Mapping[str, Any]) -> Change | None:
    """What moving points changed when it was done."""
    edit = now.edit
    if not isinstance(edit, MovePoints) or edit.rep not in names:
        return None
    side = side_of(edit.rep)
    ends_deg = [reviewed_reps(measurement, edits)[side][edit.rep] for edits in (before, [*before, now])]
    higher_deg = chosen(measurement, before)[0][side].zero_deg - measurement.rotation[side].zero_deg
    drawn = drawn_leg(measurement, side)
    frame = int(np.abs(measurement.landmarks.time_s - edit.time_s).argmin())
    moved_px = [
        float(np.hypot(*(placed - seen[frame]))) for placed, seen in ((edit.knee_px, drawn.knee_px), (edit.ankle_px, drawn.ankle_px))
    ]
    return Change(*(rep.end_range_deg - rep.direction.sign * higher_deg for rep in ends_deg), *moved_px)


def _lean_deg(measurement: Measurement, edit: Edit) -> float:
    if isinstance(edit, ChooseZero) and edit.line_px:
        return abs(line_roll(measurement, edit.line_px, edit.time_s).roll_deg)
    return math.nan
