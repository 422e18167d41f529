"""The guide "Film it right": the page to print, its pictures and its texts."""

import io
import re
import subprocess
import sys
import tomllib
from importlib import resources
from string import Formatter
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from hipcv.catalogues.words import Words, languages, texts
from hipcv.rendering.guide_pdf import BEFORE, DURING, PICTURES, RIGHT, WRONG, guide_pdf, picture_svg
from tests.conftest import ROOT

NOT_ON_PAPER = {"guide.page.print", "guide.page.file"}
SVG = "{http://www.w3.org/2000/svg}"


def texts_of_guide(language):
    """Only what this language itself has: `Words` would fall back to English."""
    return {key: text for key, text in texts(language).items() if key.startswith("guide.")}


def read_back(language):
    return PdfReader(io.BytesIO(guide_pdf(Words(language))))


def run_together(text):
    return re.sub(r"\s", "", text)


def alternatives(tag):
    """The alternative texts of all pictures in the tree of tags, in reading order."""
    tag = tag.get_object()
    if isinstance(tag, list):
        return [alt for child in tag for alt in alternatives(child)]
    if not isinstance(tag, dict):
        return []
    own = [str(tag["/Alt"])] if "/Alt" in tag else []
    return own + (alternatives(tag["/K"]) if "/K" in tag else [])


@pytest.mark.parametrize("language", languages())
def test_the_guide_is_one_a4_page(language):
    pages = read_back(language).pages
    assert len(pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


@pytest.mark.parametrize("language", languages())
def test_every_text_of_the_guide_can_be_read_back(language):
    page = run_together(read_back(language).pages[0].extract_text())
    expected = {key: text for key, text in texts_of_guide(language).items() if key not in NOT_ON_PAPER and not key.endswith(".alt")}
    assert [key for key, text in expected.items() if run_together(text) not in page] == []


@pytest.mark.parametrize("language", languages())
def test_the_page_can_be_read_aloud(language):
    reader = read_back(language)
    root = reader.trailer["/Root"]
    words = Words(language)
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == words("guide.page.title")
    pictures = [words(f"guide.steps.{name}.alt") for name in RIGHT] + [words(f"guide.wrong.{name}.alt") for name in WRONG]
    assert [alt for alt in alternatives(root["/StructTreeRoot"]) if alt in pictures] == pictures


@pytest.mark.parametrize("language", languages())
def test_nothing_runs_out_of_the_page(language):
    page = read_back(language).pages[0]
    places = []

    def note(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x, y = text_matrix[4], text_matrix[5]
            places.append((matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]))

    page.extract_text(visitor_text=note)
    width, height = map(float, page.mediabox[2:])
    margin = 8 / 25.4 * 72
    assert places
    assert all(margin <= x <= width - margin and margin <= y <= height - margin for x, y in places)


def test_both_languages_have_the_same_texts_with_the_same_gaps_to_fill():
    def gaps(language):
        return {key: sorted(name for _, name, _, _ in Formatter().parse(text) if name) for key, text in texts_of_guide(language).items()}

    assert gaps("de") == gaps("en")


@pytest.mark.parametrize("language", languages())
def test_no_text_of_the_guide_is_empty_or_loose_at_its_ends(language):
    assert [key for key, text in texts_of_guide(language).items() if not text or text != text.strip()] == []


def test_the_groups_of_texts_are_those_that_the_page_shows():
    english = tomllib.loads((resources.files("hipcv.catalogues") / "en" / "guide.toml").read_text(encoding="utf-8"))
    assert set(english["steps"]) == {"heading", *RIGHT}
    assert set(english["wrong"]) == {"heading", *WRONG}
    assert set(english["check"]) == {"heading", "during", *BEFORE, *DURING}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_there_and_suits_every_language_and_page(name):
    picture = ElementTree.fromstring(picture_svg(name))
    tags = [element.tag.removeprefix(SVG) for element in picture.iter()]
    assert picture.get("viewBox") == "0 0 480 360"
    assert tags[1] == "rect", "a card of its own, for light and dark pages"
    assert not {"text", "image", "script", "style", "use"} & set(tags)
    assert [element for element in picture.iter() if "id" in element.attrib] == []


def test_there_are_no_pictures_that_nobody_sees():
    folder = resources.files("hipcv.rendering") / "guide_pictures"
    assert {file.name for file in folder.iterdir() if file.name.endswith(".svg")} == {f"{name}.svg" for name in PICTURES}


def test_the_pictures_are_those_that_the_script_draws(tmp_path):
    code = f"import pathlib, draw_guide; draw_guide.FOLDER = pathlib.Path({str(tmp_path)!r}); draw_guide.main()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "scripts")
    assert {file.stem: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {name: picture_svg(name) for name in PICTURES}


def test_a_text_is_printed_as_it_is_and_never_run(monkeypatch):
    marked_up = "#panic(1) *not bold* $x$ \\ [link] @nowhere"
    monkeypatch.setitem(texts("en"), "guide.check.clothes", marked_up)
    assert run_together(marked_up) in run_together(read_back("en").pages[0].extract_text())


def test_the_page_is_made_without_the_library_of_figures():
    code = "import sys, hipcv.rendering.guide_pdf; print([name for name in ('matplotlib.pyplot', 'cv2', 'mediapipe', 'streamlit') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
