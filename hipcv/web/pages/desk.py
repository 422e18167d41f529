"""The page desk."""

import streamlit as st

st.title("desk")
