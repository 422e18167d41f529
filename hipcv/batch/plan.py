"""The list of a run as it was decided, in a file: read line by line, so that a long list does not have to lie in memory."""

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
        """From `3/10`.

        >>> Part.parsed("3/10")
        Part(number=3, of=10)

        Raises
        ------
        ValueError
            Not two such numbers.
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
        """Whether a clip belongs to it."""
        return entry.number % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run was asked for; its clips are read with `entries`."""

    path: Path
    n_entries: int
    """Of this part."""
    n_all: int
    """Of the whole list."""
    list_sha256: str
    """Of the whole list, so that parts can be seen to belong together."""
    extra: tuple[str, ...]
    """Columns of the manifest that are carried through."""
    sessions: tuple[str, ...]
    """Their names in the order of the whole list; dates are none."""
    sessions_are_days: bool
    """Whether all were dates and became days after each subject's first one."""
    part: Part
    method: dict[str, Any]
    fingerprints: dict[str, str]
    """By whether a clip is mirrored: what its record has to carry (order.py)."""
    software: dict[str, str]
    """What it was measured with."""
    deidentified: bool = False

    def entries(self) -> Iterator[Entry]:
        """The clips, in order."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield Entry.of(json.loads(line))

    def header(self) -> dict[str, Any]:
        """Everything but the clips, as plain values."""
        return {name: value for name, value in asdict(self).items() if name != "path"}


def write(home: DatasetFolders, entries: Iterable[Entry], header: dict[str, Any]) -> Plan:
    """Put a plan into the state of a run; `header` holds the fields of `Plan` but `path` and `n_entries`."""
    path = home.state / _FILE
    lines = [json.dumps(entry.document()) + "\n" for entry in entries]
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
        There is none.
    """
    path = home.state / _FILE
    try:
        with path.open(encoding="utf-8") as lines:
            return _of(path, json.loads(next(lines)))
    except (OSError, ValueError, StopIteration, TypeError, KeyError):
        raise BadShards("merge_not_a_shard", about=home.out) from None


def _of(path: Path, header: dict[str, Any]) -> Plan:
    return Plan(path, **{**header, "extra": tuple(header["extra"]), "sessions": tuple(header["sessions"]), "part": Part(**header["part"])})
