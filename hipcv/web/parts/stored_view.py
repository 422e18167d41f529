"""The page Stored data: lists everything and deletes it."""

from datetime import datetime
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.language.dates import moment_text
from hipcv.records.record import LEG_FILM, OVERLAY, VIDEO
from hipcv.records.visit import Visit
from hipcv.store import inbox
from hipcv.store.inbox import Show
from hipcv.store.job import State
from hipcv.store.people import People
from hipcv.store.store import Sizes
from hipcv.web.parts import confirm, problem, session
from hipcv.web.server.service import Service


def listed(service: Service, words: Words) -> None:
    """Show each visit with what is stored of it, then the button to delete everything."""
    problem.show()
    visits, sizes = service.store.visits(), service.store.sizes()
    if session.at_desk():
        _of_practice(service, sizes, words)
    if not visits and not sizes.total and not service.queue.jobs():
        st.write(words("stored.none"))
        return
    for visit in visits:
        name, holds = session.name_of(visit, visit.clip, words), ", ".join(_parts(service, visit, words))
        what = f"{holds} · {_size(sizes.visits.get(visit.id, 0), words)}"
        if _row(name, visit.measured_at, what, words, key=f"delete-{visit.id}"):
            confirm_delete(service, visit, words)
    _others(service, sizes, words)
    if st.button(words("stored.delete_all"), icon=":material/delete_forever:", key="delete-all"):
        _confirm_delete_all(service, words)


def _others(service: Service, sizes: Sizes, words: Words) -> None:
    """Show what belongs to no visit: measurements that failed, of which only a name and a sentence are left, work, and leftovers."""
    for job in service.queue.jobs(State.FAILED, State.CANCELLED):
        what = words(f"stored.{job.state.value}")
        _row(job.name, job.created_at, what, words, key=f"delete-job-{job.id}", on_click=service.queue.forget, args=(job.id,))
    if sizes.in_work:
        st.write(words("stored.in_work", size=_size(sizes.in_work, words)))
    if sizes.left_over:
        st.warning(words("stored.left_over", size=_size(sizes.left_over, words)), icon=":material/warning:")


def _of_practice(service: Service, sizes: Sizes, words: Words) -> None:
    """Say how much is kept of all people: one by one they are found, and erased, under People."""
    n_visits, size = inbox.counts(service.store)[Show.ALL], _size(sizes.total, words)
    st.write(words("stored.practice", people=len(People(service.store).lines()), visits=n_visits, size=size))
    st.page_link(session.page("people"), label=words("app.page.people"), icon=":material/group:")


def _row(name: str, moment: datetime, what: str, words: Words, **button: Any) -> bool:
    """Show one stored item; returns whether its deletion was just requested."""
    with st.container(border=True):
        text, place = st.columns([4, 1], vertical_alignment="center")
        text.markdown(f"**{session.plain(name)}** · {moment_text(moment, words)}")
        text.caption(what)
        return place.button(words("stored.delete"), **button)


def confirm_delete(service: Service, visit: Visit, words: Words) -> None:
    """Ask for confirmation, then delete the visit."""
    confirm.ask(
        words("visits.delete"), words("visits.delete_sure"), words("visits.delete_yes"), words, lambda: service.store.delete(visit.id)
    )


def _confirm_delete_all(service: Service, words: Words) -> None:
    def delete() -> None:
        with service.supervisor.at_rest():
            service.store.delete_all()

    confirm.ask(words("stored.delete_all"), words("stored.delete_all_sure"), words("stored.delete_all_yes"), words, delete)


def _parts(service: Service, visit: Visit, words: Words) -> list[str]:
    names = {path.name for path in service.store.folder_of(visit.id).glob("*")}
    pictures = sum(name.endswith((".jpg", ".png")) for name in names)
    return [
        words("stored.numbers"),
        *([words("stored.pictures", n=pictures)] if pictures else []),
        *([words("stored.overlay")] if OVERLAY in names else []),
        *([words("stored.legs")] if LEG_FILM in names else []),
        *([words("stored.video")] if VIDEO in names else []),
    ]


def _size(n_bytes: int, words: Words) -> str:
    return f"{words.number(n_bytes / 1e6)} MB"
