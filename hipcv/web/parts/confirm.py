"""Asks before something that cannot be taken back, and says once if it could not be done."""

from collections.abc import Callable

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError
from hipcv.web.parts import session

_PROBLEM = "confirmed_problem"


def ask(title: str, question: str, yes: str, words: Words, do: Callable[[], None]) -> None:
    """Show the question, with `yes` and its opposite as answers; the page is drawn anew after either."""

    def really() -> None:
        try:
            do()
        except HipcvError as problem:
            st.session_state[_PROBLEM] = problem.message

    @st.dialog(title)
    def dialog() -> None:
        st.write(question)
        left, right = st.columns(2)
        if left.button(yes, type="primary", key="delete-yes", on_click=really) or right.button(words("stored.delete_no"), key="delete-no"):
            st.rerun()

    dialog()


def show_problem(words: Words) -> None:
    """Show once why what was confirmed last could not be done, or not entirely."""
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(session.plain(problem.said(words.language)), icon=":material/error:")
