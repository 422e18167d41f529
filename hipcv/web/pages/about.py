"""What hipcv is, and what it is not."""

import streamlit as st

import hipcv
from hipcv.capture import models
from hipcv.web.parts import session

words = session.words()

st.title(words("about.title"))
st.write(words("about.what"))
for part in ("not", "accuracy", "privacy"):
    st.subheader(words(f"about.{part}_heading"))
    st.write(words(f"about.{part}"))
st.page_link(session.page("stored"), label=words("app.page.stored"), icon=":material/shield_person:")
st.caption(words("about.versions", hipcv=hipcv.__version__, mediapipe=models.mediapipe_version()))
