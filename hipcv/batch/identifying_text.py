"""Detects whether a session or group name reveals a date or a person."""

import re
from collections.abc import Container

_FULL = "january|januar|february|februar|march|märz|april|june|juni|july|juli|august|september|october|oktober|november|december|dezember"
_MONTH = rf"(?:{_FULL}|jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sept?|oct|okt|nov|dec|dez)"
_DAY, _NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAY_2, _NUMBER_2 = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_YEAR, _YEAR_2 = r"(?:19|20)\d\d", r"[012]\d"
_GAP, _LOOSE = r"[\s._/–-]{1,3}", r"[\s._-]*"
_NTH = rf"{_DAY}(?:st|nd|rd|th)?\.?{_LOOSE}(?:of\s+)?"
_WITH_A_YEAR = (
    rf"{_YEAR}{_GAP}{_NUMBER}{_GAP}{_DAY}",  # 2026-03-31
    rf"{_DAY}{_GAP}{_DAY}{_GAP}{_YEAR}",  # 31.03.2026, 3/31/2026
    rf"{_YEAR}{_NUMBER_2}{_DAY_2}",  # 20260331
    rf"{_DAY_2}{_NUMBER_2}{_YEAR}",  # 31032026
    rf"{_YEAR}[./_-]{_NUMBER_2}",  # 2026-03
    rf"{_NUMBER}[./_-]{_YEAR}",  # 3/2026
    rf"{_NTH}{_MONTH}\.?{_LOOSE}{_YEAR}",  # 31Mar2026
    rf"{_MONTH}\.?{_LOOSE}{_YEAR}",  # March 2026
    rf"{_DAY}\.?[\s._-]+[^\W\d_]{{3,10}}\.?[\s._-]+{_YEAR}",  # 31 mars 2026: a month in another language
)
_WITHOUT = (
    rf"{_DAY}(?P<gap>[./]){_DAY}(?P=gap){_YEAR_2}",  # 31.3.26
    rf"(?:{_DAY_2}-{_NUMBER_2}|{_NUMBER_2}-{_DAY_2})-[12]\d",  # 31-03-26
    rf"{_DAY_2}{_NUMBER_2}{_YEAR_2}",  # 310326
    rf"{_NTH}{_MONTH}\.?{_LOOSE}{_YEAR_2}",  # 31MAR26
    rf"{_NTH}(?:{_FULL})",  # 31. März
    rf"(?:{_FULL})[\s._-]*{_DAY}",  # March 31
)
_DATES = (
    re.compile(rf"(?<!\d)(?:{'|'.join(_WITH_A_YEAR)})(?!\d)", re.IGNORECASE),
    # Fewer digits usually mean something else: v1.2.10, A-01-02-03.
    re.compile(rf"(?<![^\W_])(?<![^\W_][.-])(?:{'|'.join(_WITHOUT)})(?![^\W_])(?![.-]\d)", re.IGNORECASE),
)
_LETTERS_OF_A_NAME = 3
"""Shorter names occur within other words by chance."""


def tells_a_date(text: str) -> bool:
    """Whether a date, or a month with its year, can be read from the text.

    >>> tells_a_date("31.03.2026"), tells_a_date("week 6-12")
    (True, False)
    """
    return any(pattern.search(text) for pattern in _DATES)


def words_of(text: str) -> str:
    """The words in lower case, separated by single spaces; empty for a name too short to identify anybody."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return words if len(words) >= _LETTERS_OF_A_NAME else ""


def tells_a_person(text: str, people: Container[str]) -> bool:
    """Whether one of the people (each as returned by `words_of`) is named in the text, in whole words.

    >>> tells_a_person("Lee, first visit", {"lee"}), tells_a_person("after sleep", {"lee"})
    (True, False)
    """
    words = words_of(text).split()
    return any(" ".join(words[start:end]) in people for start in range(len(words)) for end in range(start + 1, len(words) + 1))
