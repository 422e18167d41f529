"""What people type: angles in several number formats, and names, of which one may be written in several ways."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable

_FEWEST_SIGNS = 3
"""Fewest references whose signs can be judged."""
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Soft hyphen, spaces without width, marks of direction and byte order: they come along when text is copied."""
_BLANK = {"", "-", "--", "–", "—", "−", "n/a", "na", "n.a.", "k.a.", "k. a.", "#n/a", "#nv", "none", "null"}
"""What stands in a cell where there is no value; `#NV` is what a German spreadsheet makes of `#N/A`."""
_BETWEEN = re.compile(r"(?<=[^\W_])[\s._‐-―−-](?=[^\W_])")
"""A single separator within a name; the signs of `week -4` and `DDH+` are none."""


def degrees_of(text: str) -> float:
    """The number in a text, allowing a decimal comma, a degree sign or a typographic minus; NaN if it is not a number.

    >>> degrees_of("−12,5°"), degrees_of("steep")
    (-12.5, nan)
    """
    try:
        return float(text.removesuffix("°").replace("−", "-").replace(",", "."))
    except ValueError:
        return math.nan


def is_blank(text: str) -> bool:
    """Whether the cell says that there is no value.

    >>> is_blank("n/a"), is_blank("–"), is_blank("0")
    (True, True, False)
    """
    return text.lower() in _BLANK


def are_turned(external_deg: Collection[float]) -> bool:
    """Whether most references of external rotation are negative, as in some programs; a stiff hip may have a single negative one."""
    return len(external_deg) >= _FEWEST_SIGNS and 2 * sum(deg < 0 for deg in external_deg) > len(external_deg)


def one_form(name: str) -> str:
    """A name in the one form in which names are compared: composed characters (NFC), single spaces, nothing invisible.

    >>> one_form(" Jo\u0308rg\u00a0 M.") == "Jörg M."
    True
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", name)).split())


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that differ only in capitals, separators or leading zeros, each with the first name of its kind.

    >>> alike(["P01", "p01", "P-1", "P1-1", "P11", "P2"])
    [('P-1', 'P01'), ('P-1', 'p01')]
    """
    first: dict[str, str] = {}
    pairs = [(first.setdefault(_plain(name), name), name) for name in sorted(set(names))]
    return [(one, other) for one, other in pairs if one != other]


def _plain(name: str) -> str:
    """The name without what is often written in another way; numbers that a separator keeps apart stay apart."""
    folded = re.sub(r"(?<!\d)0+(?=\d)", "", unicodedata.normalize("NFKC", name).casefold())
    return _BETWEEN.sub(lambda match: "-" if folded[match.start() - 1].isdigit() and folded[match.end()].isdigit() else "", folded)
