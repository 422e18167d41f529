"""`hipcv.video.decoder`: a process that reads one clip for its parent (sandbox.py), and can do nothing else.

It gets an opened file and a piece of shared memory. Before it reads the first byte it gives up everything else for good
(system/confinement). On stdin come one request and then, byte by byte, the slots whose picture is no longer needed; on stdout go the lines
of told.py.
"""

import os
import pkgutil
import sys
from collections import deque
from importlib import import_module
from typing import NoReturn

import av
import msgspec

from hipcv.errors import ClipError, UnsupportedClip
from hipcv.system.confinement import layers
from hipcv.video import told
from hipcv.video.container import Container
from hipcv.video.reader import Stored, Wanted, read
from hipcv.video.shared_pictures import attached, picture_in

MEMORY_BYTES = 1_000_000_000
"""Of address space, beside the shared pictures: 4K takes up to 600 MB, with as many reference pictures as HEVC allows 750 MB."""
PROCESSOR_S = 30 * 60
"""Ten minutes of 4K take a third of it on a slow machine."""


class Request(msgspec.Struct, frozen=True):
    """What the parent asks for."""

    family: Container
    wanted: Wanted


def main(clip: str, address: str, slot_bytes: str) -> NoReturn:
    """Serve the parent and end."""
    file = open(int(clip) if clip.isdecimal() else clip, "rb")  # noqa: PTH123, SIM115 - ends with the process
    size = int(slot_bytes)
    memory = attached(address, told.N_SLOTS * size)
    _load_what_is_loaded_late()
    held = layers.put_on(layers.Bounds(MEMORY_BYTES + told.N_SLOTS * size, PROCESSOR_S))
    _tell(told.Ready(tuple(held)))
    request = msgspec.json.decode(_request_line(), type=Request)
    file.seek(0)  # the place is shared with the parent, which has read the file meanwhile
    free = deque(range(told.N_SLOTS))
    try:
        for one in read(file, request.family, "", request.wanted):
            if not isinstance(one, Stored):
                _tell(one)
                continue
            slot = _free_slot(free)
            height, width, _ = one.rgb.shape
            picture_in(memory, slot, size, (height, width, 3))[:] = one.rgb
            _tell(told.Picture(slot, width, height, one.time_s, one.orientation.quarter_turns, one.orientation.flipped, one.transfer))
    except ClipError as problem:
        _refuse(problem)
    except MemoryError:
        _refuse(UnsupportedClip("frames_too_large"))
    os._exit(0)


def _request_line() -> bytes:
    """The first line of stdin, and no byte more."""
    text = bytearray()
    while not text.endswith(b"\n"):
        if not (one := os.read(sys.stdin.fileno(), 1)):
            os._exit(0)
        text += one
    return bytes(text)


def _load_what_is_loaded_late() -> None:
    """Parts of PyAV that others load only when a stream asks for them, and of NumPy for a median; in the sandbox no file is opened any more."""
    parts = [module.name for module in pkgutil.walk_packages(av.__path__, "av.") if not module.name.endswith("__main__")]
    for name in [*parts, "numpy.ma"]:
        import_module(name)


def _free_slot(free: "deque[int]") -> int:
    """The next slot; waits until the parent gives one back, and ends if there is no parent any more."""
    while not free:
        given_back = os.read(sys.stdin.fileno(), told.N_SLOTS)
        if not given_back:
            os._exit(0)
        free.extend(given_back)
    return free.popleft()


def _refuse(problem: ClipError) -> None:
    _tell(told.refusal(problem))


def _tell(one: told.Told) -> None:
    sys.stdout.buffer.write(told.line(one))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
