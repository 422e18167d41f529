"""Settings of the desk, and its log."""

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.fhir_codes import code_table, shipped_text
from hipcv.errors import HipcvError
from hipcv.language.dates import moment_text
from hipcv.store import settings
from hipcv.store.audit import audit
from hipcv.web.parts import session
from hipcv.web.server.service import Service


def names(service: Service, words: Words) -> None:
    """Show who signs, and the address of the patients' app."""
    with st.form("names"):
        name = st.text_input(words("desk.reviewer"), session.reviewer(), max_chars=120, help=words("desk.reviewer_help"))
        known = str(settings.setting(service.store, settings.APP_ADDRESS, ""))
        address = st.text_input(words("desk.address"), known, max_chars=200, help=words("desk.address_help"))
        if st.form_submit_button(words("desk.keep"), type="primary"):
            settings.remember(service.store, settings.REVIEWER, session.one_line(name) or None)
            settings.remember(service.store, settings.APP_ADDRESS, session.one_line(address) or None)
            st.success(words("desk.kept"), icon=":material/check:")


def codes(service: Service, words: Words) -> None:
    """Show the table of codes for clinical systems, to be changed; a table that cannot be read is not kept."""
    own = settings.setting(service.store, settings.FHIR_CODES)
    with st.expander(words("desk.codes")):
        st.write(words("desk.codes_help"))
        text = st.text_area(words("desk.codes_table"), own or shipped_text(), height=420)
        with st.container(horizontal=True):
            if st.button(words("desk.codes_keep"), type="primary"):
                _keep_codes(service, text, words)
            if own and st.button(words("desk.codes_back")):
                settings.remember(service.store, settings.FHIR_CODES, None)
                st.rerun()


def _keep_codes(service: Service, text: str, words: Words) -> None:
    try:
        code_table(text)
        settings.remember(service.store, settings.FHIR_CODES, text)
        st.success(words("desk.kept"), icon=":material/check:")
    except HipcvError as problem:
        st.error(session.plain(problem.said(words.language)), icon=":material/error:")


def log(service: Service, words: Words) -> None:
    """Show whether the log is whole, and its last entry, to be noted elsewhere."""
    st.header(words("desk.log"))
    st.write(words("desk.log_help"))
    if not st.button(words("desk.log_verify"), icon=":material/verified_user:"):
        return
    found = audit(service.store)
    for fault in found.faults:
        st.error(session.plain(fault.said(words.language)), icon=":material/error:")
    if not found.faults and found.last:
        at = moment_text(found.last.at, words)
        st.success(words("desk.log_whole", n=found.n_entries, at=at, hash=found.last.hash), icon=":material/verified_user:")
