"""The names and codes that FHIR resources use, from a table of which a site can have its own (fhir_codes.toml says how)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from hipcv.errors import BadCodeTable

SHIPPED = "fhir_codes.toml"
"""The table that hipcv brings, in this package."""
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


def shipped_text() -> str:
    """The table that hipcv brings, as it is written."""
    return (resources.files("hipcv.desk") / SHIPPED).read_text(encoding="utf-8")


def load_codes(path: Path) -> CodeTable:
    """The table of a site's file. Raises `BadCodeTable` as `code_table`, and if the file cannot be read."""
    try:
        return code_table(path.read_bytes().decode("utf-8-sig"), path)  # a text editor may have put a mark before it
    except OSError as problem:
        raise BadCodeTable("codes_unreadable", about=path, reason=problem.strerror or problem) from None
    except UnicodeDecodeError:
        raise BadCodeTable("codes_not_utf8", about=path) from None


def code_table(own: str = "", source: Path | str = "") -> CodeTable:
    """The table that hipcv brings, with whatever a site's own text has otherwise.

    Parameters
    ----------
    own : TOML; empty for what hipcv brings
    source : the file it is from, for what an error is about; "" = typed in

    Raises
    ------
    BadCodeTable
        It is no TOML, or holds something that is no concept, no text or no coding.
    """
    return _read(own, source, _read(shipped_text(), SHIPPED, CodeTable({})))


def _read(text: str, source: Path | str, before: CodeTable) -> CodeTable:
    """What the text says, and `before` where it says nothing."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadCodeTable("codes_not_toml", about=source, reason=problem) from None
    system = entries.pop(_PERSON_SYSTEM, before.person_system)
    if not isinstance(system, str) or (system and not _URI.fullmatch(system)):
        raise BadCodeTable("codes_person_system", about=source, text=str(system))
    concepts = dict(before.concepts)
    for name, entry in entries.items():
        if name not in set(Concept):
            raise BadCodeTable("codes_unknown_table", about=source, entry=name, concepts=list(Concept))
        concept = Concept(name)
        concepts[concept] = _coded(source, name, entry, concepts.get(concept, Coded("")))
    return CodeTable(concepts, system)


def _coded(source: Path | str, name: str, entry: Any, before: Coded) -> Coded:
    if not isinstance(entry, dict):
        raise BadCodeTable("codes_no_table", about=source, entry=name)
    if unknown := entry.keys() - {"text", "codings"}:
        raise BadCodeTable("codes_unknown_key", about=source, entry=name, key=min(unknown))
    text, codings = entry.get("text", before.text), entry.get("codings", before.codings)
    if not _is_text(text):
        raise BadCodeTable("codes_no_text", about=source, entry=name)
    if not isinstance(codings, list | tuple):
        raise BadCodeTable("codes_no_list", about=source, entry=name)
    for number, coding in enumerate(codings, start=1):
        _check_coding(source, name, number, coding)
    return Coded(text.strip(), tuple(codings))


def _check_coding(source: Path | str, name: str, number: int, coding: Any) -> None:
    fields = coding if isinstance(coding, dict) else {}
    optional = {"display"} & fields.keys()
    if fields.keys() != {"system", "code"} | optional or not all(map(_is_text, fields.values())):
        raise BadCodeTable("codes_no_coding", about=source, entry=name, number=number)
    if not _URI.fullmatch(fields["system"]):
        raise BadCodeTable("codes_no_system", about=source, entry=name, number=number, text=fields["system"])
    if not _CODE.fullmatch(fields["code"]):
        raise BadCodeTable("codes_no_code", about=source, entry=name, number=number, text=fields["code"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""
