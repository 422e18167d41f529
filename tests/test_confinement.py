"""Each layer of the sandbox by itself: what a process may not do any more after it has put on only that one."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from hipcv.system.confinement import landlock, layers
from hipcv.system.confinement.layers import Layer

BEGINNING = """
import ctypes, errno, fcntl, mmap, os, resource, signal, socket, sys, threading, time
from hipcv.system.confinement import kernel, landlock, layers, seccomp
here, port = sys.argv[1], int(sys.argv[2])
kept = open(os.path.join(here, "kept"), "r+b", buffering=0)
kernel.no_new_rights()
"""
PUT_ON = {
    Layer.LIMITS: "assert layers._limit(layers.Bounds(2_000_000_000, 1))",
    Layer.FILES: "assert landlock.close_files()",
    Layer.CALLS: "assert seccomp.few_calls()",
}
TRIED = """
def told(failed):
    os.write(1, (errno.errorcode.get(failed.errno, "?") if isinstance(failed, OSError) else type(failed).__name__).encode())

def raw(number, *values):
    result = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *(ctypes.c_long(value) for value in values))
    if result < 0:
        raise OSError(ctypes.get_errno(), "")

try:
    {deed}
except (OSError, MemoryError) as failed:
    told(failed)
else:
    os.write(1, b"done")
