"""What reaches a template: letters that the font has, words that can be broken, pictures as bytes."""

import pytest

from hipcv.rendering.typesetting import all_printable, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("中文 ok", "� ok", id="Chinese"),
        pytest.param("\ud800 ok", "� ok", id="half a surrogate"),
        pytest.param("a\x00b", "a�b", id="a control character"),
        pytest.param("a\u202eb", "ab", id="what turns the order of letters"),
        pytest.param("a \u2066 b", "a b", id="what turns the order, between spaces"),
        pytest.param("💪🏽🇩🇪 done?", "� done?", id="emoji of several letters"),
        pytest.param("👩\u200d👩\u200d👧", "�", id="emoji that are joined"),
        pytest.param("☺\ufe0f", "☺", id="a letter that is to look like an emoji"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian, with the joiner that it needs"),
        pytest.param("one\r\n\n two\tthree", "one · two three", id="lines and tabs"),
        pytest.param("e\u0301", "é", id="an accent of its own"),
    ],
)
def test_what_cannot_be_printed_is_replaced(text, expected):
    assert printable(text) == expected


def test_only_a_word_that_no_line_could_hold_may_be_broken_anywhere():
    assert printable("W" * 24) == "W" * 24
    assert printable("a " + "W" * 25) == "a " + "\u200b".join("W" * 25)


def test_texts_are_made_printable_wherever_they_stand_and_pictures_stay_as_they_are():
    values = {"title": "中", "rows": [("中", 1.5)], "picture": b"\x00\xff", "none": None}
    assert all_printable(values) == {"title": "�", "rows": [["�", 1.5]], "picture": [0, 255], "none": None}


def test_accents_without_end_are_cut_to_what_a_language_stacks():
    assert printable("q" + 2000 * "\u0301" + "a\u0323\u0302") == "q" + 4 * "\u0301" + "\u1ead"
