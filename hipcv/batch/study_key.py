"""The key of a de-identified study, in a folder next to its dataset: the secret key behind the codes, and the table from codes to names."""

import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hipcv.batch.entry import Entry
from hipcv.errors import OutputError
from hipcv.system.spreadsheet import csv_text, escaped
from hipcv.system.writing import replacing

_ENDING, _SALT, _TABLE = ".key", "salt", "key.csv"
_SALT_BYTES = 32


def key_folder(out: Path) -> Path:
    """The folder next to a de-identified dataset that leads from codes back to names. It stays with the researcher."""
    named = out if out.name not in ("", "..") else Path(os.path.abspath(out))  # noqa: PTH100 - links are kept
    return named.with_name(named.name + _ENDING)


def salt_of(key_folder: Path) -> bytes:
    """The secret key of a study, created by its first run and reused by all others.

    Raises
    ------
    OutputError
        If it can be neither read nor created, or is malformed.
    """
    path = key_folder / _SALT
    try:
        key_folder.mkdir(parents=True, exist_ok=True)
        key_folder.chmod(0o700)
        if not path.exists():
            if (key_folder / _TABLE).exists():
                raise ValueError  # new codes would not match the existing dataset
            _begin(path, secrets.token_hex(_SALT_BYTES))
        secret_key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is missing, or not one that hipcv made"
        raise OutputError("study_secret_unusable", about=path, reason=reason) from None
    if len(secret_key) != _SALT_BYTES:
        raise OutputError("study_secret_not_whole", about=path)
    return secret_key


def copy_key(keys: Path, to: Path) -> None:
    """Give another dataset of the same study its key.

    Raises
    ------
    OutputError
        If it cannot be copied, or `to` already holds the key of another study.
    """
    secret_key = salt_of(keys)
    try:
        to.mkdir(parents=True, exist_ok=True)
        to.chmod(0o700)
        if not (to / _SALT).exists():
            _begin(to / _SALT, secret_key.hex())
        table = (keys / _TABLE).read_bytes()
    except OSError as problem:
        raise OutputError("study_key_not_writable", about=to, reason=problem.strerror) from None
    if salt_of(to) != secret_key:
        raise OutputError("study_key_of_another", about=to)
    _write_table(to, table)


def _begin(path: Path, text: str) -> None:
    """Create a file atomically; if another process was faster, its file is kept."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # readable by its owner only
    with open(handle, "w", encoding="ascii") as file:  # noqa: PTH123 - a descriptor
        file.write(text)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        with suppress(FileExistsError), path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(text)
    finally:
        Path(name).unlink()


def write_key(key_folder: Path, coded: Iterable[tuple[Entry, Entry]]) -> None:
    """Write the table of codes and the names, sessions and dates they stand for.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows = [("clip_code", "clip", "subject_code", "subject", "session_code", "session", "date")]
    rows += [(seen.clip, named.clip, seen.subject, named.subject, seen.session, named.session, named.date) for named, seen in coded]
    _write_table(key_folder, csv_text(map(escaped, row) for row in rows).encode("utf-8", "replace"))


def _write_table(key_folder: Path, table: bytes) -> None:
    with replacing(key_folder / _TABLE) as unfinished:
        unfinished.write_bytes(table)
    (key_folder / _TABLE).chmod(0o600)
