"""From a file to upright frames with their times. The file itself is read by a decoder in a sandbox of its own (sandbox.py)."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BufferedReader

from hipcv.errors import UnreadableClip
from hipcv.settings import Settings
from hipcv.values import Frame, ReadFaults, VideoInfo
from hipcv.video import sandbox, tone_mapping
from hipcv.video.container import Container, identify, open_regular_file, shown_name
from hipcv.video.reader import Stored, Wanted
from hipcv.video.told import Ending, Header
from hipcv.video.upright import upright


class Clip:
    """An open clip: `frames()` once, then `info()` and `faults()`."""

    def __init__(self, name: str, sha256: str, n_bytes: int, family: Container, told: Iterator[Header | Stored | Ending]) -> None:
        self.name, self.sha256, self._n_bytes, self._family, self._told = name, sha256, n_bytes, family, told
        header = next(told)
        assert isinstance(header, Header)
        self._header = header
        self._ending: Ending | None = None

    @property
    def n_frames_announced(self) -> int:
        """Approximate number of frames according to the file; 0 = not stated."""
        return self._header.n_frames_announced

    @property
    def stride(self) -> int:
        """Expected number of frames per delivered frame, from the file's own frame rate; timestamps decide which frames are delivered."""
        return self._header.stride

    @property
    def camera_facts(self) -> tuple[bool | None, bool]:
        """From the camera's own tags: mirroring (None = not stated), and whether the front camera filmed."""
        return self._header.camera_mirrored, self._header.front_camera

    def frames(self) -> Iterator[Frame]:
        """Upright frames in order of time, shrunk to the size needed for measurement.

        A frame may lie in memory shared with the decoder, which waits if too many are kept (sandbox.py).

        Raises
        ------
        UnreadableClip
            No frame can be decoded, or the image changes size midway.
        UnsupportedClip, ClipTooShort
            Outside the stated limits, as far as only the decoded frames show.
        """
        for told in self._told:
            if isinstance(told, Stored):
                yield Frame(told.time_s, tone_mapping.to_sdr(upright(told.rgb, told.orientation), told.transfer))
            elif isinstance(told, Ending):
                self._ending = told

    def info(self) -> VideoInfo:
        """The clip as it was read; call it after the last frame."""
        ending, (mirrored, front) = self._at_end(), self.camera_facts
        return VideoInfo(
            name=self.name,
            sha256=self.sha256,
            n_bytes=self._n_bytes,
            container=self._family.name,
            codec=ending.codec,
            width_px=ending.width_px,
            height_px=ending.height_px,
            rotation_deg=90 * ending.quarter_turns,
            flipped=ending.flipped,
            transfer=tone_mapping.TRANSFER_NAMES.get(ending.transfer, "sdr"),
            n_frames=ending.n_frames,
            duration_s=ending.duration_s,
            frame_rate_hz=ending.frame_rate_hz,
            camera_mirrored=mirrored,
            front_camera=front,
            gravity_roll_deg=ending.gravity_roll_deg,
            gravity_sd_deg=ending.gravity_sd_deg,
        )

    def faults(self) -> ReadFaults:
        """Faults of the file; call it after the last frame."""
        ending = self._at_end()
        return ReadFaults(ending.n_corrupt, ending.n_bad_times, ending.cut_after_s, ending.longest_gap_s)

    def _at_end(self) -> Ending:
        if self._ending is None:
            raise RuntimeError("the frames have not been read to their end")
        return self._ending


@contextmanager
def open_clip(path: str | os.PathLike[str], settings: Settings, name: str | None = None) -> Iterator[Clip]:
    """An open clip, closed at the end whatever happens; `name` is its name in messages, by default the file name.

    To be closed by the thread that opened it, as the decoder ends with that.

    Raises
    ------
    UnreadableClip
        Not a regular file, not a video of an accepted kind, without a video stream, or damaged beyond use.
    UnsupportedClip
        A video outside the stated limits.
    """
    name = shown_name(name or path)
    wanted = Wanted(settings.long_side_px, settings.analysis_rate_hz, (-settings.turn).value // 90)
    with open_regular_file(path, name) as file, sandbox.decoder(path, file, name, wanted) as decoder:
        n_bytes, family, sha256 = _looked_at(file, name)
        with closing(decoder.read(family)) as told:
            yield Clip(name, sha256, n_bytes, family, told)


def _looked_at(file: BufferedReader, name: str) -> tuple[int, Container, str]:
    """Size, family and SHA-256 of the file, while the decoder gets ready."""
    try:
        n_bytes = os.fstat(file.fileno()).st_size
        family = identify(file, name)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except OSError as problem:
        raise UnreadableClip("file_not_read_to_end", about=name, reason=problem.strerror) from None
    return n_bytes, family, sha256
