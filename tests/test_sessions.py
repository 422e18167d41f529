"""Which sessions of a study are compared, in which order, and how days are counted."""

import pytest

from hipcv.study.sessions import counted, in_order, to_compare
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


@pytest.mark.parametrize("names", [["2026-03-01", "before"], ["20260301"], ["2026-13-01"], [""]])
def test_other_names_are_not_counted(names):
    assert counted([an_angle(30, "a", name) for name in names], [], are_days=False) is None
