"""Opens a store that is already there; nothing is made, so a mistyped folder stays as it is."""

from pathlib import Path

from hipcv.errors import StoreError
from hipcv.store.database import open_existing, sqlite_url
from hipcv.store.store import DATABASE, Store


def existing_store(folder: Path, url: str | None = None, *, read_only: bool = False) -> Store:
    """The store in a folder, also while the app uses it.

    Parameters
    ----------
    url : address of its database, if that is not a file in the folder
    read_only : nothing can be written to the database

    Raises
    ------
    StoreError
        There is no store, it may not be read, or it is another version's.
    """
    folder = folder.absolute()
    try:
        is_there = (folder / "visits").is_dir()
    except OSError as problem:
        raise StoreError("store_unreadable", about=folder, reason=problem.strerror) from None
    if not is_there:
        raise StoreError("store_missing", about=folder)
    return Store(folder, engine=open_existing(url or sqlite_url(folder / DATABASE), read_only=read_only))
