"""Typesets printable pages: turns a template of hipcv/rendering/typst and its values into a PDF, in a font that is always installed.

Texts reach a template as data, never as markup.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import typst
from matplotlib.ft2font import FT2Font

from hipcv.catalogues.words import DEFAULT, Words, texts

_TEMPLATES = Path(__file__).parent / "typst"
_FONT_FOLDER = Path(matplotlib.get_data_path(), "fonts/ttf")
_FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_LONGEST_TEXT = 3000
_MOST_MARKS = 4
"""Combining marks on one letter: no language stacks more, and typesetting thousands takes minutes."""
_LONG_WORD = 24
"""Longer words may be broken anywhere; otherwise they would run off the page."""
_JOINERS = {0x200C, 0x200D}
"""Invisible, but some scripts cannot be written without them."""
_MISSING = "\ufffd"
"""For characters that the font lacks; a question mark could be mistaken for the writer's own."""
_GAP = re.compile(f"{_MISSING}[{_MISSING}\u200c\u200d]*")


def typeset(template: str, values: dict[str, Any]) -> bytes:
    """The page as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template : the name of a file in hipcv/rendering/typst, without its extension
    values : the values it prints, as plain JSON types; texts of unknown origin go through `printable` first
    """
    source = _TEMPLATES / f"{template}.typ"
    inputs = {"values": json.dumps(values)}
    try:
        return typst.compile(source, root=_TEMPLATES, font_paths=_fonts(), sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:  # characters that the font has but cannot join: the page matters more than the standard
        return typst.compile(source, root=_TEMPLATES, font_paths=_fonts(), sys_inputs=inputs)


def labels(prefix: str, words: Words) -> dict[str, str]:
    """The texts of a page, for its template: every text whose key begins with `prefix`, by the rest of its key."""
    return {key.removeprefix(prefix): words(key) for key in texts(DEFAULT) if key.startswith(prefix)}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONT_FOLDER])


# ---------------------------------------------------------------------- what may be printed
def all_printable(value: Any) -> Any:
    """The same value with every text printable and all bytes as lists of numbers."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, list | tuple):
        return [all_printable(part) for part in value]
    return {name: all_printable(part) for name, part in value.items()} if isinstance(value, dict) else value


def printable(text: str) -> str:
    """Text of any origin with one `�` for each run that the font cannot write; its lines are joined into one.

    >>> printable("*knee* #eval(1)"), printable("two" + chr(10) + "lines"), printable(2 * chr(0x4E2D))
    ('*knee* #eval(1)', 'two · lines', '�')
    """
    lines = [_known(line).split() for line in unicodedata.normalize("NFC", text[:_LONGEST_TEXT]).splitlines()]
    return " · ".join(" ".join(map(_breakable, words)) for words in lines if words)


def _known(line: str) -> str:
    """The line without formatting characters and endless accents, and with a mark for each run of characters that the font lacks."""
    seen = _with_few_marks(letter for letter in line if not _only_steers(letter))
    return _GAP.sub(_MISSING, "".join(letter if _can_be_written(letter) else _MISSING for letter in seen))


def _with_few_marks(letters: Iterable[str]) -> Iterator[str]:
    n_marks = 0
    for letter in letters:
        n_marks = n_marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if n_marks <= _MOST_MARKS:
            yield letter


def _only_steers(letter: str) -> bool:
    """Whether the character only changes the text direction or chooses between variants of another one."""
    return "\ufe00" <= letter <= "\ufe0f" or (unicodedata.category(letter) == "Cf" and ord(letter) not in _JOINERS)


def _can_be_written(letter: str) -> bool:
    return letter.isspace() or (ord(letter) in _letters() and (letter.isprintable() or ord(letter) in _JOINERS))


def _breakable(word: str) -> str:
    return "\u200b".join(word) if len(word) > _LONG_WORD else word


@cache
def _letters() -> frozenset[int]:
    """Characters that both weights of the font can write."""
    plain, bold = (set(FT2Font(_FONT_FOLDER / name).get_charmap()) for name in _FONT_FILES)
    return frozenset(plain & bold)
