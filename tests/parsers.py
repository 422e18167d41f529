"""Our own parsers, each as a function of bytes that returns, or says in its own way why not; and what they are fed to begin with.

Used by test_parsers.py (Hypothesis) and by `scripts/fuzz.py` (atheris, which finds its way by the lines it reaches). What once made one of
them fail otherwise stands in `seeds/NAME.txt`, one input a line, in hexadecimal.
"""

import io
import json
import re
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from hipcv.batch import manifest
from hipcv.desk import fhir_codes, request_code
from hipcv.errors import HipcvError
from hipcv.filmed import filmed_of
from hipcv.records import record, sealed_file
from hipcv.validation import goniometer
from hipcv.video import container, edit_list, gravity, mp4, told
from hipcv.video.orientation import Orientation
from tests.hostile import box, long_box
from tests.media import write_clip

SEEDS = Path(__file__).parent / "seeds"
SAID = (HipcvError,)


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="hipcv-parsers-"))


def _file(data: bytes, name: str) -> Path:
    path = _scratch() / name
    path.write_bytes(data)
    return path


def _outline(data: bytes) -> None:
    with suppress(*SAID):
        mp4.outline(io.BytesIO(data), len(data), "a.mp4")


def _identify(data: bytes) -> None:
    with suppress(*SAID):
        container.identify(io.BytesIO(data), "a.mp4")


def _edits(data: bytes) -> None:
    movie_hz, track_hz = struct.unpack_from(">II", data.ljust(8, b"\0"))
    edit_list.altered_time(edit_list.read(memoryview(data[8:]), movie_hz, track_hz))


def _camm(data: bytes) -> None:
    motion = gravity.Motion()
    for at in range(0, len(data), 16):
        motion.add(data[at : at + 16])
    roll = gravity.of_motion(motion, Orientation(len(data) % 4, flipped=bool(len(data) & 4)))
    assert roll is None or abs(roll.roll_deg) <= 30


def _told(data: bytes) -> None:
    with suppress(ValueError):
        one = told.read(data)
        assert told.read(told.line(one)) == one
        if isinstance(one, told.Refusal):
            with suppress(LookupError, TypeError, ValueError, AttributeError):  # which the parent takes for nonsense
                one.error("a.mp4").said("de")


def _json(data: bytes) -> None:
    with suppress(ValueError, RecursionError):
        filmed_of(record.parsed(data))


def _array(data: bytes) -> None:
    with suppress(*record.UNREADABLE):
        record._array(data)


def _sealed(data: bytes) -> None:
    with suppress(*SAID), tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        sealed_file.unpack(_file(data, "a.hipcv"), Path(folder))


def _manifest(data: bytes) -> None:
    with suppress(*SAID):
        manifest.entries(_file(data, "clips.csv"))


def _readings(data: bytes) -> None:
    with suppress(*SAID):
        goniometer.read_table(_file(data, "readings.csv"))


def _codes(data: bytes) -> None:
    with suppress(*SAID):
        fhir_codes.code_table(data.decode("utf-8", "replace"))


def _request(data: bytes) -> None:
    code = request_code.clean_code(data.decode("utf-8", "replace"))
    assert code is None or request_code.clean_code(code) == code


PARSERS: dict[str, Callable[[bytes], None]] = {
    "mp4": _outline,
    "containers": _identify,
    "edit_list": _edits,
    "camm": _camm,
    "told": _told,
    "filmed": _json,
    "array": _array,
    "sealed": _sealed,
    "manifest": _manifest,
    "readings": _readings,
    "codes": _codes,
    "request": _request,
}


def seeds(name: str) -> list[bytes]:
    """What it is fed to begin with: something good, something long, and whatever it once failed on."""
    kept = SEEDS / f"{name}.txt"
    lines = kept.read_text(encoding="ascii").split() if kept.exists() else []
    return [*_good(name), *map(bytes.fromhex, lines)]


def _good(name: str) -> Iterator[bytes]:
    if name in {"mp4", "containers"}:
        yield from _clips()
        yield box(b"ftyp", b"isom") + long_box(b"moov", (1 << 64) - 1)
    yield {
        "edit_list": struct.pack(">II", 1000, 30000) + struct.pack(">II", 0, 2) + struct.pack(">IiI", 500, 0, 65536) * 2,
        "camm": struct.pack("<HHfff", 0, 3, 0.0, -9.81, 0.1) * 40,
        "told": told.line(told.Picture(0, 540, 960, 1.5, 3, False, 18)),
        "filmed": json.dumps(
            {"camera": "user", "ended": "complete", "looks_per_s": 11.2, "movements": [_MOVEMENT]}, ensure_ascii=False
        ).encode(),
        "array": b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".ljust(117) + b"\n" + bytes(48),
        "sealed": b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
        "manifest": b"clip,subject,session,date,mirrored,reference_right_internal\na.mp4,S01,1,2026-11-30,no,34.5\n",
        "readings": b"clip;side;direction;degrees\na.mp4;right;internal;34,5\n",
        "codes": b'[internal_rotation]\ntext = "IR"\ncoding = [{ system = "http://loinc.org", code = "1" }]\n',
        "request": b"hipcv:7k2qx m9d4o",
    }.get(name, b"")


_MOVEMENT = {"side": "left", "direction": "internal", "start_s": 1.0, "end_s": 3.0, "hold_s": [1.5, 2.5], "against": ""}


@cache
def _clips() -> list[bytes]:
    """Small clips of every family; of an MP4, what stands around its pictures."""
    made = []
    for name, options in {"a.mp4": {"sound": True}, "a.mkv": {"codec": "mjpeg", "pix_fmt": "yuvj420p"}, "a.avi": {}, "a.ts": {}}.items():
        made.append(write_clip(_scratch() / name, n_frames=4, **options).read_bytes())
    return [re.sub(rb"(?s)mdat.*?(?=....moov)", b"mdat", made[0]), *(one[:6000] for one in made[1:])]
