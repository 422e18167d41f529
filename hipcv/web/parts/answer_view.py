"""A therapist's answer in a received file: what they say of the measurement, and whether its numbers rest on corrections."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.language.sentences import EDITED
from hipcv.records.document import REVIEW
from hipcv.store.reviews import Outcome
from hipcv.web.parts import session


def show(document: Mapping[str, Any], words: Words) -> None:
    """Show the answer, if the file is one. It may contain anything, so everything in it is shown as plain text."""
    review = document.get(REVIEW)
    if not isinstance(review, Mapping) or review.get("outcome") not in list(Outcome):
        return
    outcome = str(review["outcome"])
    with st.container(border=True):
        st.header(words("open.answer.heading"))
        st.markdown(f"**{words(f'open.answer.{outcome}', reviewer=session.plain(str(review.get('reviewer', ''))))}**")
        for name in ("film_again", "comment_patient"):
            if text := str(review.get(name, "")):
                st.write(session.plain(text))
        if outcome == Outcome.CORRECTED:
            st.caption(words("open.answer.mark", mark=EDITED))
        if isinstance(review.get("replaces"), int):
            st.caption(words("open.answer.replaces"))
