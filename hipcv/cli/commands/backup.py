"""The commands `hipcv backup` and `hipcv restore`: everything that the app keeps, in one file, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from hipcv.cli.commands.common import errors, in_plain_words
from hipcv.system import stopping

if TYPE_CHECKING:
    from hipcv.store.store import Store

_Folder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        envvar="HIPCV_DATA",
        show_envvar=False,
        help="The app's folder; by default the system's user data folder.",
    ),
]
_Database = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", envvar="HIPCV_DATABASE", show_envvar=False, help="The app's PostgreSQL database, if it has one."
    ),
]


@in_plain_words
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; readable by you alone. It is not encrypted.", show_default=False)],
    data: _Folder = None,
    database: _Database = None,
) -> None:
    """Copy all visits that the app keeps into one file; the app may be in use meanwhile."""
    from hipcv.store import backup as archive  # late: loads SQLAlchemy

    stopping.tidily()
    n_visits = archive.write(_store(data, database), file)
    errors.print(f"{n_visits} visit{'s' * (n_visits != 1)} copied to {file}.")


@in_plain_words
def restore(
    file: Annotated[Path, typer.Argument(help="A file written by hipcv backup.", show_default=False)],
    data: _Folder = None,
    database: _Database = None,
) -> None:
    """Bring the visits of a backup back, into a folder or database of the app that holds none."""
    from hipcv.store import backup as archive  # late: loads SQLAlchemy

    stopping.tidily()
    n_visits = archive.restore(file, _store(data, database))
    errors.print(f"{n_visits} visit{'s' * (n_visits != 1)} restored.")


def _store(data: Path | None, database: str | None) -> "Store":
    from hipcv.store.store import Store  # late: loads SQLAlchemy

    return Store(data or Path(platformdirs.user_data_dir("hipcv")), database or None)
