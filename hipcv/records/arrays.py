"""Arrays of a measurement by name, and back: data too large for a JSON document."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt

from hipcv.landmarks import Side
from hipcv.measurement import Measurement
from hipcv.values import BodySeries, BoolArray, FloatArray, LandmarkSeries, RegisteredRotation, RotationSeries, Zero

Arrays = Mapping[str, npt.NDArray[Any]]
_Value = TypeVar("_Value")
_KINDS = {FloatArray: "f", BoolArray: "b", float: "fi", int: "i"}
"""Allowed types of a field, as numpy's type letters."""
_ADDED = ("blind", "turned")
"""Flags of the landmarks that records of 0.1.0 do not have."""


def arrays_of(measurement: Measurement) -> dict[str, npt.NDArray[Any]]:
    """Landmarks, both legs and the body, as `part.name`; single numbers are 0-dimensional."""
    found = {**_named("landmarks", measurement.landmarks), **_named("body", measurement.body)}
    for side, rotation in measurement.rotation.items():
        found |= _named(side.value, rotation)
        if rotation.corrected is not None:
            found |= _named(_corrected(side), rotation.corrected)
    return found


def _named(part: str, value: object) -> dict[str, npt.NDArray[Any]]:
    contents = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
    return {f"{part}.{name}": np.asarray(content) for name, content in contents.items() if isinstance(content, np.ndarray | int | float)}


def _corrected(side: Side) -> str:
    return f"{side.value}.corrected"


def landmarks(arrays: Arrays) -> LandmarkSeries:
    """The landmarks; raises `KeyError` or `ValueError` if a part is missing or does not fit the others."""
    not_stored: Arrays = {f"landmarks.{name}": np.zeros(0, bool) for name in _ADDED}
    series = _built(LandmarkSeries, {**not_stored, **arrays}, "landmarks")
    if not len(series.time_s) or not np.isfinite(series.time_s).all():
        raise ValueError("landmarks.time_s is not a row of times")
    return series


def body(arrays: Arrays, n_frames: int) -> BodySeries:
    """Pelvis and trunk; raises likewise."""
    return _built(BodySeries, arrays, "body", n_frames)


def rotation(arrays: Arrays, side: Side, n_frames: int, **known: Any) -> RotationSeries:
    """One leg; raises likewise. `known` are the fields that are not numbers."""
    has_corrected = any(name.startswith(_corrected(side)) for name in arrays)
    arrays = {**_not_in_010(side, n_frames, known.get("zero")), **arrays}
    corrected = _built(RegisteredRotation, arrays, _corrected(side), n_frames) if has_corrected else None
    return _built(RotationSeries, arrays, side.value, n_frames, side=side, corrected=corrected, not_registered=None, **known)


def _not_in_010(side: Side, n_frames: int, zero: Zero | None) -> Arrays:
    """What records of 0.1.0 do not have of a leg: its zero was the posture at rest itself, or the vertical."""
    unknown = np.asarray(np.nan)
    return {
        f"{side.value}.rest_askew_deg": np.asarray(0.0) if zero is Zero.REST else unknown,
        f"{side.value}.rest_askew_sd_deg": unknown,
        f"{_corrected(side)}.rest_askew_deg": unknown,
        f"{_corrected(side)}.knee_shift_percent": np.full(n_frames, np.nan),
    }


def _built(kind: type[_Value], arrays: Arrays, part: str, n_frames: int | None = None, **known: Any) -> _Value:
    values = dict(known)
    for name, hint in get_type_hints(kind).items():
        if name not in known:
            values[name] = _checked(arrays[f"{part}.{name}"], f"{part}.{name}", hint, n_frames)
    return kind(**values)


def _checked(array: npt.NDArray[Any], name: str, hint: Any, n_frames: int | None) -> Any:
    if array.dtype.kind not in _KINDS[hint]:
        raise ValueError(f"{name} holds {array.dtype}")
    is_number = hint in (float, int)
    expected = () if is_number else array.shape if n_frames is None else (n_frames,)  # LandmarkSeries checks its own
    if array.shape != expected:
        raise ValueError(f"{name} has shape {array.shape}, not {expected}")
    return array.item() if is_number else array
