"""Run the code blocks of docs/small-study.md and update their outputs and the figure in docs/.

Usage: python scripts/small_study.py. The test of the page runs them the same way.
"""

import io
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE, PICTURE = ROOT / "docs" / "small-study.md", ROOT / "docs" / "small-study.png"
FIGURE = "study/figure.png"
"""Path at which the page's commands write the figure."""
_CELL = re.compile(r"```(python|sh)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """A block of code, and the output that the page shows below it."""

    language: str
    code: str
    shown: str


def cells(page: str) -> list[Cell]:
    """The blocks of the page, in order."""
    return [Cell(language, code, shown or "") for language, code, shown in _CELL.findall(page)]


def printed(page: str, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The output of each block; they run one after the other in `folder`, which gets the samples; `environment` is for hipcv."""
    shutil.copytree(ROOT / "samples", folder / "samples")
    names: dict[str, Any] = {}
    for cell in cells(page):
        text = _of_python(cell.code, names, folder) if cell.language == "python" else _of_shell(cell.code, folder, environment)
        yield "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n" if text.strip() else ""


def _of_python(code: str, names: dict[str, Any], folder: Path) -> str:
    with chdir(folder), redirect_stdout(io.StringIO()) as out:
        exec(code, names)
    return out.getvalue()


def _of_shell(code: str, folder: Path, environment: Mapping[str, str] | None) -> str:
    """Run hipcv commands, one per line, and return their output."""
    text = ""
    for line in code.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "hipcv"
        command = [sys.executable, "-m", "hipcv", *arguments]
        text += subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    return text


def with_outputs(page: str, outputs: list[str]) -> str:
    """The page with its outputs replaced."""
    waiting = iter(outputs)

    def block(found: re.Match[str]) -> str:
        text = next(waiting)
        return f"```{found[1]}\n{found[2]}```\n" + (f"\n```text\n{text}```\n" if text else "")

    return _CELL.sub(block, page)


def main() -> None:
    """Write the page and the figure."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        outputs = list(printed(page, Path(place)))
        shutil.copy(Path(place) / FIGURE, PICTURE)
    PAGE.write_text(with_outputs(page, outputs), encoding="utf-8")


if __name__ == "__main__":
    main()
