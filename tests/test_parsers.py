"""Our own parsers end in a value or in their own words, whatever they are given."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parsers import PARSERS, seeds

NUMBERS = [
    b"\0" * 4,
    b"\xff" * 4,
    b"\x7f" + b"\xff" * 3,
    b"\xff" * 8,
    b"\0\0\0\1",
    b"\0" * 7 + b"\1",
    b"9" * 20,
    b"-1",
    b"1e999",
    b"[" * 50,
]
"""What lengths, counts and offsets are made of when somebody means ill."""


@st.composite
def mutants(draw, name):
    """A seed with a few places changed, cut out, doubled or put in."""
    data = bytearray(draw(st.sampled_from(seeds(name))))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 16))
        deed = draw(st.sampled_from(["put in", "put over", "cut out", "double", "cut off"]))
        what = draw(st.sampled_from(NUMBERS) | st.binary(max_size=16))
        if deed == "put in":
            data[at:at] = what
        elif deed == "put over":
            data[at : at + len(what)] = what
        elif deed == "cut out":
            del data[at : at + length]
        elif deed == "double":
            data[at:at] = data[at : at + length] * draw(st.integers(1, 50))
        else:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_parser_ends_in_a_value_or_in_its_own_words(name, data):
    PARSERS[name](data.draw(mutants(name)))


@pytest.mark.parametrize("name", PARSERS)
def test_what_once_failed_fails_no_more(name):
    for seed in seeds(name):
        PARSERS[name](seed)


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_good_is_taken_and_what_is_empty_does_no_harm(name):
    PARSERS[name](b"")
