"""The page of one person: details, asking for a measurement, and what may become of them."""

from collections.abc import Sequence

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.request_code import new_code
from hipcv.language.dates import moment_text
from hipcv.rendering.qr_code import qr_svg
from hipcv.rendering.request_pdf import request_address, sheet_pdf
from hipcv.store import settings
from hipcv.store.inbox import VisitLine
from hipcv.store.people import People, Person
from hipcv.web.parts import confirm, inbox_rows, people_view, problem, row_list, session
from hipcv.web.server.service import Service


def head(service: Service, person: Person, n_visits: int, words: Words) -> None:
    """Show who it is, and the details to be changed."""
    problem.show()
    st.title(session.plain(person.code))
    st.caption(people_view.about(person, n_visits, words) + (f" · {words('people.in_archive')}" if person.archived else ""))
    if person.note:
        st.write(session.plain(person.note))
    details(service, person, words)


def details(service: Service, person: Person, words: Words) -> None:
    """Show the details of the person to be changed."""

    def keep(said: Person) -> None:
        People(service.store).change(said)
        st.rerun()

    with st.expander(words("person.details"), key=f"details-{person.id}", on_change="rerun") as unfolded:
        if unfolded.open:
            people_view.form(person, keep, words, key="person")


def ask(service: Service, person: Person, words: Words) -> None:
    """Show the codes given out, and make a new one with its sheet."""
    people, address = People(service.store), str(settings.setting(service.store, settings.APP_ADDRESS, ""))
    with st.expander(words("person.ask"), key=f"ask-{person.id}", on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        st.write(words("person.ask_help"))
        if st.button(words("person.new_code"), icon=":material/qr_code:", type="primary"):
            people.ask(person.id, new_code())
        codes = people.codes(person.id)
        if not codes:
            return
        code, at = codes[0]
        picture, text = st.columns([1, 3], vertical_alignment="center")
        picture.image(qr_svg(request_address(code, address), words("person.qr")), alt=words("person.qr"), width="stretch")
        text.markdown(f"## `{code}`")
        text.caption(words("person.given", moment=moment_text(at, words)))
        text.download_button(
            words("person.sheet"),
            lambda: sheet_pdf(code, person.code, words, address),
            file_name=words("person.sheet_file"),
            mime="application/pdf",
            on_click="ignore",
            icon=":material/print:",
        )
        if len(codes) > 1:
            st.caption(words("person.earlier_codes", codes=", ".join(code for code, _ in codes[1:6])))


def visits(service: Service, lines: Sequence[VisitLine], words: Words) -> None:
    """Show the visits, the latest first."""
    st.header(words("person.visits"))
    if not lines:
        st.write(words("person.no_visits"))
        return
    row_list.show("of-person", inbox_rows.rows(service.store, lines, words), "review", "visit")


def merge(service: Service, person: Person, words: Words) -> None:
    """Show how to merge the person with another."""
    people = People(service.store)
    with st.expander(words("person.merge"), key=f"merge-{person.id}", on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        st.write(words("person.merge_help"))
        others = [line.person for line in people.lines() if line.person.id != person.id]
        labels = people_view.told_apart(others, words)
        other = st.selectbox(words("person.merge_with"), others, index=None, format_func=lambda one: labels[one.id])
        if st.button(words("person.merge_now"), disabled=other is None) and other:
            confirm.ask(
                words("person.merge"),
                words("person.merge_sure", other=session.plain(labels[other.id]), person=session.plain(person.code)),
                words("person.merge_now"),
                words,
                lambda: people.merge(person.id, other.id),
            )


def erase(service: Service, person: Person, words: Words) -> None:
    """Show how to erase everything of the person."""
    with st.expander(words("person.erase")):
        st.write(words("person.erase_help"))
        if st.button(words("person.erase_now"), icon=":material/delete_forever:", key="delete-person"):
            confirm.ask(
                words("person.erase"),
                words("person.erase_sure", person=session.plain(person.code)),
                words("person.erase_yes"),
                words,
                lambda: service.store.erase_person(person.id),
            )
