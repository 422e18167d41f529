"""The page People of the desk."""

import streamlit as st

from hipcv.web.parts import people_view, session

words, service = session.words(), session.service()

st.title(words("people.title"))
people_view.add(service, words)
people_view.listed(service, words)
