"""The page of one person at the desk: details, course, visits."""

import streamlit as st

from hipcv.desk.course import course_of
from hipcv.errors import HipcvError
from hipcv.store import inbox
from hipcv.store.people import People
from hipcv.web.parts import course_view, person_exports, person_view, session

words, service = session.words(), session.service()


def show(person_id: str) -> None:
    """Show everything of one person."""
    try:
        person = People(service.store).person(person_id)
    except HipcvError as problem:
        st.error(session.plain(problem.said(words.language)), icon=":material/error:")
        return
    session.seen_once(service, person_id)
    lines, signed = inbox.of_person(service.store, person.id), course_of(service.store, person.id)
    person_view.head(service, person, len(lines), words)
    person_view.ask(service, person, words)
    course_view.show(service, signed, words)
    person_view.visits(service, lines, words)
    person_exports.show(service, signed, words)
    person_view.merge(service, person, words)
    person_view.erase(service, person, words)


if person_id := st.query_params.get("person", ""):
    show(person_id)
else:
    st.title(words("people.title"))
    st.page_link(session.page("people"), label=words("app.page.people"), icon=":material/group:")
