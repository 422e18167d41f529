"""Compares a visit with another one of the same person: end ranges beside each other, both films in step."""

from dataclasses import replace
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk import review_state
from hipcv.desk.change_sentences import since_sentence
from hipcv.desk.review_state import Review
from hipcv.errors import HipcvError
from hipcv.kinematics.representative import representative_rep
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.dates import visit_text
from hipcv.records.document import to_document
from hipcv.rendering.typesetting import labels
from hipcv.store import inbox
from hipcv.store.inbox import VisitLine
from hipcv.values import Direction
from hipcv.web.parts import session, stage_data
from hipcv.web.parts.component import registered
from hipcv.web.server.service import Service


def show(service: Service, review: Review, words: Words) -> None:
    """Show the comparison with the visit before, or with another one that is chosen."""
    if review.visit.person_id is None:
        return
    others = [line for line in inbox.of_person(service.store, review.visit.person_id) if line.id != review.visit.id]
    if not others:
        return
    with st.expander(words("compare.heading"), key=f"compare-open-{review.visit.id}", on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        # Numbered, as equal labels would be one choice.
        labels = {line.id: f"{number}. {visit_text(line, words)}{_title(line)}" for number, line in enumerate(others, 1)}
        before = [index for index, line in enumerate(others) if line.measured_at <= review.visit.measured_at]
        other = st.selectbox(
            words("compare.with"),
            others,
            before[0] if before else 0,
            format_func=lambda line: labels[line.id],
            key=f"compare-{review.visit.id}",
        )
        try:
            second = review_state.open_review(service.store, other.id)
            session.seen_once(service, other.id)
        except HipcvError as problem:
            st.error(session.plain(problem.said(words.language)), icon=":material/error:")
            return
        pair = sorted((review, second), key=lambda one: one.visit.measured_at)
        first, last = (replace(one.visit, document=to_document(one.measurement)) for one in pair)
        st.write(session.plain(since_sentence(first, last, words)))
        registered("compare")(key=f"compared-{review.visit.id}", data=_data(pair, words))


def _title(line: VisitLine) -> str:
    return f" · {line.title}" if line.title else ""


def _data(pair: list[Review], words: Words) -> dict[str, Any]:
    movements = [
        {"key": f"{side.value}-{direction.value}", "name": words("compare.name", side=_side(side, words), direction=_way(direction, words))}
        for side in SHOWN_SIDES
        for direction in Direction
    ]
    return {
        "visits": [_visit(review, words) for review in pair],
        "movements": movements,
        "language": words.language,
        "words": labels("compare.", words),
    }


def _side(side: Side, words: Words) -> str:
    return words(f"app.side.{side.value}")


def _way(direction: Direction, words: Words) -> str:
    return words(f"app.quantity.{Quantity.of(direction)}")


def _visit(review: Review, words: Words) -> dict[str, Any]:
    """What the script needs of one visit: its film, points and angles, and of each movement the repetition that stands for it."""
    known = stage_data.stage_data(review, words)
    reps = {}
    for side in SHOWN_SIDES:
        for direction in Direction:
            index = representative_rep(review.measurement.hips[side], direction)
            key = None if index is None else review_state.pictures(review)[side.value][index]
            found = next((rep for rep in known["reps"] if rep["key"] == key), None)
            if found:
                wanted = {name: found[name] for name in ("side", "sign", "start", "end", "frame", "hand", "degrees", "mark")}
                reps[f"{side.value}-{direction.value}"] = {**wanted, "still": known["stills"].get(found["key"])}
    shown = {name: known[name] for name in ("film", "width", "height", "times", "legs")}
    return {**shown, "reps": reps, "title": visit_text(review.visit, words)}
