"""Puts a chart on the page, with letters that can be read on the page's own background."""

from typing import Any

import streamlit as st

from hipcv.web.charts import AnyChart

_LETTERS = {"light": "#1B2733", "dark": "#EDF2F6"}


def chart(drawing: AnyChart, alt: str, **options: Any) -> Any:
    """`options` as for `st.altair_chart`."""
    colour = _LETTERS.get(st.context.theme.type or "light", _LETTERS["light"])
    readable = drawing.configure_axis(labelColor=colour, titleColor=colour, labelFontSize=12, titleFontSize=13)
    readable = readable.configure_legend(labelColor=colour, labelFontSize=13).configure_title(color=colour)
    return st.altair_chart(readable, alt=alt, **options)
