"""The page person."""

import streamlit as st

st.title("person")
