"""Merges the parts of a run into the dataset that a single run over the whole list would have written."""

import heapq
import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hipcv.batch import dataset, plan, records
from hipcv.batch.entry import Entry
from hipcv.batch.fingerprint import of_numbers
from hipcv.batch.folders import DatasetFolders
from hipcv.batch.plan import Part, Plan
from hipcv.batch.study_key import copy_key, key_folder
from hipcv.errors import BadShards

_MOST_NAMED = 10


def merge(folders: Sequence[Path], out: Path) -> tuple[DatasetFolders, dataset.Counts]:
    """Merge parts into `out`; the parts themselves are not changed.

    Raises
    ------
    BadShards
        If they are not parts of one run, or one is missing or unfinished.
    RunInUse
        If another hipcv is using `out`.
    OutputError
        If the dataset cannot be written.
    """
    parts = [(home, plan.read(home)) for home in map(_home_of, folders)]
    _check(parts)
    first = parts[0][1]
    home = DatasetFolders.of(out, deidentified=first.deidentified)
    if any(os.path.realpath(folder) == os.path.realpath(out) for folder in folders):
        raise BadShards("merge_into_shard", about=out)
    with home.alone(first.method.extras):
        if first.deidentified:
            copy_key(key_folder(folders[0].parent), key_folder(out))
        entries = list(heapq.merge(*(plan.entries(part_home) for part_home, _ in parts), key=lambda entry: entry.number))
        whole = replace(first, n_entries=len(entries), part=Part())
        plan.write(home, whole, entries)
        home.keep_only({entry.key for entry in entries}, first.method.extras)
        for part_home, decided in parts:
            for entry in plan.entries(part_home):
                _take_over(part_home, home, entry, decided.method.extras)
        return home, dataset.write(home, whole, {})


def _home_of(folder: Path) -> DatasetFolders:
    """The dataset folders of a part; the state of a de-identified part lies next to the whole dataset."""
    inside = DatasetFolders.of(folder)
    outside = DatasetFolders.of(folder.parent, deidentified=True).below(folder.name)
    return outside if not inside.state.is_dir() and outside.state.is_dir() else inside


def _check(parts: Sequence[tuple[DatasetFolders, Plan]]) -> None:
    first_home, first = parts[0]
    for home, decided in parts:
        if why := _why_not_together(first, decided):
            raise BadShards("merge_shards_differ", about=home.out, first=first_home.out, **why)
    numbers = sorted(decided.part.number for _, decided in parts)
    lacking = sorted(set(range(1, first.part.of + 1)) - set(numbers))
    if lacking:
        named = [f"{number}/{first.part.of}" for number in lacking[:_MOST_NAMED]]
        raise BadShards("merge_shards_missing", n=len(lacking), of=first.part.of, named=named)
    if len(numbers) > first.part.of:
        raise BadShards("merge_shards_twice", n=len(numbers), of=first.part.of)
    for home, decided in parts:
        n_left = sum(not _is_done(home, decided, entry) for entry in plan.entries(home))
        if n_left:
            part = f"{decided.part.number}/{decided.part.of}"
            raise BadShards("merge_shard_not_done", about=home.out, left=n_left, of=decided.n_entries, part=part)


def _why_not_together(first: Plan, other: Plan) -> dict[str, Any]:
    """Why two parts are not of one run, as values for the error; empty = they are."""
    of_the_list = [(one.list_sha256, one.n_all, one.part.of, one.extra, one.deidentified) for one in (first, other)]
    if of_the_list[0] != of_the_list[1]:
        return {"case": "list"}
    if first.fingerprints != other.fingerprints:
        differing = [name for name in (*of_numbers(), "model_sha256") if first.software.get(name) != other.software.get(name)]
        if not differing:
            return {"case": "settings"}
        return {"case": "versions", "programs": [name.removesuffix("_sha256") for name in differing]}
    return {} if first.method.extras == other.method.extras else {"case": "files"}


def _is_done(home: DatasetFolders, decided: Plan, entry: Entry) -> bool:
    """Whether the clip is done as its own plan requires; an earlier call may have left a different result."""
    record, fingerprint = records.read(home, entry), decided.fingerprints[entry.picture_key]
    return record is not None and records.stands(home, entry, record, fingerprint, decided.method.extras)


def _take_over(part: DatasetFolders, whole: DatasetFolders, entry: Entry, extras: Collection[str]) -> None:
    record = records.read(part, entry)
    assert record is not None
    records.write(whole, entry, record)
    targets = whole.files(entry, extras)
    for name, source in part.files(entry, extras).items():
        if record.result.files.get(name):
            _link(source, targets[name])


def _link(source: Path, target: Path) -> None:
    """Hard-link the file where the system allows it, else copy it; `target` is never left incomplete."""
    unfinished = target.with_name(f".{target.name}-merging")
    unfinished.unlink(missing_ok=True)
    try:
        os.link(source, unfinished)
    except OSError:
        shutil.copyfile(source, unfinished)
    unfinished.replace(target)
