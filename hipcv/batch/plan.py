"""The plan of a run, kept in a file and read line by line, so that a long list need not fit in memory."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from hipcv.batch.entry import Entry
from hipcv.batch.folders import PART, DatasetFolders
from hipcv.batch.messages import Method
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
    method: Method
    fingerprints: dict[str, str]
    """The fingerprint that a clip's record must have, by `Entry.picture_key`."""
    software: dict[str, str]
    """Versions and model that measured the clips."""
    deidentified: bool = False


def write(home: DatasetFolders, plan: Plan, clips: Iterable[Entry]) -> None:
    """Write a plan and its clips into the working state of a run."""
    with replacing(home.state / _FILE) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(plan)) + "\n")
        file.writelines(json.dumps(asdict(clip)) + "\n" for clip in clips)


def read(home: DatasetFolders) -> Plan:
    """The plan of an earlier run.

    Raises
    ------
    BadShards
        If there is none.
    """
    try:
        with (home.state / _FILE).open(encoding="utf-8") as lines:
            found = json.loads(next(lines))
        method = Method(found["method"]["model"], tuple(found["method"]["changes"]), tuple(found["method"]["extras"]))
        known = {"extra": tuple(found["extra"]), "sessions": tuple(found["sessions"]), "part": Part(**found["part"]), "method": method}
        return Plan(**{**found, **known})
    except (OSError, ValueError, StopIteration, TypeError, KeyError):
        raise BadShards("merge_not_a_shard", about=home.out) from None


def entries(home: DatasetFolders) -> Iterator[Entry]:
    """The clips of a plan, in order."""
    with (home.state / _FILE).open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield Entry(**json.loads(line))
