"""Knee and ankle placed by hand: plane geometry to a fifth of a degree, and an interval that is no narrower than a hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hipcv.codes import Reason
from hipcv.errors import ReviewError
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.review.corrected import corrected
from hipcv.review.edits import ChooseZero, Exclude, ExcludeReason, MovePoints, ZeroChoice
from hipcv.review.hand_points import HAND_SD_DEG, sd_deg
from hipcv.review.placing import drawn_points, reading_deg
from hipcv.settings import Mirrored, Settings
from hipcv.values import Direction
from tests.builders import SHANK_PX, WIDTH_PX, a_rep
from tests.conftest import SAMPLES
from tests.reviews import built, hold_middle_s, numbered, with_rep

KEYS = [f"{side.value}-{index}" for side in Side for index in (0, 1)]
"""Of both legs the first internal and the first external repetition."""
MIRRORED = pytest.mark.parametrize("mirrored", [False, True], ids=["as it is", "mirrored"])


@pytest.fixture(params=["measured", "measured as mirrored", "built", "built and mirrored"])
def measurement(request, memory, measured_sample):
    if request.param == "measured":
        return measured_sample("p01_front")
    if request.param == "measured as mirrored":
        return memory.measure(SAMPLES / "p01_front.mp4", settings=Settings(mirrored=Mirrored.YES))
    return built(mirrored=request.param == "built and mirrored")


def rep_of(measurement, key):
    side, index = key.split("-")
    return measurement.hips[Side(side)].reps[int(index)]


def outward(measurement, key):
    """Whether the foot of this leg moves toward the right border of the image as filmed when the hip turns inward."""
    return (key.startswith("left") != measurement.mirrored) * 2 - 1


def from_down_deg(knee, ankle):
    return math.degrees(math.atan2(ankle[0] - knee[0], ankle[1] - knee[1]))


def moved(measurement, key, time_s, knee, ankle):
    result = corrected(measurement, numbered(MovePoints(key, time_s, knee, ankle)))
    return result, rep_of(result, key)


# ---------------------------------------------------------------- geometry
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("by_px", [(12.0, 0.0), (-25.0, 8.0), (0.0, -15.0), (60.0, 20.0)])
@pytest.mark.parametrize("point", ["knee", "ankle"])
def test_a_point_that_is_moved_turns_the_end_range_by_as_much_as_the_line(measurement, key, by_px, point):
    rep = rep_of(measurement, key)
    time_s = hold_middle_s(rep)
    knee, ankle = drawn_points(measurement, key, time_s)
    other = tuple(a + b for a, b in zip(ankle if point == "ankle" else knee, by_px, strict=True))
    placed = (knee, other) if point == "ankle" else (other, ankle)
    turned = outward(measurement, key) * (from_down_deg(*placed) - from_down_deg(knee, ankle))
    side = rep.side
    frame = int(np.abs(measurement.landmarks.time_s - time_s).argmin())
    expected = rep.direction.sign * (float(measurement.rotation[side].internal_rotation_deg[frame]) + turned)
    _, after = moved(measurement, key, time_s, *placed)
    assert after.end_range_deg == pytest.approx(expected, abs=0.2)
    assert reading_deg(measurement, key, time_s, *placed) == after.end_range_deg


@pytest.mark.parametrize("key", KEYS)
def test_moving_nothing_reads_the_angle_of_the_frame(measurement, key):
    rep = rep_of(measurement, key)
    time_s = hold_middle_s(rep)
    frame = int(np.abs(measurement.landmarks.time_s - time_s).argmin())
    angle = rep.direction.sign * float(measurement.rotation[rep.side].internal_rotation_deg[frame])
    assert reading_deg(measurement, key, time_s, *drawn_points(measurement, key, time_s)) == pytest.approx(angle, abs=1e-6)


@MIRRORED
@pytest.mark.parametrize("key", KEYS)
def test_a_line_placed_at_a_known_angle_reads_that_angle(key, mirrored):
    """Before a camera in front, with legs that hang straight: 50° from the vertical are 50°."""
    measurement = built(mirrored=mirrored)
    rep = rep_of(measurement, key)
    way = outward(measurement, key) * rep.direction.sign
    knee = (200.0, 500.0)
    ankle = (200 + way * SHANK_PX * math.sin(math.radians(50)), 500 + SHANK_PX * math.cos(math.radians(50)))
    assert moved(measurement, key, hold_middle_s(rep), knee, ankle)[1].end_range_deg == pytest.approx(50, abs=0.2)


@MIRRORED
@pytest.mark.parametrize("side", Side)
def test_points_are_drawn_where_the_leg_was_filmed(side, mirrored):
    measurement = built(mirrored=mirrored)
    key = f"{side.value}-0"
    time_s = hold_middle_s(rep_of(measurement, key))
    frame = int(np.abs(measurement.landmarks.time_s - time_s).argmin())
    filmed = measurement.landmarks_as_filmed.image_px[frame]
    knee, ankle = drawn_points(measurement, key, time_s)
    assert knee == pytest.approx(filmed[of_side("knee", side)], abs=0.5)
    assert ankle == pytest.approx(filmed[of_side("ankle", side)], abs=0.5)


def test_where_the_recording_was_turned_back_points_are_drawn_and_read_as_filmed():
    """From the fifth second on, the camera films in mirror image: the foot moves to the other side, the angle does not change its sign."""
    plain = built()
    turned = replace(plain, landmarks=replace(plain.landmarks, turned=plain.landmarks.time_s > 5.0))
    rep = plain.hips[Side.RIGHT].reps[4]
    assert rep.hold_start_s > 5.0
    points = drawn_points(plain, "right-4", hold_middle_s(rep))
    flipped = tuple((WIDTH_PX - x, y) for x, y in points)
    assert np.ravel(drawn_points(turned, "right-4", hold_middle_s(rep))) == pytest.approx(np.ravel(flipped))
    wider = flipped[0], (flipped[1][0] + 20.0, flipped[1][1])  # as filmed, the right foot turns outward to the right
    change = reading_deg(turned, "right-4", hold_middle_s(rep), *wider) - rep.end_range_deg
    assert change == pytest.approx(from_down_deg(*wider) - from_down_deg(*flipped), abs=0.3)
    assert change > 4


def test_a_leg_that_was_not_seen_is_read_from_the_line_alone():
    measurement = built()
    rep = measurement.hips[Side.RIGHT].reps[0]
    time_s = hold_middle_s(rep)
    gone = measurement.landmarks.image_px.copy()
    gone[:, Landmark.RIGHT_ANKLE] = np.nan
    rotation = {**measurement.rotation, Side.RIGHT: replace(measurement.rotation[Side.RIGHT], from_vertical_deg=gone[:, 0, 0] * np.nan)}
    measurement = replace(measurement, landmarks=replace(measurement.landmarks, image_px=gone), rotation=rotation)
    assert np.isnan(drawn_points(measurement, "right-0", time_s)).all()
    assert reading_deg(measurement, "right-0", time_s, (200.0, 500.0), (100.0, 600.0)) == pytest.approx(45, abs=0.2)


# ---------------------------------------------------------------- the interval
def test_points_placed_by_hand_are_no_surer_than_a_hand(measured_sample):
    measurement = measured_sample("p01_front")
    before = measurement.hips[Side.RIGHT]
    edits = [
        MovePoints(f"right-{k}", hold_middle_s(before.reps[k]), *drawn_points(measurement, f"right-{k}", hold_middle_s(before.reps[k])))
        for k in (0, 2, 4)
    ]
    after = corrected(measurement, numbered(*edits)).hips[Side.RIGHT]
    assert after.internal_rotation_deg.value == pytest.approx(before.internal_rotation_deg.value, abs=1)
    half_before, half_after = (one.internal_rotation_deg.high - one.internal_rotation_deg.value for one in (before, after))
    assert half_before < half_after < half_before + 2
    assert half_after > 1.96 * HAND_SD_DEG
    for index in (0, 2, 4):
        rep = after.reps[index]
        assert math.isnan(rep.sd_deg)
        assert rep.landmark_sd_deg > math.hypot(HAND_SD_DEG, before.reps[index].sd_deg)
        assert (rep.usable, rep.edited, rep.reasons) == (True, True, (Reason.POINTS_BY_HAND,))
    assert after.external_rotation_deg.value == before.external_rotation_deg.value


def test_the_farther_a_point_is_moved_the_wider_the_interval():
    measurement = built()
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    knee, (x, y) = drawn_points(measurement, "right-0", time_s)
    sds = [moved(measurement, "right-0", time_s, knee, (x + px, y))[1].landmark_sd_deg for px in (0, 20, 60)]
    assert sds == sorted(sds)
    assert sds[2] > sds[0] + 0.3


def test_the_parts_of_the_error_add_as_independent_ones():
    settings = Settings()
    registered, by_landmarks, no_view = a_rep(sd_deg=1.2), a_rep(landmark_sd_deg=5.0), a_rep()
    assert sd_deg(registered, 0.0, settings) == pytest.approx(math.hypot(1.95, 1.2, 0.6))
    assert sd_deg(registered, -10.0, settings) == pytest.approx(math.hypot(1.95, 1.2, 0.6, 1.5))
    assert sd_deg(by_landmarks, 0.0, settings) == pytest.approx(math.hypot(1.95, 3.0))  # 5² = 4² of the landmarks + 3² of the view
    assert sd_deg(no_view, 0.0, settings) == pytest.approx(math.hypot(1.95, 4.0))


@pytest.mark.parametrize(("yaw_deg", "pitch_deg"), [(30, 0), (0, 30), (-20, 20)])
def test_a_degree_in_the_image_is_a_degree_of_the_hip_to_within_15_percent(yaw_deg, pitch_deg):
    """What the share of the change in the interval rests on: a shank that turns about a thigh seen from 30° aside or above."""
    turn, yaw, pitch = np.radians(np.linspace(-45, 45, 181)), math.radians(yaw_deg), math.radians(pitch_deg)
    right, down, away = np.sin(turn) * math.cos(yaw), np.cos(turn), -np.sin(turn) * math.sin(yaw)
    shown = np.arctan2(right, down * math.cos(pitch) - away * math.sin(pitch))
    assert np.abs(np.gradient(shown, turn) - 1).max() < 0.165


# ---------------------------------------------------------------- what else changes
def test_what_spoke_against_the_points_no_longer_does():
    measurement = with_rep(built(), Side.RIGHT, 0, usable=False, reasons=(Reason.HIDDEN, Reason.IMPLAUSIBLE, Reason.NO_HOLD))
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    rep = moved(measurement, "right-0", time_s, *drawn_points(measurement, "right-0", time_s))[1]
    assert (rep.usable, rep.reasons) == (True, (Reason.NO_HOLD, Reason.POINTS_BY_HAND))


def test_placing_points_does_not_make_a_repetition_count_that_something_else_rules_out():
    measurement = with_rep(built(), Side.RIGHT, 0, usable=False, reasons=(Reason.BOTH_LEGS,))
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    assert not moved(measurement, "right-0", time_s, *drawn_points(measurement, "right-0", time_s))[1].usable


def test_no_finding_says_that_points_placed_by_hand_are_body_points(measured_sample):
    measurement = measured_sample("p01_front")
    time_s = hold_middle_s(measurement.hips[Side.LEFT].reps[0])
    result, _ = moved(measurement, "left-0", time_s, *drawn_points(measurement, "left-0", time_s))
    assert result.findings == measurement.findings


def test_the_reading_follows_the_zero_that_was_chosen(measured_sample):
    measurement = measured_sample("p01_front")
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    points = drawn_points(measurement, "right-0", time_s)
    edits = numbered(ChooseZero(ZeroChoice.PICTURE), MovePoints("right-0", time_s, *points))
    reading = reading_deg(measurement, "right-0", time_s, *points, edits[:1])
    assert corrected(measurement, edits).hips[Side.RIGHT].reps[0].end_range_deg == pytest.approx(reading)
    assert reading != pytest.approx(reading_deg(measurement, "right-0", time_s, *points), abs=0.05)


def test_the_latest_points_hold():
    measurement = built()
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    knee, ankle = drawn_points(measurement, "right-0", time_s)
    first, second = MovePoints("right-0", time_s, knee, (ankle[0] - 30, ankle[1])), MovePoints("right-0", time_s, knee, ankle)
    both, only = (corrected(measurement, numbered(*edits)).hips[Side.RIGHT].reps[0] for edits in ((first, second), (second,)))
    assert both.end_range_deg == only.end_range_deg


@pytest.mark.parametrize(
    ("key", "time_s", "ankle", "sentence"),
    [
        pytest.param("right-0", 9.0, (200.0, 600.0), "not part of the repetition", id="another time"),
        pytest.param("right-0", None, (210.0, 510.0), "too close together", id="one place"),
        pytest.param("right-9", 1.5, (200.0, 600.0), "no repetition right-9", id="no such repetition"),
        pytest.param("right+3", 1.5, (200.0, 600.0), "no repetition", id="nothing was added"),
    ],
)
def test_points_that_make_no_sense_are_refused(key, time_s, ankle, sentence):
    measurement = built()
    at_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0]) if time_s is None else time_s
    with pytest.raises(ReviewError, match=sentence):
        reading_deg(measurement, key, at_s, (200.0, 500.0), ankle)


def test_points_of_a_repetition_that_is_left_out_are_kept_with_it():
    measurement = built()
    time_s = hold_middle_s(measurement.hips[Side.RIGHT].reps[0])
    edit = MovePoints("right-0", time_s, *drawn_points(measurement, "right-0", time_s))
    rep = corrected(measurement, numbered(edit, Exclude("right-0", ExcludeReason.POINTS_OFF))).hips[Side.RIGHT].reps[0]
    assert rep.reasons == (Reason.POINTS_BY_HAND, Reason.EXCLUDED_BY_REVIEWER)
    assert rep.direction is Direction.INTERNAL
