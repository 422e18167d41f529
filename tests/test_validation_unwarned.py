"""What is wrong without warning: by how much, of which leg, and which findings name one."""

import re

import pytest

from hipcv.catalogues.words import DEFAULT, texts
from hipcv.codes import FindingCode
from hipcv.landmarks import Side
from hipcv.measurement import Finding
from hipcv.validation import scoring
from hipcv.validation.comparison import Validation
from hipcv.validation.unwarned import warned_legs, wrong_without_warning
from tests.builders import a_hip, a_measurement, a_range
from tests.validations import a_row

TRUE = {"mirrored": False, "protocol": {"L": {"IR": {"mean_end_range_deg": 30.0}}}}
KNEE = {side: Finding.warning(FindingCode.KNEE_TRAVEL, side=side, travel_percent=30.0) for side in Side}


def scored(error_deg, half, *findings):
    """Internal rotation of a left leg, off by `error_deg`."""
    left = a_hip(Side.LEFT, internal_rotation_deg=a_range(30.0 + error_deg, half), external_rotation_deg=None, total_deg=None)
    hips = {Side.LEFT: left, Side.RIGHT: a_hip(Side.RIGHT)}
    return scoring.score(a_measurement(hips=hips, findings=findings), TRUE)


@pytest.mark.parametrize(
    ("error_deg", "half", "findings", "n"),
    [
        pytest.param(6.0, 5.0, [], 1, id="nothing was said"),
        pytest.param(-6.0, 5.0, [], 1, id="too small"),
        pytest.param(6.0, 7.0, [], 0, id="the interval holds the truth"),
        pytest.param(4.9, 1.0, [], 0, id="a small error"),
        pytest.param(5.1, 1.0, [], 1, id="just too large an error"),
        pytest.param(6.0, 5.0, [KNEE[Side.LEFT]], 0, id="a warning of this leg"),
        pytest.param(6.0, 5.0, [KNEE[Side.RIGHT]], 1, id="a warning of the other leg"),
        pytest.param(6.0, 5.0, [KNEE[Side.RIGHT], KNEE[Side.LEFT]], 0, id="a warning of either leg"),
        pytest.param(6.0, 5.0, [Finding.serious(FindingCode.COMPENSATION, side=Side.LEFT, direction="external")], 0, id="serious"),
        pytest.param(6.0, 5.0, [Finding.info(FindingCode.DIRECTION_NOT_TESTED, side=Side.LEFT, direction="external")], 1, id="a remark"),
        pytest.param(6.0, 5.0, [Finding.warning(FindingCode.BLUR)], 1, id="a warning of the whole recording"),
        pytest.param(6.0, 5.0, [Finding.warning(FindingCode.CAMERA_TURNED, yaw_deg=9.0, side=Side.LEFT)], 1, id="the camera's side"),
        pytest.param(6.0, 5.0, [Finding.warning(FindingCode.LANDMARKS_ONLY, case="several_people")], 0, id="both legs are less sure"),
        pytest.param(6.0, 5.0, [Finding.warning(FindingCode.LANDMARKS_ONLY, case="shank", side=Side.RIGHT)], 1, id="the other shank"),
    ],
)
def test_an_end_range_is_wrong_without_warning(error_deg, half, findings, n):
    assert len(wrong_without_warning(scored(error_deg, half, *findings))) == n


def test_a_total_is_no_end_range():
    assert wrong_without_warning(Validation(rows=(a_row(72.0, 9.0, quantity="total"),))) == []


def test_a_warning_counts_for_its_own_clip():
    rows = (a_row(30.0, 9.0, clip="a.mp4"), a_row(30.0, 9.0, clip="b.mp4"))
    both = Validation(rows=rows[:1], warned_legs=frozenset({("a.mp4", "left")})) + Validation(rows=rows[1:])
    assert wrong_without_warning(both) == [rows[1]]
    both = Validation(rows=rows[:1]) + Validation(rows=rows[1:], warned_legs=frozenset({("b.mp4", "left")}))
    assert wrong_without_warning(both) == [rows[0]]


def test_every_other_finding_with_a_side_is_about_a_leg():
    """If a new one is not, `warned_legs` has to know."""
    sided = {key.split(".")[1]: text for key, text in texts(DEFAULT).items() if key.startswith("findings.") and "{side}" in text}
    about_a_leg = {code for code, text in sided.items() if re.search(r"\{side\} (leg|hip|knee|shank|thigh|foot)\b", text)}
    assert set(sided) - about_a_leg == {"camera_turned"}
    for code in about_a_leg:
        assert warned_legs("a.mp4", [Finding.warning(FindingCode(code), side=Side.RIGHT)]) == {("a.mp4", "right")}
