"""The command `hipcv`, also as `python -m hipcv`. It can be stopped from the first moment, while libraries still load."""

import os
import sys
from contextlib import suppress

from hipcv.system import cores, stopping
from hipcv.version import __version__


def main() -> None:
    """Entry point of the command."""
    stopping.at_once()
    if sys.argv[1:] == ["--version"]:  # needs nothing that would have to load
        with suppress(OSError):  # else it is told below
            os.write(1, f"hipcv {__version__}\n".encode())
            return
    cores.share_heaps()
    for name, value in cores.MODEST.items():
        os.environ.setdefault(name, value)  # before the libraries load
    from hipcv.cli.main import main as run  # late: a stop takes effect while it loads

    run()


if __name__ == "__main__":
    main()