os._exit(0)
"""
READ, WRITE = "open(os.path.join(here, 'kept'))", "open(os.path.join(here, 'new'), 'w')"
DIAL, FORK = "socket.socket().connect(('127.0.0.1', port))", "os.fork()"
SIZE = "kept.write(b'x' * 100)"
ON_X86 = pytest.mark.skipif(
    not sys.platform.startswith("linux") or layers.seccomp.platform.machine() != "x86_64", reason="numbers of x86-64"
)


def needs(layer):
    return pytest.mark.skipif(layer not in layers.here(), reason=f"this system has no layer {layer.value}")


def case(layer, deed, ending, *marks):
    return pytest.param(layer, deed, ending, id=f"{layer.value}: {deed}", marks=[needs(layer), *marks])


def raw(number, *values, ending="EPERM", layer=Layer.CALLS):
    """A system call by its number, as code inside a library would make it."""
    return case(layer, f"raw({', '.join(map(str, (number, *values)))})", ending, ON_X86)


needs_tcp = pytest.mark.skipif(landlock.version() < 4, reason="Landlock of this kernel knows no network")
FORBIDDEN = -signal.SIGSYS if hasattr(signal, "SIGSYS") else None


@pytest.fixture(scope="module")
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("layer", "deed", "ending"),
    [
        case(Layer.FILES, READ, "EACCES"),
        case(Layer.FILES, WRITE, "EACCES"),
        case(Layer.FILES, "os.listdir('/')", "EACCES"),
        case(Layer.FILES, "os.unlink(os.path.join(here, 'kept'))", "EACCES"),
        case(Layer.FILES, "os.rename(os.path.join(here, 'kept'), os.path.join(here, 'moved'))", "EACCES"),
        case(Layer.FILES, "os.execv('/bin/true', ['true'])", "EACCES"),
        case(Layer.FILES, DIAL, "EACCES", needs_tcp),
        case(Layer.FILES, "kept.read()", "done"),
        case(Layer.LIMITS, READ, "EMFILE"),
        case(Layer.LIMITS, "socket.socket()", "EMFILE"),
        case(Layer.LIMITS, SIZE, "EFBIG"),
        case(Layer.LIMITS, "bytearray(4_000_000_000)", "MemoryError", pytest.mark.skipif(sys.platform == "darwin", reason="no such limit")),
        case(Layer.LIMITS, "while True: pass", -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None),
        case(Layer.LIMITS, "kept.read()", "done"),
        case(Layer.CALLS, READ, "EPERM"),
        case(Layer.CALLS, WRITE, "EPERM"),
        case(Layer.CALLS, "os.listdir('/')", "EPERM"),
        case(Layer.CALLS, DIAL, FORBIDDEN),
        case(Layer.CALLS, FORK, "EPERM"),
        case(Layer.CALLS, "os.execv('/bin/true', ['true'])", FORBIDDEN),
        case(Layer.CALLS, "os.kill(os.getppid(), 0)", "EPERM"),
        case(Layer.CALLS, "mmap.mmap(-1, 4096, prot=7)", "EPERM"),
        case(Layer.CALLS, "os.memfd_create('x')", "EPERM"),
        case(Layer.CALLS, "fcntl.ioctl(0, 0x5412, b'x')", "EPERM"),
        case(Layer.CALLS, "kept.read()", "done"),
        raw(2, 0, 0),  # open
        raw(56, 0),  # clone
        raw(425, 1, 0),  # io_uring_setup, which would do all this without further calls
        raw(160, 7, 0),  # setrlimit
        raw(302, 0, 7, 0, 0),  # prlimit
        raw(298, 0, 0, 0, 0, 0),  # perf_event_open
        raw(157, 22, 0),  # prctl, to change what holds here
        raw(272, 0x10000000),  # unshare, for namespaces
        raw(41, 2, 1, 0, ending=FORBIDDEN),  # socket
        raw(59, 0, 0, 0, ending=FORBIDDEN),  # execve
        raw(101, 0, 0, 0, ending=FORBIDDEN),  # ptrace
        raw(0x40000002, 0, 0, ending=FORBIDDEN),  # open by the second numbering
    ],
)
def test_what_a_process_may_not_do_any_more(layer, deed, ending, port, tmp_path):
    (tmp_path / "kept").write_bytes(b"content")
    code = BEGINNING + PUT_ON[layer] + TRIED.format(deed=deed)
    run = subprocess.run([sys.executable, "-c", code, tmp_path, str(port)], capture_output=True, text=True, timeout=30)
    assert (run.stdout or run.returncode, run.stderr) == (ending, "")
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


ALL = "layers.put_on(layers.Bounds(2_000_000_000, 9))"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="of root")
def test_root_has_no_privileges_any_more(tmp_path, port):
    (tmp_path / "kept").write_bytes(b"content")
    code = f"{BEGINNING}\nstatus = open('/proc/self/status')\n{ALL}\nos.write(1, status.read().encode()); os._exit(0)"
    run = subprocess.run([sys.executable, "-c", code, tmp_path, str(port)], capture_output=True, text=True, timeout=30)
    held = dict(line.split(":\t") for line in run.stdout.splitlines())
    assert [int(held[name], 16) for name in ("CapPrm", "CapEff", "CapInh")] == [0, 0, 0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="of root")
def test_root_may_not_raise_a_limit_again(tmp_path, port):
    (tmp_path / "kept").write_bytes(b"content")
    code = BEGINNING + "assert kernel.no_privileges()\n" + PUT_ON[Layer.LIMITS]
    code += TRIED.format(
        deed="\n    ".join(["try: resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))", "except ValueError: told(MemoryError())"])
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path, str(port)], capture_output=True, text=True, timeout=30)
    assert (run.stdout, run.returncode, run.stderr) == ("MemoryErrordone", 0, "")


@needs(Layer.FILES)
def test_a_thread_that_runs_already_would_keep_its_rights_so_that_the_layer_is_not_claimed(tmp_path, port):
    (tmp_path / "kept").write_bytes(b"content")
    code = BEGINNING + "threading.Thread(target=time.sleep, args=(20,), daemon=True).start()\n"
    code += f"os.write(1, ' '.join(sorted(one.value for one in {ALL})).encode()); os._exit(0)"
    run = subprocess.run([sys.executable, "-c", code, tmp_path, str(port)], capture_output=True, text=True, timeout=30)
    assert (run.stdout, run.stderr) == (" ".join(sorted(one.value for one in layers.here() - {Layer.FILES})), "")
