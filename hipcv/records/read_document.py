"""From a document (`hipcv-measurement/1`) and its arrays back to the measurement, so that the same code shows new and kept results."""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from hipcv.catalogues.message import Message
from hipcv.codes import Quantity, Reason, Severity
from hipcv.errors import UnreadableResult
from hipcv.filmed import filmed_of
from hipcv.landmarks import Side
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference, Finding, Hip, Interval, Measurement, ModelInfo, Range, Rep
from hipcv.records import arrays as arrays_
from hipcv.records.arrays import Arrays
from hipcv.records.document import SCHEMA
from hipcv.settings import Mirrored, Settings, Step, Turn
from hipcv.values import CameraRoll, VideoInfo, Zero

Document = Mapping[str, Any]
_Value = TypeVar("_Value")
_Interval = TypeVar("_Interval", bound=Interval)
_MOST_DEG = 360
_NEVER_EDITED = {"edited": False}
"""What documents say that were written before there were reviewers."""
_MOST_LETTERS = 100
"""Limit on quoted faulty text: a file may contain anything."""


def measurement_of(document: Document, arrays: Arrays) -> Measurement:
    """The measurement that was written as `document` and `arrays`; its angles have the document's four decimals.

    Raises
    ------
    UnreadableResult
        Another format, or parts are missing or altered.
    """
    schema = document.get("schema") if isinstance(document, Mapping) else None
    if schema != SCHEMA:
        raise UnreadableResult("document_schema", schema=str(schema)[:_MOST_LETTERS], schema2=SCHEMA)
    try:
        return _measurement(document, arrays)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise UnreadableResult("document_altered", reason=str(problem)[:_MOST_LETTERS]) from None


def _measurement(document: Document, arrays: Arrays) -> Measurement:
    landmarks = arrays_.landmarks(arrays)
    n_frames = len(landmarks.time_s)
    hips = {side: _hip(document["hips"][side.value], side) for side in Side}
    software = {name: _converted(document["software"][name], str) for name in ("hipcv", "mediapipe", "model", "model_sha256")}
    return Measurement(
        clip=_filled(VideoInfo, document["clip"]),
        model=ModelInfo(software["model"], software["model_sha256"]),
        settings=_settings(document["software"]["settings"]),
        mirrored=_converted(document["mirrored"], bool),
        landmarks=landmarks,
        rotation={side: arrays_.rotation(arrays, side, n_frames, zero=hips[side].zero) for side in Side},
        body=arrays_.body(arrays, n_frames),
        lean=_filled(CameraRoll, document["lean"]),
        side_bias_deg={side: _number(document["hips"][side.value]["side_bias_deg"]) for side in Side},
        hips=hips,
        asymmetry=Asymmetry(**{one.field: _difference(document["asymmetry"][one.field]) for one in Quantity}),
        findings=findings_of(document),
        proportions={str(name): _number(part) for name, part in document.get("proportions", {}).items()},
        filmed=filmed_of(document["filmed"]) if document.get("filmed") is not None else None,
    )


def findings_of(document: Document) -> tuple[Finding, ...]:
    """The findings of a document."""
    return tuple(_finding(one) for one in document["findings"])


def _number(value: Any) -> float:
    if value is None:
        return float("nan")
    if not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _filled(kind: type[_Value], document: Document, **known: Any) -> _Value:
    """A value with fields named as in the document; a missing number is NaN if the field does not allow None."""
    hints = get_type_hints(kind)
    values = {name: _converted(document[name], hints[name]) for name in hints if name not in known}
    return kind(**values, **known)


def _converted(value: Any, hint: Any) -> Any:
    if hint is float:
        return _number(value)
    if hint == float | None:
        return None if value is None else _number(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if hint == tuple[Reason, ...]:
        return tuple(Reason(code) for code in value)
    if not isinstance(value, hint):
        raise ValueError(f"{value!r} is no {hint}")
    return value


def _settings(document: Document) -> Settings:
    """The settings known to this version: those of other versions are ignored, and new ones take their default."""
    known: dict[str, Any] = {
        "mirrored": Mirrored(document["mirrored"]),
        "turn": Turn(document.get("turn", Turn.NONE.value)),
        "without": frozenset(Step(step) for step in document["without"]),
    }
    for name, default in ((field.name, field.default) for field in fields(Settings)):
        if name in document and name not in known and isinstance(default, int | float):
            known[name] = type(default)(_number(document[name]))
    return Settings(**known)


def _hip(document: Document, side: Side) -> Hip:
    zero = document["zero"]
    internal, external, total = (_interval(Range, document[quantity.field]) for quantity in Quantity)
    return Hip(
        side=side,
        internal_rotation_deg=internal,
        external_rotation_deg=external,
        total_deg=total,
        reps=tuple(_filled(Rep, {"tilt_deg": 0.0, "landmark_sd_deg": None, **_NEVER_EDITED, **rep}, side=side) for rep in document["reps"]),
        zero=Zero(zero["reported"]),
        rest_deg=_number(zero["rest_deg"]),
        rest_doubt_deg=_number(zero["rest_doubt_deg"]),
        upright_deg=_number(zero["upright_deg"]),
        upright_sd_deg=_number(zero["upright_sd_deg"]),
        rest_askew_deg=_number(zero.get("rest_askew_deg")),
        rest_askew_sd_deg=_number(zero.get("rest_askew_sd_deg")),
        zero_edited=_converted(zero.get("edited", False), bool),
    )


def _finding(document: Document) -> Finding:
    code, severity = _converted(document["code"], str), Severity(document["severity"])
    message = Message(f"findings.{code}", _values(document.get("values")))
    written = _as_written(message, document["message"])
    return Finding(code, severity, {} if written else message.values, written)


def _difference(document: Document | None) -> Difference | None:
    if document is None:
        return None
    message = Message(f"doubts.{document.get('why_code')}", _values(document.get("why_values")))
    written = _as_written(message, document["why"])
    return _interval(Difference, document, why=(written or message) if document["why"] else None)


def _values(found: Any) -> dict[str, Any]:
    """Values of a sentence, if the document has any."""
    return dict(found) if isinstance(found, Mapping) else {}


def _as_written(message: Message, sentence: Any) -> AsWritten | None:
    """The document's sentence if this version would word code and values differently; the original wording is what was signed."""
    text: str = _converted(sentence, str)
    try:
        return None if message.said() == text else AsWritten(text)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError):  # an unknown code, or values of another kind
        return AsWritten(text)


def _interval(kind: type[_Interval], document: Document | None, **known: Any) -> _Interval | None:
    """An angle and the ends of its interval, none of them beyond the possible rotation of one or two legs."""
    if document is None:
        return None
    interval = _filled(kind, {**_NEVER_EDITED, **document}, **known)
    if not -_MOST_DEG <= interval.low <= interval.value <= interval.high <= _MOST_DEG:
        raise ValueError(f"{interval.low} to {interval.high} is no interval of {interval.value}")
    return interval
