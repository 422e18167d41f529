"""A decoder that was made to misbehave, as a hostile file could make FFmpeg: PyAV with other manners, found before the real one.

It misbehaves only inside the sandbox, and only with files of one size, so that all others are read as ever.
"""

from pathlib import Path

SHIM = """
import importlib, os, sys
sys.path.remove({folder!r})
del sys.modules["av"]
real = importlib.import_module("av")
if "hipcv.video.decoder" in sys.orig_argv:
    honest = real.open

    def say(what):
        os.write(1, json.dumps(what).encode() + bytes([10]))

    HEADER = dict(type="header", n_frames_announced=60, stride=1, camera_mirrored=None, front_camera=False)
    SEEN = dict(quarter_turns=0, flipped=False, transfer=0)
    PICTURE = dict(type="picture", slot=0, width_px=192, height_px=128, time_s=0.0, **SEEN)
    ENDING = dict(
        type="ending", codec="h264", width_px=192, height_px=128, n_frames=60, duration_s=2.0, frame_rate_hz=30.0, gravity_roll_deg=None,
        gravity_sd_deg=None, n_corrupt=0, n_bad_times=0, cut_after_s=None, longest_gap_s=0.03, **SEEN,
    )

    def misbehave():
{deed}
        time.sleep(60)

    import ctypes, json, mmap, signal, socket, subprocess, time

    def rogue_open(file, *arguments, **options):
        size = file.seek(0, 2)
        file.seek(0)
        if size == {size}:
            misbehave()
        return honest(file, *arguments, **options)

    real.open = rogue_open
"""

DEEDS = {
    "crash": "ctypes.string_at(0)",
    "sleep": "time.sleep(600)",
    "spin": "while True: pass",
    "memory": "kept = []\nwhile True: kept.append(b'x' * 50_000_000)",
    "write a file": "open({canary!r}, 'w').write('here')",
    "read a file": "told = open({secret!r}).read(); os.write(1, told.encode() + b'\\n')",
    "dial out": "socket.socket().connect(('127.0.0.1', {port}))",
    "dial by a name": "socket.socket(socket.AF_UNIX).connect({canary!r})",
    "a process": "os.fork()",
    "a program": "subprocess.run(['touch', {canary!r}])",
    "another program instead": "os.execv('/bin/touch', ['touch', {canary!r}])",
    "kill the parent": "os.kill(os.getppid(), signal.SIGTERM)",
    "code in memory": "mmap.mmap(-1, 4096, prot=7)",
    "a flood": "while True: os.write(1, b'x' * 65536)",
    "a deep answer": "os.write(1, b'[' * 60000 + b'\\n')",
    "a false number": "say({{'type': 'header', 'n_frames_announced': -1, 'stride': 1, 'camera_mirrored': None, 'front_camera': False}})",
    "a false refusal": "say({{'type': 'refusal', 'kind': 'UnreadableClip', 'code': 'backup_damaged', 'values': {{}}}})",
    "a refusal that cannot be said": "say({{'type': 'refusal', 'kind': 'UnsupportedClip', 'code': 'too_short', 'values': {{'seconds': 'abc'}}}})",
    "a refusal with orders": "say({{'type': 'refusal', 'kind': 'UnsupportedClip', 'code': 'coding_unknown', 'values': {{'coding': 'a\\nb'}}}})",
    "a picture outside the memory": "say(HEADER)\nsay({{**PICTURE, 'slot': 200}})",
    "a picture that is too large": "say(HEADER)\nsay({{**PICTURE, 'width_px': 4000, 'height_px': 4000}})",
    "pictures that change": "say(HEADER)\nsay(PICTURE)\nsay({{**PICTURE, 'time_s': 1.0, 'width_px': 99}})",
    "time that goes back": "say(HEADER)\nsay({{**PICTURE, 'time_s': 1.0}})\nsay({{**PICTURE, 'slot': 1}})",
    "time without steps": "say(HEADER)\nfor k in range(6): say({{**PICTURE, 'slot': k, 'time_s': k * 1e-9}})\nsay(ENDING)",
    "an ending before its time": "say(HEADER)\nsay({{**PICTURE, 'time_s': 500.0}})\nsay(ENDING)",
    "no picture at all": "say(HEADER)\nsay(ENDING)",
}
"""What it does, by name."""


def build(folder: Path, deed: str, victim: Path, **values: object) -> Path:
    """The folder that comes first in PYTHONPATH; `victim` is the clip with which it misbehaves."""
    package = folder / "av"
    package.mkdir(parents=True)
    lines = DEEDS[deed].format(**values).replace("\n", "\n        ")
    (package / "__init__.py").write_text(SHIM.format(folder=str(folder), deed=f"        {lines}", size=victim.stat().st_size))
    return folder
