"""Puts a chart on the page, with text that is legible on the page's background."""

from typing import Any

import streamlit as st

from hipcv.web.parts.charts import AnyChart

_OF_PAGE = "currentColor"
"""That of the page's text, also when the theme changes while the page is open."""


def chart(drawing: AnyChart, alt: str, **options: Any) -> Any:
    """Show a chart; `options` as for `st.altair_chart`, `alt` describes the chart to those who cannot see it."""
    drawing = drawing.configure_axis(labelColor=_OF_PAGE, titleColor=_OF_PAGE, labelFontSize=12, titleFontSize=13, aria=False)
    drawing = (
        drawing.configure_legend(labelColor=_OF_PAGE, labelFontSize=13, aria=False)
        .configure_title(color=_OF_PAGE)
        .configure_text(color=_OF_PAGE)
    )
    drawing = drawing.configure_mark(aria=False)  # what it shows is told by `alt`; marks that were filtered out would have no name
    return st.altair_chart(drawing, alt=alt, **options)
