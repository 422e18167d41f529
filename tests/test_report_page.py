"""The page for the therapist: one page whatever happens, the numbers of the command line, and no text that becomes code."""

import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hipcv.catalogues.words import Words, languages, texts
from hipcv.codes import Severity, Verdict
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference
from hipcv.records import record
from hipcv.records.document import to_document
from hipcv.records.record import Record, still_name
from hipcv.records.visit import Kind, Visit
from hipcv.rendering import report_pdf, typesetting
from hipcv.rendering.figure_panels import draw_panels
from hipcv.values import Direction, Zero
from tests.builders import a_clip, a_hip, a_measurement, a_range, a_rep, written
from tests.conftest import ROOT
from tests.words import FORBIDDEN

HOSTILE = '#eval("1") *b* _i_ $x$ @ref <l> \\ `raw` // [x] שלום 😀 end'
EN = Words("en")


def a_visit(title="Week 3", note="Warmed up."):
    return Visit("0" * 32, datetime(2025, 11, 26, 9, tzinfo=UTC), title, Kind.BEFORE, note, {})


def both_hips(**choices):
    """Two hips with all ranges and all differences."""
    found = Difference(-15.0, -24.0, -6.0, Verdict.DIFFERENT)
    hips = {Side.LEFT: a_hip(Side.LEFT, internal_rotation_deg=a_range(44.6), total_deg=a_range(84.2, 11.0)), Side.RIGHT: a_hip(Side.RIGHT)}
    return a_measurement(
        **{"hips": hips, "asymmetry": Asymmetry(found, Difference(0.4, -7.0, 8.0, Verdict.WITHIN_ERROR), found), **choices}
    )


def a_record(folder, measurement, n_stills=2):
    for side in Side:
        for index in range(n_stills):
            colour = (90 + 100 * index, 120, 30 * len(side.value))  # equal pictures would be one in the file
            Image.new("RGB", (540, 960), colour).save(folder / still_name(side, index), "JPEG")
    return Record(folder, to_document(measurement), measurement)


def one_page(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0]


def printed(pdf):
    """The words of the only page, in one line."""
    return " ".join(one_page(pdf).extract_text().replace("\u200b", "").split())


def many_reps(side, n):
    kinds = [("hidden",), ("both_legs",), ("no_hold",), ("compensation",), ()]
    return tuple(a_rep(direction, 30.0 + k % 7, side, usable=k % 5 > 1, reasons=kinds[k % 5]) for k in range(n) for direction in Direction)


def no_verdict(why="the pelvis or the trunk moved with the right leg"):
    found = Difference(-9.0, -20.0, 2.0, Verdict.NONE, AsWritten(why))
    return Asymmetry(found, found, found)


def one_leg():
    untested = a_hip(Side.LEFT, internal_rotation_deg=None, external_rotation_deg=None, total_deg=None, reps=())
    return a_measurement(hips={Side.LEFT: untested, Side.RIGHT: a_hip(Side.RIGHT)}, asymmetry=Asymmetry(None, None, None))


