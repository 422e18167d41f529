"""The page Agreement: readings of an instrument beside the numbers from the videos, over the whole practice."""

import streamlit as st

from hipcv.web.parts import agreement_view, session

words, service = session.words(), session.service()

st.title(words("agreement.title"))
st.write(words("agreement.intro"))
agreement_view.show(service, words)
