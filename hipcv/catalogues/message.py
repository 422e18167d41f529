"""Messages kept as a code and values; the sentence is made only when it is read, in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from hipcv.catalogues.words import DEFAULT, Words

_DECIMALS = 4
"""As many as in documents, so that a result and its document say the same."""


class Saying(Protocol):
    """Anything that can be said in a language."""

    def said(self, language: str = DEFAULT) -> str:
        """The sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    """The key of a text and its values.

    Values are limited to what JSON can hold; a path or another program's message becomes a string. `about` is the file or the place that
    the sentence is about; it precedes the sentence and is never translated.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", {name: _plain(value) for name, value in self.values.items()})

    def said(self, language: str = DEFAULT) -> str:
        """The sentence.

        Raises
        ------
        KeyError
            The catalogue has no such text, or the text needs a value that is missing.
        """
        sentence = Words(language)(self.key, **self.values)
        return f"{self.about}: {sentence}" if self.about else sentence

    def to_text(self) -> str:
        """The message as one line that `from_text` can read."""
        return json.dumps({"key": self.key, "values": self.values, "about": self.about}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Message":
        """The message from the output of `to_text`.

        Raises
        ------
        ValueError
            The text is something else.
        """
        known = json.loads(text)
        if not isinstance(known, dict) or known.keys() != {"key", "values", "about"}:
            raise ValueError(f"{text!r} is no message")
        return cls(**known)


def _plain(value: Any) -> Any:
    """The value as JSON holds it."""
    if isinstance(value, Path | Exception):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return round(float(value), _DECIMALS) if isinstance(value, float) else value
