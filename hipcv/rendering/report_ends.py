"""The end ranges on the report page: for each hip and direction a still, the repetitions that count, and those left out."""

from collections.abc import Sequence
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.kinematics.representative import representative_rep
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import edited_mark, short_reason, whole
from hipcv.measurement import Hip, Rep
from hipcv.records.record import Record
from hipcv.rendering.report_pictures import legs
from hipcv.values import Direction


def ends(record: Record, words: Words) -> list[dict[str, Any]]:
    """For each hip and direction that was tried: a still of one end range, all end ranges that count, and what was left out."""
    return [
        _still(record, hip, direction, words) | _reps(reps, words)
        for hip in (record.measurement.hips[side] for side in SHOWN_SIDES)
        for direction in Direction
        if (reps := [rep for rep in hip.reps if rep.direction is direction])
    ]


def _still(record: Record, hip: Hip, direction: Direction, words: Words) -> dict[str, Any]:
    hip_name, name = words(f"app.hip.{hip.side.value}"), Quantity.of(direction)
    still = {
        "side": SHOWN_SIDES.index(hip.side),
        "caption": words("report.stills.caption", hip=hip_name, direction=words(f"app.short.{name}")),
    }
    index = representative_rep(hip, direction)
    if index is None:
        return {**still, "picture": None, "held": ""}
    rep, angle = hip.reps[index], whole(hip.reps[index].end_range_deg)
    start, end = (words.number(round(time_s, 4)) for time_s in (rep.hold_start_s, rep.hold_end_s))
    return {
        **still,
        "picture": legs(record, hip.side, index),
        "held": words("report.stills.held", angle=angle, start=start, end=end, mark=edited_mark(rep)),
        "alt": words("report.stills.alt", hip=hip_name, quantity=words(f"app.quantity.{name}"), angle=angle),
    }


def _reps(reps: Sequence[Rep], words: Words) -> dict[str, str]:
    """End ranges that count in order of time; how many do not count, and why."""
    counted = [f"{whole(rep.end_range_deg)}°{'*' if rep.reasons else ''}{edited_mark(rep)}" for rep in reps if rep.usable]
    left_out = [rep for rep in reps if not rep.usable]
    why = ", ".join(dict.fromkeys(short_reason(rep, words) for rep in left_out))
    return {
        "reps": words("report.reps.all", values=", ".join(counted)) if counted else words("report.reps.none"),
        "left_out": words("report.reps.left_out", n=len(left_out), why=why) if left_out else "",
    }
