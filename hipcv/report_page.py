"""One measurement as one A4 page that a person hands to a physical therapist: numbers, pictures, doubts, and what it is not.

What stands where is decided in typst/report.typ; here its values are gathered. They reach it as data and never as markup.
"""

import io
import json
import math
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import typst
from matplotlib.ft2font import FT2Font
from PIL import Image

from hipcv.choice import representative_rep
from hipcv.grading import REASONS
from hipcv.landmarks import SHOWN_SIDES, Side, of_side
from hipcv.measurement import Difference, Hip, Measurement, Rep, Severity
from hipcv.overlay import SIDE_COLOURS, as_filmed, short_reason
from hipcv.record import Record
from hipcv.report import INTENDED_USE, QUANTITIES, change_sentence, table_rows, verdict_sentences, whole
from hipcv.stills import frames_of_holds
from hipcv.values import Direction, Zero
from hipcv.visit import Visit
from hipcv.words import Words

Say = Callable[[str], str]
"""From a sentence of the measurement, which is English, to the language of the page."""

_FONTS = "fonts/ttf"
_FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_RANGE_NAMES = {Direction.INTERNAL: "internal_rotation_deg", Direction.EXTERNAL: "external_rotation_deg"}
_HASH_LETTERS = 12
_LONGEST_TEXT = 3000
_LONGEST_FINDING = 600
_LONG_WORD = 24
"""Longer words may be broken anywhere, or they would run out of the page."""
_LEAST_AXIS_DEG = 20
_JOINERS = {0x200C, 0x200D}
"""Invisible, but some scripts cannot be written without them."""

_CROP_SHANKS, _CROP_BELOW_KNEE_SHANKS = 3.1, 0.3
"""A still is cut to a square of this width about a point this far below the knees: lap to feet, with the angles beside the knees."""
_STILL_PX, _STILL_QUALITY = 520, 88
_MOST_PIXELS = 50_000_000
_FIGURE_WIDTH_IN, _FIGURE_PANELS_IN = 14.0, (0.65, 9.3)
"""figure.py: the panels with their axes lie between these heights from the top; title and footer repeat what the page says."""


def report_pdf(record: Record, visit: Visit | None, words: Words, say: Say = str) -> bytes:
    """The page as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    record : what was measured, with the pictures if there are any
    visit : what the person says of it; None for a measurement that came as a file
    words : the language of the labels
    say : from each sentence that the measurement makes (verdicts, findings, reasons, intended use) to the language of the page
    """
    return _compiled(page_values(record, visit, words, say))


def _compiled(values: dict[str, Any]) -> bytes:
    template = (resources.files("hipcv") / "typst" / "report.typ").read_bytes()
    inputs = {"values": json.dumps(_plain(values))}
    try:
        return typst.compile(template, font_paths=_fonts(), sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:  # letters that the font has but cannot join: the page matters more than the standard
        return typst.compile(template, font_paths=_fonts(), sys_inputs=inputs)


@cache
def _font_paths() -> tuple[Path, ...]:
    return tuple(Path(matplotlib.get_data_path(), _FONTS, name) for name in _FONT_FILES)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_paths()[0].parent])


