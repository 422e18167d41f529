"""The page agreement."""

import streamlit as st

st.title("agreement")
