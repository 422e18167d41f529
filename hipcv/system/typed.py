"""Angles that people typed: how they write a number, and whether they count external rotation the other way round."""

import math
from collections.abc import Collection

_FEWEST_SIGNS = 3
"""References by which their signs can be judged."""


def degrees_of(text: str) -> float:
    """The number, NaN = it is none: with a decimal comma, a degree sign or a typographic minus as well.

    >>> degrees_of("−12,5°"), degrees_of("steep")
    (-12.5, nan)
    """
    try:
        return float(text.removesuffix("°").replace("−", "-").replace(",", "."))
    except ValueError:
        return math.nan


def are_turned(external_deg: Collection[float]) -> bool:
    """Whether most references of external rotation are negative, as some programs have it; a stiff hip may have one that is."""
    return len(external_deg) >= _FEWEST_SIGNS and 2 * sum(deg < 0 for deg in external_deg) > len(external_deg)
