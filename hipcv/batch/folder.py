"""Finds the clips in a folder by file content."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from hipcv.batch.entry import Entry, key_of
from hipcv.errors import NothingToMeasure
from hipcv.system.writing import real_path
from hipcv.validation.truth import VIDEO_ENDINGS
from hipcv.video.container import is_video, shown_name

_OF_THE_SYSTEM = {"lost+found", "System Volume Information", "$RECYCLE.BIN"}
"""System folders at the root of a drive, usually unreadable for ordinary users."""


def entries(folder: Path, leave_out: Path) -> list[Entry]:
    """Every clip below `folder`, sorted by path; `leave_out` is the folder for the results.

    A file counts if it starts like a video or has a video's extension, so that a damaged video is reported, not skipped. Hidden files and
    folders do not count; linked ones do.

    Raises
    ------
    NothingToMeasure
        If there is no clip, or a folder cannot be read.
    """
    paths = sorted(_files(folder, real_path(leave_out)), key=lambda path: path.relative_to(folder).parts)
    found = [path for path in paths if path.suffix.lower() in VIDEO_ENDINGS or is_video(path)]
    if not found:
        raise NothingToMeasure("folder_without_video", about=folder, n=len(paths))
    return [_entry(number, path, folder) for number, path in enumerate(found)]


def _entry(number: int, path: Path, folder: Path) -> Entry:
    clip = path.relative_to(folder).as_posix()
    return Entry(number, "/".join(map(shown_name, clip.split("/"))), os.path.abspath(path), key=key_of(clip))  # noqa: PTH100 - links are kept


def _files(folder: Path, leave_out: Path) -> Iterator[Path]:
    root, entered = real_path(folder), {leave_out}
    for place, folders, names in os.walk(folder, onerror=_unreadable, followlinks=True):
        here = Path(place)
        folders[:] = [name for name in sorted(folders) if _is_entered(here / name, root, entered)]
        yield from (here / name for name in names if not name.startswith(".") and _is_file(here / name))


def _is_entered(place: Path, root: Path, entered: set[Path]) -> bool:
    """Whether to enter a folder: each real one once, so that links neither loop nor show a clip twice; never a system or results folder."""
    if place.name.startswith(".") or place.name in _OF_THE_SYSTEM:
        return False
    real = real_path(place)
    if real in entered or (place.is_symlink() and (real.is_relative_to(root) or root.is_relative_to(real))):
        return False
    entered.add(real)
    return True


def _unreadable(problem: OSError) -> NoReturn:
    raise NothingToMeasure("folder_unreadable", about=problem.filename, reason=problem.strerror)


def _is_file(path: Path) -> bool:
    """Whether it is a regular file, not a pipe or a device; a broken link counts if it is named like a video."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return path.suffix.lower() in VIDEO_ENDINGS
