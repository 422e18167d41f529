"""The parent's side of the sandbox: starts a decoder for one clip (decoder.py), trusts it as little as the file, and ends it.

Whatever the file does to the decoder, it costs that clip and ends in one sentence.
"""

import logging
import os
import queue
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader, RawIOBase
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import IO, cast

import msgspec

from hipcv.errors import ClipError, InstallationError, UnreadableClip
from hipcv.system import children, cores
from hipcv.system.confinement.layers import Layer
from hipcv.values import ImageArray
from hipcv.video import limits, told
from hipcv.video.container import Container
from hipcv.video.decoder import Request
from hipcv.video.orientation import Orientation
from hipcv.video.reader import Stored, Wanted
from hipcv.video.shared_pictures import SharedPictures
from hipcv.video.told import Ending, Header, Picture, Ready, Refusal

_log = logging.getLogger(__name__)
_PATIENCE_S = 15.0
"""Longest silence: a slow machine takes half a second for a picture of 4K."""
_PATIENCE_IN_ALL_S = 45 * 60
"""Longest time that is waited for one clip, as for a whole measurement (jobs/child_process.py)."""
_FASTEST_HZ = 2 * limits.MAX_RATE_HZ
_DYING_S = 5.0
_BY_SIGNAL = {"SIGSYS": "forbidden", "SIGXCPU": "silent"}
"""What has happened to a decoder that a signal has ended."""
_AS_SHOWN = ("quarter_turns", "flipped", "transfer")
"""In all pictures of one clip, and in its ending."""
_THE_SAME = ("width_px", "height_px", *_AS_SHOWN)
"""In all pictures of one clip."""
_KEPT_AT_MOST = told.N_SLOTS - 2
"""Pictures that stay in use where they lie; further ones are copied, or the decoder would wait for ever."""


@contextmanager
def decoder(path: str | os.PathLike[str], file: BufferedReader, name: str, wanted: Wanted) -> Iterator["Decoder"]:
    """A decoder for an opened file, which ends with the context; `name` is the clip's in messages.

    Raises
    ------
    InstallationError
        The system gives no memory, no descriptor or no process for it.
    """
    try:
        one = Decoder(path, file, name, wanted)
    except OSError:
        raise InstallationError("decoder_not_started") from None
    try:
        yield one
    finally:
        one.end()


