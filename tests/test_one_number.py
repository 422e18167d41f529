"""One number for one thing: page, report, stills, overlay, command line and JSON say the same of three clips, read back from each of them."""

import re
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from filelock import FileLock
from pypdf import PdfReader
from rich.console import Console
from streamlit.testing.v1 import AppTest

from hipcv.catalogues.words import Words
from hipcv.cli import terminal
from hipcv.codes import Quantity
from hipcv.kinematics.representative import representative_rep
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import whole
from hipcv.records.record import Record, read
from hipcv.rendering import overlay
from hipcv.rendering.canvas import sprite
from hipcv.rendering.report_pdf import report_pdf
from hipcv.store.place import DATA, DATABASE
from hipcv.values import Direction
from hipcv.web.server import server
from hipcv.web.server.service import service
from tests.conftest import SAMPLES
from tests.visits import add_visit, write_record

EN = Words("en")
pytestmark = [pytest.mark.pose, pytest.mark.slow]


@dataclass(frozen=True)
class End:
    """An end range of the JSON: which, its still, its value there, and that of the mean."""

    name: str
    still: Path
    rep_deg: float
    mean_deg: float
    letter: str


@pytest.fixture(scope="module", params=["p01_front", "p06_asym", "p07_oneleg"])
def record(request, measured_sample, of_this_run):
    """What is kept of a sample clip."""
    folder = of_this_run / "one number" / request.param
    with FileLock(of_this_run / f"{request.param}.lock"):
        if not folder.exists():
            half = folder.with_name(f"half {request.param}")
            write_record(measured_sample(request.param), SAMPLES / f"{request.param}.mp4", half)
            half.rename(folder)
    return read(folder)


def ends(record: Record):
    """Every end range that has a number, from the JSON alone."""
    for side in SHOWN_SIDES:
        hip = record.document["hips"][side.value]
        for direction in Direction:
            index = representative_rep(record.measurement.hips[side], direction)
            if index is not None:
                rep, span = hip["reps"][index], hip[Quantity.of(direction).field]
                name = f"{EN(f'app.hip.{side.value}')}, {EN(f'app.direction.{direction.value}')}"
                yield End(name, record.still(side, index), rep["end_range_deg"], span["value"], side.name[0])


def table_of(record: Record):
    """The whole degrees of the table: right, left, right minus left, for each quantity; None where there is none."""
    document = record.document
    return [
        [
            *(_whole(document["hips"][side.value][quantity.field]) for side in SHOWN_SIDES),
            _whole(document["asymmetry"][quantity.field], True),
        ]
        for quantity in Quantity
    ]


def _whole(angle, signed=False):
    return f"{whole(angle['value'], signed=signed)}°" if angle else None


# ---------------------------------------------------------------------- pictures
def read_in(rgb, letter, near_deg, size_px):
    """The number beside a letter in a picture: of all labels with about that number, the one that the picture shows."""
    likest = {}
    for degrees in range(max(0, round(near_deg) - 4), round(near_deg) + 5):
        label = cv2.cvtColor(sprite(f"{letter} {degrees}°", size_px, overlay.DARK, overlay.DARK), cv2.COLOR_RGB2GRAY)[4:-4, 4:-4]
        likest[degrees] = cv2.matchTemplate(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), label, cv2.TM_CCOEFF_NORMED).max()
    return max(likest, key=likest.get)


def test_the_still_shows_the_end_range_of_its_repetition(record):
    found = list(ends(record))
    assert found
    for end in found:
        rgb = cv2.cvtColor(cv2.imread(str(end.still)), cv2.COLOR_BGR2RGB)
        assert read_in(rgb, end.letter, end.rep_deg, round(26 * max(rgb.shape) / 960)) == round(end.rep_deg), end.name


def test_the_overlay_shows_the_end_range_throughout_its_hold(record):
    with av.open(str(record.overlay)) as film:
        pictures = {frame.time: frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)}
    for side in SHOWN_SIDES:
        for rep in record.document["hips"][side.value]["reps"]:
            way = "IR" if rep["direction"] == "internal" else "ER"
            held_s = [time_s for time_s in pictures if rep["hold_start_s"] <= time_s <= rep["hold_end_s"]]
            for time_s in (held_s[0], held_s[-1]):
                rgb = pictures[time_s]
                shown = read_in(rgb, f"{side.name[0]} {way}", rep["end_range_deg"], round(26 * max(rgb.shape) / 960))
                assert shown == round(rep["end_range_deg"]), (side, rep["direction"], time_s)


