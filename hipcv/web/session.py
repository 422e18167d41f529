"""What every page needs: the words in the person's language, and the service."""

import re
from datetime import datetime
from typing import Any

import streamlit as st

from hipcv.translation import translated
from hipcv.web.service import Service
from hipcv.web.service import service as running_service
from hipcv.words import DEFAULT, LANGUAGES, Words

_KEY = "language"
PAGES = "pages"
"""Where the window leaves its pages, by name."""


def words() -> Words:
    """In the language that was chosen, else in the browser's."""
    return Words(language())


def language() -> str:
    """`en` or `de`."""
    chosen = st.session_state.get(_KEY) or st.query_params.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    browser = (st.context.locale or DEFAULT).split("-")[0]
    return browser if browser in LANGUAGES else DEFAULT


def choose_language() -> None:
    """The control for it."""
    texts = words()
    st.segmented_control(
        texts("app.language"),
        list(LANGUAGES),
        key=_KEY,
        default=language() if _KEY not in st.session_state else None,
        format_func=LANGUAGES.__getitem__,
        label_visibility="collapsed",
        required=True,
    )


def page(name: str) -> Any:
    """A page of the window, to link to."""
    return st.session_state[PAGES][name]


def plain(text: str) -> str:
    """Text of people as it is, where Streamlit would read marks in it as formatting."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|:$~-])", r"\\\1", text)


def date_text(moment: datetime, words: Words) -> str:
    """The day and time as a person writes them."""
    return moment.astimezone().strftime(words("app.date_format"))


def say(sentence: str, words: Words) -> str:
    """A sentence of the core in the person's language."""
    return translated(sentence, words.language)


def service() -> Service:
    """The one of this server."""
    return running_service()
