"""The page Measure: choose a video, follow its progress."""

import streamlit as st

from hipcv.web.parts import asked_code, jobs_view, session, take_in

words, service = session.words(), session.service()
asked_code.take_from_address()

st.title(words("measure.title"))
st.write(words("measure.intro"))
st.markdown(f"**{words('measure.safety')}**")
st.page_link(session.page("guide"), label=words("measure.guide"), icon=":material/directions:")

in_work = jobs_view.follow(service, words)
take_in.offer(service, words, folded=in_work)
