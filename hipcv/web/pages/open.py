"""The page Open a file: checks and shows a received measurement."""

import streamlit as st

from hipcv.web.parts import received_view, session

words, service = session.words(), session.service()

st.title(words("open.title"))
st.write(words("open.intro"))
received_view.show(service, words)
