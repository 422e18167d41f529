"""The page Inbox of the desk: what has come in, and what waits for a review."""

import streamlit as st

from hipcv.store import inbox
from hipcv.store.inbox import Show
from hipcv.web.parts import inbox_view, session

words, service = session.words(), session.service()

st.title(words("inbox.title"))
counts = inbox.counts(service.store)
inbox_view.receive(service, words, unfolded=not counts[Show.ALL])
inbox_view.listed(service, counts, words)
