import re
from pathlib import Path

import pytest

from hipcv.catalogues.words import DEFAULT, texts
from hipcv.settings import Step
from hipcv.statistics.text_blocks import Table, markdown_table
from hipcv.validation.markdown import picture_beside, to_markdown
from tests.validations import ROWS, a_row, a_validation, by_hand, nothing

TITLES = re.compile(r"^#+ (.*)$", re.MULTILINE)


def test_the_report_has_a_table_for_everything():
    text = to_markdown(a_validation(), "picture.png")
    assert TITLES.findall(text) == [
        "How far hipcv agrees with the truth",
        "Agreement",
        "Error against the angle",
        "Error against the place of the camera",
        "Frame by frame",
        "With each step left out",
        "Clip by clip",
        "Every angle",
        "Every difference between the hips",
        "Not measured",
    ]
    assert "![Agreement in pictures](picture.png)" in text
    assert "2 clips, model full; 12 true repetitions, 1 missed, 0 invented." in text
    assert "| End ranges | 4 | −1.4° | 2.1° | 5.0° | " in text
    assert "| 75 % |" in text
    assert "| b.mp4 | left | external | 38.0° | 33.0° | −5.0° | 29.0 to 37.0°, misses it |" in text
    assert "| a.mp4 | left | 200 | 198 | 1.2° |" in text
    assert "- c.truth.json: c.mp4: there is no such file." in text


def test_what_is_wrong_without_warning_is_counted_also_if_it_is_nothing():
    assert "Wrong without warning: 0 of 4 end ranges (more than 5° and more than half of" in to_markdown(a_validation())
    rows = (a_row(30.0, -6.0, clip="c.mp4", side="right", half=5.0), *ROWS)
    text = to_markdown(a_validation(rows=rows))
    assert "Wrong without warning: 1 of 5 end ranges" in text
    assert "\n\n- c.mp4: right internal, −6.0° (±5.0°)\n\n" in text


def test_the_spread_of_the_standardised_errors_is_told_with_what_to_expect():
    told = "standard deviation 1.35. 1 = the intervals are as wide as the errors; below 0.7 too wide, above 1.1 too narrow"
    assert f"{told}." in to_markdown(a_validation())
    assert f"{told}, unless the goniometer" in to_markdown(by_hand())


def test_without_end_ranges_nothing_is_said_of_their_intervals():
    text = to_markdown(a_validation(rows=ROWS[2:3]))
    assert "without warning" not in text
    assert "Standardised" not in text


def test_against_a_goniometer_there_is_no_talk_of_truth():
    text = to_markdown(by_hand())
    assert TITLES.findall(text)[0] == "How far hipcv agrees with a goniometer"
    assert "true" not in text.lower()
    assert "the truth" not in text
    assert "Frame by frame" not in text
    assert "Apart without warning: 0 of 4 end ranges" in text
    assert "- d: no line of the table" in text


def test_with_nothing_measured_the_report_says_so():
    text = to_markdown(nothing())
    assert "Nothing could be compared." in text
    assert TITLES.findall(text) == ["How far hipcv agrees with the truth", "Agreement", "Not measured"]


@pytest.mark.parametrize("result", [a_validation(), by_hand()], ids=["truth", "goniometer"])
def test_every_line_of_a_table_has_as_many_cells_as_its_header(result):
    for block in to_markdown(result).split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1


def test_a_stroke_in_a_name_does_not_end_its_cell():
    assert markdown_table(Table(("a", "b"), [("x|y", "1")])).splitlines()[-1] == r"| x\|y | 1 |"


@pytest.mark.parametrize(
    ("report", "figure", "address"),
    [
        ("out/r.md", "out/p.png", "p.png"),
        ("r.md", "./my picture.png", "my%20picture.png"),
        ("out/r.md", "p.png", Path("p.png").resolve().as_posix()),
        ("r.md", None, None),
        (None, "p.png", None),
    ],
)
def test_a_picture_is_named_as_the_report_finds_it(report, figure, address):
    assert picture_beside(report and Path(report), figure and Path(figure)) == address


def test_every_step_has_its_words():
    assert {key for key in texts(DEFAULT) if key.startswith("words.step.")} == {f"words.step.{step.value}" for step in Step}
