"""The page review."""

import streamlit as st

st.title("review")
