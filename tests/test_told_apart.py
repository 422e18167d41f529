"""A sentence that says what was seen and what is needed never shows the same number twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.errors import ClipTooShort, UnsupportedClip
from hipcv.values import short_of
from hipcv.video import limits


@given(st.floats(0, 1e4), st.floats(1e-9, 100), st.integers(0, 2))
def test_a_value_below_a_limit_is_told_below_it(least, below, decimals):
    least = round(least, decimals)
    seen = least - below
    if seen < least:
        assert float(f"{short_of(seen, least, decimals):.{decimals}f}") < least


@pytest.mark.parametrize(
    ("check", "error"),
    [
        (lambda: limits.check_read("a.mp4", 30, 0.99, 30.0), ClipTooShort),
        (lambda: limits.check_read("a.mp4", 30, 10.0, 4.9), UnsupportedClip),
        (lambda: limits.check_fast("a.mp4", 245.0), UnsupportedClip),
        (lambda: limits.check_bytes("a.mp4", limits.MAX_BYTES + 1), UnsupportedClip),
    ],
    ids=["length", "rate", "speed", "bytes"],
)
def test_numbers_that_round_to_the_same_are_told_apart(check, error):
    with pytest.raises(error) as raised:
        check()
    seen, needed, *_ = (float(number) for number in re.findall(r"[\d.]*\d", str(raised.value)))
    assert seen != needed, str(raised.value)
