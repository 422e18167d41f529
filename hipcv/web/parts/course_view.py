"""The course of a person on their page: trend, what may be said of it, notes."""

from collections.abc import Iterator

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk.change_sentences import Earlier, since_sentence
from hipcv.desk.course import Course, course_of
from hipcv.language.dates import day_text
from hipcv.store.people import NoteKind, People
from hipcv.web.parts import course_charts, drawn, session
from hipcv.web.server.service import Service


def show(service: Service, signed: Course, words: Words) -> None:
    """Show the trend of one quantity, sentences on the changes, and the notes; `signed` is the course without unsigned visits."""
    st.header(words("course.heading"))
    with st.container(horizontal=True, vertical_alignment="center"):
        quantity = st.pills(
            words("visits.trend_quantity"),
            list(Quantity),
            default=Quantity.INTERNAL,
            required=True,
            format_func=lambda one: words(f"app.quantity.{one}"),
            label_visibility="collapsed",
            key="course-quantity",
        )
        unsigned = st.toggle(words("course.unsigned"), key="course-unsigned")
    course = course_of(service.store, signed.person.id, unsigned=True) if unsigned else signed
    if course.n_unsigned:
        st.caption(words("course.left_out", n=course.n_unsigned))
    if rows := course_charts.rows(course, quantity, words):
        alt = words("course.alt", quantity=words(f"app.quantity.{quantity}"), values=course_charts.text(rows))
        drawn.chart(course_charts.chart(rows, course.notes, quantity, words), alt=alt)
        st.caption(words("course.help"))
        for sentence in said(course, words):
            st.markdown(f"- {session.plain(sentence)}")
    else:
        st.write(words("course.nothing"))
    notes(service, course, words)


def said(course: Course, words: Words) -> Iterator[str]:
    """What may be said of each pair of one day, of the last visit against the first, and of new set-ups."""
    for before, after in course.pairs():
        yield since_sentence(before.visit, after.visit, words, Earlier.PAIR)
    if len(course.visits) > 1:
        yield since_sentence(course.visits[0].visit, course.visits[-1].visit, words, Earlier.FIRST)
    by_id = {one.visit.id: one.visit for one in course.visits}
    for visit_id, differs in course.new_set_ups().items():
        day = day_text(by_id[visit_id].day, words)
        yield words("course.set_up", day=day, why=" ".join(words(f"visits.obstacle.{one.value}") for one in differs))


def notes(service: Service, course: Course, words: Words) -> None:
    """Show the notes with their days, and a form for the next one."""
    people, key = People(service.store), f"notes-{course.person.id}"
    with st.expander(words("course.notes"), expanded=bool(course.notes), key=key, on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        for note in course.notes:
            line, place = st.columns([5, 1], vertical_alignment="center")
            day, kind = day_text(note.day, words), words(f"course.kind.{note.kind.value}")
            line.markdown(f"**{day}** · {kind} · {session.plain(note.note)}")
            if place.button(words("course.delete_note"), key=f"delete-note-{note.id}"):
                people.delete_note(course.person.id, note.id)
                st.rerun()
        with st.form("note", clear_on_submit=True, border=False):
            first, second = st.columns(2)
            day_chosen = first.date_input(words("course.day"), "today")
            kind_chosen = second.selectbox(words("course.what"), list(NoteKind), format_func=lambda one: words(f"course.kind.{one.value}"))
            text = st.text_input(words("course.note"), max_chars=500, placeholder=words("course.note_hint"))
            if st.form_submit_button(words("course.add_note"), icon=":material/add:") and text.strip():
                people.add_note(course.person.id, day_chosen, kind_chosen or NoteKind.OTHER, text)
                st.rerun()
