"""Dates typed by people: whether a text tells one, and which it is, in every order of day, month and year that it allows."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

_FULL = "january|januar|february|februar|march|märz|april|june|juni|july|juli|august|september|october|oktober|november|december|dezember"
_MONTH = rf"(?:{_FULL}|jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sept?|oct|okt|nov|dec|dez)"
_DAY, _NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAY_2, _NUMBER_2 = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_YEAR, _YEAR_2 = r"(?:19|20)\d\d", r"[012]\d"
_GAP, _LOOSE = r"[\s._/–-]{1,3}", r"[\s._-]*"
_WEEK = r"(?<![^\W\d_])(?:KW|CW|W|wk|week|Woche)[\s._-]*"
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
    rf"{_WEEK}\d\d?{_GAP}{_YEAR}",  # KW 3/2026
    rf"{_YEAR}[\s._/-]*{_WEEK}\d\d?",  # 2026-W03
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
_YEARLESS = re.compile(rf"{_DAY}\.\s?{_NUMBER}\.|{_DAY_2}[./]{_DAY_2}|(?:KW|CW)\s?\d\d?", re.IGNORECASE)
"""`3.4.`, `15.01`, `KW 3`."""
_NUMBER_CHANGED = re.compile(rf"[-−]?\d{{4,}}|\d\d?[.-]? ?{_MONTH}|{_MONTH}[. -]*\d\d|\d\d?[./]\d\d?[./]\d{{2,4}}", re.IGNORECASE)

_Y, _Y_2, _M, _D = rf"(?P<year>{_YEAR})", rf"(?P<year>{_YEAR}|{_YEAR_2})", r"(?P<month>\d\d?)", r"(?P<day>\d\d?)"
_MM, _DD, _W = r"(?P<month>\d\d)", r"(?P<day>\d\d)", rf"{_WEEK}(?P<week>\d\d?)"
_IN_ANY_ORDER = (
    rf"{_Y}{_GAP}{_M}{_GAP}{_D}",
    rf"{_Y}{_MM}{_DD}",
    rf"{_Y}[./_-]{_MM}",
    rf"{_M}[./_-]{_Y}",
    rf"{_Y}[\s._/-]*{_W}(?:-(?P<day>[1-7]))?",
    rf"{_W}{_GAP}{_Y}",
)
_ORDERS = (
    (rf"{_D}{_GAP}{_M}{_GAP}{_Y_2}", rf"{_DD}{_MM}{_Y_2}"),
    (rf"{_M}{_GAP}{_D}{_GAP}{_Y_2}", rf"{_MM}{_DD}{_Y_2}"),
    (rf"(?P<year>{_YEAR_2})-{_MM}-{_DD}", rf"(?P<year>{_YEAR_2}){_MM}{_DD}"),
)
_TIME = r"(?:[T,\s]\s*(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_FORMS = [[re.compile(form + _TIME, re.IGNORECASE) for form in (*_IN_ANY_ORDER, *order)] for order in _ORDERS]
"""Day first, month first, year first; each with the forms that say themselves what is the day, and that name only a month or a week."""


def readings(texts: Collection[str]) -> list[dict[str, str]]:
    """Every way to read all the texts as dates: the moment of each in ISO format, for a month or a calendar week its beginning.

    In one way, day, month and year stand in the same order in all texts, and all name a day, or all a month, or all a week. Empty if there
    is no such way; ways that give the same moments count once.

    >>> readings(["3.4.2026", "13.4.2026"]), len(readings(["3.4.2026", "12.4.2026"]))
    ([{'3.4.2026': '2026-04-03T00:00', '13.4.2026': '2026-04-13T00:00'}], 2)
    """
    found: list[dict[str, str]] = []
    for forms in _FORMS:
        told = {text: _moment(text, forms) for text in texts}
        moments = {text: moment for text, (_, moment) in told.items() if moment}
        if len(moments) == len(texts) and len({unit for unit, _ in told.values()}) == 1 and moments not in found:
            found.append(moments)
    return found


def _moment(text: str, forms: Iterable[re.Pattern[str]]) -> tuple[str, str]:
    """What the text names, a day, a month or a week, and when that begins."""
    for form in forms:
        if match := form.fullmatch(text.rstrip(". ")):
            told = {name: int(number) for name, number in match.groupdict().items() if number}
            year, week = told.pop("year"), told.pop("week", 0)
            year += 2000 if year < 100 else 0
            unit = "day" if "day" in told else "week" if week else "month"
            day, time = told.get("day", 1), (told.get("hour", 0), told.get("minute", 0))
            try:
                begin = datetime.fromisocalendar(year, week, day) if week else datetime(year, told["month"], day, *time)
                return unit, begin.isoformat(timespec="minutes")
            except ValueError:
                continue
    return "", ""


def tells_a_date(text: str) -> bool:
    """Whether a date, or a month with its year, can be read from the text.

    >>> tells_a_date("31.03.2026"), tells_a_date("week 6-12")
    (True, False)
    """
    return any(pattern.search(text) for pattern in _DATES)


def is_changed(text: str) -> bool:
    """Whether a spreadsheet program may have made the text of a decimal number: `12.05` a date, `30.223` thousands.

    >>> is_changed("12. Mai"), is_changed("30223"), is_changed("about 30")
    (True, True, False)
    """
    return _NUMBER_CHANGED.fullmatch(text) is not None


def is_dated(text: str) -> bool:
    """Whether a date is the first number in the text, with or without its year, so that sorting by numbers would sort by its parts.

    >>> is_dated("15.01.2026"), is_dated("3.4."), is_dated("visit 2 (15.01.2026)")
    (True, True, False)
    """
    matches = [_YEARLESS.fullmatch(text), *(pattern.search(text) for pattern in _DATES)]
    return bool(readings([text])) or any(match and not re.search(r"\d", text[: match.start()]) for match in matches)
