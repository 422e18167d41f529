"""What a command costs: processor seconds, time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run of a command."""

    wall_s: float
    cpu_s: float
    """Processor time of the command and all its children."""
    peak_mb: float


def cost(command: Sequence[str], source: Path | None = None, accepted: Sequence[int] = (0,)) -> Cost:
    """Run a command, with the hipcv of the folder `source` if one is given; ends this program at another exit status than those accepted."""
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(source)} if source else None
    # Started in that folder, as with -m Python looks there first.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=source)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in accepted:
        sys.exit(f"{' '.join(command)} failed")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
