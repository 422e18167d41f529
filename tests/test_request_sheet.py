"""The sheet that asks for a measurement: what it says, that it fits a page, and that its QR code can be scanned."""

import io
import json
import subprocess
import sys
from importlib import resources
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
import segno
import typst
from pypdf import PdfReader

from hipcv.catalogues.words import Words, languages, texts
from hipcv.desk.request_code import clean_code, new_code
from hipcv.rendering import typesetting
from hipcv.rendering.qr_code import qr_svg
from hipcv.rendering.request_pdf import STEPS, request_address, sheet_pdf, sheet_values
from tests.conftest import ROOT
from tests.test_guide_page import alternatives, run_together

CODE = "7K2QX-M9D40"
ADDRESS = "https://rehab.practice.example/hipcv"
LONG_ADDRESS = "https://rehabilitation.department-of-orthopaedics.hospital.example/patients/measurements/hipcv?language=de&ward=12"
MM = 4
"""Pixels."""
MARGIN = 17 * MM
WHERE = pytest.mark.parametrize("address", [pytest.param("", id="on the person's device"), pytest.param(ADDRESS, id="at an address")])
SVG = "{http://www.w3.org/2000/svg}"


def scanned(png):
    """What a camera reads in a picture; empty if it sees no QR code."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


def as_png(source, values, ppi):
    inputs = {"values": json.dumps(values)}
    return typst.compile(source, font_paths=typesetting._fonts(), sys_inputs=inputs, format="png", ppi=ppi)


def sheet_png(person, words, address, ppi=25.4 * MM):
    source = (resources.files("hipcv.rendering") / "typst" / "request.typ").read_bytes()
    return as_png(source, sheet_values(CODE, person, words, address), ppi)


def read_back(words, address="", person="P-0042"):
    return PdfReader(io.BytesIO(sheet_pdf(CODE, person, words, address)))


# ---------------------------------------------------------------------- what it says
@WHERE
@pytest.mark.parametrize("language", languages())
def test_the_sheet_says_the_code_the_person_the_steps_and_when_to_stop(language, address):
    words = Words(language)
    page = run_together(read_back(words, address).pages[0].extract_text())
    for text in (CODE, "P-0042", address, words("guide.first.stop"), words("guide.first.not_for"), words("request.send.heading")):
        assert run_together(text) in page
    for name in STEPS:
        assert run_together(words(f"request.steps.{name}.title")) in page
    for page_name in ("app.page.guide", "app.page.measure", "result.share"):
        assert run_together(words(page_name)) in page


@pytest.mark.parametrize("language", languages())
def test_every_text_of_the_sheet_is_printed_on_the_one_or_the_other(language):
    words = Words(language)
    printed = "".join(run_together(read_back(words, address).pages[0].extract_text()) for address in ("", ADDRESS))
    names = {"guide": words("app.page.guide"), "measure": words("app.page.measure"), "share": words("result.share")}
    expected = {key: text for key, text in texts(language).items() if key.startswith("request.") and not key.startswith("request.qr_alt")}
    assert len(expected) > 20
    assert [key for key, text in expected.items() if run_together(text.format(**names)) not in printed] == []


@pytest.mark.parametrize("language", languages())
def test_what_happens_to_the_video_depends_on_where_it_is_measured(language):
    words = Words(language)
    for address, said, other in (("", "here", "there"), (ADDRESS, "there", "here")):
        page = run_together(read_back(words, address).pages[0].extract_text())
        assert run_together(words(f"request.file.goes.{said}")) in page
        assert run_together(words(f"request.file.goes.{other}")) not in page


def test_without_a_label_no_person_is_named():
    words = Words("en")
    assert "For:" in read_back(words).pages[0].extract_text()
    assert "For:" not in read_back(words, person="").pages[0].extract_text()


def test_a_label_is_printed_as_it_is_and_never_run():
    label = "#panic(1) *not bold* $x$ [link]"
    assert run_together(label) in run_together(read_back(Words("en"), person=label).pages[0].extract_text())


# ---------------------------------------------------------------------- the page
@WHERE
@pytest.mark.parametrize("language", languages())
def test_the_page_can_be_read_aloud(language, address):
    words = Words(language)
    reader = read_back(words, address)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == words("request.title")
    assert words("request.qr_alt", case="there" if address else "here") in alternatives(root["/StructTreeRoot"])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("person", ["", "P-7", "W" * 200, "Ж ß " * 40], ids=["nobody", "a code", "one long word", "many words"])
@pytest.mark.parametrize("address", ["", ADDRESS, LONG_ADDRESS], ids=["no address", "an address", "a long address"])
def test_whatever_is_printed_it_is_one_a4_page_with_nothing_in_its_margins(language, person, address):
    pages = read_back(Words(language), address, person).pages
    assert len(pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    png = sheet_png(person, Words(language), address)
    ink = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) < 250
    assert ink.any()
    assert not ink[:, : MARGIN - 2].any()
    assert not ink[:, 2 - MARGIN :].any()
    assert not ink[: 10 * MM].any()
    assert not ink[-10 * MM :].any()


def test_the_address_can_be_clicked_with_the_code_in_it():
    links = [note.get_object()["/A"]["/URI"] for note in read_back(Words("en"), ADDRESS).pages[0]["/Annots"]]
    assert set(links) == {f"{ADDRESS}?code={CODE}"}


# ---------------------------------------------------------------------- the QR code
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("", f"HIPCV:{CODE}", id="no address"),
        pytest.param(ADDRESS, f"{ADDRESS}?code={CODE}", id="an address"),
        pytest.param(f"{ADDRESS}/?a=b&c=#top", f"{ADDRESS}/?a=b&c=&code={CODE}#top", id="with a question of its own"),
    ],
)
def test_the_code_is_put_into_the_address(address, expected):
    assert request_address(CODE, address) == expected


def test_what_a_scanner_reads_can_be_typed_in():
    code = new_code()
    assert clean_code(request_address(code)) == code


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("address", ["", ADDRESS, LONG_ADDRESS], ids=["no address", "an address", "a long address"])
def test_a_camera_reads_the_printed_page(language, address):
    assert scanned(sheet_png("P-7", Words(language), address, ppi=150)) == request_address(CODE, address)


@pytest.mark.parametrize("content", [f"HIPCV:{CODE}", f"{ADDRESS}?code={CODE}"])
def test_a_camera_reads_the_code_on_a_dark_page(content):
    dark = b'#set page(width: 60mm, height: 60mm, margin: 8mm, fill: black)\n#image(bytes(json(bytes(sys.inputs.values))), format: "svg", width: 100%)'
    assert scanned(as_png(dark, qr_svg(content), ppi=200)) == content


def test_the_code_is_one_that_every_phone_reads_with_error_correction_and_a_quiet_zone():
    made = segno.make_qr(f"HIPCV:{CODE}", error="m")
    picture = io.BytesIO()
    made.save(picture, kind="png", scale=8, border=4)
    assert scanned(picture.getvalue()) == f"HIPCV:{CODE}"
    drawing = ElementTree.fromstring(qr_svg(f"HIPCV:{CODE}"))
    n_modules = made.symbol_size(border=4)[0]
    assert drawing.get("viewBox") == f"0 0 {n_modules} {n_modules}"
    dark = next(path for path in drawing.iter(f"{SVG}path") if path.get("stroke") == "#000")
    assert dark.get("d").startswith("M4 4.5h7"), "the corner mark begins after four white modules"
    assert made.error in {"M", "Q", "H"}
    assert not made.is_micro


def test_a_screen_reader_says_what_the_picture_is():
    drawing = ElementTree.fromstring(qr_svg("HIPCV:X", 'The code of "A & B" <b>'))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == drawing.find(f"{SVG}title").text == 'The code of "A & B" <b>'
    assert ElementTree.fromstring(qr_svg("HIPCV:X")).get("aria-label") == "HIPCV:X"


def test_the_sheet_is_made_without_the_library_of_figures():
    code = "import sys, hipcv.rendering.request_pdf; print([name for name in ('matplotlib.pyplot', 'cv2', 'mediapipe', 'fhir') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
