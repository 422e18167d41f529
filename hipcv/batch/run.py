"""A run over many clips: decide, measure what is not done yet, write the dataset."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from hipcv.batch import dataset, deidentify, folder, manifest, plan, pool, records
from hipcv.batch.entry import Entry
from hipcv.batch.fingerprint import software
from hipcv.batch.folders import Home
from hipcv.batch.hand import Limits
from hipcv.batch.messages import Method, Order, Outcome, Result
from hipcv.batch.plan import Part, Plan
from hipcv.batch.records import Record
from hipcv.batch.study_key import key_folder, salt_of, write_key
from hipcv.capture import pose_models
from hipcv.errors import NothingToMeasure
from hipcv.settings import Mirrored

Measure = Callable[[Iterable[tuple[Entry, Order]]], Generator[tuple[Entry, Outcome], None, None]]
"""From clips to what became of them, in any order: the hands of this machine, or a cluster. Closed, it gives up what it has in hand."""
OnOutcome = Callable[[Entry, Outcome, int, bool], None]
"""Called with each clip, what became of it, the number of clips in all, and whether an earlier call had already done it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for."""

    source: Path
    out: Path
    method: Method = field(default_factory=Method)
    part: Part | None = None
    deidentified: bool = False
    retry_failed: bool = False
    force: bool = False


def on_this_machine(n_hands: int, limits: Limits) -> Measure:
    """Measure in child processes, so many at a time."""
    return partial(pool.outcomes, n_hands=n_hands, limits=limits)


def run(wanted: Wanted, measure: Measure, on_outcome: OnOutcome | None = None) -> tuple[Home, dataset.Counts]:
    """Leave a dataset in `wanted.out`; what an earlier call has done is not done again.

    Raises
    ------
    BatchError
        Nothing to measure, faults in the manifest, or another run in the same folder.
    ModelError
        The pose model is missing or altered.
    OutputError
        A result cannot be written; what is done is kept, and the same call goes on from there.
    """
    pose_models.load(wanted.method.model)
    named = _listed(wanted)
    home = Home.of(wanted.out, deidentified=wanted.deidentified)
    part = wanted.part or Part()
    if wanted.part:
        home = home.below(part.folder)
        if part.number > len(named):
            raise NothingToMeasure("shard_empty", number=part.number, of=part.of, clips=len(named))
    with home.alone(wanted.method.extras):
        salt = salt_of(key_folder(wanted.out)) if wanted.deidentified else b""
        seen = _as_seen(wanted, named, salt)
        entries = [entry for entry in seen if part.holds(entry)]
        decided = plan.write(home, entries, _header(wanted, named, seen))
        home.keep_only({entry.key for entry in entries}, wanted.method.extras)
        for listed in (named, seen, entries):
            listed.clear()  # from here on they are read from the plan, one by one
        started = time.monotonic()
        n_done = _work(wanted, home, decided, salt, measure, on_outcome or (lambda *_: None))
        times: dict[str, Any] = {"seconds": round(time.monotonic() - started, 1), "measured_in_this_call": n_done}
        if not wanted.deidentified:
            times["ended_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        return home, dataset.write(home, decided, times)


def _listed(wanted: Wanted) -> list[Entry]:
    """All clips, by their names."""
    if not os.path.exists(wanted.source):  # noqa: PTH110 - what cannot be reached is none, either
        raise NothingToMeasure("no_such_source", about=wanted.source)
    entries = folder.entries(wanted.source, wanted.out) if wanted.source.is_dir() else manifest.entries(wanted.source)
    if wanted.deidentified:
        deidentify.check(entries)
    return entries


def _as_seen(wanted: Wanted, named: list[Entry], salt: bytes) -> list[Entry]:
    """As the dataset has them: with codes if it is to tell no names, whose key is kept."""
    if not wanted.deidentified:
        return list(named)
    coded = deidentify.pairs(named, salt)
    write_key(key_folder(wanted.out), coded)
    return [seen for _, seen in coded]


def _header(wanted: Wanted, named: Sequence[Entry], seen: Sequence[Entry]) -> dict[str, Any]:
    """What the plan says beside the clips."""
    method, part = wanted.method, wanted.part or Part()
    sessions = list(dict.fromkeys(entry.session for entry in named if entry.session and not manifest.is_day(entry.session)))
    has_days = any(entry.session or entry.date for entry in named)
    return {
        "n_all": len(seen),
        "list_sha256": _digest(seen),
        "extra": list(seen[0].extra),
        "sessions": sessions,
        "sessions_are_days": wanted.deidentified and has_days and not sessions,
        "part": {"number": part.number, "of": part.of},
        "method": {"model": _model(method.model), "changes": list(method.changes), "extras": list(method.extras)},
        "fingerprints": {mirrored.value: method.fingerprint(mirrored) for mirrored in Mirrored},
        "software": software(method.model),
        "deidentified": wanted.deidentified,
    }


def _digest(entries: Iterable[Entry]) -> str:
    """Of what the list says; where the clips lie may differ between machines."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(json.dumps({**entry.document(), "path": ""}, sort_keys=True).encode())
    return digest.hexdigest()


def _work(wanted: Wanted, home: Home, decided: Plan, salt: bytes, measure: Measure, on_outcome: OnOutcome) -> int:
    """Measure what is not done; how many clips that were."""
    fingerprints = decided.fingerprints
    n_done = 0
    pairs = ((entry, _order(wanted, home, entry, fingerprints[entry.mirrored], salt)) for entry in decided.entries())
    with closing(measure(pairs)) as outcomes:
        for entry, outcome in outcomes:
            was_done = outcome.result is Result.SAME
            if was_done:
                known = records.read(home, entry)
                assert known is not None
                outcome = known.outcome
            else:
                n_done += 1
                records.write(home, entry, Record(outcome, fingerprints[entry.mirrored]))
            on_outcome(entry, outcome, decided.n_entries, was_done)
    return n_done


def _order(wanted: Wanted, home: Home, entry: Entry, fingerprint: str, salt: bytes) -> Order:
    return Order(
        path=entry.path,
        name=entry.clip if wanted.deidentified else Path(entry.path).name,
        document=str(home.document(entry).absolute()),
        mirrored=entry.mirrored,
        model=_model(wanted.method.model),
        changes=wanted.method.changes,
        extras={extra: str(home.extra(entry, extra).absolute()) for extra in wanted.method.extras},
        known_sha256=_known_sha256(wanted, home, entry, fingerprint),
        salt=salt.hex(),
    )


def _model(model: str) -> str:
    """A model of one's own by its full path."""
    return model if model in pose_models.KNOWN_SHA256 else str(Path(model).absolute())


def _known_sha256(wanted: Wanted, home: Home, entry: Entry, fingerprint: str) -> str:
    """Of the clip when it was measured, if that need not be done again."""
    record = None if wanted.force else records.read(home, entry)
    if record is None or not records.is_good(home, entry, record, fingerprint, wanted.method.extras):
        return ""
    return "" if wanted.retry_failed and record.outcome.result is Result.FAILED else record.outcome.sha256
