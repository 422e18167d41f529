"""What is asked of a child process, and what it answers: one line of JSON each."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from hipcv.batch.fingerprint import of_numbers
from hipcv.capture import pose_models
from hipcv.records.document import settings_document
from hipcv.settings import Mirrored, Settings

JSON = "json"
"""The clip's document among its files."""


class Result(Enum):
    """What became of a clip."""

    MEASURED = "measured"
    FAILED = "failed"
    SAME = "same"
    """An earlier call has already done it: the file, the settings and the version are what they were."""


@dataclass(frozen=True, slots=True)
class Method:
    """How all clips of a run are measured; each clip only adds whether it is mirrored."""

    model: str = pose_models.DEFAULT_MODEL
    changes: tuple[str, ...] = ()
    """`NAME=NUMBER`, as `--set` takes them."""
    extras: tuple[str, ...] = ()
    """Of `extras.EXTRAS`."""

    def settings(self, mirrored: Mirrored = Mirrored.AUTO) -> Settings:
        """The settings of one clip."""
        return Settings(mirrored=mirrored).changed(self.changes)

    def fingerprint(self, mirrored: Mirrored) -> str:
        """Of versions, model and settings: a result is good as long as it does not change."""
        parts = [of_numbers(), pose_models.load(self.model)[1].sha256, settings_document(self.settings(mirrored))]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClipTask:
    """One clip to measure."""

    path: str
    name: str
    """What the result and sentences call the clip."""
    document: str
    """The JSON file to write."""
    mirrored: str = Mirrored.AUTO.value
    model: str = pose_models.DEFAULT_MODEL
    changes: Sequence[str] = field(default_factory=tuple)
    extras: Mapping[str, str] = field(default_factory=dict)
    """Further files to write, by what they are (extras.py)."""
    known_sha256: str = ""
    """A file with this hash need not be measured again."""
    secret_key: str = ""
    """Hexadecimal; not empty = names and hashes are replaced (deidentify.py)."""

    def request(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ClipResult:
    """What became of it."""

    result: Result
    sha256: str = ""
    """Of the clip; empty = it could not be read."""
    code: str = ""
    sentence: str = ""
    """Why there is no number."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The hash of each file that was written, by what it is (`JSON`, extras.py); empty = that format cannot hold this measurement."""

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {**asdict(self), "result": self.result.value}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "ClipResult":
        """Back from `document`."""
        known = {name: document[name] for name in ("sha256", "code", "sentence")}
        return cls(Result(document["result"]), **known, files=dict(document["files"]))
