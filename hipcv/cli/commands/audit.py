"""The command `hipcv audit`: whether the log of the desk is as it was written."""

import json
from typing import TYPE_CHECKING

import typer

from hipcv.cli import terminal
from hipcv.cli.commands.common import (
    STATUS_NOT_MEASURED,
    STDOUT,
    DatabaseAddress,
    DataFolder,
    JsonFile,
    check_outputs,
    counted,
    in_plain_words,
    time_of,
    write_texts,
)
from hipcv.system import stopping

if TYPE_CHECKING:
    from hipcv.store.audit import Audit

SCHEMA = "hipcv-audit/1"


@in_plain_words
def audit(data: DataFolder = None, database: DatabaseAddress = None, json_file: JsonFile = None) -> None:
    """Check that the log of the desk is as it was written; the app may be open.

    Every entry, and every signed version. Nothing is changed. Exit status: 0 nothing is wrong, or there is no log; 1 something is.
    """
    from hipcv.store import place  # late: beside the next ones
    from hipcv.store.audit import audit as audit_of  # late: loads SQLAlchemy
    from hipcv.store.existing import existing_store  # late: loads SQLAlchemy

    check_outputs({}, {"--json": json_file})
    stopping.tidily()
    store = existing_store(place.data_folder(data), place.database_address(database), read_only=True)
    try:
        found = audit_of(store)
    finally:
        store.engine.dispose()
    write_texts((json_file, lambda: _as_json(found)))
    if json_file != STDOUT:
        _print(found)
    if found.faults:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _print(found: "Audit") -> None:
    out = terminal.console()
    if found.last is None and not found.faults:
        out.print("There is no log yet: it begins when the desk is first opened.")
        return
    faults = f"{counted(len(found.faults), 'fault')}:" if found.faults else "Nothing is wrong with it."
    out.print(f"The log has {counted(found.n_entries, 'entry', 'entries')}. {faults}")
    for fault in found.faults:
        terminal.print_hanging(out, "-", fault.said())
    if found.last is not None:
        out.print(f"Last entry: number {found.last.number}, {time_of(found.last.at)}, with the hash")
        out.print(f"  {found.last.hash}")
        out.print("Note number and hash somewhere else: only they show whether the whole log was rewritten later.")


def _as_json(found: "Audit") -> str:
    last = found.last and {"number": found.last.number, "at": found.last.at.isoformat(), "hash": found.last.hash}
    faults = [{"fault": one.fault.value, "number": one.number, "visit": one.subject, "message": one.said()} for one in found.faults]
    return json.dumps({"schema": SCHEMA, "n_entries": found.n_entries, "last": last, "faults": faults}, indent=2, ensure_ascii=False) + "\n"
