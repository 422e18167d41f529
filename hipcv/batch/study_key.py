"""The key of a de-identified study, in a folder beside its dataset: the secret that codes are made with, and the table that leads back."""

import csv
import io
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hipcv.batch.entry import Entry
from hipcv.errors import OutputError
from hipcv.system.writing import replacing

_ENDING, _SALT, _TABLE = ".key", "salt", "key.csv"
_SALT_BYTES = 32


def key_folder(out: Path) -> Path:
    """Beside a de-identified dataset: what leads back from its codes to names. It stays with the researcher."""
    named = out if out.name not in ("", "..") else Path(os.path.abspath(out))  # noqa: PTH100 - a link stays
    return named.with_name(named.name + _ENDING)


def salt_of(key_folder: Path) -> bytes:
    """The secret of a study: made with its first run, the same ever after.

    Raises
    ------
    OutputError
        It can neither be read nor made, or is not one.
    """
    path = key_folder / _SALT
    try:
        key_folder.mkdir(parents=True, exist_ok=True)
        key_folder.chmod(0o700)
        if not path.exists():
            if (key_folder / _TABLE).exists():
                raise ValueError  # new codes would not be those of the dataset that is there
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
        It cannot be copied, or there is the key of another study.
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
    """Write a file whole; where another process was quicker, its own stands."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # for its owner only
    with open(handle, "w", encoding="ascii") as file:  # noqa: PTH123 - a descriptor
        file.write(text)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without second names
        with suppress(FileExistsError), path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(text)
    finally:
        Path(name).unlink()


def write_key(key_folder: Path, coded: Iterable[tuple[Entry, Entry]]) -> None:
    """The table that leads back: each clip's code beside what it stands for.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip_code", "clip", "subject_code", "subject", "session_code", "session", "date"])
    writer.writerows([seen.clip, named.clip, seen.subject, named.subject, seen.session, named.session, named.date] for named, seen in coded)
    _write_table(key_folder, text.getvalue().encode("utf-8", "replace"))


def _write_table(key_folder: Path, table: bytes) -> None:
    with replacing(key_folder / _TABLE) as unfinished:
        unfinished.write_bytes(table)
    (key_folder / _TABLE).chmod(0o600)
