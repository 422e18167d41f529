"""The page About: hipcv's purpose and its limits."""

import streamlit as st

from hipcv.capture import pose_models
from hipcv.version import __version__
from hipcv.web.parts import session

words = session.words()

st.title(words("about.title"))
st.write(words("about.what"))
for part in ("not", "accuracy", "privacy"):
    st.header(words(f"about.{part}_heading"))
    st.write(words(f"about.{part}"))
st.page_link(session.page("stored"), label=words("app.page.stored"), icon=":material/shield_person:")
st.caption(words("about.versions", hipcv=__version__, mediapipe=pose_models.mediapipe_version()))
