"""Registers the parts that react in the browser itself (parts/components), each once per process."""

from functools import cache
from importlib import resources
from typing import Any

import streamlit.components.v2 as components

_FILES = resources.files("hipcv.web.parts.components")


@cache
def registered(name: str) -> Any:
    """The mounting command of a component, made of `NAME.js` and `NAME.css`.

    What is passed as its `data` may contain anything that people wrote: the scripts set it as text, never as markup.
    """
    script, style = ((_FILES / f"{name}.{ending}").read_text(encoding="utf-8") for ending in ("js", "css"))
    return components.component(f"hipcv_{name}", js=script, css=style)
