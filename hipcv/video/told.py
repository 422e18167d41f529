"""What a decoder tells of a clip: a header, then picture after picture, at last what the whole was like; or why there is nothing to tell.

The decoder reads strangers' files, so that nothing it says is used before it is checked: `read` takes numbers within what a clip can
have, and nothing else.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta

from hipcv.catalogues.message import Message
from hipcv.errors import ClipError, ClipTooShort, UnreadableClip, UnsupportedClip
from hipcv.system.confinement.layers import Layer
from hipcv.video import limits

N_SLOTS = 8
"""Pictures that lie in the shared memory at most: those decoded in advance, and those still in use."""
MAX_LINE_BYTES = 1 << 16

Codec = Literal["h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"]
"""FFmpeg's names of the codings that hipcv opens."""
_MOST = 10**15
_Count = Annotated[int, Meta(ge=0, le=100 * limits.MAX_FRAMES)]
_Seconds = Annotated[float, Meta(ge=0, le=2 * limits.MAX_DURATION_S)]
_Side = Annotated[int, Meta(ge=1, le=limits.MAX_SIDE_PX)]
_StoredSide = Annotated[int, Meta(ge=1, le=4 * limits.MAX_SIDE_PX)]
_Turns = Annotated[int, Meta(ge=0, le=3)]
_Transfer = Annotated[int, Meta(ge=0, le=255)]
_Value = (
    Annotated[str, Meta(pattern=r"^[\w .:+/-]{0,40}$")]
    | Annotated[int, Meta(ge=-_MOST, le=_MOST)]
    | Annotated[float, Meta(ge=-_MOST, le=_MOST)]
)


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Before the first byte of the file is read."""

    layers: tuple[Layer, ...]
    """What the decoder has given up for good."""


class Header(msgspec.Struct, frozen=True, tag="header"):
    """Before the first picture."""

    n_frames_announced: _Count
    """Approximate number of frames according to the file; 0 = not stated."""
    stride: Annotated[int, Meta(ge=1, le=1000)]
    """Expected number of frames per delivered frame."""
    camera_mirrored: bool | None
    front_camera: bool


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A picture as it is stored, shrunk, with what makes it upright."""

    slot: Annotated[int, Meta(ge=0, lt=N_SLOTS)]
    """Place in the memory that both sides see."""
    width_px: _Side
    height_px: _Side
    time_s: _Seconds
    quarter_turns: _Turns
    flipped: bool
    transfer: _Transfer


class Ending(msgspec.Struct, frozen=True, tag="ending"):
    """After the last picture; as in `VideoInfo` and `ReadFaults`."""

    codec: Codec
    width_px: _StoredSide
    height_px: _StoredSide
    quarter_turns: _Turns
    flipped: bool
    transfer: _Transfer
    n_frames: Annotated[int, Meta(ge=2, le=limits.MAX_FRAMES)]
    duration_s: _Seconds
    frame_rate_hz: Annotated[float, Meta(ge=1, le=2 * limits.MAX_RATE_HZ)]
    gravity_roll_deg: Annotated[float, Meta(ge=-180, le=180)] | None
    gravity_sd_deg: Annotated[float, Meta(ge=0.01, le=180)] | None
    n_corrupt: _Count
    n_bad_times: _Count
    cut_after_s: _Seconds | None
    longest_gap_s: _Seconds


Code = Literal[
    "coding_unknown",
    "colours_unknown",
    "file_damaged",
    "frames_too_large",
    "no_frame_decoded",
    "no_moving_picture",
    "picture_spherical",
    "rate_too_high",
    "rate_too_low",
    "size_changes",
    "time_altered",
    "too_few_pixels",
    "too_long",
    "too_many_pixels",
    "too_short",
    "turn_unknown",
]
"""What can be wrong with a clip that has been opened."""
_ValueName = Literal[
    "case", "coding", "colours", "degrees", "family", "height", "least", "minutes", "most", "rate", "seconds", "seen", "width"
]  # fmt: skip
Kind = Literal["UnreadableClip", "UnsupportedClip", "ClipTooShort"]
_KINDS: dict[str, type[ClipError]] = {"UnreadableClip": UnreadableClip, "UnsupportedClip": UnsupportedClip, "ClipTooShort": ClipTooShort}


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """Why there is nothing (more) to tell: the kind and the code of a `ClipError`, with its values."""

    kind: Kind
    code: Code
    values: Annotated[dict[_ValueName, _Value], Meta(max_length=8)]

    def error(self, name: str) -> ClipError:
        """The error as if it had been raised here, about the clip of that name."""
        return _KINDS[self.kind].said_by(Message(f"errors.{self.code}", cast("Mapping[str, Any]", self.values), name))


def refusal(problem: ClipError) -> Refusal:
    """What is told instead of an error."""
    values = {cast("_ValueName", name): _within(value) for name, value in problem.message.values.items()}
    return Refusal(cast("Kind", type(problem).__name__), cast("Code", problem.code), values)


def _within(value: Any) -> Any:
    """The value, as near as a line may tell it."""
    return max(-_MOST, min(_MOST, value)) if isinstance(value, int | float) else value


Told = Ready | Header | Picture | Ending | Refusal
_reader, _writer = msgspec.json.Decoder(Told), msgspec.json.Encoder()


def line(told: Told) -> bytes:
    """As a line that `read` takes."""
    return _writer.encode(told) + b"\n"


def read(text: bytes) -> Told:
    """What a line tells.

    Raises
    ------
    ValueError
        It is none, or holds something that no clip has.
    """
    try:
        return _reader.decode(text)
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise ValueError(str(problem)) from None
