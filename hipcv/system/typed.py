"""Angles typed by people: number formats, and whether external rotation has the opposite sign."""

import math
from collections.abc import Collection

_FEWEST_SIGNS = 3
"""Fewest references whose signs can be judged."""


def degrees_of(text: str) -> float:
    """The number in a text, allowing a decimal comma, a degree sign or a typographic minus; NaN if it is not a number.

    >>> degrees_of("−12,5°"), degrees_of("steep")
    (-12.5, nan)
    """
    try:
        return float(text.removesuffix("°").replace("−", "-").replace(",", "."))
    except ValueError:
        return math.nan


def are_turned(external_deg: Collection[float]) -> bool:
    """Whether most references of external rotation are negative, as in some programs; a stiff hip may have a single negative one."""
    return len(external_deg) >= _FEWEST_SIGNS and 2 * sum(deg < 0 for deg in external_deg) > len(external_deg)
