"""The page Stored data: everything kept on this computer, and how to delete it."""

import streamlit as st

from hipcv.store.database import shown_address
from hipcv.web.parts import session, stored_view

words, service = session.words(), session.service()

st.title(words("stored.title"))
st.write(words("stored.where", folder=service.store.folder))
on_file = service.store.engine.dialect.name == "sqlite"
st.write(words("stored.in_folder") if on_file else words("stored.database", database=shown_address(service.store.engine)))
st.write(words("stored.faces"))
stored_view.listed(service, words)
