"""Which sessions of a study are compared, in which order, and how days are counted."""

import pytest

from hipcv.errors import UnreadableTable
from hipcv.study.sessions import counted, dates_read, in_order, to_compare
from tests.cohorts import an_angle


def had(side="right", **sessions):
    return [an_angle(30, subject, session, side=side) for subject, names in sessions.items() for session in names.split()]


def many(n, names, **choices):
    return [angle for number in range(n) for angle in had(**{f"{names}{number}": names}, **choices)]


@pytest.mark.parametrize(
    ("angles", "compared"),
    [
        pytest.param(had(a="1 2", b="1 2", c="1 2"), {"1", "2"}, id="two for all"),
        pytest.param(had(a="1 2", b="1 2", c="1 2 3", d="1"), {"1", "2"}, id="a third of one subject does not cost the others"),
        pytest.param(had(a="1 2 3", b="1 2 3", c="1 2 3", d="1 2"), {"1", "2", "3"}, id="a third of nearly all counts"),
        pytest.param([*many(25, "pilot"), *many(20, "1 2")], {"1", "2"}, id="most subjects have another one alone"),
        pytest.param([*many(40, "base"), *many(10, "t r"), *many(2, "base t r")], {"t", "r"}, id="the pair that most share"),
        pytest.param([*many(5, "1 2 3 4"), *many(4, "2 4")], {"1", "2", "3", "4"}, id="more degrees of freedom"),
        pytest.param([*many(3, "1 2 9"), *many(3, "1 2 8")], {"1", "2"}, id="what several have in common"),
        pytest.param(
            [*many(20, "1 2 3 4"), *many(20, "1 2", side="left")], {"1", "2"}, id="neither side is given up for a longer row of the other"
        ),
        pytest.param([*many(25, "1 2"), *many(3, "1 3"), *many(3, "1 3", side="left")], {"1", "2"}, id="nor many for few"),
        pytest.param(had(a="1", b="2"), set(), id="nobody twice"),
        pytest.param(had(a="1 2", b="3 4", c="5 6"), set(), id="nobody like another"),
        pytest.param([], set(), id="nothing"),
    ],
)
def test_the_sessions_that_leave_most_to_compare(angles, compared):
    assert to_compare(angles) == compared
    assert to_compare(reversed(angles)) == compared


def test_of_equally_good_sessions_the_earlier_are_compared():
    angles = [*many(4, "pre post"), *had(a="post follow-up", b="post follow-up", c="post follow-up", d="post follow-up")]
    assert to_compare(angles, ["pre", "post", "follow-up"]) == {"pre", "post"}


@pytest.mark.parametrize(
    ("as_they_came", "expected"),
    [
        (["10", "9"], ["9", "10"]),
        (["Week 12", "week 2"], ["week 2", "Week 12"]),
        (["pre", "post"], ["pre", "post"]),
        (["test", "retest"], ["test", "retest"]),
        (["week -2", "week -4", "week 0"], ["week -4", "week -2", "week 0"]),
        (["visit-10", "visit-2"], ["visit-2", "visit-10"]),
        (["before", "after 2", "after 10"], ["before", "after 2", "after 10"]),
    ],
)
def test_sessions_stand_by_their_numbers_or_as_they_came(as_they_came, expected):
    assert list(in_order(set(as_they_came), as_they_came)) == expected


def sessions_of(angles):
    return [(angle.subject, angle.session) for angle in angles]


def test_dates_are_counted_for_each_subject():
    angles = had(a="2026-03-08 2026-03-01", b="2026-12-31")
    assert sessions_of(counted(angles, [], are_days=False)) == [("a", "2"), ("a", "1"), ("b", "1")]


def test_a_visit_without_an_angle_leaves_a_gap():
    angles = had(a="2026-03-08", b="2026-03-08")
    assert sessions_of(counted(angles, [("a", "2026-03-01")], are_days=False)) == [("a", "2"), ("b", "1")]


def test_days_are_counted_only_where_they_stand_for_dates():
    angles = had(a="day", b="day")
    named = [an_angle(30, "a", "day 0"), an_angle(30, "a", "day 10"), an_angle(30, "b", "day 9"), an_angle(30, "b", "")]
    assert sessions_of(counted(named, [], are_days=True)) == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "")]
    assert counted(named, [], are_days=False) is None
    assert counted(angles, [], are_days=True) is None


