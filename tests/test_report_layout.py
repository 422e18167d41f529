"""Whatever the page for the therapist has to say, nothing is cut off and nothing runs out of the page: seen on its picture."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import typst
from PIL import Image

from hipcv.catalogues.words import Words, languages
from hipcv.codes import Severity
from hipcv.rendering import typesetting
from hipcv.rendering.report_pdf import page_values, report_pdf
from tests.builders import a_clip, written
from tests.test_report_page import CASES, CROWDED, EN, LONG, a_record, a_visit, both_hips, printed

MM = 4
"""Pixels."""
MARGIN, GAP_ABOVE_FOOT, RULE = 17 * MM, slice(-8 * MM, -3 * MM), slice(60 * MM, 120 * MM)
"""typst/report.typ: the margin at the sides; what is blank above the rule for the reviewer's name, and where that is."""
STRANGE = {
    "emoji": "Treated 👩\u200d⚕\ufe0f before 💪🏽, scale 3\ufe0f\u20e3 of 10 🇩🇪. " * 5,
    "from right to left": "start " + "המטופל ישב על שולחן. المريض جلس. " * 12 + "end",
    "Chinese, Japanese, Korean": "患者坐在桌子上。左腿疼痛。ひざ 환자 오른쪽. " * 12,
    "markup": "= Heading *bold* _under_ $x^2$ `raw` <label> @ref \\ // /* [x] #panic() " * 8,
    "control characters": "bell\x07 esc\x1b[31m nul\x00 tab\tline\u2028back\x08\r\n" * 12,
    "accents without end": "a" + "\u0301" * 2000,
    "one word": "W" * 2000,
    "a path": "C:/Users/physio/clips/" * 90,
}


def ink(folder, measurement, visit, language="en"):
    """Where the page is not white, (rows, columns), without the clipping that hides what has no room."""
    return ink_of(page_values(a_record(folder, measurement), visit, Words(language)))


def ink_of(values):
    """The same for the values of a page."""
    template = (typesetting._TEMPLATES / "report.typ").read_text(encoding="utf-8")
    assert "clip: true" in template
    inputs = {"values": json.dumps(typesetting.all_printable(values))}
    png = typst.compile(
        template.replace("clip: true", "clip: false").encode(),
        root=typesetting._TEMPLATES,
        font_paths=typesetting._fonts(),
        sys_inputs=inputs,
        format="png",
        ppi=25.4 * MM,
    )
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 250


def assert_all_inside(page):
    assert not page[:, : MARGIN - 2].any()
    assert not page[:, 2 - MARGIN :].any()
    rule = np.flatnonzero(page[:, RULE].all(axis=1))[-1]
    above = page[: rule + 1][GAP_ABOVE_FOOT]
    assert not above.any()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("case", CASES)
def test_whatever_was_measured_has_room(tmp_path, case, language):
    assert_all_inside(ink(tmp_path, CASES[case], a_visit(note=LONG * 20), language))


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_whatever_was_written_has_room(tmp_path, text):
    measurement = both_hips(clip=a_clip(name=text), findings=(written(Severity.WARNING, text),) * 9)
    assert_all_inside(ink(tmp_path, measurement, a_visit(text, text)))


def test_a_verdict_without_end_leaves_room_for_what_is_serious(tmp_path):
    measurement = replace(CASES["reasons without end"], findings=(*CROWDED.findings, written(Severity.SERIOUS, LONG)))
    assert f"Serious. {LONG}" in printed(report_pdf(a_record(tmp_path, measurement), a_visit(note=LONG * 20), EN))
