"""Reads the list of clips from a table (`clip, subject, session, group, date, mirrored, reference …`) and checks it before the run starts."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from hipcv.batch.columns import TAKEN_NAMES
from hipcv.batch.entry import KNOWN_COLUMNS, REFERENCE_COLUMNS, Entry, key_of
from hipcv.catalogues.message import Message
from hipcv.errors import BadManifest, UnreadableTable
from hipcv.settings import Mirrored, Turn
from hipcv.system.spreadsheet import lines_of
from hipcv.system.typed import alike, are_turned, degrees_of, is_blank, one_form
from hipcv.values import Direction

_MOST_DEG = 180.0
_MOST_FAULTS = 50
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|.*\\")
"""Windows paths: with a drive, or with backslashes."""
_REFERENCE = re.compile(r"reference.*(right|left|internal|external|deg)", re.IGNORECASE)
"""Names that look like a reference column."""


def entries(path: Path) -> list[Entry]:
    """The clips of a manifest, in its order. Paths are absolute, or relative to the manifest's folder.

    Raises
    ------
    BadManifest
        If anything is wrong; lists the faults, one per line.
    """
    (_, names), *rows = _rows(path)
    header = [name.lower() if name.lower() in _OURS else name for name in names]
    faults = list(_header_faults(header))
    if faults:
        raise _faulty(path, faults)
    found, faults = _entries(rows, header, path.parent)
    faults += _faults_of_all(found)
    if faults:
        raise _faulty(path, faults)
    if not found:
        raise BadManifest("manifest_without_clip", about=path)
    return found


def _faults_of_all(found: Sequence[Entry]) -> Iterator[Message]:
    """What only the whole list shows."""
    external = [name for name, (_, direction) in REFERENCE_COLUMNS.items() if direction is Direction.EXTERNAL]
    if are_turned([entry.references[name] for entry in found for name in external if name in entry.references]):
        yield Message("faults.turned")
    if pairs := alike(entry.subject for entry in found):
        yield Message("faults.names_alike", {"case": "subject", "alike": pairs})


def _entries(rows: Iterable[tuple[int, list[str]]], header: list[str], base: Path) -> tuple[list[Entry], list[Message]]:
    """The clip of each line, and the faults of all lines."""
    found: list[Entry] = []
    faults: list[Message] = []
    line_of: dict[str, int] = {}
    for line, cells in rows:
        entry, wrong = _entry(len(found), cells, header, base)
        other = line_of.setdefault(entry.path if entry.clip else entry.key, line)
        if other != line:
            wrong.append(Message("faults.clip_twice", {"other": other}))
        faults += [Message("faults.in_line", {"line": line, "fault": fault}) for fault in wrong]
        found.append(entry)
    return found, faults


_PICTURE = {"mirrored": Mirrored.AUTO.value, "turn": str(Turn.NONE.value)}
"""Columns that say how the picture is taken, and what an empty cell stands for."""
_TURNS = {str(turn.value): turn.value for turn in Turn}
_OURS = {*KNOWN_COLUMNS, *REFERENCE_COLUMNS}


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The numbered lines without trailing columns that have neither a name nor content; spreadsheets sometimes leave those."""
    try:
        rows = list(lines_of(path))
    except UnreadableTable as problem:
        raise BadManifest.of(problem) from None
    if not rows:
        raise BadManifest("manifest_empty", about=path, columns=list(KNOWN_COLUMNS))
    whole = kept = len(rows[0][1])
    while kept and not any("".join(cells[kept - 1 : kept]) for _, cells in rows):
        kept -= 1
    return [(line, cells[:kept] if len(cells) <= whole else cells) for line, cells in rows]


def _faulty(path: Path, faults: list[Message]) -> BadManifest:
    """The error with every fault, up to the first 50."""
    n_more = len(faults) - _MOST_FAULTS
    more = {"case": "more", "more": n_more} if n_more > 0 else {}
    return BadManifest("manifest_faults", about=path, n=len(faults), faults=faults[:_MOST_FAULTS], **more)


def _header_faults(header: list[str]) -> Iterator[Message]:
    if "clip" not in header:
        yield Message("faults.column_missing", {"column": "clip"})
    for name in dict.fromkeys(header):
        times = header.count(name)
        if not name and times > 1:
            yield Message("faults.columns_without_name")
        elif not name:
            yield Message("faults.column_without_name", {"number": header.index(name) + 1})
        elif times > 1:
            yield Message("faults.column_several_times", {"column": name, "times": times})
        elif _REFERENCE.match(name) and name not in REFERENCE_COLUMNS:
            yield Message("faults.column_unknown", {"column": name, "columns": list(REFERENCE_COLUMNS)})
        elif name.lower() in TAKEN_NAMES:
            yield Message("faults.column_of_results", {"column": name})


def _entry(number: int, cells: list[str], header: list[str], base: Path) -> tuple[Entry, list[Message]]:
    """The clip of a line, and the faults found in that line."""
    faults = []
    if len(cells) > len(header):
        faults.append(Message("faults.cells", {"case": "comma", "cells": len(cells), "columns": len(header)}))
    values = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
    path = base / (clip := values["clip"])
    faults += _clip_faults(clip, path)
    mirrored, turn = (values.get(name, "").lower() or default for name, default in _PICTURE.items())
    faults += _picture_faults(mirrored, turn, values)
    references, wrong = _references(values)
    faults += wrong
    day = "" if is_blank(values.get("date", "")) else values["date"]
    if day and not is_day(day):
        faults.append(Message("faults.date_unknown", {"text": day}))
    entry = Entry(
        number=number,
        clip=clip,
        path=os.path.abspath(path),  # noqa: PTH100 - links are kept
        mirrored=mirrored,
        turn=_TURNS.get(turn, 0),
        subject=one_form(values.get("subject", "")),
        session=_iso(one_form(values.get("session", ""))),
        group=one_form(values.get("group", "")),
        date=_iso(day),
        references=references,
        extra={name: values[name] for name in header if name not in _OURS},
        key=key_of(Path(os.path.normpath(clip)).as_posix() if clip else f"line {number}"),
    )
    return entry, faults


def _picture_faults(mirrored: str, turn: str, values: dict[str, str]) -> Iterator[Message]:
    if mirrored not in {member.value for member in Mirrored}:
        yield Message("faults.mirrored_unknown", {"text": values["mirrored"]})
    if turn not in _TURNS:
        yield Message("faults.turn_unknown", {"text": values["turn"]})


def _clip_faults(clip: str, path: Path) -> Iterator[Message]:
    if not clip:
        yield Message("faults.clip_missing")
    elif os.path.isfile(path):  # noqa: PTH113 - a name that is too long is none, either
        return
    elif os.name != "nt" and _WINDOWS.match(clip):
        yield Message("faults.clip_not_there", {"case": "windows", "clip": clip})
    else:
        yield Message("faults.clip_not_there", {"case": "folder", "clip": clip, "folder": path.parent})


def _references(values: Mapping[str, str]) -> tuple[dict[str, float], list[Message]]:
    references, faults = {}, []
    for name in REFERENCE_COLUMNS:
        if not is_blank(text := values.get(name, "")):
            references[name] = degrees_of(text)
            if not abs(references[name]) <= _MOST_DEG:
                faults.append(Message("faults.degrees_unknown", {"column": name, "text": text}))
    return references, faults


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
