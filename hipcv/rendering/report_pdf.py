"""One measurement as one A4 page to hand to a physical therapist: numbers, images, caveats, and what it is not.

The layout is in typst/report.typ; the values that it prints are gathered here, in the language of the page.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import change_sentence, edited_mark, intended_use, verdict_text, zero_reason
from hipcv.measurement import Hip, Measurement
from hipcv.records.record import Record
from hipcv.records.visit import Visit
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.rendering.report_ends import ends
from hipcv.rendering.report_pictures import panels
from hipcv.rendering.report_table import axis, legend, table
from hipcv.rendering.typesetting import all_printable, labels, typeset
from hipcv.values import Zero

HASH_LETTERS = 12
"""Letters of a hash that are printed."""
_LONGEST_FINDING = 600


def report_pdf(record: Record, visit: Visit | None, words: Words) -> bytes:
    """The page as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    record : the measurement, with figure and stills if there are any
    visit : the person's own words about it; None for a measurement received as a file
    words : texts in the language of the page
    """
    return typeset("report", all_printable(page_values(record, visit, words)))


def page_values(record: Record, visit: Visit | None, words: Words) -> dict[str, Any]:
    """Every value that the template prints."""
    measurement = record.measurement
    clip, hips = measurement.clip, [measurement.hips[side] for side in SHOWN_SIDES]
    seconds, rate = words.number(round(clip.duration_s, 4)), words.short(round(clip.frame_rate_hz, 1))
    return {
        "language": words.language,
        "title": words("report.title"),
        "colours": [SIDE_COLOURS[side] for side in SHOWN_SIDES],
        "words": labels("report.", words),
        "hips": [words(f"app.hip.{side.value}") for side in SHOWN_SIDES],
        "visit": _visit(visit, words),
        "clip": [clip.name, words("report.clip.facts", seconds=seconds, width=clip.width_px, height=clip.height_px, rate=rate)],
        "table": table(measurement, words),
        "axis": axis(measurement),
        "legend": legend(measurement, words),
        "verdicts": [
            [words("sentences.verdict_of", quantity=quantity, said="").strip(), verdict_text(difference, words)]
            for quantity, difference in measurement.asymmetry.found().items()
        ],
        "ends": ends(record, words),
        "pictures_note": words("report.stills.as_measured") if any(rep.edited for hip in hips for rep in hip.reps) else "",
        "figure": panels(measurement, words),
        "findings": _findings(measurement, words),
        "changes": [_change(hip, words) for hip in hips if change_sentence(hip, words)],
        "rep_caveat": _rep_caveat(hips, words),
        "method": _method(measurement, words),
        "intended_use": intended_use(words),
        "record": None,
        "origin": words(
            "report.foot.origin",
            version=record.document.get("software", {}).get("hipcv", "?"),
            model=measurement.model.name,
            model_sha256=measurement.model.sha256[:HASH_LETTERS],
            clip_sha256=clip.sha256[:HASH_LETTERS],
            date=datetime.now().astimezone().strftime(words("report.date_format")),
        ),
    }


def _visit(visit: Visit | None, words: Words) -> dict[str, str] | None:
    if visit is None:
        return None
    return {
        "title": visit.title,
        "date": visit.measured_at.astimezone().strftime(words("report.date_format")),
        "kind": words(f"app.kind.{visit.kind.value}"),
        "note": visit.note,
    }


# ---------------------------------------------------------------------- words beside the numbers
def _change(hip: Hip, words: Words) -> str:
    """The smallest changes of a hip, marked if one of them rests on a correction."""
    marks = [edited_mark(span) for quantity in Quantity if (span := hip[quantity])]
    return change_sentence(hip, words) + max(marks, default="")


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
    reasons = dict.fromkeys(reason for hip in hips for rep in hip.reps if rep.usable for reason in rep.reasons)
    return words("report.reps.caveat", reasons=list(reasons)) if reasons else ""


def _method(measurement: Measurement, words: Words) -> str:
    """Sentences on the source of the angles and on the zero of each hip."""
    on_picture = any(series.corrected is not None and series.corrected.registered.any() for series in measurement.rotation.values())
    sentences = [words("report.clip.picture" if on_picture else "report.clip.landmarks"), *_zeros(measurement, words)]
    if measurement.mirrored:
        sentences.append(words("report.clip.mirrored"))
    return " ".join(sentences)


def _zeros(measurement: Measurement, words: Words) -> Iterator[str]:
    """A sentence for each kind of zero, with the hips that are counted from it."""
    at_rest, at_vertical = [], []
    chosen: dict[str, list[str]] = {}
    for hip in (measurement.hips[side] for side in SHOWN_SIDES if measurement.hips[side].reps):
        side = words(f"app.side.{hip.side.value}").lower()
        if hip.zero_edited:
            chosen.setdefault(zero_reason(hip, words), []).append(side)
        elif hip.zero is Zero.REST:
            at_rest.append(f"{side} {words.marked(f'{round(hip.rest_deg, 4):+z.1f}°')}")
        else:
            at_vertical.append(side)
    if at_rest:
        yield words("report.clip.rest", hips=", ".join(at_rest))
    if at_vertical:
        yield words("report.clip.gravity", hips=", ".join(at_vertical))
    for said, sides in chosen.items():
        yield words("report.clip.chosen", hips=", ".join(sides), said=said)
