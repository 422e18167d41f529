"""The first sentence of a result, and each advice once."""

import re
from dataclasses import replace

import pytest

from hipcv.catalogues.words import Words
from hipcv.codes import FindingCode, Quantity, Severity, Verdict
from hipcv.landmarks import Side
from hipcv.language import plain
from hipcv.measurement import Asymmetry, Difference, Finding, doubt
from hipcv.values import Direction
from hipcv.web.parts import hip_arcs
from tests.builders import a_hip, a_measurement, a_range, written

EN, DE = Words("en"), Words("de")


def differing(total_deg=None, internal_deg=None, verdict=Verdict.DIFFERENT, why=None, external=None):
    """A result whose hips differ by so much."""
    total, internal = (
        Difference(value, value - 5, value + 5, verdict, why) if value is not None else None for value in (total_deg, internal_deg)
    )
    return a_measurement(hips={side: a_hip(side) for side in Side}, asymmetry=Asymmetry(internal, external, total))


@pytest.mark.parametrize(
    ("measurement", "own", "said"),
    [
        pytest.param(
            differing(-15.2),
            True,
            "Your right hip turns about 15° less than your left, inward and outward taken together. That is more than measuring error. Show it to your therapist.",
            id="right less",
        ),
        pytest.param(
            differing(15.2),
            False,
            "The left hip turns about 15° less than the right, inward and outward taken together. That is more than measuring error.",
            id="left",
        ),
        pytest.param(
            differing(internal_deg=-12.0, verdict=Verdict.LARGE),
            False,
            "The right hip turns inward (internal rotation) about 12° less than the left. That is clearly more than measuring error.",
            id="one direction",
        ),
        pytest.param(
            differing(6.0, verdict=Verdict.SMALL),
            False,
            "The left hip turns about 6° less than the right, inward and outward taken together. "
            "That is more than measuring error, but healthy people differ by that much, too.",
            id="small",
        ),
        pytest.param(
            differing(-3.0, verdict=Verdict.WITHIN_ERROR),
            False,
            "No difference between the hips was found: right and left read 3° apart in total arc. That is within measuring error.",
            id="none to be told",
        ),
        pytest.param(
            differing(-30.0, verdict=Verdict.NONE, why=doubt("compensation", case="both")),
            True,
            "Whether the hips differ cannot be said, because the pelvis or the trunk moved with both legs.",
            id="no verdict",
        ),
        pytest.param(
            differing(
                -21.0,
                -20.0,
                Verdict.NONE,
                doubt("few_reps", least=2, case="leg", side="right"),
                Difference(-1, -5, 3, Verdict.WITHIN_ERROR),
            ),
            False,
            "Whether the hips differ cannot be said, because fewer than 2 repetitions in one direction of the right leg count.",
            id="one direction is alike, the others have no verdict",
        ),
        pytest.param(
            differing(None, -10.0, Verdict.LARGE, external=Difference(10, 5, 15, Verdict.DIFFERENT)),
            False,
            "The right hip turns inward (internal rotation) about 10° less than the left. "
            "The left hip turns outward (external rotation) about 10° less than the right. That is more than measuring error.",
            id="each hip turns less in one direction",
        ),
    ],
)
def test_the_first_sentence_says_which_hip_turns_less_and_whether_that_is_sure(measurement, own, said):
    assert plain.headline(measurement, EN, own=own) == said


def test_the_first_sentence_in_german():
    said = plain.headline(differing(-15.2), DE, own=True)
    assert said == (
        "Ihre rechte Hüfte dreht sich etwa 15° weniger als die linke, nach innen und außen zusammen. "
        "Das ist mehr als der Messfehler. Zeigen Sie es in Ihrer Physiotherapie."
    )


def test_hips_measured_in_different_directions_are_not_called_unmeasured():
    hips = {
        Side.RIGHT: a_hip(Side.RIGHT, external_rotation_deg=None, total_deg=None),
        Side.LEFT: a_hip(Side.LEFT, internal_rotation_deg=None, external_rotation_deg=a_range(30.0), total_deg=None),
    }
    measurement = a_measurement(hips=hips, asymmetry=Asymmetry(None, None, None))
    assert plain.headline(measurement, EN, own=True) == EN("result.headline.nothing_in_common")
    one = replace(measurement, hips={**hips, Side.LEFT: a_hip(Side.LEFT, internal_rotation_deg=None, total_deg=None)})
    none = {quantity.field: None for quantity in Quantity}
    assert "Only the right hip" in plain.headline(replace(one, hips={**hips, Side.LEFT: a_hip(Side.LEFT, **none)}), EN, own=True)


def test_an_advice_for_both_legs_is_given_once_and_names_both():
    tilts = [
        Finding.serious(FindingCode.COMPENSATION, direction=direction, side=side)
        for side in Side
        for direction in (Direction.INTERNAL, Direction.EXTERNAL)
    ]
    (one,) = plain.advice(tilts, EN)
    assert one.to_do == "Sit evenly on both buttocks, hold on to the seat, and stop where the pelvis begins to lift."
    assert len(one.seen) == 4
    assert one.text.count("Sit evenly") == 1
    for side in ("left", "right"):
        assert sum(f"of the {side} hip" in seen for seen in one.seen) == 2
    assert [part.to_do.count("Gesäß") for part in plain.advice(tilts, DE)] == [1]


def test_findings_of_different_weight_stay_apart_and_in_order():
    found = [
        written(Severity.SERIOUS, "This was seen. Do it."),
        written(Severity.INFO, "That was seen. Do it."),
        written(Severity.INFO, "No."),
    ]
    told = plain.advice(found, EN)
    assert [(one.severity, one.seen, one.to_do) for one in told] == [
        (Severity.SERIOUS, ("This was seen.",), "Do it."),
        (Severity.INFO, ("That was seen.",), "Do it."),
        (Severity.INFO, ("No.",), ""),
    ]


def test_two_findings_that_read_the_same_are_one():
    (one,) = plain.advice([written(Severity.INFO, "Seen. Do it.")] * 2, EN)
    assert (one.seen, one.to_do) == (("Seen.",), "Do it.")


def test_the_picture_of_the_hips_names_what_was_not_measured_and_is_none_without_numbers():
    nothing = {quantity.field: None for quantity in Quantity}
    hips = {Side.RIGHT: a_hip(Side.RIGHT), Side.LEFT: a_hip(Side.LEFT, **nothing)}
    assert "Left hip: not measured" in hip_arcs.show(a_measurement(hips=hips), EN)
    assert hip_arcs.show(a_measurement(hips={side: a_hip(side, **nothing) for side in Side}), EN) == ""


def test_the_picture_of_the_hips_shows_no_arc_where_the_foot_never_was():
    never_outward = a_hip(Side.RIGHT, internal_rotation_deg=a_range(-8.0, 3.0), external_rotation_deg=a_range(30.0, 3.0))
    shapes = list(hip_arcs._shapes(never_outward))
    sure = next(shape for shape in shapes if 'stroke-opacity="1"' in shape)
    end_x = float(re.search(r"1 ([\d.]+) [\d.]+\" fill", sure)[1])
    knee_x = hip_arcs._KNEES[Side.RIGHT][0]
    assert end_x > knee_x  # inward of the knee, which on the right leg is to the right
