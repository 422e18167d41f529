"""The list of visits or people that reacts in the browser: its rows are walked through and opened with the keyboard, too."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from hipcv.web.parts import session
from hipcv.web.parts.component import registered


def show(key: str, rows: Sequence[dict[str, Any]], page: str, parameter: str) -> None:
    """Show rows as `inbox_rows.rows` makes them; the one that is opened leads to a page, whose address has its id as `parameter`."""
    chosen = registered("visit_list")(key=key, data={"rows": list(rows)}, on_open_change=lambda: None)
    if chosen.get("open"):
        st.switch_page(session.page(page), query_params={parameter: chosen["open"]})
