"""seccomp: of the system calls, only the few that a decoder needs; https://docs.kernel.org/userspace-api/seccomp_filter.html.

The filter is a program for the kernel's small machine (classic BPF) that looks at the number of each call. What is not named here fails as
"not permitted"; what no decoder has ever needed ends the process, so that its parent learns of it.
"""

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hipcv.system.confinement.kernel import call


@dataclass(frozen=True, slots=True)
class _Machine:
    """A kind of processor: its name in the kernel (AUDIT_ARCH_…), and the numbers of system calls, which differ by kind."""

    architecture: int
    seccomp: int
    needed: tuple[int, ...]
    no_code: tuple[int, ...]
    """mmap and mprotect, needed, but not to make memory executable."""
    betraying: tuple[int, ...]


_NEEDED = (
    *("read", "write", "close", "fstat", "lseek", "munmap", "brk", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack"),
    *("pread64", "readv", "writev", "sched_yield", "mremap", "madvise", "nanosleep", "clock_nanosleep", "getpid", "gettid", "exit"),
    *("exit_group", "restart_syscall", "futex", "clock_gettime", "gettimeofday", "sched_getaffinity", "getrandom", "poll", "ppoll"),
)
_NO_CODE = ("mmap", "mprotect")
_BETRAYING = ("execve", "execveat", "socket", "connect", "ptrace", "process_vm_readv", "process_vm_writev")
_X86_64 = {
    "read": 0,
    "write": 1,
    "close": 3,
    "fstat": 5,
    "poll": 7,
    "lseek": 8,
    "mmap": 9,
    "mprotect": 10,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "pread64": 17,
    "readv": 19,
    "writev": 20,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "nanosleep": 35,
    "getpid": 39,
    "socket": 41,
    "connect": 42,
    "execve": 59,
    "exit": 60,
    "gettimeofday": 96,
    "ptrace": 101,
    "sigaltstack": 131,
    "gettid": 186,
    "futex": 202,
    "sched_getaffinity": 204,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "clock_nanosleep": 230,
    "exit_group": 231,
    "ppoll": 271,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "getrandom": 318,
    "execveat": 322,
}
"""arch/x86/entry/syscalls/syscall_64.tbl"""
_ARM_64 = {
    "close": 57,
    "lseek": 62,
    "read": 63,
    "write": 64,
    "readv": 65,
    "writev": 66,
    "pread64": 67,
    "ppoll": 73,
    "fstat": 80,
    "exit": 93,
    "exit_group": 94,
    "futex": 98,
    "nanosleep": 101,
    "clock_gettime": 113,
    "clock_nanosleep": 115,
    "ptrace": 117,
    "sched_getaffinity": 123,
    "sched_yield": 124,
    "restart_syscall": 128,
    "sigaltstack": 132,
    "rt_sigaction": 134,
    "rt_sigprocmask": 135,
    "rt_sigreturn": 139,
    "gettimeofday": 169,
    "getpid": 172,
    "gettid": 178,
    "socket": 198,
    "connect": 203,
    "brk": 214,
    "munmap": 215,
    "mremap": 216,
    "execve": 221,
    "mmap": 222,
    "mprotect": 226,
    "madvise": 233,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "getrandom": 278,
    "execveat": 281,
}
"""include/uapi/asm-generic/unistd.h"""


def _machine(architecture: int, seccomp: int, numbers: dict[str, int]) -> _Machine:
    return _Machine(
        architecture,
        seccomp,
        tuple(numbers[name] for name in _NEEDED if name in numbers),
        tuple(numbers[name] for name in _NO_CODE),
        tuple(numbers[name] for name in _BETRAYING),
    )


_MACHINES = {"x86_64": _machine(0xC000003E, 317, _X86_64), "aarch64": _machine(0xC00000B7, 277, _ARM_64)}

# Instructions of the kernel's small machine (linux/bpf_common.h), and where in its data the values of a call lie (linux/seccomp.h).
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_ARCHITECTURE, _AT_THIRD_VALUE = 0, 4, 16 + 2 * 8
_ALLOW, _END_PROCESS, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_OTHER_NUMBERING = 0x40000000
"""Numbers from here on belong to a second numbering on x86-64, which would lead past the list."""
_EXECUTABLE = 4
_SET_FILTER, _ASK_ACTION, _ALL_THREADS = 1, 2, 1


def is_here() -> bool:
    """Whether this kernel and this processor know it."""
    machine = _MACHINES.get(platform.machine())
    action = ctypes.c_uint32(_END_PROCESS)
    return sys.platform == "linux" and machine is not None and call(machine.seccomp, _ASK_ACTION, 0, ctypes.byref(action)) == 0


def few_calls() -> bool:
    """Allow only what a decoder needs from now on, in all threads; False if the kernel cannot.

    There is no way back. `no_new_rights` has to come first.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or not is_here():
        return False
    program = b"".join(_instructions(machine))
    kept = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(kept)))
    return call(machine.seccomp, _SET_FILTER, _ALL_THREADS, header) == 0


def _instructions(machine: _Machine) -> Iterator[bytes]:
    yield _step(_LOAD, _AT_ARCHITECTURE)
    yield _step(_IF_EQUAL, machine.architecture, if_so=1)
    yield _step(_RETURN, _END_PROCESS)
    yield _step(_LOAD, _AT_NUMBER)
    yield _step(_IF_AT_LEAST, _OTHER_NUMBERING, if_not=1)
    yield _step(_RETURN, _END_PROCESS)
    yield from _each(machine.betraying, _END_PROCESS)
    yield from _each(machine.needed, _ALLOW)
    for number in machine.no_code:
        yield _step(_IF_EQUAL, number, if_not=4)
        yield _step(_LOAD, _AT_THIRD_VALUE)
        yield _step(_IF_ANY_BIT, _EXECUTABLE, if_not=1)
        yield _step(_RETURN, _REFUSE)
        yield _step(_RETURN, _ALLOW)
    yield _step(_RETURN, _REFUSE)


def _each(numbers: Sequence[int], action: int) -> Iterator[bytes]:
    for number in numbers:
        yield _step(_IF_EQUAL, number, if_not=1)
        yield _step(_RETURN, action)


def _step(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction; a comparison leaves out as many of the next ones as it is told, if it is so or if not."""
    return struct.pack("HBBI", code, if_so, if_not, value)
