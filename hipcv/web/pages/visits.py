"""The page Visits: a person's saved visits, the trend over the weeks, and the change between two visits."""

from datetime import datetime

import streamlit as st

from hipcv.records.visit import Kind
from hipcv.web.parts import jobs_view, reminder, session, visits_view

words, service = session.words(), session.service()

st.title(words("visits.title"))
jobs_view.beside(service, words)
visits = service.store.visits()
own = [visit for visit in visits if visit.kind is not Kind.SAMPLE]
if len(own) > 1:
    visits_view.trend(own, words)
    visits_view.compare(own, words)
if own:
    reminder.show(words, datetime.now().astimezone().date())
if visits:
    visits_view.listed(service, visits, words)
else:
    st.write(words("visits.none"))
    st.page_link(session.page("measure"), label=words("result.to_measure"), icon=":material/videocam:")
