"""Writes a validation as JSON (`hipcv-validation/1`) and reads it back. The format is a contract: fields are added, never renamed.

Only the rows, the frame errors per leg, the cameras and the ablation are read back; the rest is derived from them, for human readers.
Degrees have four decimals; unknown values are null.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from hipcv.codes import Quantity
from hipcv.records.document import as_text, rounded
from hipcv.statistics.agreement import Row, StandardisedErrors, Statistics, standardised_errors, statistics
from hipcv.statistics.estimate import Estimate
from hipcv.validation import grouping
from hipcv.validation.comparison import Ablation, Camera, FrameError, Reference, Validation, pooled_rmse_deg
from hipcv.validation.unwarned import wrong_without_warning
from hipcv.version import __version__

SCHEMA = "hipcv-validation/1"
_GROUP_FIELDS = {Quantity.INTERNAL: "internal", Quantity.EXTERNAL: "external", "Total arcs": "totals"}


def to_json(result: Validation) -> str:
    """The document as text, ending in a line break; everything derived follows from the rounded angles, as a reader would find it."""
    as_read = _from_document(rounded(to_document(result)))
    return as_text(rounded(to_document(as_read)))


def to_document(result: Validation) -> dict[str, Any]:
    """The validation as plain values, unrounded."""
    groups = result.groups()
    ends = result.end_ranges()
    return {
        "schema": SCHEMA,
        "hipcv": __version__,
        "reference": result.reference.value,
        "model": result.model,
        "n_clips": result.n_clips,
        "reps": {"true": result.n_true_reps, "missed": result.n_missed, "invented": result.n_invented},
        "rows": [{**_row(row, result), "leg_warned": (row.clip, row.side) in result.warned_legs} for row in result.rows],
        "end_ranges": _fields(groups.get("End ranges")),
        **{field: _fields(groups.get(name)) for name, field in _GROUP_FIELDS.items()},
        "wrong_without_warning": _unwarned(result),
        "standardised_errors": _fields(standardised_errors(ends)),
        "asymmetry": {
            "rows": [_row(row, result) for row in result.asymmetry],
            "statistics": _fields(groups.get("Right − left")),
        },
        "frames": {"rmse_deg": pooled_rmse_deg(result.frames), "legs": [asdict(leg) for leg in result.frames]},
        "by_true_angle": {"slope_deg_per_deg": grouping.slope(ends), "bins": _groups(grouping.by_true_angle(ends))},
        "by_camera_yaw": _groups(grouping.by_yaw(ends, result.cameras)),
        "by_camera_roll": _groups(grouping.by_roll(ends, result.cameras)),
        "cameras": {clip: asdict(camera) for clip, camera in result.cameras.items()},
        "clips": {clip: _fields(statistics(rows)) for clip in result.clips() if (rows := result.of_clip(clip))},
        "ablation": [
            {"without": one.step, **{name: value for name, value in asdict(one).items() if name != "step"}} for one in result.ablation
        ],
        "failures": list(result.failures),
        "unpaired": list(result.unpaired),
    }


def _row(row: Row, result: Validation) -> dict[str, Any]:
    return {**asdict(row), "error_deg": row.error_deg, "inside": row.inside, "warned": row.clip in result.warned}


def _unwarned(result: Validation) -> dict[str, Any]:
    found = wrong_without_warning(result)
    ends = [{"clip": row.clip, "side": row.side, "quantity": row.quantity} for row in found]
    return {"n": len(found), "of": len(result.end_ranges()), "end_ranges": ends}


def _fields(found: Statistics | StandardisedErrors | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def _groups(groups: grouping.Groups) -> dict[str, Any]:
    return {words: _fields(statistics(rows)) for words, rows in groups.items()}


# ---------------------------------------------------------------------- and back
def from_json(text: str) -> Validation:
    """The validation written by `to_json`, to the precision of its decimals."""
    return _from_document(json.loads(text))


def _from_document(document: dict[str, Any]) -> Validation:
    rows = [*document["rows"], *document["asymmetry"]["rows"]]
    return Validation(
        model=document["model"],
        rows=_rows(document["rows"]),
        n_clips=document["n_clips"],
        n_true_reps=document["reps"]["true"],
        n_missed=document["reps"]["missed"],
        n_invented=document["reps"]["invented"],
        warned=frozenset(row["clip"] for row in rows if row["warned"]),
        # files of 0.1.0 do not say which leg was warned of
        warned_legs=frozenset((row["clip"], row["side"]) for row in document["rows"] if row.get("leg_warned")),
        failures=tuple(document["failures"]),
        reference=Reference(document["reference"]),
        asymmetry=_rows(document["asymmetry"]["rows"]),
        frames=tuple(FrameError(**leg) for leg in document["frames"]["legs"]),
        cameras={clip: Camera(**camera) for clip, camera in document["cameras"].items()},
        ablation=tuple(_ablation_of(one) for one in document["ablation"]),
        unpaired=tuple(document["unpaired"]),
    )


def _rows(rows: Iterable[dict[str, Any]]) -> tuple[Row, ...]:
    derived = ("error_deg", "inside", "warned", "leg_warned")
    return tuple(Row(**{name: value for name, value in row.items() if name not in derived}) for row in rows)


def _ablation_of(one: dict[str, Any]) -> Ablation:
    known = {**one, "end_ranges": _statistics_of(one["end_ranges"]), "asymmetry": _statistics_of(one["asymmetry"])}
    return Ablation(step=known.pop("without"), **known)


def _statistics_of(found: dict[str, Any] | None) -> Statistics | None:
    if found is None:
        return None
    limits = found["limits_of_agreement_deg"]
    return Statistics(
        **{**found, "limits_of_agreement_deg": tuple(limits) if limits else None, "icc": Estimate(**found["icc"]) if found["icc"] else None}
    )
