"""The names and codes that FHIR resources use, read from a table that a site can replace (fhir_codes.toml says how)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from hipcv.errors import BadCodeTable

_DEFAULT = "fhir_codes.toml"
_PERSON_SYSTEM = "person_system"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CODE = re.compile(r"\S+( \S+)*")
"""What FHIR allows as a code."""


class Concept(StrEnum):
    """Whatever has a name in the resources; each is a table of the file."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    TOTAL = "total"
    CATEGORY = "category"
    LEFT = "left"
    RIGHT = "right"
    METHOD = "method"
    INTERVAL = "interval"
    REPETITIONS = "repetitions"
    BY_HAND = "by_hand"
    VERSION = "version"
    REPLACES = "replaces"
    NOT_USABLE = "not_usable"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Coded:
    """A concept as a person reads it, and as code systems have it (`system`, `code` and perhaps `display` of each)."""

    text: str
    codings: tuple[Mapping[str, str], ...] = ()

    def concept(self, detail: str = "") -> dict[str, Any]:
        """As a FHIR CodeableConcept; `detail` follows the text."""
        coded = {"coding": [dict(coding) for coding in self.codings]} if self.codings else {}
        return {**coded, "text": self.text + detail}


@dataclass(frozen=True, slots=True)
class CodeTable:
    """All concepts, and the naming system of the site's codes for persons (empty if it has none)."""

    concepts: Mapping[Concept, Coded]
    person_system: str = ""

    def __getitem__(self, concept: Concept) -> Coded:
        return self.concepts[concept]


def load_codes(path: Path | None = None) -> CodeTable:
    """The table that hipcv brings, with whatever a site's file has otherwise.

    Raises
    ------
    BadCodeTable
        The site's file cannot be read, is no TOML, or holds something that is no concept, no text or no coding.
    """
    own = resources.files("hipcv.desk") / _DEFAULT
    table = _read(own, CodeTable({}))
    return table if path is None else _read(path, table)


def _read(file: Path | Traversable, before: CodeTable) -> CodeTable:
    """What the file says, and `before` where it says nothing."""
    entries = _entries(file)
    system = entries.pop(_PERSON_SYSTEM, before.person_system)
    if not isinstance(system, str) or (system and not _URI.fullmatch(system)):
        raise BadCodeTable("codes_person_system", about=file, text=str(system))
    concepts = dict(before.concepts)
    for name, entry in entries.items():
        if name not in set(Concept):
            raise BadCodeTable("codes_unknown_table", about=file, entry=name, concepts=list(Concept))
        concept = Concept(name)
        concepts[concept] = _coded(file, name, entry, concepts.get(concept, Coded("")))
    return CodeTable(concepts, system)


def _entries(file: Path | Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))  # a text editor may have put a mark before it
    except OSError as problem:
        raise BadCodeTable("codes_unreadable", about=file, reason=problem.strerror or problem) from None
    except UnicodeDecodeError:
        raise BadCodeTable("codes_not_utf8", about=file) from None
    except tomllib.TOMLDecodeError as problem:
        raise BadCodeTable("codes_not_toml", about=file, reason=problem) from None


def _coded(file: Path | Traversable, name: str, entry: Any, before: Coded) -> Coded:
    if not isinstance(entry, dict):
        raise BadCodeTable("codes_no_table", about=file, entry=name)
    if unknown := entry.keys() - {"text", "codings"}:
        raise BadCodeTable("codes_unknown_key", about=file, entry=name, key=min(unknown))
    text, codings = entry.get("text", before.text), entry.get("codings", before.codings)
    if not _is_text(text):
        raise BadCodeTable("codes_no_text", about=file, entry=name)
    if not isinstance(codings, list | tuple):
        raise BadCodeTable("codes_no_list", about=file, entry=name)
    for number, coding in enumerate(codings, start=1):
        _check_coding(file, name, number, coding)
    return Coded(text.strip(), tuple(codings))


def _check_coding(file: Path | Traversable, name: str, number: int, coding: Any) -> None:
    fields = coding if isinstance(coding, dict) else {}
    optional = {"display"} & fields.keys()
    if fields.keys() != {"system", "code"} | optional or not all(map(_is_text, fields.values())):
        raise BadCodeTable("codes_no_coding", about=file, entry=name, number=number)
    if not _URI.fullmatch(fields["system"]):
        raise BadCodeTable("codes_no_system", about=file, entry=name, number=number, text=fields["system"])
    if not _CODE.fullmatch(fields["code"]):
        raise BadCodeTable("codes_no_code", about=file, entry=name, number=number, text=fields["code"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""
