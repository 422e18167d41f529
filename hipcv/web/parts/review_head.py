"""The head of a review: whose visit it is, when, and how to say otherwise."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.review_state import Review
from hipcv.errors import HipcvError
from hipcv.store.people import People, Person
from hipcv.web.parts import people_view, session, visit_form
from hipcv.web.server.service import Service


def show(service: Service, review: Review, words: Words) -> None:
    """Show person, day and kind, and the control that gives the visit to somebody."""
    visit, people = review.visit, People(service.store)
    person = people.person(visit.person_id) if visit.person_id else None
    st.title(session.plain(person.code) if person else words("review.nobodys"))
    state = words(f"inbox.state.{visit.outcome or 'waiting'}")
    st.caption(session.plain(f"{visit_form.label(visit, words)} · {state}"))
    if visit.note:
        st.caption(session.plain(words("review.their_note", note=visit.note)))
    with st.container(horizontal=True, vertical_alignment="center"):
        if person:
            st.page_link(
                session.page("person"), label=words("review.to_person"), icon=":material/person:", query_params={"person": person.id}
            )
        move = partial(_give, people, visit.id, person, words)
        _unfolding(review, "give" if person is None else "move", move, words)
        _unfolding(review, "details", partial(visit_form.edit, service, visit, words), words)


def _unfolding(review: Review, name: str, show_form: Callable[[], None], words: Words) -> None:
    """Show a button that unfolds a form; of a signed visit it says why there is none."""
    with st.popover(words(f"review.{name}"), key=f"{name}-{review.visit.id}", on_change="rerun") as unfolded:
        if unfolded.open and review.is_locked:
            st.write(words("errors.visit_signed"))
        elif unfolded.open:
            show_form()


def _give(people: People, visit_id: str, now: Person | None, words: Words) -> None:
    lines = [line.person for line in people.lines() if not line.person.archived]
    labels = people_view.told_apart(lines, words)
    chosen = st.selectbox(
        words("review.whose"),
        lines,
        index=None,
        format_func=lambda one: labels[one.id] if isinstance(one, Person) else one,
        accept_new_options=True,
        placeholder=words("review.whose_hint"),
    )
    if st.button(words("review.give_now"), type="primary", disabled=not chosen) and chosen:
        try:
            person = people.add(Person("", chosen)) if isinstance(chosen, str) else chosen
            people.give_visit(visit_id, person.id)
        except HipcvError as problem:
            st.error(session.plain(problem.said(words.language)))
            return
        st.rerun()
    if now and st.button(words("review.give_nobody")):
        people.give_visit(visit_id, None)
        st.rerun()
