"""The code with which a therapist asked for a measurement: typed in, or brought along by the address that their QR code opens."""

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.request_code import clean_code
from hipcv.store import settings
from hipcv.web.parts import session

_ADDRESS = "code"


def take_from_address() -> None:
    """Remember the code in the page's address, if there is one, and tidy it away."""
    if code := clean_code(st.query_params.get(_ADDRESS, "")):
        settings.remember(session.service().store, settings.ASKED_CODE, code)
    st.query_params.pop(_ADDRESS, None)


def ask(words: Words) -> str:
    """Show the field for the code, with the one that is remembered; returns the code that goes into the file, or nothing."""
    store = session.service().store
    typed = st.text_input(
        words("result.code"),
        settings.setting(store, settings.ASKED_CODE, ""),
        max_chars=40,
        help=words("result.code_help"),
        key="asked-code",
    )
    code = clean_code(typed) if typed.strip() else ""
    if code is None:
        st.warning(words("result.code_wrong"), icon=":material/warning:")
        return ""
    settings.remember(store, settings.ASKED_CODE, code or None)
    return code
