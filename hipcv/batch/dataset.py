"""The dataset that a run writes: tables, one JSON per clip, how they were made, and the meaning of every column."""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from hipcv.batch import records, table_rows
from hipcv.batch.columns import tables
from hipcv.batch.dictionary import readme
from hipcv.batch.extra_files import SERIES
from hipcv.batch.folders import README, RUN, DatasetFolders
from hipcv.batch.messages import Result
from hipcv.batch.plan import Plan, entries
from hipcv.batch.table_files import table
from hipcv.records.document import as_text, settings_document
from hipcv.settings import Settings
from hipcv.system.writing import replacing

SCHEMA = "hipcv-run/1"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clips were measured, and how many failed."""

    measured: int
    failed_by_code: dict[str, int]

    @property
    def failed(self) -> int:
        """Number of clips without a measurement."""
        return sum(self.failed_by_code.values())


def write(home: DatasetFolders, plan: Plan, time: dict[str, Any]) -> Counts:
    """Write everything but the clips' own files, from those and the clip records; a clip without a record is left out.

    `time` is copied into run.json; it is the only part in which two runs over the same clips may differ.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    counts = _write_tables(home, plan)
    for name, text in ((RUN, as_text(_run_document(plan, counts, time))), (README, readme(plan))):
        with replacing(home.out / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    return counts


def _write_tables(home: DatasetFolders, plan: Plan) -> Counts:
    n_measured, codes = 0, Counter[str]()
    with ExitStack() as stack:
        made = {
            name: stack.enter_context(table(home.out / f"{name}.csv", columns, with_parquet=name != "failures"))
            for name, columns in tables(plan.extra).items()
        }
        for entry in entries(home):
            record = records.read(home, entry)
            if record is None:
                continue
            if record.result.result is Result.FAILED:
                codes[record.result.code] += 1
                made["failures"].add([*table_rows.identity_cells(entry), record.result.code, record.result.sentence])
                continue
            n_measured += 1
            document = json.loads(home.document(entry).read_text(encoding="utf-8"))
            for name, rows_of in table_rows.BY_TABLE.items():
                for row in rows_of(entry, document):
                    made[name].add(row)
    return Counts(n_measured, dict(sorted(codes.items())))


def _run_document(plan: Plan, counts: Counts, time: dict[str, Any]) -> dict[str, Any]:
    settings = settings_document(Settings().changed(plan.method.changes))
    for name in ("mirrored", "turn"):  # they differ between clips, and are in each clip's JSON
        del settings[name]
    return {
        "schema": SCHEMA,
        "software": plan.software,
        "settings": settings,
        "with_series": SERIES in plan.method.extras,
        "exports": [extra for extra in plan.method.extras if extra != SERIES],
        "deidentified": plan.deidentified,
        "sessions": list(plan.sessions),
        "sessions_are_days": plan.sessions_are_days,
        "counts": {
            "clips": counts.measured + counts.failed,
            "measured": counts.measured,
            "failed": counts.failed,
            "failed_by_code": counts.failed_by_code,
        },
        "time": time,
    }
