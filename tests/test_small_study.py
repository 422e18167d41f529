"""docs/small-study.md is run from the first block to the last, and prints what it shows: nothing of it hangs on the processor."""

import csv
import importlib.util
import subprocess
import sys

import pytest
from PIL import Image

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from tests.conftest import ROOT

TAKEN = ("p01_front", "p06_asym", "p07_oneleg")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("small_study", ROOT / "scripts" / "small_study.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its data class looks for it there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(script):
    return script.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed(script, page, memory, tmp_path_factory):
    """What each block prints, and the folder that they ran in."""
    folder = tmp_path_factory.mktemp("small")
    return list(script.printed(page, folder, memory.environment())), folder


def without_padding(text):
    """How wide the columns are is the libraries' business."""
    return [line.split() for line in text.splitlines()]


def stale(cells, outputs):
    """The blocks that print something else than the page shows."""
    return [cell.code for cell, real in zip(cells, outputs, strict=True) if without_padding(cell.shown) != without_padding(real)]


@pytest.mark.pose
@pytest.mark.release
def test_every_block_prints_what_the_page_shows(script, page, printed):
    outputs, folder = printed
    assert stale(script.cells(page), outputs) == []
    with Image.open(folder / script.FIGURE) as drawn, Image.open(script.PICTURE) as published:
        assert drawn.size == published.size
    assert "1.96 · √2 · SEM" in (folder / "study" / "report.md").read_text(encoding="utf-8")


@pytest.mark.pose
@pytest.mark.release
@pytest.mark.parametrize("name", TAKEN)
def test_the_table_of_the_clips_holds_the_angles_that_this_machine_measures(printed, measured_sample, name):
    """The page shows none of them, as another processor rounds otherwise."""
    with (printed[1] / "study" / "results" / "measurements.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["clip"] == f"{name}_1.mp4"]
    assert len(rows) == 4
    for row in rows:
        seen = measured_sample(name).hips[Side(row["side"])][Quantity(row["direction"])]
        expected = ("", "", "") if seen is None else tuple(f"{deg:.4f}" for deg in (seen.value, seen.low, seen.high))
        assert tuple(row[column] and f"{float(row[column]):.4f}" for column in ("value_deg", "low_deg", "high_deg")) == expected


@pytest.mark.pose
@pytest.mark.release
def test_the_results_of_the_clips_are_a_study_too(printed):
    command = [sys.executable, "-m", "hipcv", "study", "study/results"]
    run = subprocess.run(command, cwd=printed[1], capture_output=True, text=True, encoding="utf-8", check=True)
    said = " ".join(run.stdout.split())
    assert said.startswith("6 clips of 3 subjects were used. 8 end ranges of the table were not measured.")
    assert "Fewer than 30 subjects count as too few for such figures (COSMIN; 3 in test–retest, 3 in agreement)" in said
    assert "No line for left internal, left external and left total: fewer than 3 subjects have a value there" in said
    assert [line for line in without_padding(run.stdout) if line[:3] == ["total,", "both", "6"]], "6 clips, 5 hips, 3 subjects"


def test_every_output_of_the_page_belongs_to_a_block(script, page):
    found = script.cells(page)
    assert page.count("```text\n") == sum(bool(cell.shown) for cell in found)
    assert script.with_outputs(page, [cell.shown for cell in found]) == page


@pytest.mark.parametrize(
    "other",
    [
        "SEM 1.9 (1.4 to 3.2)",
        "SEM 1.0 (0.3 to 3.1)",
        "SEM −0.5 (0.3 to 3.1)",
        "SEM 0.5 (0.3 to 3.1), MDC95 1.3",
        "n 4",
        "SEM 0.5 (0.3 to 5.1)",
        "SEM 0.5 (0.3 to 3.2)",
    ],
)
def test_other_words_or_numbers_are_seen(script, other):
    shown = "n 3" if other.startswith("n") else "SEM 0.5 (0.3 to 3.1)"
    assert stale([script.Cell("sh", "hipcv", f"{shown}\n")], [f"{other}\n"]) == ["hipcv"]
    assert stale([script.Cell("sh", "hipcv", f"{shown}\n")], [f"{shown.replace(' ', '  ')}\n"]) == []
