"""Says once, on the page that is drawn next, why something could not be done."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError
from hipcv.web.parts import session

_KEY = "problem"


def attempt(do: Callable[[], Any], words: Words) -> None:
    """Do something, and keep why it could not be done, or not entirely."""
    try:
        do()
    except HipcvError as problem:
        keep(problem.said(words.language))


def keep(sentence: str) -> None:
    """Keep a sentence for the page that is drawn next."""
    st.session_state[_KEY] = sentence


def show() -> None:
    """Show what was kept, once."""
    if sentence := st.session_state.pop(_KEY, None):
        st.error(session.plain(sentence), icon=":material/error:")
