"""Brings a backup back into a folder and a database in which nothing is kept, of either kind, whichever kind it came from."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Table, insert, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from hipcv.errors import BackupError, OutputError
from hipcv.store import database, log
from hipcv.store.access import Action
from hipcv.store.backup_file import Backup, OnProgress
from hipcv.store.backup_format import TABLES
from hipcv.store.empty_place import EmptyPlace, empty_place
from hipcv.store.log import Entry

_ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    n_visits: int
    n_people: int
    n_entries: int
    """Entries of the log, with the one about the restore."""
    made_at: datetime
    """When the backup was made."""


def restore(file: Path, folder: Path, url: str | None = None, on_progress: OnProgress = lambda _done, _total: None) -> Restored:
    """Restore a backup, whole or not at all; it is entered in the log that came with it.

    Parameters
    ----------
    folder : absent, or without anything that is kept
    url : address of an empty database, if it is not to be a file in the folder
    on_progress : as for `Backup`

    Raises
    ------
    BackupError
        The file is no backup, damaged, or of another version.
    StoreError
        Something is kept there already, or nothing can be.
    StoreInUse
        The app is open there.
    """
    with Backup(file, on_progress) as backup, empty_place(folder, url, backup.files) as place:
        place.store.gate.check(Action.RESTORED)
        for visit_id in backup.files:
            images = place.store.folder_of(visit_id)
            images.mkdir(mode=0o700)
            backup.extract(visit_id, images)
        with database.explained(place.store.engine):
            entry = _restored_rows(place, backup)
        if entry is not None:
            with suppress(OutputError):  # the next entry is kept again
                place.store.gate.head.keep(entry)
        return Restored(backup.n_visits, backup.n_people, backup.n_entries + (entry is not None), backup.made_at)


def _restored_rows(place: EmptyPlace, backup: Backup) -> Entry | None:
    """Put the rows into the database, with an entry in the log if there is one.

    Not through `Gate.writing`: where there are no tables yet, they come in the same transaction.
    """
    manifest = backup.manifest
    known = {"backup": manifest["sha256"], "visits": manifest["left_out"], "log_head": manifest["log_head"]}
    try:
        with database.one_transaction(place.store.engine) as connection, Session(connection) as session:
            database.bring_up_to_date(connection)
            log.take_turns(connection)
            for table in TABLES:
                rows = backup.rows(table)
                while some := list(islice(rows, _ROWS_AT_ONCE)):
                    session.execute(insert(table), some)
                _count_on(session, table)
            entry = log.append(session, Action.RESTORED, "", known)
            place.end()
        return entry
    except (DataError, IntegrityError) as problem:
        raise BackupError("backup_rows_refused", about=backup.file, reason=str(problem.orig).strip().splitlines()[0]) from None
    except (ValueError, OverflowError):  # a number or a text that the driver cannot pass on
        raise BackupError("backup_damaged", about=backup.file) from None


def _count_on(session: Session, table: Table) -> None:
    """Let PostgreSQL give new rows numbers above those that were brought along; SQLite does by itself."""
    column = table.autoincrement_column
    if column is not None and session.get_bind().dialect.name == "postgresql":
        highest = f"(SELECT max({column.name}) FROM {table.name})"
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), {highest})"))
