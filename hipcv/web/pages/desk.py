"""The page Settings of the desk: who signs, where patients find their app, the codes of this site, the log."""

import streamlit as st

from hipcv.web.parts import desk_view, session

words, service = session.words(), session.service()

st.title(words("desk.title"))
desk_view.names(service, words)
desk_view.codes(service, words)
desk_view.log(service, words)
