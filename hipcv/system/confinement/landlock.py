"""Landlock: this process opens no further file and makes no TCP connection. Linux 5.13 and newer; https://docs.kernel.org/userspace-api/landlock.html.

What is open already stays open. A process that takes part in no rule at all may do nothing of what it declares as handled.
"""

import ctypes
import os
import sys

from hipcv.system.confinement.kernel import call

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
_FILES_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights to files by the version of the interface that brought them; the first: execute, write, read, list, remove, make."""
_TCP_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11
"""Abstract sockets, and signals to processes outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def version() -> int:
    """Version of the interface that this kernel has; 0 = none, or switched off."""
    if sys.platform != "linux":
        return 0
    return max(0, call(_CREATE_RULESET, None, 0, _ASK_VERSION))


def close_files() -> bool:
    """Open no further file from now on, in this thread and those that it starts; False if the kernel cannot promise that.

    There is no way back. `no_new_rights` has to come first.
    """
    known = version()
    rules = _Ruleset(
        files=sum(rights for since, rights in _FILES_SINCE.items() if since <= known),
        network=_TCP if known >= _TCP_SINCE else 0,
        scopes=_SCOPES if known >= _SCOPES_SINCE else 0,
    )
    ruleset = call(_CREATE_RULESET, ctypes.byref(rules), _size(known), 0) if known else -1
    if ruleset < 0:
        return False
    is_closed = call(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return is_closed


def _size(known: int) -> int:
    """Bytes of the structure that this version knows; more would be refused only if they were not 0, but to be exact is simple."""
    return 8 * (1 + (known >= _TCP_SINCE) + (known >= _SCOPES_SINCE))
