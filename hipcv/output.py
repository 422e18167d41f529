"""Results are written whole or not at all: under a temporary name first, renamed at the end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hipcv.errors import OutputError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path beside `path`, with its ending; renamed to `path` on success, deleted otherwise.

    Raises
    ------
    OutputError
        The file cannot be written there.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(suffix=target.suffix, prefix=f".{target.stem[:40]}-", dir=target.parent)
        os.close(handle)
    except OSError as problem:
        raise _cannot_write(target, problem) from None
    unfinished = Path(name)
    try:
        yield unfinished
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(target)
    except OSError as problem:
        raise _cannot_write(target, problem) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _umask() -> int:
    """The mode bits that new files do without; `mkstemp` makes private ones whatever the person chose."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(target: Path, problem: OSError) -> OutputError:
    return OutputError(
        f"{target}: it cannot be written ({problem.strerror or 'unknown reason'}). Write to another folder, or free some space."
    )
