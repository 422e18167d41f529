"""The page Inbox of the desk: what has come in, and what waits for a review."""

import streamlit as st

from hipcv.web.parts import inbox_view, session

words, service = session.words(), session.service()

st.title(words("inbox.title"))
inbox_view.receive(service, words)
inbox_view.listed(service, words)
