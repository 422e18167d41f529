"""The zero that a reviewer chooses: angles move by what the zero moves, the two sides against each other, and total arcs not at all."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hipcv.catalogues.words import Words
from hipcv.codes import Doubt, FindingCode, Quantity
from hipcv.errors import ReviewError
from hipcv.landmarks import Side
from hipcv.language.sentences import zero_reason
from hipcv.review.chosen_zero import line_roll, picture_roll
from hipcv.review.corrected import corrected
from hipcv.review.edits import ChooseZero, ZeroChoice
from hipcv.values import CameraRoll, Zero
from tests.builders import HEIGHT_PX, WIDTH_PX, Subject, never_at_rest, seated, swings_deg
from tests.reviews import built, numbered

MIDDLE = WIDTH_PX / 2
SAMPLES = ("p01_front", "p06_asym")


def line(turned_deg, length_px=600.0, x=MIDDLE, mirrored=False):
    """A line that looks turned clockwise by this in the unmirrored image, as it is clicked in the image as filmed."""
    way = np.array([-math.sin(math.radians(turned_deg)), math.cos(math.radians(turned_deg))])
    ends = [np.array([x, HEIGHT_PX / 2]) + share * length_px * way for share in (-0.5, 0.5)]
    if mirrored:
        ends = [[WIDTH_PX - end[0], end[1]] for end in ends]
    return tuple((float(px), float(py)) for px, py in ends)


def by_line(measurement, *about, **more):
    return corrected(measurement, numbered(ChooseZero(ZeroChoice.LINE, line(*about, mirrored=measurement.mirrored, **more))))


def values(measurement):
    return {(side, one): measurement.hips[side][one].value for side in Side for one in Quantity}


# ---------------------------------------------------------------- a line in the room
@pytest.mark.parametrize("mirrored", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("rolled_deg", [-6.0, 0.0, 4.0])
def test_counted_from_a_line_that_is_upright_in_the_room_angles_are_true_however_the_phone_is_rolled(rolled_deg, mirrored):
    measurement = built(seated(roll_deg=rolled_deg), mirrored=mirrored)
    result = by_line(measurement, rolled_deg)
    assert result.lean.roll_deg == pytest.approx(rolled_deg)
    expected = {Side.RIGHT: (35, 40, 75), Side.LEFT: (30, 45, 75)}
    for side in Side:
        assert [result.hips[side][one].value for one in Quantity] == pytest.approx(expected[side], abs=0.3)
        assert (result.hips[side].zero, result.hips[side].zero_edited) == (Zero.GRAVITY, True)


@pytest.mark.parametrize("mirrored", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("name", ["built", *SAMPLES])
def test_a_line_that_is_turned_more_moves_the_sides_against_each_other_and_no_total_arc(name, mirrored, measured_sample):
    measurement = replace(built() if name == "built" else measured_sample(name), mirrored=mirrored)
    size = measurement.landmarks
    upright = ((size.width_px / 2, 0.1 * size.height_px), (size.width_px / 2, 0.9 * size.height_px))
    lower = upright[1][0] + (1 if mirrored else -1) * math.tan(math.radians(3)) * 0.8 * size.height_px
    turned = (upright[0], (lower, upright[1][1]))
    first, second = (values(corrected(measurement, numbered(ChooseZero(ZeroChoice.LINE, one)))) for one in (upright, turned))
    # The scene looks turned clockwise by 3°: what looks like 3° of internal rotation of the right hip is the phone's.
    moved = {key: second[key] - first[key] for key in first}
    assert [moved[Side.RIGHT, one] for one in Quantity] == pytest.approx([-3, 3, 0], abs=1e-3)
    assert [moved[Side.LEFT, one] for one in Quantity] == pytest.approx([3, -3, 0], abs=1e-3)


def test_what_was_read_moves_by_as_much_as_the_zero(measured_sample):
    measurement = measured_sample("p01_front")
    result = corrected(measurement, numbered(ChooseZero(ZeroChoice.PICTURE)))
    for side in Side:
        higher_deg = result.rotation[side].zero_deg - measurement.rotation[side].zero_deg
        assert abs(higher_deg) > 0.05
        for before, after in zip(measurement.hips[side].reps, result.hips[side].reps, strict=True):
            assert after.end_range_deg - before.end_range_deg == pytest.approx(-before.direction.sign * higher_deg)
            assert after.end_range_from_vertical_deg == before.end_range_from_vertical_deg
            assert after.edited
        assert result.hips[side].total_deg == measurement.hips[side].total_deg
        moved = result.rotation[side].internal_rotation_deg - measurement.rotation[side].internal_rotation_deg
        assert moved[np.isfinite(moved)] == pytest.approx(-higher_deg)
    assert result.asymmetry.total_deg == measurement.asymmetry.total_deg


def test_the_ends_of_a_line_come_in_any_order():
    top, bottom = line(3.0)
    assert line_roll(built(), (top, bottom)) == line_roll(built(), (bottom, top))


def test_a_line_clicked_where_the_recording_was_turned_back_leans_the_other_way():
    measurement = built()
    half = measurement.landmarks.time_s > 5.0
    measurement = replace(measurement, landmarks=replace(measurement.landmarks, turned=half))
    assert line_roll(measurement, line(3.0), 1.0).roll_deg == pytest.approx(3)
    assert line_roll(measurement, line(3.0, mirrored=True), 9.0).roll_deg == pytest.approx(3)


@pytest.mark.parametrize(
    ("length_px", "x", "sd_deg"),
    [
        # 2 px at both ends, and 0.5° of the building: atan(√2 · 2 / 600) = 0.27°.
        pytest.param(600, MIDDLE, math.hypot(0.27, 0.5), id="a long line in the middle"),
        pytest.param(120, MIDDLE, math.hypot(1.35, 0.5), id="a short one"),
        # A phone that looks down by 12°: 270 px aside, with a focal length of 0.86 of 960 px, are atan(270 · tan 12° / 826) = 3.98°.
        pytest.param(600, WIDTH_PX, math.hypot(0.27, 0.5, 3.98), id="at the border of the image"),
    ],
)
def test_a_line_is_as_sure_as_its_clicks_the_building_and_the_perspective(length_px, x, sd_deg):
    assert line_roll(built(), line(0.0, length_px, x)).sd_deg == pytest.approx(sd_deg, abs=0.01)


def test_a_poor_line_widens_the_interval_and_a_good_one_does_not_narrow_it_to_nothing():
    good, poor = (by_line(built(), 0.0, *more).hips[Side.RIGHT].internal_rotation_deg for more in ((), (120.0, WIDTH_PX)))
    assert poor.high - poor.low > good.high - good.low + 1
    assert good.high - good.low > 2 * 1.96 * 4  # what the landmarks are unsure of stays


@pytest.mark.parametrize(
    ("line_px", "sentence"),
    [
        pytest.param(line(0, 95.0), "too short", id="short"),
        pytest.param(line(50), "leans by 50°", id="slanted"),
        pytest.param(((10.0, 300.0), (500.0, 300.0)), "leans by 90°", id="level"),
    ],
)
def test_a_line_that_tells_no_vertical_is_refused(line_px, sentence):
    with pytest.raises(ReviewError, match=sentence):
        corrected(built(), numbered(ChooseZero(ZeroChoice.LINE, line_px)))


# ---------------------------------------------------------------- the picture
def test_counted_from_the_vertical_of_the_picture_a_rolled_phone_stays_in_the_angles():
    result = corrected(built(seated(roll_deg=4.0)), numbered(ChooseZero(ZeroChoice.PICTURE)))
    assert [result.hips[Side.RIGHT][one].value for one in Quantity] == pytest.approx([39, 36, 75], abs=0.3)
    assert [result.hips[Side.LEFT][one].value for one in Quantity] == pytest.approx([26, 49, 75], abs=0.3)


def test_a_picture_that_was_seen_rolled_is_not_made_sure_by_calling_it_upright():
    assert picture_roll(CameraRoll(4.0, 0.5)) == CameraRoll(0.0, math.hypot(4.0, 0.5))
    result = corrected(built(seated(roll_deg=4.0)), numbered(ChooseZero(ZeroChoice.PICTURE)))
    assert result.asymmetry[Quantity.INTERNAL].why.key == f"doubts.{Doubt.LEAN_UNKNOWN}"
    assert result.asymmetry[Quantity.TOTAL].why is None


# ---------------------------------------------------------------- the leg at rest
def resting_askew():
    """Both legs hang rotated inward by 3° and turn by 35 and 40° from there, one after the other."""
    leg = swings_deg((3, 1.0), *((38, 0.6), (-37, 0.6)) * 3, (3, 1.0))
    hangs = np.full(len(leg), 3.0)
    return Subject(left_deg=np.concatenate([hangs, leg]), right_deg=np.concatenate([leg, hangs]))


def test_counted_from_the_leg_at_rest_its_posture_is_zero():
    measurement = built(resting_askew())
    result = corrected(measurement, numbered(ChooseZero(ZeroChoice.REST)))
    for side in Side:
        assert [result.hips[side][one].value for one in Quantity] == pytest.approx([35, 40, 75], abs=0.3)
        assert (result.hips[side].zero, result.hips[side].rest_askew_deg) == (Zero.REST, 0.0)
    assert result.lean == measurement.lean


def test_a_leg_that_never_rested_cannot_be_counted_from_rest():
    measurement = built(never_at_rest())
    assert math.isnan(measurement.rotation[Side.RIGHT].rest_deg)
    result = corrected(measurement, numbered(ChooseZero(ZeroChoice.REST)))  # the other leg hangs
    assert result.hips[Side.RIGHT] is measurement.hips[Side.RIGHT]
    rotation = {side: replace(leg, rest_deg=math.nan) for side, leg in measurement.rotation.items()}
    with pytest.raises(ReviewError, match="neither leg"):
        corrected(replace(measurement, rotation=rotation), numbered(ChooseZero(ZeroChoice.REST)))


# ---------------------------------------------------------------- what is said, what wins
def test_the_result_says_that_the_reviewer_chose_the_zero():
    rest, vertical = (corrected(built(), numbered(ChooseZero(one))).hips[Side.LEFT] for one in (ZeroChoice.REST, ZeroChoice.PICTURE))
    assert zero_reason(rest).startswith("Counted from the leg's posture at rest, which the reviewer takes to hang straight (± ")
    assert zero_reason(vertical).startswith("Counted from the vertical that the reviewer chose, 0° from that of the picture (± ")
    assert "Durchsicht" in zero_reason(vertical, Words("de"))


def test_a_vertical_that_was_chosen_is_no_finding_about_the_leg():
    measurement = built()
    result = by_line(measurement, 0.0)
    assert FindingCode.REST_POSTURE not in {finding.code for finding in result.findings}


def test_the_latest_zero_holds():
    measurement = built(seated(roll_deg=4.0))
    picture, measured = ChooseZero(ZeroChoice.PICTURE), ChooseZero(ZeroChoice.AS_MEASURED)
    assert values(corrected(measurement, numbered(picture, measured))) == values(measurement)
    assert values(corrected(measurement, numbered(measured, picture))) == values(corrected(measurement, numbered(picture)))
