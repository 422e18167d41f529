"""A run over many clips: plan it, measure the clips that are not done yet, write the dataset."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from hipcv.batch import dataset, deidentify, folder, manifest, plan, pool, records
from hipcv.batch.entry import Entry, picture_key
from hipcv.batch.fingerprint import software
from hipcv.batch.folders import DatasetFolders
from hipcv.batch.messages import ClipResult, ClipTask, Method, Result, Results, Tasks
from hipcv.batch.plan import Part, Plan
from hipcv.batch.records import ClipStatus
from hipcv.batch.study_key import key_folder, salt_of, write_key
from hipcv.capture import pose_models
from hipcv.errors import NothingToMeasure
from hipcv.jobs.child_process import Limits

Measure = Callable[[Tasks], Results]
"""Takes clip tasks and yields clip results in any order: the worker pool of this machine, or a cluster. Closing it abandons unfinished clips."""
OnResult = Callable[[Entry, ClipResult, int, bool], None]
"""Called for each clip with its entry, its result, the total number of clips, and whether an earlier call had already done it."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The options of a run."""

    source: Path
    out: Path
    method: Method = field(default_factory=Method)
    part: Part | None = None
    deidentified: bool = False
    retry_failed: bool = False
    force: bool = False


def on_this_machine(n_workers: int, limits: Limits) -> Measure:
    """A measuring function that uses `n_workers` child processes on this machine."""
    return partial(pool.results, n_workers=n_workers, limits=limits)


def run(request: RunRequest, measure: Measure, on_result: OnResult | None = None) -> tuple[DatasetFolders, dataset.Counts]:
    """Write a dataset to `request.out`; clips done by an earlier call are not measured again.

    Raises
    ------
    BatchError
        If there is nothing to measure, the manifest has faults, or another run uses the same folder.
    ModelError
        If the pose model is missing or altered.
    OutputError
        If a result cannot be written; finished clips are kept, and the same call resumes from there.
    """
    pose_models.load(request.method.model)
    named = _listed(request)
    home = DatasetFolders.of(request.out, deidentified=request.deidentified)
    part = request.part or Part()
    if request.part:
        home = home.below(part.folder)
        if part.number > len(named):
            raise NothingToMeasure("shard_empty", number=part.number, of=part.of, clips=len(named))
    with home.alone(request.method.extras):
        secret_key = salt_of(key_folder(request.out)) if request.deidentified else b""
        seen = _as_seen(request, named, secret_key)
        entries = [entry for entry in seen if part.holds(entry)]
        decided = _decided(request, named, seen)
        plan.write(home, decided, entries)
        home.keep_only({entry.key for entry in entries}, request.method.extras)
        for listed in (named, seen, entries):
            listed.clear()  # from here on they are read from the plan, one at a time
        started = time.monotonic()
        n_done = _work(request, home, decided, secret_key, measure, on_result or (lambda *_: None))
        times: dict[str, Any] = {"seconds": round(time.monotonic() - started, 1), "measured_in_this_call": n_done}
        if not request.deidentified:
            times["ended_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        return home, dataset.write(home, decided, times)


def _listed(request: RunRequest) -> list[Entry]:
    """All clips of the folder or manifest, under their real names."""
    if not os.path.exists(request.source):  # noqa: PTH110 - an unreachable source counts as missing
        raise NothingToMeasure("no_such_source", about=request.source)
    entries = folder.entries(request.source, request.out) if request.source.is_dir() else manifest.entries(request.source)
    if request.deidentified:
        deidentify.check(entries)
    return entries


def _as_seen(request: RunRequest, named: list[Entry], secret_key: bytes) -> list[Entry]:
    """The entries as the dataset shows them: coded if de-identified, and then the key table is written."""
    if not request.deidentified:
        return list(named)
    coded = deidentify.pairs(named, secret_key)
    write_key(key_folder(request.out), coded)
    return [seen for _, seen in coded]


def _decided(request: RunRequest, named: Sequence[Entry], seen: Sequence[Entry]) -> Plan:
    method, part = request.method, request.part or Part()
    model = method.model if method.model in pose_models.KNOWN_SHA256 else str(Path(method.model).absolute())
    sessions = _names_of_sessions(named)
    has_days = any(entry.session or entry.date for entry in named)
    return Plan(
        n_entries=sum(part.holds(entry) for entry in seen),
        n_all=len(seen),
        list_sha256=_digest(seen),
        extra=tuple(seen[0].extra),
        sessions=sessions,
        sessions_are_days=request.deidentified and has_days and not sessions,
        part=part,
        method=replace(method, model=model),
        fingerprints={picture_key(*picture): method.fingerprint(*picture) for picture in {(entry.mirrored, entry.turn) for entry in seen}},
        software=software(method.model),
        deidentified=request.deidentified,
    )


def _names_of_sessions(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Those that are no days, in order of appearance."""
    return tuple(dict.fromkeys(entry.session for entry in entries if entry.session and not manifest.is_day(entry.session)))


def _digest(entries: Iterable[Entry]) -> str:
    """Hash of the list without the paths, which may differ between machines."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(json.dumps({**asdict(entry), "path": ""}, sort_keys=True).encode())
    return digest.hexdigest()


def _work(request: RunRequest, home: DatasetFolders, decided: Plan, secret_key: bytes, measure: Measure, on_result: OnResult) -> int:
    """Measure the clips that are not done yet; returns how many that were."""
    n_done = 0
    pairs = ((entry, _task(request, home, decided, entry, secret_key)) for entry in plan.entries(home))
    with closing(measure(pairs)) as results:
        for entry, result in results:
            was_done = result.result is Result.SAME
            if was_done:
                known = records.read(home, entry)
                assert known is not None
                result = known.result
            else:
                n_done += 1
                records.write(home, entry, ClipStatus(result, decided.fingerprints[entry.picture_key]))
            on_result(entry, result, decided.n_entries, was_done)
    return n_done


def _task(request: RunRequest, home: DatasetFolders, decided: Plan, entry: Entry, secret_key: bytes) -> ClipTask:
    return ClipTask(
        path=entry.path,
        name=entry.clip if request.deidentified else Path(entry.path).name,
        document=str(home.document(entry).absolute()),
        mirrored=entry.mirrored,
        turn=entry.turn,
        model=decided.method.model,
        changes=decided.method.changes,
        extras={extra: str(home.extra(entry, extra).absolute()) for extra in decided.method.extras},
        known_sha256=_known_sha256(request, home, entry, decided.fingerprints[entry.picture_key]),
        secret_key=secret_key.hex(),
    )


def _known_sha256(request: RunRequest, home: DatasetFolders, entry: Entry, fingerprint: str) -> str:
    """Hash of the clip when it was measured; empty if it has to be measured again."""
    record = None if request.force else records.read(home, entry)
    if record is None or not records.stands(home, entry, record, fingerprint, request.method.extras):
        return ""
    return "" if request.retry_failed and record.result.result is Result.FAILED else record.result.sha256
