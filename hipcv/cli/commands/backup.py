"""The command `hipcv backup`: everything that the app keeps, in one file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hipcv.cli.commands.common import DatabaseAddress, DataFolder, counted, errors, in_plain_words, progress, time_of
from hipcv.system import stopping

_MOST_NAMED = 5


@in_plain_words
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, such as hipcv-backup.zip.", show_default=False)],
    data: DataFolder = None,
    database: DatabaseAddress = None,
) -> None:
    """Copy everything that the app keeps into one file; the app may be open.

    Visits with their images, people, reviews, settings and the log; not the videos that wait to be measured. The file can be read by your
    account alone, but is not encrypted.
    """
    from hipcv.store import backup as copying  # late: loads SQLAlchemy
    from hipcv.store import place  # late: beside it
    from hipcv.store.existing import existing_store  # late: loads SQLAlchemy

    stopping.tidily()
    store = existing_store(place.data_folder(data), place.database_address(database))
    try:
        with progress("Copying") as on_progress:
            done = copying.write(store, file, on_progress)
    finally:
        store.engine.dispose()
    kept = [counted(done.n_visits, "visit"), counted(done.n_people, "person", "people")]
    log = f", and the log ({counted(done.n_entries, 'entry', 'entries')})" if done.n_entries else ""
    print(f"{file}: {' and '.join(kept) if done.n_people else kept[0]}{log}; {done.n_bytes / 1e6:,.1f} MB.")
    print("It is not encrypted. Keep it where you would keep the records of those who were measured.")
    if done.in_work:
        errors.print(f"Left out: {_named(done.in_work)}, still being measured. Back up again when that is done.")
    if done.without_images:
        errors.print(f"Left out: {_named(done.without_images)}, as the images are not in {store.folder}.")


def _named(moments: Sequence[datetime]) -> str:
    more = f" and {len(moments) - _MOST_NAMED} more" if len(moments) > _MOST_NAMED else ""
    return f"{'the visit' if len(moments) == 1 else 'the visits'} of {'; '.join(map(time_of, moments[:_MOST_NAMED]))}{more}"