@pytest.mark.parametrize("names", [["2026-03-01", "before"], ["15.01.2026", "before"], ["2026-13-01"], [""]])
def test_other_names_are_not_counted(names):
    assert counted([an_angle(30, "a", name) for name in names], [], are_days=False) is None


@pytest.mark.parametrize(
    "first_then_second", ["15.01.2026 01.02.2026", "12/20/2025 1/15/2026", "12/2025 01/2026", "2026-KW03 2026-KW10", "100126 240126"]
)
def test_dates_in_other_forms_are_counted_too(first_then_second):
    angles = had(a=first_then_second, b=" ".join(reversed(first_then_second.split())))
    assert sessions_of(counted(angles, [], are_days=False)) == [("a", "1"), ("a", "2"), ("b", "2"), ("b", "1")]


def test_a_value_over_12_decides_for_all():
    angles = had(a="03/05/2026 04/02/2026", b="03/13/2026")
    assert sessions_of(counted(angles, [], are_days=False)) == [("a", "1"), ("a", "2"), ("b", "1")]


def test_one_day_in_two_forms_is_one_session():
    angles = had(a="2026-01-15 15.01.2026 01.02.2026")
    assert sessions_of(counted(angles, [], are_days=False)) == [("a", "1"), ("a", "1"), ("a", "2")]


def test_dates_whose_order_is_the_same_either_way_are_counted():
    angles = had(a="03/04/2025 05/06/2025", b="04/02/2025", **{"": "03/05/2025 04/02/2025"})
    assert sessions_of(counted(angles, [], are_days=False))[:3] == [("a", "1"), ("a", "2"), ("b", "1")]
    assert dates_read(angles, []) is None


@pytest.mark.parametrize(
    ("names", "part"),
    [
        pytest.param(
            "03/05/2025 04/02/2025",
            'the sessions "03/05/2025" and "04/02/2025" of one subject are dates that can be read in several ways',
            id="either",
        ),
        pytest.param("150126 010226", 'the sessions "010226" and "150126" of one subject', id="six digits"),
        pytest.param("15.01.2026 01/20/2026", "not all can be read in the same way", id="no order fits"),
        pytest.param("12/2025 15.01.2026", "not all can be read in the same way", id="a month and a day"),
        pytest.param(
            "15.01.2026 01.02.2026 pre",
            'not every session can be read as one ("pre")',
            id="a word among them",
        ),
        pytest.param("15.01.2026 01.02.2026 03.02.20226", '("03.02.20226")', id="a slip"),
        pytest.param("3.4. 12.2.", '("12.2." and "3.4.")', id="without a year"),
        pytest.param("31MAR26 1APR26", '("1APR26" and "31MAR26")', id="months in words"),
    ],
)
def test_dates_whose_order_is_not_known_are_refused(names, part):
    angles = had(a=names, b="2025-01-13")
    with pytest.raises(UnreadableTable) as told:
        counted(angles, [], are_days=False)
    assert part in str(told.value)
    assert str(told.value).endswith(("number them (1, 2).", "number the sessions (1, 2)."))


def test_dates_none_of_which_can_be_read_are_refused():
    with pytest.raises(UnreadableTable, match='the sessions "Feb 2026" and "Jan 2026" look like dates but cannot be read as such'):
        counted([an_angle(30, "a", name) for name in ("Jan 2026", "Feb 2026")], [], are_days=False)


def test_names_with_one_date_for_each_subject_have_no_order_of_dates():
    assert counted(had(a="pre 15.01.2026", b="pre 1.2.2026"), [], are_days=False) is None


def test_it_is_told_how_dates_in_other_forms_were_read():
    read = dates_read(had(a="01.02.2026 15.01.2026"), [("a", "2026-03-01"), ("b", "")])
    assert list(read.items()) == [("15.01.2026", "2026-01-15"), ("01.02.2026", "2026-02-01")]
    assert dates_read(had(a="pre post"), []) == dates_read([], []) == dates_read(had(a="2026-03-01"), []) == {}