# ---------------------------------------------------------------------- what may be printed
def _plain(value: Any) -> Any:
    """The same with every text printable and every picture as a list of its bytes."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bytes | list | tuple):
        return [_plain(part) for part in value] if not isinstance(value, bytes) else list(value)
    return {name: _plain(part) for name, part in value.items()} if isinstance(value, dict) else value


def printable(text: str) -> str:
    """A text of any origin with `?` for what the font cannot write; its lines stand one after the other.

    >>> printable("*knee* #eval(1)"), printable("two" + chr(10) + "lines"), printable(chr(0x4E2D))
    ('*knee* #eval(1)', 'two · lines', '?')
    """
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text[:_LONGEST_TEXT]).splitlines()]
    return " ".join(_breakable(word) for word in _known(" · ".join(line for line in lines if line)).split(" "))


def _known(text: str) -> str:
    written = []
    for letter in text:
        hidden = unicodedata.category(letter) == "Cf"
        if hidden and ord(letter) not in _JOINERS:
            continue
        known = ord(letter) in _letters() and (hidden or letter.isprintable())
        written.append(letter if known else "?")
    return "".join(written)


def _breakable(word: str) -> str:
    return "\u200b".join(word) if len(word) > _LONG_WORD else word


@cache
def _letters() -> frozenset[int]:
    """What both weights of the font can write."""
    plain, bold = (set(FT2Font(path).get_charmap()) for path in _font_paths())
    return frozenset(plain & bold)


# ---------------------------------------------------------------------- the values of the page
def page_values(record: Record, visit: Visit | None, words: Words, say: Say) -> dict[str, Any]:
    """Everything that the template prints, in the language of the page."""
    measurement = record.measurement
    hips = [measurement.hips[side] for side in SHOWN_SIDES]
    return {
        "language": words.language,
        "said_language": "en" if say is str else words.language,
        "title": words("report.title"),
        "colours": [SIDE_COLOURS[side] for side in SHOWN_SIDES],
        "words": {key: words(f"report.{key}") for key in _LABELS},
        "hips": [words(f"app.hip.{side.value}") for side in SHOWN_SIDES],
        "visit": _visit(visit, words),
        "clip": [measurement.clip.name, _clip_facts(measurement, words)],
        "table": _table(measurement, words),
        "axis": _axis(measurement),
        "legend": words(
            "report.result.legend",
            direction=_short(measurement.settings.notice_direction_deg, words),
            total=_short(measurement.settings.notice_total_deg, words),
        ),
        "verdicts": [say(sentence) for sentence in verdict_sentences(measurement.asymmetry)],
        "ends": _ends(record, words, say),
        "figure": _figure(record),
        "findings": _findings(measurement, words, say),
        "changes": [say(sentence) for hip in hips if (sentence := change_sentence(hip))],
        "rep_caveat": _rep_caveat(hips, words, say),
        "method": _method(measurement, words),
        "intended_use": say(INTENDED_USE),
        "origin": _origin(record, words),
    }


_LABELS = (
    "note",
    "later",
    "over_time",
    "over_time_alt",
    "result.heading",
    "result.quantity",
    "result.difference",
    "result.left_more",
    "result.right_more",
    "result.not_compared",
    "stills.heading",
    "stills.none",
    "findings.heading",
    "findings.none",
    "findings.more",
    "reps.none",
    "foot.reviewed",
    "foot.date",
)
"""Texts that the template takes as they are."""


def _visit(visit: Visit | None, words: Words) -> dict[str, str] | None:
    if visit is None:
        return None
    return {
        "title": visit.title,
        "date": _date(visit.measured_at.astimezone().date(), words),
        "kind": words(f"app.kind.{visit.kind.value}"),
        "note": visit.note,
    }


def _date(day: date, words: Words) -> str:
    return day.strftime(words("report.date_format"))


def _short(value: float, words: Words) -> str:
    """
    >>> _short(10.0, Words()), _short(12.5, Words("de"))
    ('10', '12,5')
    """
    return f"{value:g}".replace(".", words("report.decimal"))


# ---------------------------------------------------------------------- result
def _table(measurement: Measurement, words: Words) -> list[dict[str, Any]]:
    """The rows of `report.table_rows` with the labels of the page, and the difference of each as numbers to draw."""
    rows = []
    *ranges, counts = table_rows(measurement)
    for name, (_, *cells) in zip(QUANTITIES, ranges, strict=True):
        label, short = words(f"app.quantity.{name}"), words(f"app.short.{name}")
        values = [cell.replace(" to ", f" {words('report.to')} ") for cell in cells]
        rows.append(
            {
                "label": label if name == "total_deg" else f"{label} ({short})",
                "cells": values,
                "bar": _bar(measurement, name, label, values[-1], words),
            }
        )
    directions = {f"{way}": words(f"app.short.{name}") for way, name in zip(("ir", "er"), QUANTITIES, strict=False)}
    return [*rows, {"label": words("report.result.repetitions", **directions), "cells": list(counts[1:]), "bar": None}]


def _bar(measurement: Measurement, name: str, quantity: str, text: str, words: Words) -> dict[str, Any]:
    settings = measurement.settings
    band_deg = settings.notice_total_deg if name == "total_deg" else settings.notice_direction_deg
    difference = getattr(measurement.asymmetry, name)
    if difference is None or not _finite(difference):
        return {"band": band_deg, "alt": words("report.result.bar_none_alt", quantity=quantity)}
    alt = words("report.result.bar_alt", quantity=quantity, values=text, band=_short(band_deg, words))
    return {"band": band_deg, "value": difference.value, "low": difference.low, "high": difference.high, "alt": alt}


def _axis(measurement: Measurement) -> dict[str, Any]:
    """How far the scale of the differences goes to either side, and where it has numbers."""
    found = measurement.asymmetry
    seen = [d for d in (found.internal_rotation_deg, found.external_rotation_deg, found.total_deg) if d is not None and _finite(d)]
    ends = [abs(end) for difference in seen for end in (difference.low, difference.high)]
    farthest_deg = max([_LEAST_AXIS_DEG, measurement.settings.notice_total_deg, *ends])
    step_deg = next((step for step in (10, 20, 50) if farthest_deg <= 2.5 * step), farthest_deg / 2)
    n_steps = math.floor(farthest_deg / step_deg)
    ticks = [step_deg * k for k in range(-n_steps, n_steps + 1)]
    return {"limit": 1.15 * farthest_deg, "ticks": [[tick, whole(tick, signed=tick != 0)] for tick in ticks]}


def _finite(difference: Difference) -> bool:
    return all(math.isfinite(value) for value in (difference.value, difference.low, difference.high))


# ---------------------------------------------------------------------- pictures
def _ends(record: Record, words: Words, say: Say) -> list[dict[str, Any]]:
    """For each hip and direction that was tried: a picture of one end range, all end ranges that count, and what was left out."""
    hips = [record.measurement.hips[side] for side in SHOWN_SIDES]
    return [
        _still(record, hip, direction, words) | _reps([rep for rep in hip.reps if rep.direction is direction], words, say)
        for hip in hips
        for direction in Direction
        if any(rep.direction is direction for rep in hip.reps)
    ]


def _still(record: Record, hip: Hip, direction: Direction, words: Words) -> dict[str, Any]:
    hip_name, name = words(f"app.hip.{hip.side.value}"), _RANGE_NAMES[direction]
    still = {
        "side": SHOWN_SIDES.index(hip.side),
        "caption": words("report.stills.caption", hip=hip_name, direction=words(f"app.short.{name}")),
    }
    index = representative_rep(hip, direction)
    if index is None:
        return {**still, "picture": None, "held": ""}
    rep, angle = hip.reps[index], whole(hip.reps[index].end_range_deg)
    start, end = (_seconds(time_s, words) for time_s in (rep.hold_start_s, rep.hold_end_s))
    return {
        **still,
        "picture": _cropped(record, hip.side, index),
        "held": words("report.stills.held", angle=angle, start=start, end=end),
        "alt": words("report.stills.alt", hip=hip_name, quantity=words(f"app.quantity.{name}"), angle=angle),
    }


def _reps(reps: Sequence[Rep], words: Words, say: Say) -> dict[str, str]:
    """In order of time the end ranges that count, and how many do not, and why."""
    counted = [f"{whole(rep.end_range_deg)}°{'*' if rep.reasons else ''}" for rep in reps if rep.usable]
    left_out = [rep for rep in reps if not rep.usable]
    why = ", ".join(dict.fromkeys(say(short_reason(rep)) for rep in left_out))
    return {
        "reps": words("report.reps.all", values=", ".join(counted)) if counted else words("report.reps.none"),
        "left_out": words("report.reps.left_out", n=len(left_out), why=why) if left_out else "",
    }


def _seconds(value: float, words: Words) -> str:
    return f"{round(value, 4):.1f}".replace(".", words("report.decimal"))


def _cropped(record: Record, side: Side, index: int) -> bytes | None:
    """The legs in the still as a JPEG, so that nothing else of the room or the person is in the file."""
    picture = _opened(record.still(side, index))
    if picture is None:
        return None
    middle_x, middle_y, size = _window(record.measurement, side, index, picture.width, picture.height)
    size = max(1.0, min(size, picture.width, picture.height))
    left = min(max(0.0, middle_x - size / 2), picture.width - size)
    top = min(max(0.0, middle_y - size / 2), picture.height - size)
    width = min(_STILL_PX, max(1, round(size)))
    cut = picture.resize((width, width), Image.Resampling.LANCZOS, box=(left, top, left + size, top + size))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=_STILL_QUALITY)
    return out.getvalue()


def _window(measurement: Measurement, side: Side, index: int, width_px: int, height_px: int) -> tuple[float, float, float]:
    """Middle and width of what to cut out of a picture of this size, in its pixels."""
    series = as_filmed(measurement)
    knees_px = series.image_px[frames_of_holds(measurement)[side, index], [of_side("knee", one) for one in Side]]
    shank_px = measurement.rotation[side].shank_px
    if not np.isfinite([*knees_px.flat, shank_px]).all():
        return width_px / 2, 0.65 * height_px, float(width_px)
    x, y = knees_px.mean(axis=0)
    scale = width_px / series.width_px
    return float(scale * x), float(scale * (y + _CROP_BELOW_KNEE_SHANKS * shank_px)), float(scale * _CROP_SHANKS * shank_px)


def _figure(record: Record) -> dict[str, Any]:
    """The panels of the record's figure as a PNG, and how much wider than high they are."""
    picture = _opened(record.figure)
    if picture is None:
        return {"picture": None, "shape": 1.0}
    top, bottom = (round(inches / _FIGURE_WIDTH_IN * picture.width) for inches in _FIGURE_PANELS_IN)
    panels = picture.crop((0, top, picture.width, max(top + 1, min(bottom, picture.height))))
    out = io.BytesIO()
    panels.save(out, "PNG")
    return {"picture": out.getvalue(), "shape": panels.width / panels.height}


