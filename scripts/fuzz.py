#!/usr/bin/env python
"""Feed our own parsers what atheris finds by the lines it reaches.

    python -m pip install 'atheris>=3,<4'
    python scripts/fuzz.py [NAME ...] [--seconds 60]

For each parser of tests/parsers.py: inputs tried, and features found (libFuzzer counts lines, branches and values compared). What makes one
fail is written into tests/seeds, where the ordinary tests try it from then on.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "tests" / "seeds"
ONE = """
import sys
import atheris
with atheris.instrument_imports(include=["hipcv"]):
    from tests.parsers import PARSERS
atheris.Setup(sys.argv, PARSERS[{name!r}])
atheris.Fuzz()
"""


def fuzz(name: str, seconds: int, folder: Path) -> bool:
    """Try one parser; whether it held."""
    from tests.parsers import seeds

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-rss_limit_mb=2560", "-timeout=25", f"-artifact_prefix={folder}/"]
    run = subprocess.run(
        [sys.executable, "-c", ONE.format(name=name), *options, str(corpus)], capture_output=True, text=True, errors="replace", cwd=ROOT
    )
    counts = [re.findall(pattern, run.stderr, re.MULTILINE) for pattern in (r"^#(\d+)", r"ft: (\d+)")]
    tried, found = (int(seen[-1]) if seen else 0 for seen in counts)
    failures = [path for path in folder.iterdir() if path.is_file()]
    print(f"{name:12s} {tried:9,d} inputs, {found:6,d} features, {len(failures)} failures", flush=True)
    for path in failures:
        SEEDS.mkdir(exist_ok=True)
        with (SEEDS / f"{name}.txt").open("a", encoding="ascii") as file:
            file.write(path.read_bytes().hex() + "\n")
        print(run.stderr.split("== Java Exception")[0][-3000:], file=sys.stderr)
    return not failures


def main() -> None:
    """Try those that were asked for, or all."""
    sys.path.insert(0, str(ROOT))
    from tests.parsers import PARSERS

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", choices=[*PARSERS, []], metavar="NAME")
    options.add_argument("--seconds", type=int, default=60)
    chosen = options.parse_args()
    held = []
    for name in chosen.names or PARSERS:
        with tempfile.TemporaryDirectory() as folder:
            held.append(fuzz(name, chosen.seconds, Path(folder)))
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
