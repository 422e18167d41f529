"""The zero: a posture that is not the clinical zero, or not rest at all, must not shift the angles in silence."""

from dataclasses import replace

import numpy as np
import pytest

from hipcv.landmarks import Side
from hipcv.values import Direction, Zero
from tests.builders import Subject, findings_of, measured, right_leg, seated, still_deg, swings_deg

NAN = float("nan")
SWINGS = ((35, 0.6), (-40, 0.6), (35, 0.6), (-40, 0.6))


def codes(subject):
    return {finding.code for finding in findings_of(subject)}


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(right_leg((0, 1), *SWINGS, (-12, 4)), id="the foot is tucked in at the end"),
        pytest.param(right_leg((-12, 4), *SWINGS, (0, 1)), id="the foot is tucked in at the beginning"),
    ],
)
def test_a_rest_that_changes_is_said_and_widens_the_interval(subject):
    hip = measured(subject).hips[Side.RIGHT]
    assert hip.internal_rotation_deg.value == pytest.approx(35, abs=0.5)
    assert hip.external_rotation_deg.value == pytest.approx(40, abs=0.5)
    quiet = measured(right_leg((0, 1), *SWINGS, (0, 1))).hips[Side.RIGHT]
    assert hip.internal_rotation_deg.high - hip.internal_rotation_deg.low > 1.2 * (
        quiet.internal_rotation_deg.high - quiet.internal_rotation_deg.low
    )
    assert hip.total_deg.high - hip.total_deg.low == pytest.approx(quiet.total_deg.high - quiet.total_deg.low)
    assert "rest_changed" in codes(subject)


def test_a_leg_that_parks_askew_while_the_other_is_tested_keeps_its_zero():
    first, second = swings_deg((0, 1), *SWINGS, (-12, 1)), swings_deg((0, 1), *SWINGS, (0, 1))
    subject = Subject(np.concatenate([still_deg(len(first)), second]), np.concatenate([first, np.full(len(second), -12.0)]))
    for side in Side:
        assert measured(subject).end_ranges_deg(side, Direction.INTERNAL) == pytest.approx([35, 35], abs=0.5)
        assert measured(subject).end_ranges_deg(side, Direction.EXTERNAL) == pytest.approx([40, 40], abs=0.5)


@pytest.mark.parametrize(
    ("internal_deg", "external_deg"),
    [pytest.param(10, 30, id="10 and 30"), pytest.param(12, 12, id="12 and 12"), pytest.param(10, 40, id="10 and 40")],
)
def test_a_stiff_hip_that_was_never_filmed_at_rest_is_read_from_the_vertical(internal_deg, external_deg):
    """Its holds hang still near the vertical and look like rest."""
    pair = ((internal_deg, 0.8), (-external_deg, 0.8))
    seen = measured(right_leg(*pair, *pair, *pair))
    assert seen.hips[Side.RIGHT].zero is Zero.GRAVITY
    assert set(seen.counted(Side.RIGHT)) == {"I", "E"}
    assert seen.end_ranges_deg(Side.RIGHT, Direction.INTERNAL) == pytest.approx([internal_deg] * 3, abs=0.5)
    assert seen.end_ranges_deg(Side.RIGHT, Direction.EXTERNAL) == pytest.approx([external_deg] * 3, abs=0.5)


@pytest.mark.parametrize("askew_deg", [7, -14], ids=["feet 7 outward", "feet 14 inward"])
def test_a_posture_askew_is_read_from_the_vertical_and_said(askew_deg):
    subject = seated()
    leaning = replace(
        subject,
        left_deg=np.where(subject.left_deg == 0, askew_deg, subject.left_deg),
        right_deg=np.where(subject.right_deg == 0, askew_deg, subject.right_deg),
    )
    hip = measured(leaning).hips[Side.RIGHT]
    assert hip.zero is Zero.GRAVITY
    assert hip.internal_rotation_deg.value == pytest.approx(35, abs=1)
    assert hip.external_rotation_deg.value == pytest.approx(40, abs=1)
    assert "rest_posture" in codes(leaning)
    assert "camera_rolled" not in codes(leaning)
