"""The page Measure: film or choose a video, then follow its progress, which stays on top."""

import streamlit as st

from hipcv.web.parts import asked_code, jobs_view, session, take_in

words, service = session.words(), session.service()
asked_code.take_from_address()

st.title(words("measure.title"))
in_work = jobs_view.follow(service, words, stays=take_in.in_use())
take_in.offer(service, words, folded=in_work)
