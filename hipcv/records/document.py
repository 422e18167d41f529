"""A measurement as a JSON document (`hipcv-measurement/1`) and as a table of series.

The format is a contract: fields are added, never renamed. docs/json.md describes every field. Angles are degrees with four decimals; a
value that was not measured is null, never 0.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from enum import Enum
from itertools import chain
from typing import Any

from hipcv.capture import pose_models
from hipcv.catalogues.message import Message
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import zero_reason
from hipcv.measurement import Difference, Hip, Measurement, Range, Rep
from hipcv.settings import Settings
from hipcv.system.spreadsheet import csv_text
from hipcv.values import FloatArray, VideoInfo
from hipcv.version import __version__

SCHEMA = "hipcv-measurement/1"
REVIEW = "review"
"""The part of a document that tells who reviewed and signed it; a measurement as it was made has none."""
DECIMALS = 4


def to_document(measurement: Measurement) -> dict[str, Any]:
    """The measurement as plain values, ready for `json.dumps`."""
    return {
        "schema": SCHEMA,
        "clip": _clip(measurement.clip),
        "software": {
            "hipcv": __version__,
            "mediapipe": pose_models.mediapipe_version(),
            "model": measurement.model.name,
            "model_sha256": measurement.model.sha256,
            "settings": settings_document(measurement.settings),
        },
        "mirrored": measurement.mirrored,
        "lean": {"roll_deg": _number(measurement.lean.roll_deg), "sd_deg": _number(measurement.lean.sd_deg)},
        "hips": {side.value: {**_hip(measurement.hips[side]), **_landmarks_and_view(measurement, side)} for side in Side},
        "asymmetry": {quantity.field: _difference(measurement.asymmetry[quantity]) for quantity in Quantity},
        "findings": [
            {"code": one.code, "severity": one.severity.value, "message": one.message, "values": dict(one.values)}
            for one in measurement.findings
        ],
        **({"proportions": {name: _number(part) for name, part in measurement.proportions.items()}} if measurement.proportions else {}),
        **({"filmed": measurement.filmed.document()} if measurement.filmed else {}),
    }


def to_json(measurement: Measurement) -> str:
    """The document as text, ending in a newline."""
    return as_text(to_document(measurement))


def as_text(document: Mapping[str, Any]) -> str:
    """Any document as text, ending in a newline."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def rounded(value: Any) -> Any:
    """Plain values with as many decimals as documents have."""
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0  # not -0.0
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value


def settings_document(settings: Settings) -> dict[str, Any]:
    """Every setting by name."""
    return {name: _plain(value) for name, value in asdict(settings).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(member.value for member in value)
    return value.value if isinstance(value, Enum) else value


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, DECIMALS)


def _clip(clip: VideoInfo) -> dict[str, Any]:
    return {
        "name": clip.name,
        "sha256": clip.sha256,
        "duration_s": _number(clip.duration_s),
        "n_frames": clip.n_frames,
        "width_px": clip.width_px,
        "height_px": clip.height_px,
        "rotation_deg": clip.rotation_deg,
        "frame_rate_hz": _number(clip.frame_rate_hz),
        "n_bytes": clip.n_bytes,
        "container": clip.container,
        "codec": clip.codec,
        "flipped": clip.flipped,
        "transfer": clip.transfer,
        "gravity_roll_deg": _number(clip.gravity_roll_deg),
        "gravity_sd_deg": _number(clip.gravity_sd_deg),
        "camera_mirrored": clip.camera_mirrored,
        "front_camera": clip.front_camera,
    }


def _hip(hip: Hip) -> dict[str, Any]:
    return {
        **{quantity.field: _range(hip[quantity]) for quantity in Quantity},
        "zero": {
            "reported": hip.zero.value,
            "rest_deg": _number(hip.rest_deg),
            "rest_doubt_deg": _number(hip.rest_doubt_deg),
            "upright_deg": _number(hip.upright_deg),
            "upright_sd_deg": _number(hip.upright_sd_deg),
            "rest_askew_deg": _number(hip.rest_askew_deg),
            "rest_askew_sd_deg": _number(hip.rest_askew_sd_deg),
            "why": zero_reason(hip),
            "edited": hip.zero_edited,
        },
        "reps": [_rep(rep) for rep in hip.reps],
    }


