"""Every value that typst/report.typ prints, in the language of the page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Severity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import change_sentence, intended_use, verdict_sentences
from hipcv.measurement import Hip, Measurement, Rep
from hipcv.records.record import Record
from hipcv.records.visit import Visit
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.rendering.report_ends import ends
from hipcv.rendering.report_pictures import panels
from hipcv.rendering.report_table import axis, legend, table
from hipcv.values import Zero

_HASH_LETTERS = 12
_LONGEST_FINDING = 600


def page_values(record: Record, visit: Visit | None, words: Words) -> dict[str, Any]:
    """Every value that the template prints, in the language of the page."""
    measurement = record.measurement
    hips = [measurement.hips[side] for side in SHOWN_SIDES]
    return {
        "language": words.language,
        "title": words("report.title"),
        "colours": [SIDE_COLOURS[side] for side in SHOWN_SIDES],
        "words": {key: words(f"report.{key}") for key in _LABELS},
        "hips": [words(f"app.hip.{side.value}") for side in SHOWN_SIDES],
        "visit": _visit(visit, words),
        "clip": [measurement.clip.name, _clip_facts(measurement, words)],
        "table": table(measurement, words),
        "axis": axis(measurement),
        "legend": legend(measurement, words),
        "verdicts": verdict_sentences(measurement.asymmetry, words),
        "ends": ends(record, words),
        "figure": panels(measurement, words),
        "findings": _findings(measurement, words),
        "changes": [sentence for hip in hips if (sentence := change_sentence(hip, words))],
        "rep_caveat": _rep_caveat(hips, words),
        "method": _method(measurement, words),
        "intended_use": intended_use(words),
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
    "foot.reviewed",
    "foot.date",
)
"""Texts that the template prints unchanged."""


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


# ---------------------------------------------------------------------- words beside the numbers
def _findings(measurement: Measurement, words: Words) -> list[dict[str, str]]:
    order = list(Severity)[::-1]
    return [
        {
            "severity": finding.severity.value,
            "label": words(f"report.findings.{finding.severity.value}"),
            "message": _shortened(finding.said(words.language)),
        }
        for finding in sorted(measurement.findings, key=lambda finding: order.index(finding.severity))
    ]


def _shortened(message: str) -> str:
    """A message cut to a maximum length; hipcv's own are far shorter, those in a received file may be of any length."""
    return message if len(message) <= _LONGEST_FINDING else message[: _LONGEST_FINDING - 1] + "…"


def _rep_caveat(hips: Sequence[Hip], words: Words) -> str:
    counted: list[Rep] = [rep for hip in hips for rep in hip.reps if rep.usable]
    reasons = list(dict.fromkeys(reason for rep in counted for reason in rep.reasons))
    return words("report.reps.caveat", reasons=reasons) if reasons else ""


def _clip_facts(measurement: Measurement, words: Words) -> str:
    clip = measurement.clip
    return words(
        "report.clip.facts",
        seconds=words.number(round(clip.duration_s, 4)),
        width=clip.width_px,
        height=clip.height_px,
        rate=words.short(round(clip.frame_rate_hz, 1)),
    )


def _method(measurement: Measurement, words: Words) -> str:
    """Sentences on the source of the angles and on the zero of each hip."""
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
    return words.marked(f"{round(angle_deg, 4):+z.1f}°")


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
