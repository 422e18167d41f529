"""The guide "Film it right" as one A4 page to print: pictures of the right way and the wrong ones, and boxes to tick.

What stands where is decided in typst/guide.typ. The texts reach it as data and never as markup.
"""

from importlib import resources
from typing import Any

from hipcv.catalogues.words import Words, texts
from hipcv.rendering.typesetting import typeset

RIGHT = ("place", "visible", "outward", "inward")
"""The steps in order; each is also the name of a picture in web/pictures and of a group `guide.steps.NAME`."""

WRONG = ("lean", "knee", "feet", "aside")
"""What to avoid: pictures `wrong_NAME`, groups `guide.wrong.NAME`."""

BEFORE = ("phone", "height", "whole", "feet", "clothes", "light", "alone")
DURING = ("still", "hold", "times")
"""The lines to tick off before and while recording: `guide.check.NAME`."""

PICTURES = (*RIGHT, *(f"wrong_{name}" for name in WRONG))


def picture_svg(name: str) -> str:
    """A picture of the guide (scripts/draw_guide.py draws them), 480 x 360, by its name."""
    return (resources.files("hipcv.rendering") / "guide_pictures" / f"{name}.svg").read_text(encoding="utf-8")


def guide_pdf(words: Words) -> bytes:
    """The page as a tagged PDF (PDF/UA-1), in the language of the words."""
    return typeset("guide", page_values(words))


def page_values(words: Words) -> dict[str, Any]:
    """What typst/guide.typ prints."""
    prefix = "guide."
    names = [key.removeprefix(prefix) for key in texts("en") if key.startswith(prefix)]
    return {
        "language": words.language,
        "words": {name: words(prefix + name) for name in names},
        "pictures": {name: picture_svg(name) for name in PICTURES},
        "right": RIGHT,
        "wrong": WRONG,
        "before": BEFORE,
        "during": DURING,
    }
