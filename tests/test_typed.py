"""Names that people write in several ways: what is one name, what looks like one, and what is kept apart."""

import pytest

from hipcv.system.typed import alike, one_form


@pytest.mark.parametrize("written", ["Jo\u0308rg M.", " J\u00f6rg M. ", "J\u00f6rg\u00a0M.", "J\u00f6rg  \tM.", "\ufeffJ\u00f6rg\u200b M."])
def test_one_name_has_one_form(written):
    assert one_form(written) == "J\u00f6rg M."


@pytest.mark.parametrize(
    "names",
    [
        ("P01", "p01"),
        ("P01", "P1"),
        ("P 1", "P_1"),
        ("P-01", "P1"),
        ("P\u20111", "P-1"),
        ("S-01-002", "S-1-2"),
        ("Ana Lo", "ana-lo"),
        ("0", "00"),
    ],
)
def test_names_that_look_like_one(names):
    assert alike(names) == [tuple(sorted(names))]


@pytest.mark.parametrize(
    "names",
    [
        ("P1-1", "P11"),
        ("week -4", "week 4"),
        ("DDH+", "DDH-", "DDH"),
        ("1.1", "1.10"),
        ("P1", "P10"),
        ("", "?"),
        ("Ana", "Anna"),
        ("P1", "P1"),
    ],
)
def test_names_that_do_not(names):
    assert alike(names) == []
