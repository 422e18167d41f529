"""Measurements for a reviewer to correct: a seated subject with angles of our choice, and what 0.1.0 would have written of it."""

import copy
from dataclasses import replace
from typing import Any

from hipcv.findings.of_recording import recording_doubt
from hipcv.kinematics import ranges
from hipcv.landmarks import Side
from hipcv.measurement import Measurement, Rep
from hipcv.records.arrays import arrays_of
from hipcv.records.document import to_document
from hipcv.records.read_document import measurement_of
from hipcv.review.edits import Edit, Numbered
from tests.builders import Subject, a_measurement, findings_of, given_settings, measured, seated


def built(subject: Subject | None = None, **choices: Any) -> Measurement:
    """The measurement of a subject, by default right 35 and 40°, left 30 and 45°, three times each; from landmarks alone."""
    subject = subject or seated()
    seen, findings = measured(subject, given_settings()), findings_of(subject)
    told = {
        "settings": given_settings(),
        "landmarks": seen.series,
        "rotation": seen.rotation,
        "body": seen.body,
        "lean": seen.lean,
        "hips": seen.hips,
        "asymmetry": ranges.asymmetry(seen.hips, given_settings(), recording_doubt(findings)),
        "findings": findings,
    }
    return a_measurement(**told | choices)


def numbered(*edits: Edit) -> list[Numbered]:
    """The edits as they are stored, numbered from 1."""
    return [Numbered(number, edit) for number, edit in enumerate(edits, 1)]


def with_rep(measurement: Measurement, side: Side, index: int, **changes: Any) -> Measurement:
    """The same with one repetition as we want it, and ranges that follow from it."""
    reps = tuple(replace(rep, **changes) if k == index else rep for k, rep in enumerate(measurement.hips[side].reps))
    hips = {**measurement.hips, side: ranges.hip_ranges(side, reps, measurement.rotation[side], measurement.settings)}
    return replace(measurement, hips=hips, asymmetry=ranges.asymmetry(hips, measurement.settings))


def hold_middle_s(rep: Rep) -> float:
    """A time at which the end range is held."""
    return (rep.hold_start_s + rep.hold_end_s) / 2


ADDED_SINCE_010 = {"rest_askew_deg", "rest_askew_sd_deg", "landmark_sd_deg", "edited"}


def as_written_by_010(measurement: Measurement) -> Measurement:
    """What is read back of a measurement if its document and arrays lack all that 0.1.0 did not write."""
    document = without(copy.deepcopy(to_document(measurement)), ADDED_SINCE_010)
    arrays = arrays_of(measurement)
    new = {name for name in arrays if "rest_askew" in name or "knee_shift" in name or name in {"landmarks.blind", "landmarks.turned"}}
    return measurement_of(document, {name: array for name, array in arrays.items() if name not in new})


def without(node: Any, names: set[str]) -> Any:
    """A document without some of its fields, wherever they are."""
    if isinstance(node, dict):
        return {key: without(part, names) for key, part in node.items() if key not in names}
    return [without(part, names) for part in node] if isinstance(node, list) else node
