"""Reads the list of clips from a table (`clip, subject, session, group, date, mirrored, reference …`) and checks it before the run starts."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from hipcv.batch.columns import TAKEN_NAMES
from hipcv.batch.entry import KNOWN_COLUMNS, REFERENCE_COLUMNS, Entry, key_of
from hipcv.errors import BadManifest, UnreadableTable
from hipcv.settings import Mirrored
from hipcv.system.spreadsheet import lines_of
from hipcv.system.typed import TURNED, are_turned, degrees_of
from hipcv.values import Direction

_MOST_DEG = 180.0
_MOST_FAULTS = 50
_REFERENCE = re.compile(r"reference.*(right|left|internal|external|deg)", re.IGNORECASE)
"""Names that look like a reference column."""


def entries(path: Path) -> list[Entry]:
    """The clips of a manifest, in its order. Paths are absolute, or relative to the manifest's folder.

    Raises
    ------
    BadManifest
        If anything is wrong; lists the faults, one per line.
    """
    try:
        rows = list(lines_of(path))
    except UnreadableTable as problem:
        raise BadManifest.of(problem) from None
    if not rows:
        raise BadManifest("manifest_empty", about=path, columns=list(KNOWN_COLUMNS))
    rows = _without_empty_columns(rows)
    header = [name.lower() if name.lower() in _OURS else name for name in rows[0][1]]
    faults = list(_header_faults(header))
    if faults:
        raise _faulty(path, faults)
    found: list[Entry] = []
    line_of: dict[str, int] = {}
    for line, cells in rows[1:]:
        entry, wrong = _entry(len(found), cells, header, path.parent)
        other = line_of.setdefault(entry.path if entry.clip else entry.key, line)
        faults += [f"line {line}: {fault}" for fault in wrong]
        if other != line:
            faults.append(f"line {line}: the same clip as in line {other}. Name each clip once.")
        found.append(entry)
    faults += [TURNED] if are_turned(_external_deg(found)) else []
    if faults:
        raise _faulty(path, faults)
    if not found:
        raise BadManifest("manifest_without_clip", about=path)
    return found


_OURS = {*KNOWN_COLUMNS, *REFERENCE_COLUMNS}


def _without_empty_columns(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows without trailing columns that have neither a name nor content; spreadsheets sometimes leave those."""
    whole = kept = len(rows[0][1])
    while kept and not any("".join(cells[kept - 1 : kept]) for _, cells in rows):
        kept -= 1
    return [(line, cells[:kept] if len(cells) <= whole else cells) for line, cells in rows]


def _faulty(path: Path, faults: list[str]) -> BadManifest:
    """The error with every fault, up to the first 50."""
    n_more = len(faults) - _MOST_FAULTS
    more = {"case": "more", "more": n_more} if n_more > 0 else {}
    return BadManifest("manifest_faults", about=path, n=len(faults), faults=faults[:_MOST_FAULTS], **more)


def _header_faults(header: list[str]) -> Iterator[str]:
    if "clip" not in header:
        yield 'the column "clip" is missing. The first line has to name the columns.'
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield (
                f'the column "{name}" stands there {header.count(name)} times. Keep one of them.'
                if name
                else ("more than one column has no name. Name each, or delete it.")
            )
        elif not name:
            yield f"column {header.index(name) + 1} has no name. Name it, or delete it."
        elif _REFERENCE.match(name) and name not in REFERENCE_COLUMNS:
            yield f'the column "{name}" is none of {", ".join(REFERENCE_COLUMNS)}. Rename it.'
        elif name.lower() in TAKEN_NAMES:
            yield f'the column "{name}" has the name of a column of the results. Rename it.'


def _entry(number: int, cells: list[str], header: list[str], base: Path) -> tuple[Entry, list[str]]:
    """The clip of a line, and the faults found in that line."""
    faults = []
    if len(cells) > len(header):
        faults.append(f"{len(cells)} cells, but the header has {len(header)}. Put cells that hold a comma in quotes.")
    values = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
    clip, mirrored = values["clip"], values.get("mirrored", "").lower() or Mirrored.AUTO.value
    path = base / clip
    if not clip:
        faults.append("the clip is missing. Write the name of its file.")
    elif not os.path.isfile(path):  # noqa: PTH113 - a name that is too long also means no file
        faults.append(f'there is no file "{clip}" (looked for in {path.parent}).')
    if mirrored not in {member.value for member in Mirrored}:
        faults.append(f'mirrored is "{values["mirrored"]}". Write yes, no or auto.')
    references, wrong = _references(values)
    faults += wrong
    day = values.get("date", "")
    if day and not is_day(day):
        faults.append(f'the date is "{day}". Write it as 2026-03-31.')
    entry = Entry(
        number=number,
        clip=clip,
        path=os.path.abspath(path),  # noqa: PTH100 - links are kept
        mirrored=mirrored,
        subject=values.get("subject", ""),
        session=_iso(values.get("session", "")),
        group=values.get("group", ""),
        date=_iso(day),
        references=references,
        extra={name: values[name] for name in header if name not in _OURS},
        key=key_of(Path(os.path.normpath(clip)).as_posix() if clip else f"line {number}"),
    )
    return entry, faults


def _references(values: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    references, faults = {}, []
    for name in REFERENCE_COLUMNS:
        if text := values.get(name, ""):
            references[name] = degrees_of(text)
            if not abs(references[name]) <= _MOST_DEG:
                faults.append(f'{name} is "{text}". Write degrees as a number, or leave the cell empty.')
    return references, faults


def _external_deg(entries: Sequence[Entry]) -> list[float]:
    """All reference angles of external rotation."""
    return [deg for entry in entries for name, deg in entry.references.items() if REFERENCE_COLUMNS[name][1] is Direction.EXTERNAL]


def _iso(text: str) -> str:
    """A date in ISO format; other text unchanged."""
    return date.fromisoformat(text).isoformat() if is_day(text) else text


def is_day(text: str) -> bool:
    """Whether the text is an ISO date such as 2026-03-31.

    >>> is_day("2026-03-31"), is_day("before")
    (True, False)
    """
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