def _landmarks_and_view(measurement: Measurement, side: Side) -> dict[str, Any]:
    seen = measurement.rotation[side].corrected
    view = seen and {
        "thigh_outward_deg": _number(seen.thigh_outward_deg),
        "thigh_downward_deg": _number(seen.thigh_downward_deg),
        "sd_deg": _number(seen.thigh_sd_deg),
    }
    return {"side_bias_deg": _number(measurement.side_bias_deg[side]), "view": view}


def _range(span: Range | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {
        "value": _number(span.value),
        "low": _number(span.low),
        "high": _number(span.high),
        "sd": _number(span.sd),
        "n_reps": span.n_reps,
        "mdc95": _number(span.mdc95_deg),
        "edited": span.edited,
    }


def _rep(rep: Rep) -> dict[str, Any]:
    return {
        "direction": rep.direction.value,
        "start_s": _number(rep.start_s),
        "hold_start_s": _number(rep.hold_start_s),
        "hold_end_s": _number(rep.hold_end_s),
        "end_s": _number(rep.end_s),
        "end_range_deg": _number(rep.end_range_deg),
        "usable": rep.usable,
        "reasons": list(rep.reasons),
        "held": rep.held,
        "end_range_from_vertical_deg": _number(rep.end_range_from_vertical_deg),
        "grade": rep.grade.value,
        "planar_deg": _number(rep.planar_deg),
        "pelvis_deg": _number(rep.pelvis_deg),
        "knee_extension_deg": _number(rep.knee_extension_deg),
        "sd_deg": _number(rep.sd_deg),
        "landmark_sd_deg": _number(rep.landmark_sd_deg),
        "tilt_deg": _number(rep.tilt_deg),
        "edited": rep.edited,
    }


def _difference(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    doubt = difference.why if isinstance(difference.why, Message) else None  # a sentence of another version has neither code nor values
    return {
        "value": _number(difference.value),
        "low": _number(difference.low),
        "high": _number(difference.high),
        "verdict": difference.verdict.value,
        "why": difference.why.said() if difference.why else "",
        "mdc95": _number(difference.mdc95_deg),
        "why_code": doubt and doubt.key.removeprefix("doubts."),
        "why_values": doubt and dict(doubt.values),
        "edited": difference.edited,
    }


def series_columns(measurement: Measurement) -> dict[str, FloatArray]:
    """Series of a measurement by column name: `time_s`, then each side's angles, then the body's."""
    columns = {"time_s": measurement.landmarks.time_s}
    for side in SHOWN_SIDES:
        rotation = measurement.rotation[side]
        columns[f"{side.value}_internal_rotation_deg"] = rotation.internal_rotation_deg
        for name in (
            "from_rest_deg",
            "from_vertical_deg",
            "image_angle_deg",
            "knee_travel_percent",
            "thigh_abduction_deg",
            "knee_extension_deg",
        ):
            columns[f"{side.value}_{name}"] = getattr(rotation, name)
        if rotation.corrected and rotation.corrected.registered.any():
            for name in ("planar_deg", "extension_deg", "pelvis_deg"):
                columns[f"{side.value}_registered_{name}"] = getattr(rotation.corrected, name)
    for name in ("pelvis_tilt_deg", "trunk_lean_deg", "shoulder_tilt_deg"):
        columns[name] = getattr(measurement.body, name)
    return columns


def to_csv(measurement: Measurement) -> str:
    """The series as a table with a header; an empty cell = not measured."""
    return csv_text(chain([series_columns(measurement)], series_cells(measurement)))


def series_cells(measurement: Measurement) -> Iterator[list[str]]:
    """Rows of that table as written, one per frame."""
    for row in zip(*series_columns(measurement).values(), strict=True):
        yield [f"{value:.{DECIMALS}f}" if math.isfinite(value) else "" for value in row]
