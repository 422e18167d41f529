"""The page Review: one visit large, its corrections, and what they make of the numbers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Severity
from hipcv.desk import review_state
from hipcv.desk.review_state import Review
from hipcv.language.sentences import EDITED
from hipcv.review.edit_sentences import edit_sentences
from hipcv.review.edits import (
    ChooseZero,
    Edit,
    Exclude,
    ExcludeReason,
    Include,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
    from_plain,
)
from hipcv.store.reviews import Reviews
from hipcv.web.parts import problem, result_view, session, stage_data
from hipcv.web.parts.component import registered
from hipcv.web.parts.result_table import caption, table
from hipcv.web.server.service import Service


def stage(service: Service, review: Review, words: Words) -> Mapping[str, Any] | None:
    """Show the stage and take the edits made on it; returns the repetition that is chosen there, as `stage_data` tells of it."""
    problem.show()
    data, key = stage_data.stage_data(review, words, st.session_state.get(_chosen(review))), f"stage-{review.visit.id}"

    def keep() -> None:
        """Keep an edit before the page is drawn, so that it is drawn once."""
        content = {name: value for name, value in st.session_state[key]["edit"].items() if name != "at"}
        _change(lambda: review_state.add(service.store, review, from_plain(content)), words)

    chosen = registered("stage")(key=key, data=data, on_edit_change=keep, on_rep_change=lambda: None)
    if chosen.get("rep"):
        st.session_state[_chosen(review)] = chosen["rep"]
    by_key = {rep["key"]: rep for rep in data["reps"]}
    return by_key.get(st.session_state.get(_chosen(review))) or next(iter(by_key.values()), None)


def _chosen(review: Review) -> str:
    return f"rep-{review.visit.id}"


def _try(change: Callable[[], Any], words: Words) -> None:
    """Make a change and draw the page anew."""
    _change(change, words)
    st.rerun()


def _change(change: Callable[[], Any], words: Words) -> None:
    """Make a change before the page is drawn; what cannot be done is said there."""
    try:
        problem.attempt(change, words)
    except ValueError:
        problem.keep(words("review.not_an_edit"))


# ---------------------------------------------------------------------- the chosen repetition
def rep_controls(service: Service, review: Review, rep: Mapping[str, Any] | None, words: Words) -> None:
    """Show what can be said of the chosen repetition: accept, exclude, the pelvis."""
    if rep is None or review.is_locked:
        return
    key = rep["key"]
    with st.container(border=True):
        st.markdown(f"**{rep['label']}**")
        left, right = st.columns([3, 2])
        with left:
            _decision(service, review, rep, words)
        with right:
            _pelvis(service, review, key, words)


def _decision(service: Service, review: Review, rep: Mapping[str, Any], words: Words) -> None:
    """Ask whether the repetition counts, and if not, why."""
    key = rep["key"]
    with st.form(f"exclude-{review.visit.id}-{key}", border=False):
        reason = st.selectbox(
            words("review.rep.why"), list(ExcludeReason), format_func=lambda one: words.word("exclude_reason", one.value), index=None
        )
        said = st.text_input(words("review.rep.words"), max_chars=300).strip()
        with st.container(horizontal=True):
            out = st.form_submit_button(words("review.rep.exclude"), icon=":material/block:")
            fine = st.form_submit_button(words("review.rep.accept"), icon=":material/check:")
    if out and not (reason or said):
        st.error(words("review.rep.why_missing"), icon=":material/error:")
    elif out:
        _try(lambda: review_state.add(service.store, review, Exclude(key, reason or ExcludeReason.OTHER, said)), words)
    if fine and rep["counts"]:
        st.toast(words("review.rep.counts_already"))
    elif fine:
        _try(lambda: review_state.add(service.store, review, Include(key)), words)


def _pelvis(service: Service, review: Review, key: str, words: Words) -> None:
    """Ask what pelvis and trunk did in the repetition."""
    st.segmented_control(
        words("review.rep.pelvis"),
        list(PelvisRating),
        format_func=lambda one: words(f"review.pelvis.{one.value}"),
        help=words("review.rep.pelvis_help"),
        **_choice(service, review, f"pelvis-{review.visit.id}-{key}", _rating(review, key), lambda one: RatePelvis(key, one), words),
    )


def _choice(service: Service, review: Review, key: str, in_force: Any, edit_of: Callable[[Any], Edit], words: Words) -> dict[str, Any]:
    """Key and callback of a control whose choice is an edit; it always shows what is in force, also when an edit was refused or taken back."""
    st.session_state[key] = in_force

    def keep() -> None:
        chosen = st.session_state[key]
        if chosen is not None and chosen is not in_force:
            _change(lambda: review_state.add(service.store, review, edit_of(chosen)), words)

    return {"key": key, "on_change": keep}


def _rating(review: Review, key: str) -> PelvisRating | None:
    rated = [one.edit.rating for one in review.edits if isinstance(one.edit, RatePelvis) and one.edit.rep == key]
    return rated[-1] if rated else None


# ---------------------------------------------------------------------- the whole measurement
def whole_controls(service: Service, review: Review, words: Words) -> None:
    """Show what concerns both hips: the zero, and which side is which."""
    if review.is_locked:
        return
    with st.expander(words("review.whole.heading"), key=f"whole-{review.visit.id}", on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        choices = [choice for choice in ZeroChoice if choice is not ZeroChoice.LINE or _zero(review) is choice]
        st.radio(
            words("review.whole.zero"),
            choices,
            format_func=lambda one: words(f"review.zero.{one.value}"),
            captions=[words(f"review.zero.{one.value}_help") for one in choices],
            **_choice(service, review, f"zero-{review.visit.id}", _zero(review), ChooseZero, words),
        )
        st.caption(words("review.whole.line"))
        st.write(words("review.whole.sides"))
        if st.button(words("review.whole.swap"), icon=":material/swap_horiz:"):
            _try(lambda: review_state.add(service.store, review, SwapSides()), words)


def _zero(review: Review) -> ZeroChoice:
    chosen = [one.edit.zero for one in review.edits if isinstance(one.edit, ChooseZero)]
    return chosen[-1] if chosen else ZeroChoice.AS_MEASURED


def numbers(review: Review, words: Words) -> None:
    """Show the numbers, and beside corrected ones those that were measured."""
    measured = review.record.measurement
    result_view.headline(review.measurement, words, own=False)
    st.html(table(review.measurement, words))
    st.caption(caption(review.measurement, words))
    if review.edits:
        st.caption(words("review.edited", mark=EDITED))
        with st.expander(words("review.as_measured")):
            st.html(table(measured, words))
    result_view.finding_alerts([finding for finding in review.measurement.findings if finding.severity is not Severity.INFO], words)


def corrections(service: Service, review: Review, words: Words) -> None:
    """Show the corrections as sentences, and the ways back."""
    st.header(words("review.corrections"))
    if not review.edits:
        st.write(words("review.no_corrections"))
        return
    told = edit_sentences(review.record.measurement, review.edits, words)
    st.markdown("\n".join(f"{n}. {session.plain(sentence)}" for n, sentence in enumerate(told, 1)))
    if not review.is_locked:
        ways_back(service, review.visit.id, review.known, words)


def ways_back(service: Service, visit_id: str, known: Sequence[int] | None, words: Words) -> None:
    """Show how to take back the latest correction, or all of them; `known` are the numbers of those that the page shows."""
    reviews = Reviews(service.store)
    with st.container(horizontal=True):
        for name, icon, everything in (("undo", "undo", False), ("undo_all", "restart_alt", True)):
            back = partial(reviews.undo, visit_id, known, everything=everything)
            st.button(words(f"review.{name}"), icon=f":material/{icon}:", key=name, on_click=_change, args=(back, words))
