"""Requests to a child process and its answers, each one line of JSON."""

import hashlib
import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from hipcv.batch.entry import Entry
from hipcv.batch.fingerprint import of_numbers
from hipcv.capture import pose_models
from hipcv.records.document import settings_document
from hipcv.settings import Mirrored, Settings, Turn

JSON = "json"
"""Key of the clip's JSON document among its files."""


class Result(Enum):
    """How the measurement of a clip ended."""

    MEASURED = "measured"
    FAILED = "failed"
    SAME = "same"
    """An earlier call has already measured it: file, settings and version are unchanged."""


@dataclass(frozen=True, slots=True)
class Method:
    """How all clips of a run are measured; only mirroring and turn are set per clip."""

    model: str = pose_models.DEFAULT_MODEL
    changes: tuple[str, ...] = ()
    """`NAME=NUMBER` pairs, as `--set` takes them."""
    extras: tuple[str, ...] = ()
    """A subset of `extra_files.EXTRAS`."""

    def settings(self, mirrored: str, turn: int) -> Settings:
        """The settings for a clip."""
        return Settings(mirrored=Mirrored(mirrored), turn=Turn(turn)).changed(self.changes)

    def fingerprint(self, mirrored: str, turn: int) -> str:
        """A hash of versions, model and settings; a result stays valid while it is unchanged."""
        settings = self.settings(mirrored, turn)
        parts = [of_numbers(), pose_models.load(self.model)[1].sha256, settings_document(settings)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClipTask:
    """One clip to measure."""

    path: str
    name: str
    """Name of the clip in the result and in messages."""
    document: str
    """The JSON file to write."""
    mirrored: str = Mirrored.AUTO.value
    turn: int = Turn.NONE.value
    model: str = pose_models.DEFAULT_MODEL
    changes: Sequence[str] = ()
    extras: Mapping[str, str] = field(default_factory=dict)
    """Paths of further files to write, by kind (extra_files.py)."""
    known_sha256: str = ""
    """A file with this hash need not be measured again."""
    secret_key: str = ""
    """Hexadecimal; if not empty, names and hashes are replaced (deidentify.py)."""


@dataclass(frozen=True, slots=True)
class ClipResult:
    """Result of one clip task."""

    result: Result
    sha256: str = ""
    """Hash of the clip; empty = it could not be read."""
    code: str = ""
    sentence: str = ""
    """Why the clip was not measured."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Hash of each file written, by kind (`JSON`, extra_files.py); empty = that format cannot hold this measurement."""

    def document(self) -> dict[str, Any]:
        """The result as plain values."""
        return {**asdict(self), "result": self.result.value}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "ClipResult":
        """A result from its `document`."""
        known = {name: document[name] for name in ("sha256", "code", "sentence")}
        return cls(Result(document["result"]), **known, files=dict(document["files"]))


Tasks = Iterable[tuple[Entry, ClipTask]]
Results = Generator[tuple[Entry, ClipResult], None, None]
