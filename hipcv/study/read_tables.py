"""Reads the tables of a batch run, even after a spreadsheet has saved them again."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from hipcv.catalogues.message import Message
from hipcv.codes import Quantity
from hipcv.errors import UnreadableTable
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study.cohort import Angle, Cohort
from hipcv.system.spreadsheet import LineFault, parsed_lines, unescaped
from hipcv.system.typed import alike, are_turned, degrees_of, is_blank, one_form
from hipcv.system.typed_dates import is_changed, readings

ANGLES, DIFFERENCES, FAILURES, RUN = "measurements.csv", "asymmetry.csv", "failures.csv", "run.json"
_READ = {"clip", "subject", "session", "date", "group", "side", "direction", "quantity", "value_deg", "low_deg", "high_deg"}
_READ |= {"reference_deg", "serious"}
"""Columns that a study reads; a line that ends before one of them was cut off."""
_SIDES = [side.value for side in Side]
_TRUE_FALSE = {"true": "false", "wahr": "falsch", "vrai": "faux", "vero": "falso", "verdadero": "falso", "verdadeiro": "falso"}
_TRUE_FALSE |= {"waar": "onwaar", "prawda": "fałsz", "sant": "falskt", "sand": "falsk", "sann": "usann", "tosi": "epätosi"}
"""As spreadsheet programs write them in English, German, French, Italian, Spanish, Portuguese, Dutch, Polish, Swedish, Danish, Norwegian
and Finnish."""
_YES, _NO = {"yes", "1", *_TRUE_FALSE}, {"no", "0", "", *_TRUE_FALSE.values()}
_MOST_DEG = 360.0
"""Larger than any difference of two totals; a larger number cannot be an angle."""

Cells = Mapping[str, str]


class Whose(NamedTuple):
    """Subject, session and group of a clip."""

    subject: str
    session: str
    group: str


@dataclass
class _Found:
    """The content of one table."""

    angles: list[Angle] = field(default_factory=list)
    faults: list[Message] = field(default_factory=list)
    n_unmeasured: int = 0
    whose: dict[str, Whose] = field(default_factory=dict)
    """By clip, including those without an angle."""


def read_cohort(folder: Path) -> Cohort:
    """Everything in the folder that a study uses. Unknown columns are ignored; `subject`, `session`, `group` and similar ones may be missing.

    Raises
    ------
    UnreadableTable
        If there is no such folder, no table of angles, no angle in it, or a name that seems to be written in several ways.
    """
    angles = _read_angles(folder)
    differences = _read_if_any(folder / DIFFERENCES, ("clip", "quantity", "value_deg"), _difference)
    failures = _read_if_any(folder / FAILURES, ("clip",), lambda _: None)
    serious = {angle.clip for angle in angles.angles if angle.serious}
    visits = _visits(folder / ANGLES, (angles.whose | failures.whose).values())
    run, run_faults = _run(folder / RUN)
    names = run.get("sessions")
    joined, lost = _joined(differences.angles, angles.whose)
    external_deg = [angle.reference_deg for angle in angles.angles if angle.quantity == Quantity.EXTERNAL and angle.reference_deg]
    turned = [Message("faults.turned", about=ANGLES)] if are_turned(external_deg) else []
    return Cohort(
        angles=tuple(replace(angle, serious=angle.clip in serious) for angle in angles.angles),
        differences=tuple(replace(one, serious=one.serious or one.clip in serious) for one in joined),
        notice_direction_deg=_limit(run, "notice_direction_deg"),
        notice_total_deg=_limit(run, "notice_total_deg"),
        visits=visits,
        session_names=tuple(map(one_form, map(str, names))) if isinstance(names, list) else (),
        sessions_are_days=run.get("sessions_are_days") is True,
        n_unmeasured=angles.n_unmeasured,
        software=_software(run),
        faults=(*angles.faults, *differences.faults, *lost, *failures.faults, *turned, *run_faults),
    )


def _visits(table: Path, whose: Collection[Whose]) -> tuple[tuple[str, str], ...]:
    """Subject and session of every clip. No name may look like another, or one person would count as two; dates may have any form."""
    for column in Whose._fields:
        names = {getattr(one, column) for one in whose}
        if (pairs := alike(names)) and not (column == "session" and readings(names - {""})):
            raise UnreadableTable("dataset_names_alike", about=table, fault=Message("faults.names_alike", {"case": column, "alike": pairs}))
    return tuple((one.subject, one.session) for one in whose)


def _read_angles(folder: Path) -> "_Found":
    if not folder.is_dir():
        raise UnreadableTable("dataset_no_such_folder", about=folder)
    if not (folder / ANGLES).is_file():
        raise UnreadableTable("dataset_without_angles", about=folder, table=ANGLES)
    angles = _read(folder / ANGLES, ("clip", "side", "direction", "value_deg"), _angle)
    if not angles.angles:
        why = {"case": "fault", "fault": angles.faults[0]} if angles.faults else {}
        raise UnreadableTable("dataset_no_angle", about=folder / ANGLES, **why)
    return angles


def _joined(differences: Iterable[Angle], whose: Mapping[str, Whose]) -> tuple[list[Angle], list[Message]]:
    """The differences, with the subject that the table of angles names for their clip; and a fault if it lacks some of the clips."""
    found = [replace(one, **whose[one.clip]._asdict()) for one in differences if one.clip in whose]
    n_lost = len({one.clip for one in differences if one.clip not in whose})
    return found, [Message("faults.clips_elsewhere", {"n": n_lost, "table": ANGLES}, about=DIFFERENCES)] if n_lost else []


def _read(path: Path, needed: tuple[str, ...], angle_of: Callable[[Cells], Angle | None]) -> _Found:
    """Every angle of a table once, and a fault for each line without a usable angle."""
    line_of: dict[tuple[str, str, str], int] = {}
    whose: dict[str, Whose] = {}

    def parse(number: int, escaped: Cells) -> Angle | None:
        cells = {name: unescaped(text) for name, text in escaped.items()}
        angle = angle_of(cells)
        whose[cells["clip"]] = _whose(cells)
        if angle and (other := line_of.setdefault((angle.clip, angle.side, angle.quantity), number)) != number:
            raise LineFault("angle_twice", other=other)
        return angle

    angles, faults = parsed_lines(
        path,
        parse,
        needed=needed,
        read=_READ,
        refuse=lambda column, case: UnreadableTable("dataset_column", about=path, column=column, case=case),
    )
    return _Found([angle for angle in angles if angle], faults, angles.count(None), whose)


def _read_if_any(path: Path, needed: tuple[str, ...], angle_of: Callable[[Cells], Angle | None]) -> _Found:
    """An optional table; if it cannot be read, an empty one with the problem."""
    if not path.is_file():
        return _Found()
    try:
        return _read(path, needed, angle_of)
    except UnreadableTable as problem:
        return _Found(faults=[problem.message])


def _whose(cells: Cells) -> Whose:
    cells = {name: one_form(cells.get(name, "")) for name in ("subject", "session", "date", "group")}
    date = "" if is_blank(cells["date"]) else cells["date"]
    return Whose(cells["subject"], cells["session"] or date, cells["group"])


def _angle(cells: Cells) -> Angle | None:
    """The angle of a hip; None if it was not measured."""
    side, direction = cells["side"].lower(), cells["direction"].lower()
    if side not in _SIDES:
        raise LineFault("side_unknown", text=cells["side"])
    if direction not in set(Quantity):
        raise LineFault("direction_unknown", text=cells["direction"])
    return _of(cells, side, direction)


def _difference(cells: Cells) -> Angle | None:
    """The difference right minus left; None if it was not measured."""
    quantity = cells["quantity"].lower()
    if quantity not in set(Quantity):
        raise LineFault("quantity_unknown", text=cells["quantity"])
    return _of(cells, BOTH_SIDES, quantity)


def _of(cells: Cells, side: str, quantity: str) -> Angle | None:
    if not cells["clip"]:
        raise LineFault("clip_missing")
    serious = cells.get("serious", "").lower()
    if serious not in _YES | _NO:
        raise LineFault("serious_unknown", text=cells["serious"])
    value_deg = _number(cells, "value_deg")
    if value_deg is None:
        return None
    return Angle(
        clip=cells["clip"],
        **_whose(cells)._asdict(),
        side=side,
        quantity=quantity,
        value_deg=value_deg,
        low_deg=_number(cells, "low_deg"),
        high_deg=_number(cells, "high_deg"),
        reference_deg=_number(cells, "reference_deg"),
        serious=serious in _YES,
    )


def _number(cells: Cells, column: str) -> float | None:
    """An angle in degrees; None if the cell is empty or there is no such column."""
    text = cells.get(column, "")
    if is_blank(text):
        return None
    value = degrees_of(text)
    if abs(value) <= _MOST_DEG:
        return value
    if is_changed(text):
        raise LineFault("degrees_changed", column=column, text=text)
    raise LineFault("degrees_unknown", column=column, text=text)


# ---------------------------------------------------------------------- run.json
def _run(path: Path) -> tuple[dict[str, Any], list[Message]]:
    """The content of the file, and no fault; nothing and a fault if it cannot be read."""
    if not path.is_file():
        return {}, []
    try:
        run = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}, [Message("faults.run_unreadable", about=path.name)]
    return (run, []) if isinstance(run, dict) else ({}, [Message("faults.run_without_settings", about=path.name)])


def _limit(run: Mapping[str, Any], name: str) -> float:
    """The setting of the run, or the usual one."""
    software = run.get("software")
    settings = run.get("settings") or (software.get("settings") if isinstance(software, dict) else None)
    value = settings.get(name) if isinstance(settings, dict) else None
    usual: float = getattr(Settings(), name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else usual


def _software(run: Mapping[str, Any]) -> dict[str, str]:
    """Names and versions, where they are plain text or numbers."""
    software = run.get("software")
    pairs = software.items() if isinstance(software, dict) else ()
    return {name: str(value) for name, value in pairs if isinstance(value, str | int | float)}
