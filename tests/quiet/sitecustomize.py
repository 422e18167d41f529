"""Python loads this at start where PYTHONPATH names its folder: every attempt to reach another machine is refused, and written down."""

import os
import sys
from pathlib import Path

_LOG = Path(os.environ["HIPCV_CONTACTS"])
_OWN = {"127.0.0.1", "localhost", "::1", None, "", b"localhost"}


def _watch(event, args):
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in {"socket.connect", "socket.sendto"}:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if host not in _OWN:
        with _LOG.open("a") as log:
            log.write(f"{event} {host}\n")
        raise OSError(f"no contact with {host}")


sys.addaudithook(_watch)
