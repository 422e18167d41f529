"""Python loads this at start where PYTHONPATH names its folder, as it does in processes that tests start."""

import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path

_OWN = {"127.0.0.1", "localhost", "::1", None, "", b"localhost"}


def _no_contacts(log):
    """Every attempt to reach another machine is refused, and written down."""

    def watch(event, args):
        if event == "socket.getaddrinfo":
            host = args[0]
        elif event in {"socket.connect", "socket.sendto"}:
            address = args[1]
            host = address[0] if isinstance(address, tuple) else None
        else:
            return
        if host not in _OWN:
            with log.open("a") as lines:
                lines.write(f"{event} {host}\n")
            raise OSError(f"no contact with {host}")

    sys.addaudithook(watch)


class _WithMemory(importlib.abc.MetaPathFinder):
    """Nothing happens before somebody wants to measure: what is loaded at start, and when, is as always."""

    waits_for = frozenset({"hipcv.capture.capture", "hipcv.pipeline"})

    def find_spec(self, name, path=None, *_):
        if name not in self.waits_for:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            from tests.memory import Memory

            Memory.of_environment().lend_to(module)

        spec.loader.exec_module = exec_module
        return spec


if "HIPCV_CONTACTS" in os.environ:
    _no_contacts(Path(os.environ["HIPCV_CONTACTS"]))
if Path(os.environ.get("HIPCV_MEMORY", "no such folder")).is_dir():
    sys.meta_path.insert(0, _WithMemory())
