"""The rows of the tables, from a clip's document and its line in the manifest."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from hipcv.batch.entry import Entry
from hipcv.batch.folders import CLIPS
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.store.changes import is_doubtful
from hipcv.values import Direction

Row = list[Any]
Document = Mapping[str, Any]


def identity_cells(entry: Entry) -> Row:
    """The cells that begin every row."""
    return [entry.clip, entry.subject, entry.session, entry.group, entry.date]


def measurements(entry: Entry, document: Document) -> Iterator[Row]:
    """Four rows: each side and direction; one that was not measured has no value."""
    for side in SHOWN_SIDES:
        hip = document["hips"][side.value]
        for direction in Direction:
            span = hip[Quantity.of(direction).field] or {}
            values = [span.get(name) for name in ("value", "low", "high", "sd", "n_reps", "mdc95")]
            yield [
                *identity_cells(entry),
                side.value,
                direction.value,
                *values,
                _reference(entry, side, direction),
                hip["zero"]["reported"],
                is_doubtful(document),
                ";".join(dict.fromkeys(finding["code"] for finding in document["findings"])),
                f"{CLIPS}/{entry.key}.json",
                *entry.extra.values(),
            ]


def reps(entry: Entry, document: Document) -> Iterator[Row]:
    """A row for every repetition found."""
    for side in SHOWN_SIDES:
        seen: Counter[str] = Counter()
        for rep in document["hips"][side.value]["reps"]:
            seen[rep["direction"]] += 1
            yield [
                *identity_cells(entry),
                side.value,
                rep["direction"],
                seen[rep["direction"]],
                *(rep[name] for name in ("start_s", "hold_start_s", "hold_end_s", "end_s", "end_range_deg", "sd_deg", "usable", "grade")),
                ";".join(rep["reasons"]),
                rep["pelvis_deg"],
                rep["knee_extension_deg"],
            ]


def asymmetry(entry: Entry, document: Document) -> Iterator[Row]:
    """Three rows: internal, external, total."""
    for quantity in Quantity:
        difference = document["asymmetry"][quantity.field] or {}
        values = [difference.get(name) for name in ("value", "low", "high", "mdc95", "verdict")]
        yield [*identity_cells(entry), quantity.value, *values, _reference_difference(entry, quantity), is_doubtful(document)]


BY_TABLE = {"measurements": measurements, "reps": reps, "asymmetry": asymmetry}


def _reference(entry: Entry, side: Side, direction: Direction) -> float | None:
    return entry.references.get(f"reference_{side.value}_{direction.value}_deg")


def _reference_difference(entry: Entry, quantity: str) -> float | None:
    parts = list(Direction) if quantity == Quantity.TOTAL else [Direction(quantity)]
    right, left = ([_reference(entry, side, direction) for direction in parts] for side in SHOWN_SIDES)
    known = [value for value in (*right, *left) if value is not None]
    if len(known) < 2 * len(parts):
        return None
    return round(sum(known[: len(parts)]) - sum(known[len(parts) :]), 4)
