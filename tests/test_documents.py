"""The pages are complete, as short as they promise, and no older than what they are made from."""

import importlib.util
import re

import pytest

from tests.conftest import ROOT
from tests.test_layering import PACKAGE, ROOMS
from tests.test_readme import DOCUMENTS, PAGES, README

LONGEST_LINE = 100
MOST_WORDS = 900


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("commands", ROOT / "scripts" / "commands.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_their_help_says(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "docs/commands.md is stale; run scripts/commands.py"


def test_every_command_and_option_has_help(script):
    assert script.without_help() == []


def test_a_command_and_an_option_without_help_are_named(script, monkeypatch):
    measure = script.commands()["hipcv measure"]
    monkeypatch.setattr(measure, "help", None)
    monkeypatch.setattr(measure.params[1], "help", None)
    monkeypatch.setattr(script, "commands", lambda: {"hipcv measure": measure})
    assert script.without_help() == ["hipcv measure", f"hipcv measure {measure.params[1].name}"]


def test_the_readme_is_short():
    assert len(README.split()) <= MOST_WORDS


@pytest.mark.parametrize("document", DOCUMENTS[:-1], ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_are_wrapped(document):
    """But for tables, blocks of code, comments and pictures; the README of the samples is none of these pages."""
    prose = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    long = [line for line in prose.splitlines() if len(line) > LONGEST_LINE and not line.startswith(("|", "<!--", "!["))]
    assert long == []


def test_every_page_is_listed_for_its_readers():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", index, re.MULTILINE) == ["Patient", "Therapist", "Researcher", "Operator", "Developer"]
    assert [page.name for page in PAGES if page.name != "README.md" and f"]({page.name})" not in index] == []


def test_the_map_has_every_folder_and_file_in_the_order_in_which_they_may_import():
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:`(\w+)/`|files in `hipcv/`: `(\w+)`.*?) \|", contributing, re.MULTILINE)
    room_of_files = {"errors": "vocabulary", "pipeline": "pipeline", "__init__": "front_door"}
    mapped = [folder or room_of_files[file] for folder, file in rows]
    assert [room for room in mapped if room in ROOMS] == ROOMS
    assert {folder for folder, _ in rows if folder} == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert [path.stem for path in PACKAGE.glob("*.py") if f"`{path.stem}`" not in contributing] == []


def test_every_link_to_a_heading_leads_to_one():
    for document in DOCUMENTS:
        for target, anchor in re.findall(r"\]\((?!http)([^)#]*)#([^)]+)\)", document.read_text(encoding="utf-8")):
            page = document.parent / target if target else document
            assert anchor in anchors(page.read_text(encoding="utf-8")), f"{document.name}: {target}#{anchor}"


def anchors(text):
    """As GitHub makes them of headings: small letters, hyphens for spaces, no other marks."""
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
