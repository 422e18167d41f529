"""Shared by all pages: the texts in the person's language, and the service."""

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from hipcv.catalogues.words import DEFAULT, Words, languages
from hipcv.records.visit import Kind, Visit
from hipcv.store import settings
from hipcv.store.access import Action
from hipcv.store.job import Request
from hipcv.web.server.service import Service
from hipcv.web.server.service import service as running_service

_KEY, _ADDRESS = "language", "lang"
_SEEN = "seen"
_AT = "page_at"
UNFOLDED_FIRST = "unfolded-first"
"""Of a list: the one that was unfolded when the page was opened."""
PAGES = "pages"
"""Session key under which the app stores its pages, by name."""


def words() -> Words:
    """The texts in the chosen language, or else in the browser's."""
    return Words(language())


def language() -> str:
    """`en` or `de`."""
    chosen = st.session_state.get(_KEY) or st.query_params.get(_ADDRESS)
    return str(chosen) if chosen in languages() else _of_browser()


def _of_browser() -> str:
    language = (st.context.locale or DEFAULT).split("-")[0]
    return language if language in languages() else DEFAULT


def choose_language() -> None:
    """Show the language control. A language other than the browser's is put in the address, so that it survives a refresh."""
    texts = words()
    st.segmented_control(
        texts("app.language"),
        list(languages()),
        key=_KEY,
        default=language() if _KEY not in st.session_state else None,
        format_func=languages().__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    if language() != st.query_params.get(_ADDRESS, _of_browser()):
        st.query_params[_ADDRESS] = language()


def at_desk() -> bool:
    """Whether this installation shows the desk of a practice, or the app of one person."""
    return bool(settings.setting(service().store, settings.DESK, False))


def reviewer() -> str:
    """The name that was signed with last on this installation."""
    return settings.reviewer(service().store)


def page(name: str) -> Any:
    """A page of the app, to link to."""
    return st.session_state[PAGES][name]


def plain(text: str) -> str:
    """Text exactly as people wrote it: Streamlit would read marks as formatting, addresses as links, and leading spaces as a code block.

    Escaping does not stop it from linking addresses; an invisible word joiner (U+2060) does.
    """
    text = re.sub(r"(?m)^[ \t]+", "", text)
    text = re.sub(r"(?i)(www(?=\.)|https?:(?=//)|@)", "\\1\u2060", text)
    return re.sub(r"([\\`*_{}\[\]()<>#+!|:$~=&-])", r"\\\1", text)


def one_line(text: str) -> str:
    """Typed text without line breaks and needless blanks."""
    return " ".join(text.split())


def page_opened(name: str) -> None:
    """Tell which page is drawn."""
    address = f"{name}?{st.query_params.to_dict()}"
    if st.session_state.get(_AT) != address:
        if st.session_state.get(_AT, "").partition("?")[0] != name:
            st.session_state.pop(UNFOLDED_FIRST, None)
        st.session_state[_AT], st.session_state[_SEEN] = address, set()


def keep_choice(key: str, texts: Sequence[str]) -> None:
    """Call before drawing a choice whose texts may have changed, with the language or a correction.

    A browser identifies the chosen option by its text. Unless it is told the choice again, it shows none and keeps sending the old text.
    """
    sent = f"{key}-texts"
    if key in st.session_state and st.session_state.get(sent, texts) != texts:
        st.session_state[key] = st.session_state[key]
    st.session_state[sent] = texts


def forget(*keys: str) -> None:
    """Empty fields that Streamlit keeps for a session, once their content is sent or no longer wanted."""
    for key in keys:
        st.session_state.pop(key, None)


def seen_once(service: Service, subject: str) -> None:
    """Enter in the log that a person or visit was looked at: once while a page is open, not at every click on it."""
    seen = st.session_state[_SEEN]
    if subject not in seen:
        service.store.gate.note(Action.SEEN, subject)
        seen.add(subject)


def name_of(said: Visit | Request, clip: str, words: Words) -> str:
    """The name of a visit or job: its title, or that it is the sample, or else its clip."""
    return said.title or (words("measure.sample_name") if said.kind is Kind.SAMPLE else clip)


def service() -> Service:
    """The service of this server."""
    return running_service()
