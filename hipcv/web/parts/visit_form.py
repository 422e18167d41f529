"""The person's own words about a visit, and whether its overlay is still being drawn."""

from datetime import datetime

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.language.dates import visit_text
from hipcv.records.visit import OWN_KINDS, Kind, Visit
from hipcv.store.job import ACTIVE
from hipcv.web.parts import problem, session
from hipcv.web.server.service import Service


def heading(visit: Visit, words: Words) -> None:
    """Show date, title, kind and note."""
    st.caption(session.plain(label(visit, words)))
    if visit.note:
        st.caption(session.plain(visit.note))


def label(visit: Visit, words: Words) -> str:
    """Date, title and kind in one line."""
    kind = "" if visit.kind is Kind.SINGLE else f" · {words(f'app.kind.{visit.kind.value}')}"
    return f"{visit_text(visit, words)} · {session.name_of(visit, visit.clip, words)}{kind}"


def while_drawing(service: Service, visit: Visit, words: Words) -> bool:
    """Whether a job is still drawing the overlay; if so, shows the progress, and the pictures when the job has ended."""
    drawing = any(job.visit_id == visit.id for job in service.queue.jobs(*ACTIVE))
    if drawing:
        _wait(service, visit.id, words)
    return drawing


@st.fragment(run_every=1.0)
def _wait(service: Service, visit_id: str, words: Words) -> None:
    job = next((job for job in service.queue.jobs(*ACTIVE) if job.visit_id == visit_id), None)
    if job is None:
        st.rerun()
    st.progress(job.done / job.total if job.total else 0.0, words("result.drawing"))


def edit(service: Service, visit: Visit, words: Words) -> None:
    """Show a form to change title, kind, day and note."""
    kinds = [kind for kind in Kind if kind in OWN_KINDS or kind is visit.kind]
    with st.form(f"edit-{visit.id}", border=False):
        title = st.text_input(words("measure.ask.title"), visit.title, max_chars=200)
        kind = st.selectbox(
            words("measure.ask.kind"), kinds, kinds.index(visit.kind), format_func=lambda one: words(f"app.kind.{one.value}")
        )
        local = visit.measured_at.astimezone()
        day = st.date_input(words("visits.date"), local.date(), max_value="today")
        note = st.text_area(words("measure.ask.note"), visit.note, max_chars=2000)
        if st.form_submit_button(words("visits.save")):
            moved = datetime.combine(day, local.time()).astimezone()  # with the UTC offset of that day
            problem.attempt(
                lambda: service.store.rename(visit.id, title=title, kind=kind or visit.kind, note=note, measured_at=moved), words
            )
            st.rerun()