# ---------------------------------------------------------------------- words
def test_the_report_says_what_the_json_says(record):
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(report_pdf(record, None, EN))).pages).split())
    shown = [re.findall(rf"{EN(f'app.quantity.{quantity}')}[^0-9–]*(.*)", text)[0] for quantity in Quantity]
    for row, line in zip(table_of(record), shown, strict=True):
        told = [number for number in row if number]
        assert re.findall(r"([+−]?\d+°)", line)[: len(told)] == told
    for end in ends(record):
        assert f"{whole(end.rep_deg)}°, held" in text


def test_the_command_line_says_what_the_json_says(record, monkeypatch):
    printed = StringIO()
    monkeypatch.setattr(terminal, "console", lambda: Console(file=printed, width=200))
    terminal.print_measurement(record.measurement)
    lines = printed.getvalue().splitlines()
    for row, quantity in zip(table_of(record), Quantity, strict=True):
        line = next(line for line in lines if line.startswith(EN(f"app.quantity.{quantity}")))
        assert re.findall(r"([+−]?\d+°)", line) == [number for number in row if number]


@pytest.fixture
def page(record, tmp_path, monkeypatch):
    """The page of the result, with all of it unfolded."""
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(DATABASE, raising=False)
    visit = add_visit(service().store, record.folder)
    window = AppTest.from_file(str(server.SCRIPT), default_timeout=60)
    window.query_params["visit"] = visit.id
    window.run()
    window.session_state["fold-difference"] = True
    window.switch_page("result.py").run()
    yield window
    service().supervisor.close()


def test_the_page_says_what_the_json_says(page, record):
    html = "\n".join(one.proto.body for one in page.get("html"))
    table = re.search(r'<table class="hipcv-table">.*?</table>', html, re.S)[0]
    rows = [re.findall(r'class="value">([^<]+)</span>', row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.S)]
    assert rows == [[number for number in row if number] for row in table_of(record)]
    captions = dict(re.findall(r"<figcaption>([^:<]+): (.*?)</figcaption>", html))
    (arcs,) = re.findall(r'<figure class="hipcv-arcs">.*?alt="([^"]+)"', html, re.S)
    drawn = re.findall(r'aria-hidden="true"[^>]*>(?:IR|ER) (\d+)°', html)
    found = list(ends(record))
    for end in found:
        numbers = [int(number) for number in re.findall(r"(\d+)°", captions[end.name])]
        assert numbers == [round(end.rep_deg), round(end.mean_deg)], captions[end.name]
    means = [whole(end.mean_deg) for end in found]
    assert re.findall(r"[IE]R (\d+)°", arcs) == means
    assert drawn == means


def test_the_first_sentence_says_what_the_table_says(page, record):
    headline = next(part.value for part in page.markdown if part.value.startswith("## ")).replace("\\", "")
    sizes = {number.lstrip("+−") for *_, number in table_of(record) if number}
    said = re.findall(r"(\d+°)", headline)
    assert set(said) <= sizes
    assert bool(said) is bool(sizes)
    told = [part.value.replace("\\", "") for part in page.markdown if part.value.startswith("- ")]
    for sentence in told:
        if "less than left" in sentence or "more than left" in sentence:
            assert re.search(r"(\d+°)", sentence)[0] in sizes


def test_where_rounded_numbers_do_not_add_up_every_place_says_so(page, record):
    shown = [[int(number.rstrip("°").replace("−", "-")) if number else None for number in row] for row in table_of(record)]
    adds_up = all(None in column or column[0] + column[1] == column[2] for column in np.array(shown, dtype=object).T) and all(
        None in (right, left, between) or right - left == between for right, left, between in shown
    )
    note = EN("sentences.rounded")
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(report_pdf(record, None, EN))).pages).split())
    assert (note in text) is not adds_up
    assert any(note in part.value for part in page.caption) is not adds_up
