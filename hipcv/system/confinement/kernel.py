"""The calls into the Linux kernel for which Python has no function of its own."""

import ctypes

_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38
_CAPABILITIES_VERSION = 0x20080522


def call(number: int, *values: object) -> int:
    """A system call by its number; -1 if it failed."""
    return int(ctypes.CDLL(None).syscall(ctypes.c_long(number), *(ctypes.c_long(one) if isinstance(one, int) else one for one in values)))


def no_new_rights() -> bool:
    """Whatever this process starts from now on has at most its rights."""
    return _control(_SET_NO_NEW_PRIVILEGES, 1)


def no_privileges() -> bool:
    """What root may do besides (capabilities), such as to raise a limit again, this process may not from now on."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    return bool(ctypes.CDLL(None).capset(header, none) == 0)


def end_with_parent(signal_number: int) -> bool:
    """Send the signal to this process when the thread that started it ends."""
    return _control(_SET_PARENT_DEATH_SIGNAL, signal_number)


def _control(what: int, value: int) -> bool:
    return bool(ctypes.CDLL(None).prctl(ctypes.c_int(what), *(ctypes.c_ulong(one) for one in (value, 0, 0, 0))) == 0)
