"""The code of a request: what a person may type, and which errors are noticed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.codes import REQUEST_PREFIX
from hipcv.desk.request_code import ALPHABET, clean_code, new_code

CODES = [new_code() for _ in range(50)]
MISREAD = {"0": "Oo0", "1": "IiLl1"}


@st.composite
def typed(draw):
    """A code, and how somebody may type it."""
    first = "".join(draw(st.lists(st.sampled_from(ALPHABET), min_size=9, max_size=9)))
    (code,) = [code for letter in ALPHABET if (code := clean_code(first + letter))]
    letters = [draw(st.sampled_from(MISREAD.get(letter, letter + letter.lower()))) for letter in code.replace("-", "")]
    gaps = draw(st.lists(st.sampled_from(["", " ", "-", " – ", "\t", "\u00a0"]), min_size=11, max_size=11))
    prefix = draw(st.sampled_from(["", REQUEST_PREFIX, REQUEST_PREFIX.lower()]))
    return code, prefix + "".join(itertools.chain.from_iterable(zip(gaps, [*letters, ""], strict=True)))


def test_a_code_is_two_groups_of_five_letters_that_cannot_be_confused():
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    for code in CODES:
        first, second = code.split("-")
        assert len(first) == len(second) == 5
        assert set(first + second) <= set(ALPHABET)


def test_no_two_codes_are_alike_and_every_letter_comes_up_in_every_place():
    codes = [new_code() for _ in range(2000)]
    assert len(set(codes)) == len(codes)
    places = list(zip(*(code.replace("-", "") for code in codes), strict=True))
    assert [set(place) for place in places] == [set(ALPHABET)] * 10


@given(typed())
def test_a_code_is_understood_however_it_is_typed(code_and_text):
    code, text = code_and_text
    assert clean_code(text) == code


def test_every_wrong_letter_is_noticed():
    for letters in (code.replace("-", "") for code in CODES):
        wrong = [letters[:k] + other + letters[k + 1 :] for k in range(10) for other in ALPHABET if other != letters[k]]
        assert len(wrong) == 310
        assert [text for text in wrong if clean_code(text)] == []


def test_every_exchange_of_two_letters_is_noticed_whether_they_are_neighbours_or_not():
    for code, (one, other) in itertools.product(CODES, itertools.combinations(range(10), 2)):
        letters = list(code.replace("-", ""))
        swapped = letters.copy()
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert clean_code("".join(swapped)) == (code if swapped == letters else None)


def test_of_all_last_letters_one_makes_a_code():
    assert [letter for letter in ALPHABET if clean_code("7K2QXM9D4" + letter)] == ["0"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(REQUEST_PREFIX, id="only what stands before it"),
        pytest.param("7K2QX-M9D4", id="a letter too few"),
        pytest.param("7K2QX-M9D400", id="a letter too many"),
        pytest.param("7K2QX-M9DU0", id="a letter that no code has"),
        pytest.param("7K2QX.M9D40", id="a point"),
        pytest.param("7K2QX-M9D4٠", id="a digit of another script"),
        pytest.param("ß" * 5, id="a letter that becomes two"),
        pytest.param("https://practice.example/?code=7K2QX-M9D40", id="an address"),
    ],
)
def test_what_is_no_code(text):
    assert clean_code(text) is None
