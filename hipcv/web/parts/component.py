"""Registers the parts that react in the browser itself (parts/components), each once per process."""

from functools import cache
from importlib import resources
from typing import Any

import streamlit.components.v2 as components

_FILES = resources.files("hipcv.web.parts.components")


_PARTS = {
    "visit_list": ("dom",),
    "stage": ("dom", "angles", "film_view", "curve_view", "stage_modes"),
    "compare": ("dom", "angles", "film_view"),
}
"""Scripts that come before a component's own."""


@cache
def registered(name: str) -> Any:
    """The mounting command of a component, made of `NAME.js`, the scripts that it needs, and `NAME.css`.

    What is passed as its `data` may contain anything that people wrote: the scripts set it as text, never as markup.
    """
    script = "\n".join(_read(f"{part}.js") for part in (*_PARTS.get(name, ()), name))
    return components.component(f"hipcv_{name}", js=script, css=_read(f"{name}.css"))


def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