def _opened(path: Path | None) -> Image.Image | None:
    """A picture in memory; None if there is none, or none that can be used."""
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB") if picture.width * picture.height <= _MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


# ---------------------------------------------------------------------- words beside the numbers
def _findings(measurement: Measurement, words: Words, say: Say) -> list[dict[str, str]]:
    order = list(Severity)[::-1]
    return [
        {
            "severity": finding.severity.value,
            "label": words(f"report.findings.{finding.severity.value}"),
            "message": _shortened(say(finding.message)),
        }
        for finding in sorted(measurement.findings, key=lambda finding: order.index(finding.severity))
    ]


def _shortened(message: str) -> str:
    """What the measurement writes is far shorter; what a file from elsewhere says may be of any length."""
    return message if len(message) <= _LONGEST_FINDING else message[: _LONGEST_FINDING - 1] + "…"


def _rep_caveat(hips: Sequence[Hip], words: Words, say: Say) -> str:
    counted: list[Rep] = [rep for hip in hips for rep in hip.reps if rep.usable]
    codes = dict.fromkeys(code for rep in counted for code in rep.reasons)
    return words("report.reps.caveat", why="; ".join(say(REASONS[code]) for code in codes if code in REASONS)) if codes else ""


def _clip_facts(measurement: Measurement, words: Words) -> str:
    clip = measurement.clip
    return words(
        "report.clip.facts",
        seconds=_seconds(clip.duration_s, words),
        width=clip.width_px,
        height=clip.height_px,
        rate=_short(round(clip.frame_rate_hz, 1), words),
    )


