"""The charts of the pages: what they hold, what they say to those who do not see them, and that every colour stands out."""

import tomllib
from dataclasses import replace

import pytest

from hipcv.catalogues.words import Words
from hipcv.codes import Doubt, Quantity, Verdict
from hipcv.findings import norms
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference, doubt
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.settings import Settings
from hipcv.web.parts import charts, style
from tests.builders import a_hip, a_measurement, a_range, a_rep
from tests.conftest import ROOT

EN = Words("en")
THEME = tomllib.loads((ROOT / "hipcv" / "web" / "config.toml").read_text(encoding="utf-8"))["theme"]
PAGES = {name: THEME[name]["backgroundColor"] for name in ("light", "dark")}
NOTICES = ("red", "yellow", "blue", "green")


# ---------------------------------------------------------------------- contrast, as WCAG 2.2 defines it
def channels(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(rgb):
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def laid_over(colour, background, opacity):
    return [a * opacity + b * (1 - opacity) for a, b in zip(channels(colour), channels(background), strict=True)]


def test_black_on_white_has_the_contrast_that_the_standard_says():
    assert contrast(channels("#000000"), channels("#FFFFFF")) == pytest.approx(21.0)
    assert contrast(channels("#777777"), channels("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


INKS = {"grey": charts.GREY, "purple": charts.PURPLE, **{side.value: colour for side, colour in SIDE_COLOURS.items()}}


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("ink", INKS)
def test_what_a_chart_draws_stands_out_from_the_page(ink, theme):
    assert contrast(channels(INKS[ink]), channels(PAGES[theme])) >= 3


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize(
    ("ink", "fill"),
    [
        pytest.param("purple", "grey", id="a difference over its band"),
        *(
            pytest.param(ink, fill, id=f"{ink} curve over a repetition of the {fill} leg")
            for ink in ("right", "left")
            for fill in ("right", "left")
        ),
    ],
)
def test_what_lies_over_an_area_stands_out_from_it(ink, fill, theme):
    assert contrast(channels(INKS[ink]), laid_over(INKS[fill], PAGES[theme], charts.FILL)) >= 3


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_letters_and_links_have_seven_and_borders_of_controls_three(background, theme):
    colours = {name: channels(colour) for name, colour in THEME[theme].items()}
    for name in ("textColor", "linkColor", "primaryColor"):
        assert contrast(colours[name], colours[background]) >= 7, name
    assert contrast(colours["borderColor"], colours[background]) >= 3


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_can_be_read(notice, theme):
    letters, background = (channels(THEME[theme][f"{notice}{part}Color"]) for part in ("Text", "Background"))
    assert contrast(letters, background) >= 7


def test_letters_on_the_main_button_have_seven():
    assert contrast(channels("#FFFFFF"), channels(THEME["light"]["primaryColor"])) >= 7
    assert f"light-dark(#FFFFFF, {PAGES['dark']})" in style.CSS
    assert contrast(channels(PAGES["dark"]), channels(THEME["dark"]["primaryColor"])) >= 7


def test_both_copies_of_the_configuration_are_equal():
    assert (ROOT / ".streamlit" / "config.toml").read_bytes() == (ROOT / "hipcv" / "web" / "config.toml").read_bytes()


def test_a_side_has_its_colour_in_tables():
    for side, colour in SIDE_COLOURS.items():
        assert f".hipcv-{side.value} {{ background: {colour}; }}" in style.CSS


# ---------------------------------------------------------------------- right minus left
def unsure():
    judged = Difference(-15.0, -20.0, -9.0, Verdict.DIFFERENT)
    return Asymmetry(None, Difference(-8.0, -14.0, -2.0, Verdict.NONE, doubt(Doubt.FEW_REPS, least=2)), judged)


def test_a_difference_without_a_verdict_is_drawn_hollow():
    drawing = charts.differences(unsure(), Settings(), EN).to_dict()
    filled = {layer["transform"][0]["filter"]: layer["mark"]["filled"] for layer in drawing["layer"] if layer["mark"]["type"] == "point"}
    assert filled == {"datum.judged": True, "!datum.judged": False}
    rows = next(rows for rows in drawing["datasets"].values() if "judged" in rows[0])
    assert [(row["quantity"], row["judged"]) for row in rows] == [("External rotation", False), ("Total arc", True)]


def test_differences_are_told_in_words():
    assert charts.differences_text(unsure(), EN) == "External rotation −8° (−14 … −2); Total arc −15° (−20 … −9)"


# ---------------------------------------------------------------------- over time
def test_repetitions_are_told_in_words():
    hips = {side: a_hip(side, reps=()) for side in Side}
    hips[Side.LEFT] = replace(hips[Side.LEFT], reps=(a_rep(end_range_deg=34.4, side=Side.LEFT, hold_start_s=1.25),))
    text = charts.over_time_text(a_measurement(hips=hips), Words("de"))
    assert text == "Links Innenrotation 1: 34°, gehalten ab 1,2 s"


# ---------------------------------------------------------------------- beside studies
def ends(hips, quantity):
    drawing = charts.beside_studies(hips, quantity, EN, own=True).to_dict()
    return next(layer["encoding"]["x"]["scale"]["domain"] for layer in drawing["layer"] if "scale" in layer["encoding"]["x"])


@pytest.mark.parametrize("quantity", Quantity)
def test_no_study_is_cut_off(quantity):
    low, high = ends({side: a_hip(side) for side in Side}, quantity)
    studies = [study for study in norms.STUDIES if study.quantity == quantity]
    assert low == 0 <= min(study.low_deg for study in studies)
    assert high >= max(study.high_deg for study in studies)


def test_no_hip_is_cut_off_however_far_it_turns():
    hips = {Side.RIGHT: a_hip(Side.RIGHT, total_deg=a_range(112.0, 11.0)), Side.LEFT: a_hip(Side.LEFT, total_deg=a_range(4.0, 11.0))}
    assert ends(hips, Quantity.TOTAL) == [-10, 130]


def test_a_hip_beside_studies_is_told_in_words():
    hips = {Side.RIGHT: a_hip(Side.RIGHT, total_deg=a_range(60.0, 4.0)), Side.LEFT: a_hip(Side.LEFT, total_deg=None)}
    study = "Adults, mid-thirties (n = 34): 82° (59 … 104)"
    assert charts.reference_text(hips, Quantity.TOTAL, EN, own=True) == f"You, right: 60° (56 … 64); {study}"
    assert charts.reference_text(hips, Quantity.TOTAL, EN, own=False) == f"This person, right: 60° (56 … 64); {study}"


def test_every_study_names_where_it_stands():
    for study in norms.STUDIES:
        assert any(character.isdigit() for character in study.source)
        assert EN.has(f"result.study.{study.group}")
