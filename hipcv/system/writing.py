"""Files written whole or not at all: under a temporary name first, renamed at the end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hipcv.errors import OutputError


def real_path(path: str | os.PathLike[str]) -> Path:
    """The path without links; where a link leads to itself, as far as it goes (`Path.resolve` raises there before Python 3.13)."""
    return Path(os.path.realpath(path))


def real_target(path: str | os.PathLike[str]) -> Path:
    """The file that a path stands for: the target of a link, because a rename would replace the link itself.

    Raises
    ------
    OutputError
        A folder, a pipe or a device, which a file must not replace.
    """
    target = real_path(path) if Path(path).is_symlink() else Path(path)
    if target.is_dir():
        raise OutputError("output_is_folder", about=path)
    if target.exists() and not target.is_file():
        raise OutputError("output_is_device", about=path)
    return target


def check_room(path: str | os.PathLike[str]) -> None:
    """Check that `path` can be written, by creating a temporary file beside it; permissions alone do not tell, for example for root.

    Raises
    ------
    OutputError
        The file cannot be written there.
    """
    _begun(Path(path), real_target(path)).unlink()


@contextmanager
def replacing(path: str | os.PathLike[str], mode: int | None = None) -> Iterator[Path]:
    """A temporary path beside `path`, same suffix; renamed to `path` on success, else deleted. A link stays; its target is replaced.

    Nobody else can read it before it is whole. `mode` holds the mode bits of the whole file; None = as the person's umask says.

    Raises
    ------
    OutputError
        The file cannot be written there.
    """
    named = Path(path)
    target = real_target(named)
    unfinished = _begun(named, target)
    try:
        yield unfinished
        unfinished.chmod(0o666 & ~_umask() if mode is None else mode)
        unfinished.replace(target)
    except OSError as problem:
        raise _cannot_write(named, problem) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _begun(named: Path, target: Path) -> Path:
    """An empty file beside the target, with the suffix of the requested path."""
    try:
        handle, name = tempfile.mkstemp(suffix=named.suffix, prefix=f".{named.stem[:40]}-", dir=target.parent)
    except OSError as problem:
        raise _cannot_write(named, problem) from None
    os.close(handle)
    return Path(name)


def _umask() -> int:
    """Mode bits that new files go without; needed because `mkstemp` makes private files whatever the person's umask."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(target: Path, problem: OSError) -> OutputError:
    return OutputError("cannot_write", about=target, reason=problem.strerror or "unknown reason")
