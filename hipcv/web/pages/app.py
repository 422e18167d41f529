"""The app: its look and its pages, nothing else. Streamlit runs this file for every page."""

from pathlib import Path
from typing import Any, Literal

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.language import sentences
from hipcv.web.parts import jobs_view, naming, received_view, session, style, typing_pause

_PAGES = Path(__file__).parent
_ICONS = {
    "inbox": ":material/inbox:",
    "people": ":material/group:",
    "person": ":material/person:",
    "review": ":material/rate_review:",
    "agreement": ":material/straighten:",
    "measure": ":material/videocam:",
    "guide": ":material/directions:",
    "result": ":material/monitoring:",
    "visits": ":material/calendar_month:",
    "open": ":material/file_open:",
    "stored": ":material/shield_person:",
    "desk": ":material/tune:",
    "about": ":material/info:",
}
_AT_HOME = ("measure", "guide", "result", "visits", "open", "stored", "about")
_AT_THE_DESK = ("inbox", "people", "measure", "agreement", "guide", "open", "stored", "desk", "about", "person", "review", "result")
_FOUND_FROM_OTHERS = {"person", "review", "result"}  # they show one person or visit, and so stand in no menu
_RESULTS = {"review", "result"}


def show() -> None:
    """Set up the page that was requested and run it."""
    words, at_desk = session.words(), session.at_desk()
    layout: Literal["wide", "centered"] = "wide" if at_desk else "centered"
    st.set_page_config(page_title=f"{words('app.name')}: {words('app.tagline')}", page_icon="🦵", layout=layout)
    st.html(style.css(words))
    pages = _pages(words, at_desk=at_desk)
    st.session_state[session.PAGES] = pages
    page = st.navigation(list(pages.values()), position="top")
    if page.url_path != "open":
        received_view.forget()
    if page.url_path in _RESULTS:
        jobs_view.result_reached(st.query_params.get("visit", ""))
    session.page_opened(page.url_path)
    page.run()
    st.divider()
    with st.container(horizontal=True):  # on a phone the menu at the top is collapsed
        for name, other in pages.items():
            if not (at_desk and name in _FOUND_FROM_OTHERS):
                st.page_link(other)
    st.caption(sentences.intended_use(words))
    session.choose_language()
    st.html(naming.script(words) + typing_pause.SCRIPT, unsafe_allow_javascript=True)  # comes last, as even an empty element takes up room


def _pages(words: Words, *, at_desk: bool) -> dict[str, Any]:
    """The pages by name: those of a patient at home, or those of the desk; the first one opens."""
    names = _AT_THE_DESK if at_desk else _AT_HOME
    return {
        name: st.Page(
            _PAGES / f"{name}.py",
            title=words(f"app.page.{name}"),
            icon=_ICONS[name],
            url_path=name,
            default=name == names[0],
            visibility="hidden" if at_desk and name in _FOUND_FROM_OTHERS else "visible",
        )
        for name in names
    }


if __name__ == "__main__":
    show()
