"""Dates as people write them: what is read, in which order, and what only looks like a date."""

import pytest

from hipcv.system.typed_dates import is_dated, readings


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        pytest.param(["15.01.2026", "01.02.2026"], ["2026-01-15", "2026-02-01"], id="the day first"),
        pytest.param(["1/15/2026", "12/20/2025"], ["2026-01-15", "2025-12-20"], id="the month first"),
        pytest.param(["2026-03-01", "13.04.2026"], ["2026-03-01", "2026-04-13"], id="ISO and another form"),
        pytest.param(["15. 1. 26", "1.2.26."], ["2026-01-15", "2026-02-01"], id="two digits of the year and a last dot"),
        pytest.param(["15012026", "01022026"], ["2026-01-15", "2026-02-01"], id="eight digits"),
        pytest.param(["20260301", "20260411"], ["2026-03-01", "2026-04-11"], id="eight digits, the year first"),
        pytest.param(["12/2025", "1/2026", "2026-02"], ["2025-12-01", "2026-01-01", "2026-02-01"], id="months"),
        pytest.param(["KW 52/2025", "KW3 2026", "2026-W04"], ["2025-12-22", "2026-01-12", "2026-01-19"], id="calendar weeks"),
        pytest.param(["2026-KW03", "week 10-2026"], ["2026-01-12", "2026-03-02"], id="calendar weeks after their year"),
        pytest.param(["2026-W03-2"], ["2026-01-13"], id="the day of a week"),
        pytest.param(["2026-03-01T10:00:00Z", "13.03.2026, 9:30"], ["2026-03-01", "2026-03-13"], id="with a time"),
    ],
)
def test_dates_that_can_be_read_in_one_way(texts, days):
    (way,) = readings(texts)
    assert [moment[:10] for moment in way.values()] == days


@pytest.mark.parametrize(
    ("texts", "n_ways"),
    [
        pytest.param(["3.4.2026", "5.6.2026"], 2, id="day or month first"),
        pytest.param(["5.5.2026"], 1, id="the same either way"),
        pytest.param(["100126"], 3, id="six digits"),
        pytest.param(["100126", "240126"], 2, id="six digits, of which one cannot be a month"),
        pytest.param(["15.01.2026", "01/20/2026"], 0, id="no order fits both"),
        pytest.param(["15.01.2026", "02/2026"], 0, id="a day and a month"),
        pytest.param(["15.01.2026", "pre"], 0, id="a date and a word"),
        pytest.param(["31.02.2026"], 0, id="no day of the calendar"),
        pytest.param(["KW 54/2026"], 0, id="no week of the calendar"),
        pytest.param(["Jan 2026"], 0, id="a month in words"),
        pytest.param(["3.4."], 0, id="without a year"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_ways_to_read_dates(texts, n_ways):
    assert len(readings(texts)) == n_ways


@pytest.mark.parametrize("text", ["15.01.2026", "Jan 2026", "3.4.", "15.01", "KW 3", "first on 15.01.2026", "15 01 26", "2026-03-01 10:15"])
def test_what_would_be_sorted_by_the_parts_of_a_date(text):
    assert is_dated(text)


@pytest.mark.parametrize("text", ["1", "V10", "visit 1", "week 3", "1.10", "2-3", "visit 2 (15.01.2026)", "pre", "2026", "day 14", ""])
def test_what_would_not(text):
    assert not is_dated(text)
