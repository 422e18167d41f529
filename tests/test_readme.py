"""What the documents promise: every command runs, every file they name is there, the printed result is the real one."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *PAGES, ROOT / "samples" / "README.md"]


def commands_of(text: str) -> list[str]:
    """The lines of the blocks that show a terminal."""
    return [line.removeprefix("$ ") for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]


COMMANDS = [command for document in DOCUMENTS for command in commands_of(document.read_text(encoding="utf-8"))]
SET_UP = ["bash scripts/try", "bash scripts/check", "bash scripts/app"]
"""Run by .ci/run and by hand on a bare machine: they make a virtual environment of their own."""
EXAMPLE = "hipcv measure samples/p06_asym.mp4"


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "hipcv"
    return subprocess.run(
        [sys.executable, "-m", "hipcv", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300
    )


@pytest.fixture
def checkout(tmp_path):
    """A folder with the samples, as after a clone, where results may be written."""
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    return tmp_path


def test_the_set_up_commands_stand_in_the_documents_and_in_the_scripts_folder():
    assert [command for command in COMMANDS if not command.startswith("hipcv")] == SET_UP
    for command in SET_UP:
        assert command in README
        assert os.access(ROOT / command.split()[1], os.X_OK)


@pytest.mark.slow
@pytest.mark.pose
@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("hipcv")])
def test_every_command_of_the_documents_runs(command, checkout, remembering):
    remembering()
    if "samples" in command.split():
        leave_one_clip(checkout / "samples")
    finished = run(command, checkout)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    assert finished.stdout
    for name in re.findall(r"(?:--json|--csv|--figure|--overlay|-o) (\w\S+)", command):
        assert (checkout / name).stat().st_size > 1000
    if command == EXAMPLE:
        assert_printed_in_the_readme(finished.stdout)


def test_the_readme_has_two_commands_that_set_up_and_one_example():
    assert commands_of(README) == ["bash scripts/try", "bash scripts/check", EXAMPLE]


def leave_one_clip(folder):
    """What goes through a folder does so with one clip, too, in a third of the time."""
    for file in folder.glob("p*"):
        if not file.name.startswith("p07_oneleg"):
            file.unlink()


def assert_printed_in_the_readme(real):
    """To within a degree: another processor rounds otherwise."""
    (printed,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    number = re.compile(r"[−+]?\d+(?:\.\d+)?")
    assert number.sub("#", " ".join(printed.split())) == number.sub("#", " ".join(real.split()))
    for said, seen in zip(number.findall(printed), number.findall(real), strict=True):
        assert abs(float(said.replace("−", "-")) - float(seen.replace("−", "-"))) <= 1


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_is_there(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (document.parent / target).exists(), target
    for target in re.findall(r"`((?:scripts|samples|docs|benchmarks|tests|hipcv)/[\w./-]+\.\w+)`", text):
        assert (ROOT / target).exists() or target.endswith("heavy.task"), target


def test_every_setting_has_its_line_in_a_document():
    from dataclasses import fields

    from hipcv import Settings

    sources = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    missing = [field.name for field in fields(Settings) if f"`{field.name}`" not in sources]
    assert missing == []
