"""The files of a visit, opened together while the app may draw or delete them."""

import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from hipcv.errors import StoreError
from hipcv.records import record
from hipcv.store.backup_format import FILE_NAME

_AT_REST_S = 0.5
"""A folder that has not changed for so long is not in the middle of being deleted."""
_PATIENCE_S = 5.0
_PAUSE_S = 0.05


def opened_files(folder: Path, stack: ExitStack) -> Mapping[str, BinaryIO]:
    """All files of a visit by name, as they were at one moment; empty if the visit is gone, or was never whole.

    Once they are open, a deletion cannot take them away. `stack` closes them.

    Raises
    ------
    StoreError
        They may not be read.
    """
    end_s = time.monotonic() + _PATIENCE_S
    try:
        while folder.is_dir():
            with suppress(FileNotFoundError), ExitStack() as opening:  # one of them has just gone: look again
                names, changed_s = _seen(folder)
                files = {name: opening.enter_context((folder / name).open("rb")) for name in names}
                late = time.monotonic() > end_s  # as with a clock of a file server that differs from ours
                if (late or time.time() - changed_s > _AT_REST_S) and _seen(folder) == (names, changed_s):
                    stack.push(opening.pop_all())
                    return files if record.DOCUMENT in files else {}
                if late:
                    break
            time.sleep(_PAUSE_S)
    except OSError as problem:
        raise StoreError("store_unreadable", about=folder, reason=problem.strerror) from None
    return {}


def _seen(folder: Path) -> tuple[list[str], float]:
    """Names of the files, and when the last one came or went; unfinished ones, links and what is not ours are left out."""
    names = [path.name for path in folder.iterdir() if FILE_NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink()]
    return sorted(names), folder.stat().st_mtime
