"""Puts a chart on the page, with text that is legible on the page's background."""

from typing import Any

import streamlit as st

from hipcv.web.parts.charts import AnyChart


def chart(drawing: AnyChart, alt: str, **options: Any) -> Any:
    """Show a chart; `options` as for `st.altair_chart`, `alt` describes the chart to those who cannot see it."""
    if colour := st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"):  # without config.toml, Streamlit chooses one
        drawing = drawing.configure_axis(labelColor=colour, titleColor=colour, labelFontSize=12, titleFontSize=13)
        drawing = drawing.configure_legend(labelColor=colour, labelFontSize=13).configure_title(color=colour).configure_text(color=colour)
    return st.altair_chart(drawing, alt=alt, **options)
