"""The app: its look and its pages, nothing else. Streamlit runs this file for every page."""

from pathlib import Path

import streamlit as st

from hipcv.language import sentences
from hipcv.web.parts import received_view, session, style

_PAGES = Path(__file__).parent
_ICONS = {
    "measure": ":material/videocam:",
    "guide": ":material/directions:",
    "result": ":material/monitoring:",
    "visits": ":material/calendar_month:",
    "open": ":material/file_open:",
    "stored": ":material/shield_person:",
    "about": ":material/info:",
}


def show() -> None:
    """Set up the page that was requested and run it."""
    words = session.words()
    st.set_page_config(page_title=f"{words('app.name')}: {words('app.tagline')}", page_icon="🦵", layout="centered")
    st.html(style.CSS + (style.ON_DARK if st.context.theme.type == "dark" else ""))
    pages = {
        name: st.Page(_PAGES / f"{name}.py", title=words(f"app.page.{name}"), icon=icon, url_path=name, default=name == "measure")
        for name, icon in _ICONS.items()
    }
    st.session_state[session.PAGES] = pages
    page = st.navigation(list(pages.values()), position="top")
    if page.url_path != "open":
        received_view.forget()
    page.run()
    st.divider()
    with st.container(horizontal=True):  # on a phone the menu at the top is collapsed
        for other in pages.values():
            st.page_link(other)
    st.caption(sentences.intended_use(words))
    session.choose_language()
    # Streamlit always sets lang="en"; screen readers choose the voice by it. Comes last, as even an empty element takes up room.
    st.html(f'<script>document.documentElement.lang = "{words.language}";</script>', unsafe_allow_javascript=True)


if __name__ == "__main__":
    show()
