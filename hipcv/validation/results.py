"""Reads results written by `hipcv measure --json`, as far as a comparison needs them."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hipcv.codes import Quantity, Severity
from hipcv.errors import UnreadableResult
from hipcv.landmarks import Side
from hipcv.measurement import Finding, Interval
from hipcv.records.document import SCHEMA
from hipcv.validation.truth import ENDING as TRUTH_ENDING
from hipcv.validation.truth import read_json
from hipcv.validation.unwarned import warned_legs


@dataclass(frozen=True, slots=True)
class Result:
    """The measured angles of one clip."""

    name: str
    """Name of the file without its extension."""
    model: str
    warned: bool
    """Whether the clip has a warning or a serious finding."""
    warned_legs: frozenset[tuple[str, str]]
    """Name and side of each leg that a warning or a serious finding names."""
    ranges: dict[tuple[Side, str], Interval]
    """By side and quantity; unmeasured ones are missing."""
    differences: dict[str, Interval]
    """Right minus left, by quantity."""


def result_files(folder: Path) -> list[Path]:
    """Every JSON file of a folder except the truth files, sorted by name.

    Raises
    ------
    UnreadableResult
        If there is no such folder, or it holds no result.
    """
    if not folder.is_dir():
        raise UnreadableResult("results_no_such_folder", about=folder)
    files = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(TRUTH_ENDING)]
    if not files:
        raise UnreadableResult("results_none", about=folder)
    return files


def read_by(folder: Path, table: Path) -> list[Path]:
    """Files that a comparison with a table reads and that must not be overwritten."""
    return [table, *folder.glob("*.json")]


def read_result(path: Path) -> Result:
    """One result.

    Raises
    ------
    UnreadableResult
        If the file cannot be read, or was not written by `hipcv measure --json`.
    """
    document = read_json(path, UnreadableResult, "result_no_json")
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise UnreadableResult("result_schema", schema=schema, schema2=SCHEMA)
    try:
        return _result(path.stem, document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableResult("result_altered", schema2=SCHEMA) from None


def _result(name: str, document: dict[str, Any]) -> Result:
    hips, asymmetry = document["hips"], document["asymmetry"]
    found = {(side, quantity.value): _span(hips[side.value][quantity.field]) for side in Side for quantity in Quantity}
    findings = [Finding(one["code"], Severity(one["severity"]), one.get("values", {})) for one in document["findings"]]
    differences = {quantity.value: _span(asymmetry[quantity.field]) for quantity in Quantity}
    return Result(
        name=name,
        model=str(document["software"]["model"]),
        warned=any(finding.severity is not Severity.INFO for finding in findings),
        warned_legs=warned_legs(name, findings),
        ranges={key: span for key, span in found.items() if span},
        differences={key: span for key, span in differences.items() if span},
    )


def _span(value: dict[str, Any] | None) -> Interval | None:
    if value is None:
        return None
    numbers = [float(value[name]) for name in ("value", "low", "high")]
    if not all(map(math.isfinite, numbers)):
        raise ValueError("an angle is no number")
    return Interval(*numbers)