def _method(measurement: Measurement, words: Words) -> str:
    """What was read, and from where the angles of each hip count."""
    on_picture = any(series.corrected is not None and series.corrected.registered.any() for series in measurement.rotation.values())
    hips = [measurement.hips[side] for side in SHOWN_SIDES if measurement.hips[side].reps]
    sentences = [
        words(f"report.clip.{'picture' if on_picture else 'landmarks'}"),
        _zero([f"{_side(hip, words)} {_tilt(hip.rest_deg, words)}" for hip in hips if hip.zero is Zero.REST], "rest", words),
        _zero([_side(hip, words) for hip in hips if hip.zero is Zero.GRAVITY], "gravity", words),
        words("report.clip.mirrored") if measurement.mirrored else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _zero(hips: Sequence[str], name: str, words: Words) -> str:
    return words(f"report.clip.{name}", hips=", ".join(hips)) if hips else ""


def _side(hip: Hip, words: Words) -> str:
    return words(f"app.side.{hip.side.value}").lower()


def _tilt(angle_deg: float, words: Words) -> str:
    return f"{round(angle_deg, 4):+z.1f}°".replace("-", "−").replace(".", words("report.decimal"))


def _origin(record: Record, words: Words) -> str:
    measurement = record.measurement
    return words(
        "report.foot.origin",
        version=record.document.get("software", {}).get("hipcv", "?"),
        model=measurement.model.name,
        model_sha256=measurement.model.sha256[:_HASH_LETTERS],
        clip_sha256=measurement.clip.sha256[:_HASH_LETTERS],
        date=_date(datetime.now().astimezone().date(), words),
    )
