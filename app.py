"""The app in a browser: `streamlit run app.py`, or `hipcv app`."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hipcv.web.pages.app import show
from hipcv.web.server import server

app = st.App(server.SCRIPT, **server.parts())

if get_script_run_ctx():  # run as a page by a test
    show()
