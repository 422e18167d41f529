"""What the stage of a review shows, as plain values for its script: points, angles and repetitions of every frame."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hipcv.catalogues.words import Words
from hipcv.desk.review_state import Review
from hipcv.kinematics.drawn_leg import drawn_leg
from hipcv.kinematics.representative import frames_of_holds
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import edited_mark, mark_if, whole
from hipcv.measurement import Measurement, Rep
from hipcv.records.record import LEG_FILM
from hipcv.rendering import leg_film
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.rendering.typesetting import labels
from hipcv.review.corrected import is_exchanged, rep_keys
from hipcv.review.edits import MovePoints
from hipcv.values import FloatArray
from hipcv.web.server import media_routes


def stage_data(review: Review, words: Words, chosen: str | None = None) -> dict[str, Any]:
    """All values of the stage; sides are those of the measurement, their names those after all corrections."""
    measurement = review.own_sides
    time_s = measurement.landmarks.time_s
    return {
        "film": _film(review),
        "stills": _stills(review),
        "width": measurement.landmarks.width_px,
        "height": measurement.landmarks.height_px,
        "times": np.round(time_s, 4).tolist(),
        "legs": {side.value: _leg(review, measurement, side, words) for side in SHOWN_SIDES},
        "reps": _reps(review, words),
        "chosen": chosen,
        "locked": review.is_locked,
        "mark": mark_if(edited=True),
        "language": words.language,
        "words": labels("review.stage.", words),
    }


def shown_side(review: Review, side: Side) -> Side:
    """The side that is shown for one of the measurement."""
    return side.other if is_exchanged(review.edits) else side


def _film(review: Review) -> dict[str, Any] | None:
    view = leg_film.kept_view(review.record)
    if view is None:
        return None
    place = {"left": view.left_px, "top": view.top_px, "width": view.width_px, "height": view.height_px}
    return {"src": media_routes.address(review.record.folder, LEG_FILM), **place}


def _stills(review: Review) -> dict[str, str]:
    """Addresses of the stills, for visits that have no film."""
    return {path.stem: media_routes.address(review.record.folder, path.name) for path in review.record.folder.glob("*-*.jpg")}


def _leg(review: Review, measurement: Measurement, side: Side, words: Words) -> dict[str, Any]:
    drawn, rotation = drawn_leg(measurement, side), measurement.rotation[side]
    shown = shown_side(review, side)
    return {
        "name": words(f"app.side.{shown.value}"),
        "colour": SIDE_COLOURS[shown],
        "knee": _points(drawn.knee_px),
        "ankle": _points(drawn.ankle_px),
        "reading": _numbers(rotation.internal_rotation_deg),
        "mark": mark_if(edited=measurement.hips[side].zero_edited),
        "outward": [int(one) for one in drawn.outward_x],
        "zero": round(float(np.nan_to_num(rotation.zero_deg)), 3),
        "zero_image": _numbers(drawn.outward_x * rotation.zero_deg),
    }


def _points(points_px: FloatArray) -> list[list[float] | None]:
    seen = np.isfinite(points_px[:, 0] + points_px[:, 1])
    return [point if known else None for point, known in zip(np.round(points_px, 2).tolist(), seen, strict=True)]


def _numbers(values: FloatArray) -> list[float | None]:
    return [value if known else None for value, known in zip(np.round(values, 3).tolist(), np.isfinite(values), strict=True)]


def _reps(review: Review, words: Words) -> list[dict[str, Any]]:
    """The repetitions in order of time."""
    measurement = review.own_sides
    keys, frames = rep_keys(review.record.measurement, review.own_edits), frames_of_holds(measurement)
    found = []
    for side in SHOWN_SIDES:
        of_side = measurement.hips[side].reps
        for index, (key, rep) in enumerate(zip(keys[side], of_side, strict=True)):
            number = 1 + sum(other.direction is rep.direction and other.start_s < rep.start_s for other in of_side)
            found.append(_rep(review, key, rep, number, frames[side, index], words))
    return sorted(found, key=lambda one: one["start"])


def _rep(review: Review, key: str, rep: Rep, number: int, frame: int, words: Words) -> dict[str, Any]:
    side = words(f"app.side.{shown_side(review, rep.side).value}")
    direction = words(f"app.direction.{rep.direction.value}")
    mark = edited_mark(rep)
    size = whole(rep.end_range_deg)
    return {
        "key": key,
        "side": rep.side.value,
        "direction": rep.direction.value,
        "sign": rep.direction.sign,
        "start": rep.start_s,
        "end": rep.end_s,
        "frame": frame,
        "counts": rep.usable,
        "degrees": rep.end_range_deg,
        "mark": mark,
        "label": words("result.rep_name", side=side, direction=direction, number=number),
        "short": f"{side[0]} {words(f'app.short.{rep.direction.value}')} {number}: {size}°{mark}",
        "said": said_of(rep, words) + mark,
        "hand": _hand(review.edits, key),
    }


def said_of(rep: Rep, words: Words) -> str:
    """One sentence on the end range of a repetition, and whether it counts."""
    case = "plain" if not rep.reasons else "caveat" if rep.usable else "out"
    return words("review.stage.said", case=case, angle=whole(rep.end_range_deg), reasons=rep.reasons)


def _hand(edits: Sequence[Any], key: str) -> dict[str, Any] | None:
    """The points that were placed in a repetition last."""
    placed = [one.edit for one in edits if isinstance(one.edit, MovePoints) and one.edit.rep == key]
    return {"time": placed[-1].time_s, "knee": list(placed[-1].knee_px), "ankle": list(placed[-1].ankle_px)} if placed else None
