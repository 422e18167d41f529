"""Sentences of documents from before values stood beside them, and of other versions: translated from the English sentence itself.

This file and `earlier_documents_LANGUAGE.toml` serve such documents only and are not added to: what hipcv says today is a `Message`,
and its texts stand in `hipcv/catalogues`. The catalogue here pairs each English sentence with another one, with {placeholders} for the
values that it already holds.
"""

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from hipcv.catalogues.words import DEFAULT

_NAME = "(?:(?P<name>.+?): )?"
"""Errors begin with the name of the file, which may hold anything, colons too."""
_NUMBER = r"[+−-]?\d+(?:[.,]\d+)*"
_BETWEEN = r"(?:; | )"
_SWAPPED_MARKS = str.maketrans(".,", ",.")
_LONGEST = 2000
"""No sentence of the core comes near; a file from elsewhere may hold anything."""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """An English sentence as a document holds it."""

    sentence: str

    def said(self, language: str = DEFAULT) -> str:
        """The sentence in a language."""
        return translated(self.sentence, language)


def translated(sentence: str, language: str) -> str:
    """The sentence in another language; one that is not known, or a language without a catalogue, stays English.

    >>> translated("The left leg rested 12.5° differently at the beginning and at the end, so its zero is less sure. "
    ...            "Let the leg hang straight down whenever it rests.", "de")[:65]
    'Das linke Bein hing in Ruhe am Anfang und am Ende um 12,5° versch'
    """
    if len(sentence) > _LONGEST:
        return sentence
    known = (entry.said(sentence) for entry in catalogue(language))
    return next((said for said in known if said is not None), sentence)


class Entry:
    """One sentence of the core, in English and in another language."""

    def __init__(self, english: str, other: str, holds: "_Holds") -> None:
        self.english, self._other, self._holds = english, other, holds
        pieces = (holds.pattern_of(literal, name) for literal, name, _, _ in string.Formatter().parse(english))
        self._pattern = re.compile(_NAME + "".join(pieces), re.DOTALL)

    def said(self, sentence: str) -> str | None:
        """The sentence in the other language if it is this one."""
        found = self._pattern.fullmatch(sentence)
        if found is None:
            return None
        name, *_ = found.groups()
        values = {kind: self._holds.translated(kind, value) for kind, value in found.groupdict().items() if kind != "name"}
        return (f"{name}: " if name else "") + self._other.format(**values)


class _Holds:
    """What the placeholders of a catalogue may hold."""

    def __init__(self, words: Mapping[str, Mapping[str, str]], anything: Iterable[str], with_numbers: Iterable[str]) -> None:
        self._words, self._anything, self._with_numbers = words, frozenset(anything), frozenset(with_numbers)

    def pattern_of(self, literal: str, name: str | None) -> str:
        """A piece of text and the placeholder behind it (None at the end), as a regular expression."""
        return re.escape(literal) + ("" if name is None else f"(?P<{name}>{self._value(_kind(name))})")

    def _value(self, kind: str) -> str:
        if kind in self._anything:
            return ".+?"
        if kind not in self._words:
            return _NUMBER
        piece = self._piece(kind)
        return f"{piece}(?:{_BETWEEN}{piece})*"

    def _piece(self, kind: str) -> str:
        """One word of its table, the longest that fits, or a number where there may be one."""
        words = [re.escape(word) for word in sorted(self._words[kind], key=len, reverse=True)]
        return f"(?:{'|'.join([*words, _NUMBER] if kind in self._with_numbers else words)})"

    def translated(self, name: str, value: str) -> str:
        """What a placeholder held, in the other language."""
        kind = _kind(name)
        words = self._words.get(kind, {})
        if kind in self._anything:
            return words.get(value, value)
        if kind not in self._words:
            return value.translate(_SWAPPED_MARKS)
        pieces = re.compile(rf"{self._piece(kind)}(?={_BETWEEN}|\Z)")
        return pieces.sub(lambda piece: words.get(piece[0], piece[0].translate(_SWAPPED_MARKS)), value)


def _kind(name: str) -> str:
    return name.rstrip(string.digits)


@cache
def catalogue(language: str) -> tuple[Entry, ...]:
    """All sentences of a language; none for English, which the core speaks itself."""
    files = {file.name: file for file in resources.files("hipcv.language").iterdir()}
    if (name := f"earlier_documents_{language}.toml") not in files:
        return ()
    read: dict[str, Any] = tomllib.loads(files[name].read_text(encoding="utf-8"))
    holds = _Holds(read["words"], read["anything"], read["with_numbers"])
    return tuple(Entry(sentence["en"], sentence[language], holds) for sentence in read["sentence"])
