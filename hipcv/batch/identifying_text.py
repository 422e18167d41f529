"""Detects whether a session or group name reveals a person."""

import re
from collections.abc import Container

_LETTERS_OF_A_NAME = 3
"""Shorter names occur within other words by chance."""


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
