"""The plan of a run, kept in a file and read line by line, so that a long list need not fit in memory."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hipcv.batch.entry import Entry
from hipcv.batch.folders import PART, DatasetFolders
from hipcv.errors import BadShards
from hipcv.system.writing import replacing

_FILE = "plan.jsonl"


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` of `of` of a list: every `of`-th clip."""

    number: int = 1
    of: int = 1

    @classmethod
    def parsed(cls, text: str) -> "Part":
        """A part from text such as `3/10`.

        >>> Part.parsed("3/10")
        Part(number=3, of=10)

        Raises
        ------
        ValueError
            If the text is not two numbers, the first between 1 and the second.
        """
        number, _, of = text.partition("/")
        part = cls(int(number), int(of))
        if not 1 <= part.number <= part.of:
            raise ValueError(text)
        return part

    @property
    def folder(self) -> str:
        """The name of the folder for its results."""
        return f"{PART}{self.number}-of-{self.of}"

    def holds(self, entry: Entry) -> bool:
        """Whether a clip belongs to this part."""
        return entry.number % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The decided plan of a run, without its clips: read those with `entries`."""

    path: Path
    n_entries: int
    """Number of clips in this part."""
    n_all: int
    """Number of clips in the whole list."""
    list_sha256: str
    """Hash of the whole list, which shows whether parts belong together."""
    extra: tuple[str, ...]
    """Manifest columns that are copied to the tables."""
    sessions: tuple[str, ...]
    """Names of the sessions in the order of the whole list, without dates."""
    sessions_are_days: bool
    """Whether all sessions were dates, now counted in days since each subject's first date."""
    part: Part
    method: dict[str, Any]
    fingerprints: dict[str, str]
    """The fingerprint that a clip's record must have, by mirroring (messages.py)."""
    software: dict[str, str]
    """Versions and model that measured the clips."""
    deidentified: bool = False

    def entries(self) -> Iterator[Entry]:
        """The clips, in order."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield Entry(**json.loads(line))

    def header(self) -> dict[str, Any]:
        """Everything but the clips and the path, as plain values."""
        return {name: value for name, value in asdict(self).items() if name != "path"}


def write(home: DatasetFolders, entries: Iterable[Entry], header: dict[str, Any]) -> Plan:
    """Write a plan into the working state of a run; `header` holds the fields of `Plan` except `path` and `n_entries`."""
    path = home.state / _FILE
    lines = [json.dumps(asdict(entry)) + "\n" for entry in entries]
    full = {**header, "n_entries": len(lines)}
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(full) + "\n")
        file.writelines(lines)
    return _of(path, full)


def read(home: DatasetFolders) -> Plan:
    """The plan of an earlier run.

    Raises
    ------
    BadShards
        If there is none.
    """
    path = home.state / _FILE
    try:
        with path.open(encoding="utf-8") as lines:
            return _of(path, json.loads(next(lines)))
    except (OSError, ValueError, StopIteration, TypeError, KeyError):
        raise BadShards("merge_not_a_shard", about=home.out) from None


def _of(path: Path, header: dict[str, Any]) -> Plan:
    return Plan(path, **{**header, "extra": tuple(header["extra"]), "sessions": tuple(header["sessions"]), "part": Part(**header["part"])})
