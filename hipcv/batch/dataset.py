"""The dataset that a run writes: tables, one JSON per clip, how they were made, and the meaning of every column."""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from hipcv.batch import records, table_rows
from hipcv.batch.columns import ASYMMETRY, FAILURES, MEASUREMENTS, REPS, carried
from hipcv.batch.dictionary import readme
from hipcv.batch.extra_files import SERIES
from hipcv.batch.folders import README, RUN, DatasetFolders
from hipcv.batch.messages import Method, Result
from hipcv.batch.plan import Plan
from hipcv.batch.table_files import Table, table
from hipcv.records.document import settings_document
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

    def document(self) -> dict[str, Any]:
        """The counts as plain values."""
        return {
            "clips": self.measured + self.failed,
            "measured": self.measured,
            "failed": self.failed,
            "failed_by_code": self.failed_by_code,
        }


def write(home: DatasetFolders, plan: Plan, time: dict[str, Any]) -> Counts:
    """Write everything but the clips' own files, from those and the clip records; a clip without a record is left out.

    `time` is copied into run.json; it is the only part in which two runs over the same clips may differ.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    counts = _write_tables(home, plan)
    run = {"schema": SCHEMA, "software": dict(plan.software), **_how(plan), "counts": counts.document(), "time": time}
    for name, text in ((RUN, json.dumps(run, indent=2, ensure_ascii=False) + "\n"), (README, readme(plan))):
        with replacing(home.out / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    return counts


def _write_tables(home: DatasetFolders, plan: Plan) -> Counts:
    n_measured, codes = 0, Counter[str]()
    with ExitStack() as stack:

        def begun(name: str, columns: Any, *, with_parquet: bool = True) -> Table:
            return stack.enter_context(table(home.out / name, columns, with_parquet=with_parquet))

        measurements = begun("measurements.csv", (*MEASUREMENTS, *carried(plan.extra)))
        reps, asymmetry = begun("reps.csv", REPS), begun("asymmetry.csv", ASYMMETRY)
        failures = begun("failures.csv", FAILURES, with_parquet=False)
        for entry in plan.entries():
            record = records.read(home, entry)
            if record is None:
                continue
            if record.result.result is Result.FAILED:
                codes[record.result.code] += 1
                failures.add([*table_rows.identity_cells(entry), record.result.code, record.result.sentence])
                continue
            n_measured += 1
            document = json.loads(home.document(entry).read_text(encoding="utf-8"))
            for made, found in ((measurements, table_rows.measurements), (reps, table_rows.reps), (asymmetry, table_rows.asymmetry)):
                for row in found(entry, document):
                    made.add(row)
    return Counts(n_measured, dict(sorted(codes.items())))


def _how(plan: Plan) -> dict[str, Any]:
    method = Method(plan.method["model"], tuple(plan.method["changes"]))
    settings = settings_document(method.settings())
    del settings["mirrored"]  # differs between clips: it is in each clip's JSON
    return {
        "settings": settings,
        "with_series": SERIES in plan.method["extras"],
        "exports": [extra for extra in plan.method["extras"] if extra != SERIES],
        "deidentified": plan.deidentified,
        "sessions": list(plan.sessions),
        "sessions_are_days": plan.sessions_are_days,
    }
