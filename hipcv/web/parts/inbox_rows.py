"""Visits as rows of the list at the desk: what has to be known to choose the next one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity
from hipcv.desk.change_sentences import since_sentence
from hipcv.kinematics.representative import nearest_rep
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.dates import day_text
from hipcv.language.sentences import mark_if, whole
from hipcv.records.record import picture_name
from hipcv.records.visit import Kind, Visit
from hipcv.store import inbox
from hipcv.store.inbox import VisitLine
from hipcv.store.reviews import Reviews, Shown
from hipcv.store.store import Store
from hipcv.values import Direction
from hipcv.web.parts.charts import document_range_text
from hipcv.web.parts.visit_findings import finding_sentences
from hipcv.web.server import media_routes

_MOST_FINDINGS = 2


def rows(store: Store, lines: Sequence[VisitLine], words: Words) -> list[dict[str, Any]]:
    """Everything that the list shows of each visit, as plain values for its script."""
    before = inbox.before_each(store, lines)
    shown = Reviews(store).shown([*(line.id for line in lines), *(line.id for line in before.values())])
    return [_row(store, line, before.get(line.id), shown, words) for line in lines if line.id in shown]


def _row(store: Store, line: VisitLine, before: VisitLine | None, of_visits: Mapping[str, Shown], words: Words) -> dict[str, Any]:
    shown = of_visits[line.id]
    numbers = [text for side in SHOWN_SIDES if (text := side_text(shown.document, side, words))]
    said = [
        *({"kind": "numbers", "text": text} for text in numbers or [words("inbox.no_numbers")]),
        *_about(line, shown, words),
        *_since(line, before, of_visits, words),
        *_findings(shown.document, words),
    ]
    who = line.person_code or words("inbox.nobody")
    when = day_text(line.measured_at, words)
    state = words(f"inbox.state.{line.outcome or 'waiting'}")
    return {
        "id": line.id,
        "href": f"/review?visit={line.id}",
        "grave": line.severity,
        "who": who,
        "when": when,
        "state": line.outcome or "waiting",
        "state_text": state,
        "lines": said,
        "pictures": list(_pictures(store, line.id, shown.document, words)),
        "spoken": ". ".join([who, when, state, *(one["text"] for one in said)]),
    }


def side_text(document: Mapping[str, Any], side: Side, words: Words) -> str:
    """`Right: IR 26° (21 … 31), ER 35° (30 … 40), Total 60° (54 … 66)`; a number that rests on a correction is marked."""
    hip = document["hips"][side.value]
    known = [f"{words(f'app.short.{one}')} {document_range_text(span)}" for one in Quantity if (span := hip[one.field])]
    return f"{words(f'app.side.{side.value}')}: {', '.join(known)}" if known else ""


def _about(line: VisitLine, shown: Shown, words: Words) -> Iterator[dict[str, str]]:
    """The kind of visit, the person's own words, and corrections that are not signed yet."""
    kind = "" if line.kind is Kind.SINGLE else words(f"app.kind.{line.kind.value}")
    name = line.title or (words("inbox.clip", clip=line.clip) if not line.person_code else "")
    draft = words("inbox.draft", n=shown.n_edits) if shown.n_edits and not line.outcome else ""
    if text := " · ".join(part for part in (kind, name, draft) if part):
        yield {"kind": "about", "text": text}


def _since(line: VisitLine, before: VisitLine | None, of_visits: Mapping[str, Shown], words: Words) -> Iterator[dict[str, str]]:
    if before is not None and before.id in of_visits:
        first, last = (Visit(one.id, one.measured_at, "", one.kind, "", dict(of_visits[one.id].document)) for one in (before, line))
        yield {"kind": "since", "text": since_sentence(first, last, words)}


def _findings(document: Mapping[str, Any], words: Words) -> Iterator[dict[str, str]]:
    told = [(severity, text) for severity, text in finding_sentences(document, words) if severity is not Severity.INFO]
    for severity, text in told[:_MOST_FINDINGS]:
        yield {"kind": severity.value, "text": text}
    if len(told) > _MOST_FINDINGS:
        yield {"kind": "about", "text": words("inbox.more_findings", n=len(told) - _MOST_FINDINGS)}


def _pictures(store: Store, visit_id: str, document: Mapping[str, Any], words: Words) -> Iterator[dict[str, str]]:
    """The end range of either direction on either side."""
    folder = store.folder_of(visit_id)
    for side in SHOWN_SIDES:
        for direction in Direction:
            index = nearest_rep(document["hips"][side.value], direction)
            name = None if index is None else picture_name(document, side, index)
            if name and (folder / name).is_file():
                rep = document["hips"][side.value]["reps"][index]
                size = f"{whole(rep['end_range_deg'])}°{mark_if(edited=rep.get('edited', False))}"
                short = words(f"app.short.{Quantity.of(direction)}")
                yield {"src": media_routes.address(folder, name), "text": f"{words(f'app.side.{side.value}')[0]} {short} {size}"}
