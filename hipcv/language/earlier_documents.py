"""Sentences from documents of other versions, or written before values were stored beside them: translated from the English sentence.

This file and `earlier_documents_LANGUAGE.toml` serve only such documents and are not extended: today's texts are `Message`s and are in
`hipcv/catalogues`. The catalogue here pairs each English sentence with its translation, with {placeholders} for the values it already
contains.
"""

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from hipcv.catalogues.words import DEFAULT

_NAME = "(?:(?P<name>.+?): )?"
"""Errors begin with the file name, which may contain anything, even colons."""
_NUMBER = r"[+−-]?\d+(?:[.,]\d+)*"
_BETWEEN = r"(?:; | )"
_SWAPPED_MARKS = str.maketrans(".,", ",.")
_LONGEST = 2000
"""Sentences of hipcv are far shorter; a file from elsewhere may contain anything."""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """An English sentence as written in a document."""

    sentence: str

    def said(self, language: str = DEFAULT) -> str:
        """The sentence in a language; English if it is unknown or the language has no catalogue.

        >>> AsWritten("The left leg rested 12.5° differently at the beginning and at the end, so its zero is less sure. "
        ...           "Let the leg hang straight down whenever it rests.").said("de")[:65]
        'Das linke Bein hing in Ruhe am Anfang und am Ende um 12,5° versch'
        """
        if len(self.sentence) > _LONGEST:
            return self.sentence
        known = (entry.said(self.sentence) for entry in catalogue(language))
        return next((said for said in known if said is not None), self.sentence)


class Entry:
    """One sentence in English and in another language."""

    def __init__(self, english: str, other: str, holds: "_Holds") -> None:
        self.english, self._other, self._holds = english, other, holds
        pattern = _NAME
        for literal, name, _, _ in string.Formatter().parse(english):
            pattern += re.escape(literal) + ("" if name is None else f"(?P<{name}>{holds.pattern(name)})")
        self._pattern = re.compile(pattern, re.DOTALL)

    def said(self, sentence: str) -> str | None:
        """The translation if it is this sentence, else None."""
        found = self._pattern.fullmatch(sentence)
        if found is None:
            return None
        values = found.groupdict()
        name = values.pop("name")
        said = self._other.format(**{kind: self._holds.translated(kind, value) for kind, value in values.items()})
        return f"{name}: {said}" if name else said


@dataclass(frozen=True, slots=True)
class _Holds:
    """Possible values of the placeholders of a catalogue."""

    words: Mapping[str, Mapping[str, str]]
    anything: Sequence[str]
    with_numbers: Sequence[str]

    def pattern(self, name: str) -> str:
        """Regular expression for what a placeholder may stand for."""
        kind = _kind(name)
        if kind in self.anything:
            return ".+?"
        if kind not in self.words:
            return _NUMBER
        piece = self._piece(kind)
        return f"{piece}(?:{_BETWEEN}{piece})*"

    def _piece(self, kind: str) -> str:
        """One word of its table, the longest that fits, or a number where allowed."""
        words = [re.escape(word) for word in sorted(self.words[kind], key=len, reverse=True)]
        return f"(?:{'|'.join([*words, _NUMBER] if kind in self.with_numbers else words)})"

    def translated(self, name: str, value: str) -> str:
        """The value of a placeholder, in the other language."""
        kind = _kind(name)
        words = self.words.get(kind, {})
        if kind in self.anything:
            return words.get(value, value)
        if kind not in self.words:
            return value.translate(_SWAPPED_MARKS)
        pieces = re.compile(rf"{self._piece(kind)}(?={_BETWEEN}|\Z)")
        return pieces.sub(lambda piece: words.get(piece[0], piece[0].translate(_SWAPPED_MARKS)), value)


def _kind(name: str) -> str:
    return name.rstrip(string.digits)


@cache
def catalogue(language: str) -> tuple[Entry, ...]:
    """All sentences of a language; none for English, the original."""
    files = {file.name: file for file in resources.files("hipcv.language").iterdir()}
    if (name := f"earlier_documents_{language}.toml") not in files:
        return ()
    read: dict[str, Any] = tomllib.loads(files[name].read_text(encoding="utf-8"))
    holds = _Holds(read["words"], read["anything"], read["with_numbers"])
    return tuple(Entry(sentence["en"], sentence[language], holds) for sentence in read["sentence"])
