"""A decoder that was made to misbehave, as a hostile file could make FFmpeg: PyAV with other manners, found before the real one.

It misbehaves only inside the box, and only with files of one size, so that all others are read as ever.
"""

from pathlib import Path

SHIM = """
import importlib, os, sys
sys.path.remove({folder!r})
del sys.modules["av"]
real = importlib.import_module("av")
if "hipcv.video.decoder" in sys.orig_argv:
    honest = real.open

    def misbehave():
{deed}

    import ctypes, mmap, signal, socket, subprocess, time

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
    "memory": "kept = []\nwhile True: kept.append(bytearray(50_000_000))",
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
    "a false picture": 'os.write(1, b\'{{"type":"picture","slot":200,"width_px":9,"height_px":9,"time_s":0}}\\n\')',
    "a false number": 'os.write(1, b\'{{"type":"header","n_frames_announced":-1,"stride":0}}\\n\')',
    "a false refusal": 'os.write(1, b\'{{"type":"refusal","kind":"UnreadableClip","key":"errors.no_such_code","values":{{}}}}\\n\')',
}
"""What it does, by name."""


def build(folder: Path, deed: str, victim: Path, **values: object) -> Path:
    """The folder that comes first in PYTHONPATH; `victim` is the clip with which it misbehaves."""
    package = folder / "av"
    package.mkdir(parents=True)
    lines = DEEDS[deed].format(**values).replace("\n", "\n        ")
    (package / "__init__.py").write_text(SHIM.format(folder=str(folder), deed=f"        {lines}", size=victim.stat().st_size))
    return folder