LONG = "The pelvis or the trunk tilted along with the leg; part of the angle is theirs. Sit upright, and hold on to the seat."
CROWDED = both_hips(
    findings=tuple(written(Severity.WARNING, f"Number {k}. {LONG}") for k in range(20)),
    hips={side: a_hip(side, reps=many_reps(side, 12), zero=Zero.GRAVITY, upright_deg=2.0) for side in Side},
    asymmetry=no_verdict(),
    mirrored=True,
)
CASES = {
    "as it should be": both_hips(),
    "one direction missing": a_measurement(),
    "one leg": one_leg(),
    "no verdict": both_hips(asymmetry=no_verdict()),
    "nothing found": both_hips(findings=()),
    "twelve repetitions, twenty findings": CROWDED,
    "repetitions that all do not count": replace(
        one_leg(),
        hips={
            side: a_hip(side, internal_rotation_deg=None, external_rotation_deg=None, total_deg=None, reps=many_reps(side, 1))
            for side in Side
        },
    ),
    "a difference off any scale": both_hips(asymmetry=replace(no_verdict(), total_deg=Difference(900.0, -2e3, 3e3, Verdict.LARGE))),
    "a very long finding": both_hips(findings=(written(Severity.SERIOUS, LONG * 60),)),
    "no movement": replace(one_leg(), hips={side: replace(one_leg().hips[Side.LEFT], side=side) for side in Side}),
    "reasons without end": replace(CROWDED, asymmetry=no_verdict(LONG * 40)),
    "a reason in one word": replace(CROWDED, asymmetry=no_verdict("W" * 4000)),
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("n_stills", [pytest.param(2, id="stills"), pytest.param(0, id="no stills")])
@pytest.mark.parametrize("case", CASES)
def test_it_is_one_page_with_its_intended_use(tmp_path, case, n_stills, language):
    pdf = report_pdf.report_pdf(a_record(tmp_path, CASES[case], n_stills), a_visit(note=LONG * 20), Words(language))
    assert sentences.intended_use(Words(language)) in printed(pdf)


@pytest.mark.parametrize("case", CASES)
def test_every_number_of_the_table_can_be_read_back(tmp_path, case):
    text = printed(report_pdf.report_pdf(a_record(tmp_path, CASES[case]), None, EN))
    for _, *cells in sentences.table_rows(CASES[case]):
        assert " ".join(cells).strip() in text


@pytest.mark.pose
def test_a_measured_clip_reads_as_on_the_command_line(tmp_path, measured_sample):
    measurement = measured_sample("p06_asym")
    record.write(measurement, tmp_path)
    text = printed(report_pdf.report_pdf(record.read(tmp_path), a_visit(), EN))
    expected = [" ".join(cells).strip() for _, *cells in sentences.table_rows(measurement)]
    expected += sentences.verdict_sentences(measurement.asymmetry)
    expected += [sentences.change_sentence(hip) for hip in measurement.hips.values()]
    assert [words for words in expected if words not in text] == []


def test_german_numbers_are_the_same(tmp_path):
    text = printed(report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(), Words("de")))
    for _, *cells in sentences.table_rows(both_hips()):
        assert " ".join(cells).strip().replace(" to ", " bis ") in text
    assert "26.11.2025" in text


@pytest.mark.release
def test_what_is_not_compared_has_no_scale(tmp_path):
    pages = {name: printed(report_pdf.report_pdf(a_record(tmp_path, CASES[name]), None, EN)) for name in CASES}
    of_scale, of_ranges, of_none = (EN(f"report.result.{name}") for name in ("left_more", "brackets", "not_compared"))
    said = {
        name: [part in pages[name] for part in (of_scale, of_ranges, of_none)] for name in ("as it should be", "one leg", "no movement")
    }
    assert said == {"as it should be": [True, True, False], "one leg": [False, True, True], "no movement": [False, False, True]}


# ---------------------------------------------------------------- texts from anywhere
def test_hostile_text_stands_there_letter_by_letter(tmp_path):
    measurement = both_hips(clip=a_clip(name=HOSTILE), findings=(written(Severity.INFO, HOSTILE),))
    page = one_page(report_pdf.report_pdf(a_record(tmp_path, measurement), a_visit("*t* #[x]", HOSTILE), EN))
    text = " ".join(page.extract_text().split())
    start = HOSTILE[: HOSTILE.index("ש")]  # what stands behind it runs from right to left
    assert text.count(start.strip()) == 3
    assert "*t* #[x]" in text


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_makes_one_page(tmp_path, title, note):
    pdf = report_pdf.report_pdf(Record(tmp_path, {}, one_leg()), a_visit(title, note), EN)
    assert sentences.intended_use() in printed(pdf)


def test_a_long_note_is_cut(tmp_path):
    text = printed(report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(note="word " * 500), EN))
    assert 20 < text.count("word") < 100
    assert "…" in text


def test_a_word_without_end_stays_on_the_page(tmp_path):
    assert "W" * 100 in printed(report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(note="W" * 400), EN)).replace(" ", "")


def test_letters_that_break_the_standard_do_not_break_the_page(tmp_path, monkeypatch):
    with_chinese = typesetting._letters() | {ord("中")}
    monkeypatch.setattr(typesetting, "_letters", lambda: with_chinese)
    pdf = report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(note="中"), EN)
    assert sentences.intended_use() in printed(pdf)
    assert not conforms(pdf)


