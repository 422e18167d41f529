"""Asks before something that cannot be taken back."""

from collections.abc import Callable

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.web.parts import problem


def ask(title: str, question: str, yes: str, words: Words, do: Callable[[], None]) -> None:
    """Show the question, with `yes` and its opposite as answers; the page is drawn anew after either."""

    @st.dialog(title)
    def dialog() -> None:
        st.write(question)
        left, right = st.columns(2)
        if left.button(yes, type="primary", key="delete-yes", on_click=problem.attempt, args=(do, words)) or right.button(
            words("stored.delete_no"), key="delete-no"
        ):
            st.rerun()

    dialog()
