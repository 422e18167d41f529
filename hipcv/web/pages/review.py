"""The page Review: one visit is checked, corrected and signed."""

import streamlit as st

from hipcv.desk import review_state
from hipcv.errors import HipcvError, ReviewError
from hipcv.web.parts import compare_view, out_view, problem, readings_view, review_head, review_view, session, sign_view

words, service = session.words(), session.service()


def show(visit_id: str) -> None:
    """Show the visit large, then its numbers, then everything that can be done with it."""
    try:
        review = review_state.open_review(service.store, visit_id)
    except HipcvError as fault:
        problem.keep(fault.said(words.language))  # instead of what was kept of this visit, which must not be told of the next
        problem.show()
        if isinstance(fault, ReviewError):
            review_view.ways_back(service, visit_id, None, words)
        return
    session.seen_once(service, visit_id)
    review_head.show(service, review, words)
    chosen = review_view.stage(service, review, words)
    review_view.rep_controls(service, review, chosen, words)
    left, right = st.columns([3, 2], gap="large")
    with left:
        review_view.numbers(review, words)
        readings_view.show(service, review, words)
    with right:
        review_view.corrections(service, review, words)
        review_view.whole_controls(service, review, words)
    compare_view.show(service, review, words)
    sign_view.sign(service, review, words)
    out_view.show(service, review, words)
    sign_view.go_on(service, review, words)


if visit_id := st.query_params.get("visit", ""):
    show(visit_id)
else:
    st.title(words("review.title"))
    st.write(words("review.none"))
    st.page_link(session.page("inbox"), label=words("review.to_inbox"), icon=":material/inbox:")
