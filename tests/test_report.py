"""The words and rows for people: the numbers right way round, and never more than the interval says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.codes import Severity, Verdict
from hipcv.kinematics.ranges import judge
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference
from hipcv.values import Direction, Zero
from tests.builders import a_hip, a_measurement, a_range, a_rep
from tests.words import FORBIDDEN

MORE = "more than measurement error"


def a_difference(value, low, high, verdict, why=""):
    return Difference(value, low, high, verdict, AsWritten(why) if why else None)


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        pytest.param(
            a_difference(-5.0, -17.0, 7.0, Verdict.WITHIN_ERROR),
            "Total arc: the sides differ by 5°, which is within measurement error.",
            id="within error",
        ),
        pytest.param(
            a_difference(-9.0, -17.0, -1.0, Verdict.SMALL),
            "Total arc: right read 9° less than left in this recording (95 % interval 1 to 17); "
            "a difference of this size is common in healthy people.",
            id="small, right less",
        ),
        pytest.param(
            a_difference(13.0, 1.0, 25.0, Verdict.DIFFERENT),
            "Total arc: right read 13° more than left in this recording (95 % interval 1 to 25), which is more than measurement error.",
            id="different, right more",
        ),
        pytest.param(
            a_difference(-25.0, -37.0, -13.0, Verdict.LARGE),
            "Total arc: right read 25° less than left in this recording (95 % interval 13 to 37), "
            "which is clearly more than measurement error.",
            id="large, right less",
        ),
        pytest.param(
            a_difference(25.0, 13.0, 37.0, Verdict.NONE, "the lean of the phone is not known"),
            "Total arc: no verdict on the difference, because the lean of the phone is not known.",
            id="no verdict, whatever the number",
        ),
    ],
)
def test_each_verdict_has_its_sentence(difference, expected):
    assert sentences.verdict_sentence("Total arc", difference) == expected


def test_every_verdict_is_worded():
    for verdict in Verdict:
        assert sentences.verdict_sentence("Internal rotation", a_difference(20.0, 8.0, 32.0, verdict, "a reason")).endswith(".")


@given(st.floats(-60, 60), st.floats(0.5, 40))
def test_a_sentence_never_says_more_than_the_interval(value, half):
    verdict = judge(value, half, 10, 15)
    sentence = sentences.verdict_sentence("Internal rotation", a_difference(value, value - half, value + half, verdict))
    assert not FORBIDDEN.search(sentence)
    assert len(re.findall(r"\.(?!\d)", sentence)) == 1
    if value - half <= 0 <= value + half:
        assert MORE not in sentence
        assert "within measurement error" in sentence
        return
    low, high = (float(number) for number in re.search(r"interval ([\d.]+) to ([\d.]+)", sentence).groups())
    assert low <= abs(value) + 0.5
    assert high >= abs(value) - 0.5
    assert ("more than left" if value > 0 else "less than left") in sentence
    assert (MORE in sentence) == (abs(value) >= 10)
    assert ("clearly" in sentence) == (abs(value) >= 15)


def test_only_quantities_that_both_hips_have_get_a_sentence():
    asymmetry = Asymmetry(a_difference(-5.0, -17.0, 7.0, Verdict.WITHIN_ERROR), None, a_difference(2.0, -12.0, 16.0, Verdict.WITHIN_ERROR))
    assert sentences.verdict_sentences(asymmetry) == [
        "Internal rotation: the sides differ by 5°, which is within measurement error.",
        "Total arc: the sides differ by 2°, which is within measurement error.",
    ]
    assert sentences.verdict_sentences(Asymmetry(None, None, None)) == []


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(a_range(33.4, 8.5), "33° (25 to 42)", id="three repetitions"),
        pytest.param(a_range(5.0, 9.0, n_reps=1), "5° (−4 to 14)", id="one repetition, with a minus sign"),
        pytest.param(a_range(8.8, 9.0, n_reps=2), "9° (0 to 18)", id="a little below zero is no minus zero"),
        pytest.param(None, "–", id="not tested"),
    ],
)
def test_a_range_is_written_with_its_interval(span, expected):
    assert " ".join(sentences.range_parts(span)) == expected


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        pytest.param(a_difference(-1.0, -13.0, 11.0, Verdict.WITHIN_ERROR), "−1° (−13 to +11)", id="with real minus signs"),
        pytest.param(a_difference(25.0, 13.0, 37.0, Verdict.LARGE), "+25° (+13 to +37)", id="with plus signs"),
        pytest.param(a_difference(-0.3, -12.3, 11.7, Verdict.WITHIN_ERROR), "0° (−12 to +12)", id="zero has no sign"),
        pytest.param(a_difference(-5.6, -11.05, -0.24, Verdict.SMALL), "−6° (−11 to −0.2)", id="an end close to zero in tenths"),
        pytest.param(None, "–", id="one side missing"),
    ],
)
def test_a_difference_is_written_with_signs(difference, expected):
    assert " ".join(sentences.difference_parts(difference)) == expected


def test_a_table_row_holds_right_left_and_right_minus_left():
    rows = sentences.table_rows(a_measurement())
    assert rows == [
        ("Internal rotation", "30° (22 to 38)", "30° (22 to 38)", "−5° (−17 to +7)"),
        ("External rotation", "40° (32 to 48)", "–", "–"),
        ("Total arc", "70° (59 to 81)", "–", "–"),
    ]
    assert [sentences.counts_text(a_measurement().hips[side]) for side in (Side.RIGHT, Side.LEFT)] == ["3 + 3", "3 + 0"]


@pytest.mark.parametrize(
    ("zero", "rest_deg", "expected"),
    [
        pytest.param(Zero.REST, -2.5, "posture at rest (−2.5° from the vertical", id="rest, leaning inward"),
        pytest.param(Zero.REST, 2.5, "posture at rest (+2.5° from the vertical", id="rest, leaning outward"),
        pytest.param(Zero.REST, -0.01, "posture at rest (+0.0° from the vertical", id="rest, straight"),
        pytest.param(
            Zero.GRAVITY,
            float("nan"),
            "from the vertical, less the phone's lean of 6° (± 1°), because the leg was never seen at rest",
            id="gravity",
        ),
    ],
)
def test_the_zero_is_named_with_its_reason(zero, rest_deg, expected):
    sentence = sentences.zero_reason(a_hip(Side.LEFT, zero=zero, rest_deg=rest_deg, upright_deg=-6.0, upright_sd_deg=0.5))
    assert expected in sentence
    assert "nan" not in sentence
    assert sentence.endswith(".")


def test_repetitions_are_listed_in_order_of_time_with_what_to_bear_in_mind():
    right = (
        a_rep(start_s=5.0, hold_start_s=5.5, hold_end_s=6.54),
        a_rep(Direction.EXTERNAL, 40.0, start_s=8.0, usable=False, reasons=("hidden",)),
    )
    left = (a_rep(side=Side.LEFT, end_range_deg=28.6, start_s=1.0, reasons=("no_hold",), held=False),)
    hips = {Side.LEFT: a_hip(Side.LEFT, reps=left), Side.RIGHT: a_hip(Side.RIGHT, reps=right)}
    rows = sentences.rep_lines(a_measurement(hips=hips))
    assert [row[:4] for row in rows] == [
        ("left", "internal", "1.5–2.5 s", "29°"),
        ("right", "internal", "5.5–6.5 s", "30°"),
        ("right", "external", "1.5–2.5 s", "40°"),
    ]
    assert rows[0][4] == "no hold at the end of the movement; the reading is a high percentile of the swing"
    assert rows[1][4] == ""
    assert rows[2][4] == "does not count: knee or ankle was out of sight during the hold"


def test_every_weight_has_its_mark():
    assert set(sentences.SEVERITY_MARKS) == set(Severity)
    assert len({mark.strip() for mark in sentences.SEVERITY_MARKS.values()}) == 3


def test_the_intended_use_says_what_the_result_is_not_for():
    assert "Not for diagnosis or treatment decisions" in sentences.intended_use()
    assert "not cleared or certified as a medical device" in sentences.intended_use()
