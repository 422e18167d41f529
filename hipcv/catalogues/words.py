"""Texts by key and values, in the reader's language.

A catalogue is a folder of TOML files; `file.name` and `file.group.name` are keys. A text may contain

- `{name}`: a value. A string is looked up in the catalogue (`words.name.STRING`), so that `{side}` becomes *link*; digits at the end of a
  name are ignored (`{side2}` is a side, too). A string that is not in the catalogue, such as a file name, is kept. With a form,
  `{side:weak}`, that form of the word (`words.side.left.weak`) is used.
- `{name:.1f}`: a number, formatted as in Python with the language's separators (12.5 or 12,5).
- a list: `lists.name` defines how one item is written (`item`), what joins them (`join`, and `last` before the last one), how many are
  shown (`most`), and what surrounds them (`all`, or `more` when not all are shown).

A text with several forms is a table: by plural (`one`, `other` …, as CLDR names them, chosen by the value `n`), or by the value `case`.
"""

import string
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

DEFAULT = "en"
"""Language of documents; its catalogue is complete."""
FOLDERS: list[Traversable] = [resources.files("hipcv.catalogues")]
"""Folders with catalogues, one subfolder per language."""
_ALL = 1000


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale  # takes longer to load than the rest of `import hipcv`, and is needed only once a text is shown

    return Locale.parse(language)


@cache
def _marks(language: str) -> dict[int, str]:
    """Replacements for Python's decimal and thousands separators."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return str.maketrans({".": get_decimal_symbol(language), ",": get_group_symbol(language), "-": "−"})


@cache
def languages() -> dict[str, str]:
    """Every language that has a catalogue, by code, with its own name for itself; English first."""
    return {code: str(_locale(code).get_display_name()).capitalize() for code in _codes()}


@cache
def _codes() -> list[str]:
    codes = {entry.name for folder in FOLDERS for entry in folder.iterdir() if (entry / "app.toml").is_file()}
    return sorted(codes, key=lambda code: (code != DEFAULT, code))


class Words:
    """Texts of one language; missing texts fall back to English."""

    def __init__(self, language: str = DEFAULT) -> None:
        self.language = language if language in _codes() else DEFAULT

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text with its values filled in.

        Raises
        ------
        KeyError
            There is no such text, or a value that it needs is missing.

        >>> Words("en")("app.name")
        'hipcv'
        """
        for words in (self, Words(DEFAULT)):
            if (text := words._text(key, values)) is not None:
                return _Filler(words).vformat(text, (), values) if values else text
        raise KeyError(key)

    def _text(self, key: str, values: Mapping[str, Any]) -> str | None:
        """The form of a text that fits the values; None if the language has none."""
        known = texts(self.language)
        of_case = f"{key}.{values.get('case')}"
        key = of_case if of_case in known or of_case in texts(DEFAULT) else key
        plural = _locale(self.language).plural_form(values["n"]) if isinstance(values.get("n"), int) else "other"
        return next((known[form] for form in (key, f"{key}.{plural}", f"{key}.other") if form in known), None)

    def word(self, kind: str, value: str, form: str = "") -> str:
        """The word for a string value in this language; an unknown string is kept."""
        key = f"words.{kind.rstrip(string.digits)}.{value}"
        for words in (self, Words(DEFAULT)):
            known = texts(words.language)
            if found := next((known[name] for name in (f"{key}.{form}", key, f"{key}.plain") if name in known), None):
                return found
        return value

    def listed(self, kind: str, items: Sequence[Any], form: str = "") -> str:
        """The items of a list, joined as `lists.KIND` defines; empty if there are none."""
        if not items:
            return ""
        kind = kind.rstrip(string.digits)
        rule = {name: self._rule(kind, name) for name in ("item", "join", "last", "all", "more", "most")}
        most, join = int(rule["most"] or _ALL), rule["join"] or ", "
        *first, last = (self._item(kind, item, form, rule["item"]) for item in items[:most])
        told = (rule["last"] or join).join([join.join(first), last]) if first else last
        return (rule["more" if len(items) > most else "all"] or "{0}").format(told)

    def _rule(self, kind: str, name: str) -> str | None:
        return next((found for words in (self, Words(DEFAULT)) if (found := texts(words.language).get(f"lists.{kind}.{name}"))), None)

    def _item(self, kind: str, item: Any, form: str, template: str | None) -> str:
        if template is None:
            return self.written(kind, item, form)
        if isinstance(item, Mapping):
            return _Filler(self).vformat(template, (), item)
        return _Filler(self).vformat(template, item if isinstance(item, list | tuple) else [item], {})

    def written(self, kind: str, value: Any, form: str = "") -> str:
        """One value as written in this language; `kind` is the name of its placeholder."""
        if hasattr(value, "said"):
            return str(value.said(self.language))
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, str):
            return self.word(kind, value, form)
        if isinstance(value, list | tuple):
            return self.listed(kind, value, form)
        return self.marked(format(value, form))

    def number(self, value: float) -> str:
        """The number with one decimal.

        >>> Words("de").number(2.46)
        '2,5'
        """
        return self.written("", value, ".1f")

    def short(self, value: float) -> str:
        """The number with no more digits than necessary.

        >>> Words("en").short(10.0), Words("de").short(12.5)
        ('10', '12,5')
        """
        return self.written("", value, "g")

    def marked(self, digits: str) -> str:
        """A number formatted by Python, with the language's separators and a minus as wide as a plus.

        >>> Words("de").marked("-20,000.5")
        '−20.000,5'
        """
        return digits.translate(_marks(self.language))

    def has(self, key: str) -> bool:
        """Whether a text with this key exists."""
        return key in texts(DEFAULT)


class _Filler(string.Formatter):
    """Formatter that fills a text with values; the name of a placeholder determines the kind of word."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """A value together with the name of its placeholder."""
        value, used = super().get_field(field_name, args, kwargs)
        return (field_name, value), used

    def format_field(self, value: tuple[str, Any], format_spec: str) -> str:
        """The value as written in this language."""
        return self._words.written(*value, format_spec)


@cache
def texts(language: str) -> dict[str, str]:
    """All texts of a language, by full key."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        if (folder / language).is_dir():
            for file in (folder / language).iterdir():
                if file.name.endswith(".toml"):
                    found |= flat(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def flat(prefix: str, table: dict[str, Any]) -> dict[str, Any]:
    """Entries of a table and its subtables, as `prefix.name` and `prefix.group.name`."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(f"{prefix}.{name}", value) if isinstance(value, dict) else {f"{prefix}.{name}": value}
    return found
