"""One thin file per page; Streamlit runs them."""
