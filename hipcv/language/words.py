"""What the app says, in the language of the person: every text of a page stands in hipcv/language/texts/LANGUAGE, one file a page."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT = "en"


class Words:
    """The texts of one language, by `file.name` or `file.group.name`; a text that it lacks is English."""

    def __init__(self, language: str = DEFAULT) -> None:
        self.language = language if language in LANGUAGES else DEFAULT

    def __call__(self, key: str, **values: Any) -> str:
        """The text with its values filled in.

        >>> Words("en")("app.name")
        'hipcv'
        """
        text = texts(self.language).get(key) or texts(DEFAULT)[key]
        return text.format(**values) if values else text

    def number(self, value: float) -> str:
        """With one decimal, written as the language does.

        >>> Words("de").number(2.46)
        '2,5'
        """
        return self.marked(f"{value:.1f}")

    def short(self, value: float) -> str:
        """With no more digits than it takes.

        >>> Words("en").short(10.0), Words("de").short(12.5)
        ('10', '12,5')
        """
        return self.marked(f"{value:g}")

    def marked(self, digits: str) -> str:
        """With the decimal mark of the language."""
        return digits.replace(".", self("app.decimal_mark"))

    def has(self, key: str) -> bool:
        """Whether there is such a text at all."""
        return key in texts(DEFAULT)


@cache
def texts(language: str) -> dict[str, str]:
    """All texts of a language, by their full names."""
    folder = resources.files("hipcv.language") / "texts" / language
    found: dict[str, str] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            found |= flat(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def flat(prefix: str, table: dict[str, Any]) -> dict[str, Any]:
    """What a table and the tables in it hold, as `prefix.name` and `prefix.group.name`."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(f"{prefix}.{name}", value) if isinstance(value, dict) else {f"{prefix}.{name}": value}
    return found
