"""The guide "Film it right" as one printable A4 page: drawings of right and wrong ways, and boxes to tick.

The layout is in typst/guide.typ. The texts reach it as data, never as markup.
"""

from importlib import resources

from hipcv.catalogues.words import Words
from hipcv.rendering.typesetting import labels, typeset

RIGHT = ("place", "visible", "outward", "inward")
"""The steps in order; each names a drawing in guide_pictures and a text group `guide.steps.NAME`."""

WRONG = ("lean", "knee", "feet", "aside")
"""The mistakes to avoid: drawings `wrong_NAME`, text groups `guide.wrong.NAME`."""

BEFORE = ("phone", "height", "whole", "feet", "clothes", "light", "alone")
DURING = ("still", "hold", "times")
"""Checklist items before and while recording: `guide.check.NAME`."""

AT_A_GLANCE = "test"
"""The drawing of the whole test, which the first page of the app shows."""

_PRINTED = (*RIGHT, *(f"wrong_{name}" for name in WRONG))
PICTURES = (AT_A_GLANCE, *_PRINTED)


def picture_svg(name: str) -> str:
    """A drawing of the guide by its name (made by scripts/draw_guide.py), 480 x 360."""
    return (resources.files("hipcv.rendering") / "guide_pictures" / f"{name}.svg").read_text(encoding="utf-8")


def guide_pdf(words: Words) -> bytes:
    """The guide as a tagged PDF (PDF/UA-1), in the language of `words`."""
    values = {
        "language": words.language,
        "words": labels("guide.", words),
        "pictures": {name: picture_svg(name) for name in _PRINTED},
        "right": RIGHT,
        "wrong": WRONG,
        "before": BEFORE,
        "during": DURING,
    }
    return typeset("guide", values)
