"""Hash, delete and move files of a dataset, with a readable error if that fails."""

import hashlib
from pathlib import Path

from hipcv.errors import OutputError


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def remove(path: Path) -> None:
    """Delete a file if it exists.

    Raises
    ------
    OutputError
        If it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise OutputError("cannot_delete", about=path, reason=problem.strerror) from None


def move(source: Path, target: Path) -> None:
    """Move a file, creating the target folder if needed.

    Raises
    ------
    OutputError
        If it cannot be moved.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as problem:
        raise OutputError("cannot_move", about=source, folder=target.parent, reason=problem.strerror) from None