# ---------------------------------------------------------------- accessible
def conforms(pdf):
    return b"pdfuaid" in pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("language", languages())
def test_a_screen_reader_finds_title_language_and_tags(tmp_path, language):
    pdf = report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(), Words(language))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert conforms(pdf)
    assert reader.metadata.title == Words(language)("report.title")
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


# ---------------------------------------------------------------- pictures
def test_each_end_of_a_movement_is_shown_and_cut_to_the_legs(tmp_path):
    images = one_page(report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(), EN)).images
    assert [image.image.size for image in images] == [(520, 520)] * 4


def test_pictures_that_are_missing_or_damaged_are_left_out(tmp_path):
    shown = a_record(tmp_path, both_hips())
    (tmp_path / still_name(Side.LEFT, 0)).unlink()
    (tmp_path / still_name(Side.LEFT, 1)).write_bytes(b"not a picture")
    page = one_page(report_pdf.report_pdf(shown, a_visit(), EN))
    assert len(page.images) == 2
    assert page.extract_text().count(EN("report.stills.none")) == 2


def test_the_curves_fill_the_room_of_missing_stills(tmp_path):
    alone = a_record(tmp_path, both_hips(), n_stills=0)
    page = one_page(report_pdf.report_pdf(alone, None, EN))
    assert EN("report.over_time") in page.extract_text()
    assert [image.image.size for image in page.images] == [(1400, 865)]
    assert EN("report.over_time") not in printed(report_pdf.report_pdf(a_record(tmp_path, both_hips()), a_visit(), EN))


def test_the_curves_are_labelled_in_the_language_of_the_page(tmp_path):
    figure = draw_panels(both_hips(), Words("de"))
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Rechte Hüfte", "Linke Hüfte"]
    assert figure.axes[1].get_xlabel() == "Zeit, s"


# ---------------------------------------------------------------- words
def test_the_gravest_findings_come_first_and_the_rest_is_counted(tmp_path):
    found = (written(Severity.INFO, "A remark."), *CROWDED.findings, written(Severity.SERIOUS, "Most serious."))
    text = printed(report_pdf.report_pdf(a_record(tmp_path, replace(CROWDED, findings=found)), a_visit(note=LONG * 9), EN))
    n_shown = text.count("Number ")
    assert 2 <= n_shown < 20
    assert text.index("Most serious.") < text.index("Number 0.") < text.index("Number 1.")
    assert EN("report.findings.more", n=len(found) - 1 - n_shown) in text
    assert "A remark." not in text


def test_repetitions_stand_there_with_what_was_left_out(tmp_path):
    text = printed(report_pdf.report_pdf(a_record(tmp_path, CROWDED), a_visit(), EN))
    assert "left out: 6 (out of sight, both legs moved)" in text
    assert "all: 32°*, 33°*, 34°" in text


def test_every_sentence_of_the_measurement_is_in_the_language_of_the_page(tmp_path):
    said, german = both_hips(), Words("de")
    text = printed(report_pdf.report_pdf(a_record(tmp_path, said), a_visit(), german))
    findings = [finding.said("de") for finding in said.findings]
    verdicts = [part for sentence in sentences.verdict_sentences(said.asymmetry, german) for part in sentence.split(": ", 1)]
    for sentence in (sentences.intended_use(german), *verdicts, *findings):
        assert sentence in text


def test_the_page_is_made_without_a_decoder():
    code = "import sys, hipcv.rendering.report_pdf; print([name for name in ('av', 'cv2', 'matplotlib.pyplot', 'mediapipe') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_model_version_and_clip_are_named(tmp_path):
    text = printed(report_pdf.report_pdf(a_record(tmp_path, both_hips()), None, EN))
    for part in ("hipcv 0.", "model full (ffffffffffff)", "0123456789ab", "clip.mp4", EN("report.foot.reviewed")):
        assert part in text


def test_the_labels_say_no_more_than_a_measurement_can():
    for key, text in texts("en").items():
        if key.startswith("report."):
            assert not FORBIDDEN.search(text), key


def test_german_has_every_label():
    in_english, in_german = ({key for key in texts(language) if key.startswith("report.")} for language in ("en", "de"))
    assert in_english == in_german
