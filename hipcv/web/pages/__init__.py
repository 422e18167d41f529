"""One thin file a page; Streamlit runs them."""
