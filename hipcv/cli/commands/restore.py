"""The command `hipcv restore`: a backup becomes what the app keeps."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from hipcv.cli.commands.common import DatabaseAddress, DataFolder, counted, in_plain_words, progress, time_of
from hipcv.system import stopping


@in_plain_words
def restore(
    file: Annotated[Path, typer.Argument(help="A file that hipcv backup wrote.", show_default=False)],
    data: DataFolder = None,
    database: DatabaseAddress = None,
) -> None:
    """Bring a backup back, into a new folder or one in which nothing is kept.

    The app must not be open there. The whole file is checked first; whatever goes wrong, nothing is left half restored. A backup of either
    kind of database can be restored into the other kind.
    """
    from hipcv.store import place  # late: beside the next one
    from hipcv.store.restore import restore as bring_back  # late: loads SQLAlchemy

    stopping.tidily()
    folder = place.data_folder(data)
    with progress("Restoring") as on_progress:
        done = bring_back(file, folder, place.database_address(database), on_progress)
    kept = [counted(done.n_visits, "visit"), counted(done.n_people, "person", "people")]
    log = f", and the log ({counted(done.n_entries, 'entry', 'entries')})" if done.n_entries else ""
    print(f"{folder}: {' and '.join(kept) if done.n_people else kept[0]}{log}, as of {time_of(done.made_at)}.")
    options = f" --data {shlex.quote(str(folder))}" if data else ""
    print(f"Open them: hipcv app{options}{' --database URL, with the same URL' if database else ''}")
