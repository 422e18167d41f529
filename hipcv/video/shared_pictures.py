"""Memory that a decoder and its parent both see, in equal slots: a picture is written once and read where it lies."""

import mmap
import os
import sys
import tempfile
import uuid
from contextlib import suppress

import numpy as np

from hipcv.values import ImageArray

if sys.platform == "linux":
    import fcntl

    _SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    """The size stays: to read where somebody has cut off the memory would end the reader."""


class SharedPictures:
    """The parent's side. A child finds it by `descriptor`, or by `name` where there is none (Windows)."""

    def __init__(self, n_slots: int, slot_bytes: int) -> None:
        self.slot_bytes, n_bytes = slot_bytes, n_slots * slot_bytes
        self.name = f"hipcv-{uuid.uuid4()}"
        self.descriptor: int | None = None
        if sys.platform == "win32":
            self._memory = mmap.mmap(-1, n_bytes, tagname=self.name)
        else:
            self.descriptor = _descriptor(n_bytes)
            self._memory = mmap.mmap(self.descriptor, n_bytes)

    def picture(self, slot: int, height_px: int, width_px: int) -> ImageArray:
        """The picture in a slot, where it lies: (height, width, 3).

        Raises
        ------
        ValueError
            It is larger than a slot.
        """
        return picture_in(self._memory, slot, self.slot_bytes, (height_px, width_px, 3))

    def close(self) -> None:
        """Give the memory back, at once or with the last picture that is still in use."""
        with suppress(BufferError):
            self._memory.close()

    def close_descriptor(self) -> None:
        """No further child will look for it; the memory stays."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def attached(address: str, n_bytes: int) -> mmap.mmap:
    """The child's side of the memory."""
    if sys.platform == "win32":
        return mmap.mmap(-1, n_bytes, tagname=address)
    return mmap.mmap(int(address), n_bytes)


def picture_in(memory: mmap.mmap, slot: int, slot_bytes: int, shape: tuple[int, int, int]) -> ImageArray:
    """A view of one slot; its `base` lives as long as any view of it."""
    count = shape[0] * shape[1] * shape[2]
    if count > slot_bytes:
        raise ValueError(f"a picture of {shape} does not fit into {slot_bytes} bytes")
    return np.frombuffer(memory, np.uint8, count, slot * slot_bytes).reshape(shape)


def _descriptor(n_bytes: int) -> int:
    """Of memory without a name; where the system has none, of a file that no folder lists."""
    if sys.platform == "linux":
        made = os.memfd_create("hipcv-pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(made, n_bytes)
        with suppress(OSError):  # an emulated kernel may not know seals
            fcntl.fcntl(made, fcntl.F_ADD_SEALS, _SEALS)
        return made
    with tempfile.TemporaryFile() as file:
        file.truncate(n_bytes)
        return os.dup(file.fileno())
