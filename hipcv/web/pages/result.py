"""The page with the result of one visit."""

import streamlit as st

from hipcv.errors import HipcvError
from hipcv.records.visit import Kind
from hipcv.web.parts import downloads, result_view, session, visit_form

words, service = session.words(), session.service()


def show(visit_id: str) -> None:
    """Show numbers, pictures and downloads."""
    try:
        visit, record = service.store.visit(visit_id), service.store.record(visit_id)
    except HipcvError as problem:
        st.error(session.plain(problem.said(words.language)), icon=":material/error:")
        return
    visit_form.heading(visit, words)
    drawing = visit_form.while_drawing(service, visit, words)
    result_view.show(record, words, drawing=drawing, own=visit.kind is not Kind.SAMPLE and not session.at_desk())
    if session.at_desk():  # what goes out of a practice was signed before
        session.seen_once(service, visit_id)
        st.page_link(
            session.page("review"), label=words("result.to_review"), icon=":material/rate_review:", query_params={"visit": visit_id}
        )
    else:
        downloads.show(record, visit, words)


def latest() -> str:
    """The visit to show where none is chosen: at home the latest one, at the desk none."""
    visits = [] if session.at_desk() else service.store.visits()
    own = [visit for visit in visits if visit.kind is not Kind.SAMPLE]
    return (own or visits)[-1].id if visits else ""


st.title(words("result.title"))
if visit_id := st.query_params.get("visit", "") or latest():
    show(visit_id)
else:
    st.write(words("result.none"))
    if not session.at_desk():
        st.page_link(session.page("visits"), label=words("result.to_visits"), icon=":material/calendar_month:")
    st.page_link(session.page("measure"), label=words("result.to_measure"), icon=":material/videocam:")