class Decoder:
    """A process that reads one clip: `read()` once, then `end()`."""

    def __init__(self, path: str | os.PathLike[str], file: BufferedReader, name: str, wanted: Wanted) -> None:
        self._name, self._wanted, self._pid, self._waited_s = name, wanted, os.getpid(), 0.0
        self._n_kept, self._lock = 0, threading.RLock()  # a picture may be given up in the middle of anything
        self._pictures = SharedPictures(told.N_SLOTS, 3 * wanted.long_side_px**2)
        self._process = _started(path, file, self._pictures)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._lines: queue.Queue[bytes] = queue.Queue(2 * told.N_SLOTS)
        self._listener = threading.Thread(target=self._listen, args=(self._process.stdout,), name="hipcv-decoder", daemon=True)
        self._listener.start()

    def layers(self) -> frozenset[Layer]:
        """What the decoder has given up for good, once it is ready to read.

        Raises
        ------
        InstallationError
            It did not start.
        """
        ready = self._next(at_start=True)
        if not isinstance(ready, Ready):
            raise InstallationError("decoder_not_started")
        held = frozenset(ready.layers)
        if not held:
            _warn()
        return held

    def read(self, family: Container) -> Generator[Header | Stored | Ending, None, None]:
        """All that the decoder tells of the clip.

        Raises
        ------
        ClipError
            What `reader.read` raises; or the decoder crashed, did what no video needs, fell silent, or told what no clip has.
        InstallationError
            It did not start.
        """
        self.layers()
        self._send(msgspec.json.encode(Request(family, self._wanted)) + b"\n")
        header = self._next()
        if not isinstance(header, Header):
            raise self._stopped("nonsense")
        yield header
        before, times = None, []
        for _ in range(limits.MAX_FRAMES + 1):
            one = self._next()
            if isinstance(one, Ending) and before and _may_end(one, before, times):
                yield one
                return
            if not isinstance(one, Picture) or (before and not _may_follow(before, one)):
                break
            before = one
            times.append(one.time_s)
            yield self._stored(one)
        raise self._stopped("nonsense")

    def _next(self, *, at_start: bool = False) -> told.Told:
        began = time.monotonic()
        try:
            text = self._lines.get(timeout=min(_PATIENCE_S, _PATIENCE_IN_ALL_S - self._waited_s))
        except (queue.Empty, ValueError):
            raise (InstallationError("decoder_not_started") if at_start else self._stopped("silent")) from None
        self._waited_s += time.monotonic() - began
        if not text:
            raise InstallationError("decoder_not_started") if at_start else self._stopped(self._cause_of_death())
        try:
            one = told.read(text)
        except ValueError:
            raise self._stopped("nonsense") from None
        if isinstance(one, Refusal):
            raise self._refused(one)
        return one

    def _refused(self, one: Refusal) -> ClipError:
        try:
            error = one.error(self._name)
            error.said("en")
        except (ValueError, LookupError, TypeError, AttributeError):  # what cannot be said was not meant
            return self._stopped("nonsense")
        return error

    def _stored(self, one: Picture) -> Stored:
        if max(one.height_px, one.width_px) > self._wanted.long_side_px:
            raise self._stopped("nonsense")
        try:
            rgb = self._pictures.picture(one.slot, one.height_px, one.width_px)
        except ValueError:
            raise self._stopped("nonsense") from None
        return Stored(one.time_s, self._kept(rgb, one.slot), Orientation(one.quarter_turns, one.flipped), one.transfer)

    def _kept(self, rgb: ImageArray, slot: int) -> ImageArray:
        """The picture where it lies, until nobody uses it any more; a copy if there are too many such."""
        with self._lock:
            self._n_kept += 1
            if self._n_kept > _KEPT_AT_MOST:
                rgb = rgb.copy()
                self._give_back(slot)
                return rgb
        weakref.finalize(rgb.base, self._give_back, slot).atexit = False
        return rgb

    def _give_back(self, slot: int) -> None:
        with self._lock:
            self._n_kept -= 1
            self._send(bytes([slot]))

    def _send(self, message: bytes) -> None:
        if os.getpid() != self._pid:  # a fork of the parent gives up its own copy of a picture, not the parent's
            return
        with self._lock, suppress(OSError, ValueError):  # that it has ended is found by the next `_next`
            self._stdin.write(message)

    def _listen(self, stdout: IO[bytes]) -> None:
        with BufferedReader(cast("RawIOBase", stdout)) as lines:
            for text in iter(lambda: lines.readline(told.MAX_LINE_BYTES), b""):
                self._lines.put(text)
        self._lines.put(b"")

    def _cause_of_death(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        status = self._process.returncode
        cases = {-number: case for name, case in _BY_SIGNAL.items() if (number := getattr(signal, name, None))}
        return cases.get(status, "crashed")

    def _stopped(self, case: str) -> ClipError:
        return UnreadableClip("decoder_stopped", about=self._name, case=case)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        with self._lock, suppress(OSError):
            self._stdin.close()
        end_s = time.monotonic() + _DYING_S
        while self._listener.is_alive() and time.monotonic() < end_s:  # it may wait for room
            with suppress(queue.Empty):
                self._lines.get(timeout=0.01)
        self._pictures.close()


@cache
def _warn() -> None:
    """Once in a process."""
    _log.warning("Note: on this system the video decoder cannot be sandboxed: open only clips from people you know.")


def _may_follow(before: Picture, after: Picture) -> bool:
    """Whether a clip can have these two pictures one after the other."""
    return after.time_s > before.time_s and all(getattr(before, name) == getattr(after, name) for name in _THE_SAME)


def _may_end(ending: Ending, last: Picture, times: list[float]) -> bool:
    """Whether a clip of these pictures can end like this."""
    steps = [after - before for before, after in pairwise(times)]
    is_paced = not steps or median(steps) >= 1 / _FASTEST_HZ
    is_whole = ending.n_frames >= len(times) and ending.duration_s >= last.time_s
    return is_paced and is_whole and all(getattr(last, name) == getattr(ending, name) for name in _AS_SHOWN)


def _started(path: str | os.PathLike[str], file: BufferedReader, pictures: SharedPictures) -> subprocess.Popen[bytes]:
    """The process, with the file and the memory and nothing else of this one; on Windows, which hands nothing over, it opens them itself."""
    given = [] if pictures.descriptor is None else [children.above_streams(file.fileno()), children.above_streams(pictures.descriptor)]
    clip, memory = map(str, given or (Path(path).resolve(), pictures.name))
    try:
        return subprocess.Popen(
            children.python("hipcv.video.decoder", clip, memory, str(pictures.slot_bytes)),
            bufsize=0,  # no buffer that could be in use while a picture is given up
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=given,
            env={**children.bare_environment(), **cores.MODEST},
            start_new_session=True,  # Ctrl-C in the terminal goes to the parent only
        )
    finally:
        for one in given:
            os.close(one)
        pictures.close_descriptor()
