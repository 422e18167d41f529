"""Images of a long clip, or rows of a database, that are too many to keep them in memory."""

from contextlib import suppress
from io import BytesIO
from tempfile import TemporaryFile, gettempdir
from typing import IO

from hipcv.errors import OutputError

_IN_MEMORY = 16_000_000
"""Bytes kept in memory: a minute of video."""


class Spool:
    """Images or rows one after the other: in memory while they are few, else in a nameless file, or in memory where there is no place for one."""

    def __init__(self) -> None:
        self._file: IO[bytes] = BytesIO()
        self._ends = [0]
        self._most = _IN_MEMORY

    def __del__(self) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, image: bytes) -> None:
        """Append one.

        Raises
        ------
        OutputError
            The disk is full by now.
        """
        self._file.seek(self._ends[-1])
        try:
            self._file.write(image)
        except OSError as problem:
            raise OutputError("cannot_write", about=gettempdir(), reason=problem.strerror) from None
        self._ends.append(self._file.tell())
        if self._most and self._ends[-1] > self._most:
            self._to_disk()

    def __getitem__(self, index: int) -> bytes:
        self._file.seek(self._ends[index])
        return self._file.read(self._ends[index + 1] - self._ends[index])

    def _to_disk(self) -> None:
        self._most = 0
        self._file.seek(0)
        with suppress(OSError):
            file = TemporaryFile()  # noqa: SIM115  (it lives as long as the images)
            file.write(self._file.read())
            file.flush()
            self._file = file
