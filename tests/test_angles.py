"""Landmarks to angles. What holds for the whole chain, whatever the camera does, stands in the second half."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hipcv.codes import Quantity
from hipcv.kinematics.angles import body_series, hip_rotation_deg, rotation_series, steady_points
from hipcv.kinematics.mirror_average import flipped_series
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.settings import Settings
from hipcv.values import Direction, Zero
from tests.builders import (
    HALF_HIPS,
    SHANK_PX,
    Subject,
    at_times,
    both_legs,
    in_mirror,
    measured,
    only_frames,
    right_leg,
    still_deg,
    swings_deg,
    unseen,
    with_nobody,
)

KNEE = np.array([[270.0, 560.0]])
RIGHT, LEFT = (35, 40), (30, 45)
"""Internal and external rotation of the subject below."""
few = settings(max_examples=15, deadline=None)


def subject(**choices):
    return replace(both_legs(RIGHT, LEFT), **choices)


def clip_times_s():
    return subject().landmarks().time_s


def assert_end_ranges(result, tolerance_deg, right=RIGHT, left=LEFT):
    """Three repetitions of each direction in turn, none missed, none invented, each near what was built."""
    for side, built_deg in ((Side.RIGHT, right), (Side.LEFT, left)):
        assert result.counted(side) == "IEIEIE"
        assert len(result.reps(side)) == 6
        for direction, expected_deg in zip(Direction, built_deg, strict=True):
            assert result.end_ranges_deg(side, direction) == pytest.approx([expected_deg] * 3, abs=tolerance_deg)


# ---------------------------------------------------------------- one angle
@pytest.mark.parametrize(
    ("side", "foot_px", "expected_deg"),
    [
        pytest.param(Side.LEFT, [100, 100], 45, id="left foot outward, to image right, is internal"),
        pytest.param(Side.RIGHT, [-100, 100], 45, id="right foot outward, to image left, is internal"),
        pytest.param(Side.LEFT, [-100, 100], -45, id="left foot inward is external"),
        pytest.param(Side.RIGHT, [100, 100], -45, id="right foot inward is external"),
        pytest.param(Side.LEFT, [0, 150], 0, id="left shank straight down is neutral"),
        pytest.param(Side.RIGHT, [0, 150], 0, id="right shank straight down is neutral"),
        pytest.param(Side.LEFT, [50, 50 * 3**0.5], 30, id="thirty degrees"),
    ],
)
def test_the_swing_of_the_foot_tells_the_rotation(side, foot_px, expected_deg):
    assert hip_rotation_deg(KNEE, KNEE + foot_px, side) == pytest.approx([expected_deg])


@given(st.floats(-80, 80), st.floats(20, 2000), st.sampled_from(Side))
def test_shank_length_does_not_change_the_angle(deg, shank_px, side):
    swing = np.radians(side.lateral_x * deg)
    ankle = KNEE + shank_px * np.array([np.sin(swing), np.cos(swing)])
    assert hip_rotation_deg(KNEE, ankle, side) == pytest.approx([deg], abs=1e-6)


def test_knees_and_ankles_that_do_not_pair_are_a_mistake():
    with pytest.raises(ValueError, match="differ"):
        hip_rotation_deg(np.zeros((3, 2)), np.zeros((2, 2)), Side.LEFT)


@pytest.mark.parametrize("hole", [(0, 0), (0, 1)])
def test_a_missing_ankle_has_no_angle(hole):
    ankle = KNEE + np.array([0.0, 100.0])
    ankle[hole] = np.nan
    assert np.isnan(hip_rotation_deg(KNEE, ankle, Side.LEFT)).all()


def test_45_degrees_in_a_tall_picture_read_45():
    # As shares of a 1080 x 1920 picture the same foot would read 61: atan2(200 / 1080, 200 / 1920).
    knee, ankle = np.array([[540.0, 1000.0]]), np.array([[740.0, 1200.0]])
    assert hip_rotation_deg(knee, ankle, Side.LEFT) == pytest.approx([45])


# ---------------------------------------------------------------- points before any angle
def test_only_what_is_used_is_prepared():
    points = measured(subject()).points_px
    prepared = set(np.flatnonzero(np.isfinite(points).all(axis=(0, 2))))
    assert prepared == {of_side(part, side) for side in Side for part in ("shoulder", "hip", "knee", "ankle", "foot_index")}


def test_still_points_stay_where_they_are():
    series = Subject(still_deg(90), still_deg(90)).landmarks()
    steady = steady_points(series, Settings())
    knees = [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]
    assert steady[:, knees] == pytest.approx(series.image_px[:, knees])


@pytest.mark.parametrize(
    ("seconds", "bridged"), [pytest.param(0.15, True, id="short gap bridged"), pytest.param(0.5, False, id="long gap left open")]
)
def test_only_short_gaps_are_bridged(seconds, bridged):
    series = unseen(subject().landmarks(), Landmark.RIGHT_ANKLE, (1.0, 1.0 + seconds))
    ankle = steady_points(series, Settings())[:, Landmark.RIGHT_ANKLE]
    assert np.isfinite(ankle).all() == bridged


def test_a_point_outside_the_picture_is_not_believed():
    series = subject().landmarks()
    image_px = series.image_px.copy()
    image_px[30:60, Landmark.LEFT_ANKLE, 1] = series.height_px + 1
    steady = steady_points(replace(series, image_px=image_px), Settings())
    assert np.isnan(steady[30:60, Landmark.LEFT_ANKLE]).all()
    assert np.isfinite(steady[30:60, Landmark.LEFT_KNEE]).all()


def test_a_leg_that_is_never_seen_has_no_angle_and_no_zero():
    result = measured(unseen(subject().landmarks(), Landmark.LEFT_ANKLE, (0, 100)))
    rotation = result.rotation[Side.LEFT]
    assert np.isnan(rotation.from_vertical_deg).all()
    assert np.isnan([rotation.rest_deg, rotation.shank_px]).all()
    assert result.reps(Side.LEFT) == ()
    assert result.counted(Side.RIGHT) == "IEIEIE"


# ---------------------------------------------------------------- rest and the knee
def test_the_shank_is_measured_at_rest():
    assert [r.shank_px for r in measured(subject()).rotation.values()] == pytest.approx([SHANK_PX] * 2)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(((0, 1), *((12, 1), (0, 0.3)) * 3, (0, 0.7)), id="internal rotation of 12 only"),
        pytest.param(((0, 1), *((-12, 2), (0, 0.5)) * 3, (0, 0.5)), id="external rotation of 12 only, held for long"),
        pytest.param(((0, 1), *((10, 1.5), (-35, 1)) * 3, (0, 1)), id="internal rotation of 10, external of 35"),
        pytest.param(((0, 1), (12, 15), (0, 1)), id="another posture for a long time"),
    ],
)
@pytest.mark.parametrize("roll_deg", [-8.0, 0.0, 8.0])
def test_the_holds_of_a_stiff_hip_are_not_taken_for_its_rest(parts, roll_deg):
    result = measured(right_leg(*parts, roll_deg=roll_deg))
    assert result.rotation[Side.RIGHT].zero is Zero.REST
    assert result.rotation[Side.RIGHT].rest_deg == pytest.approx(roll_deg, abs=0.3)


def test_without_rest_the_angle_is_read_from_the_vertical():
    never_still = swings_deg((30, 0.5), *[(-40, 0.5), (30, 0.5)] * 3)
    rotation = measured(Subject(still_deg(len(never_still)), never_still)).rotation[Side.RIGHT]
    assert rotation.zero is Zero.GRAVITY
    assert np.isnan(rotation.rest_deg)
    assert np.isnan(rotation.from_rest_deg).all()
    assert np.array_equal(rotation.internal_rotation_deg, rotation.from_vertical_deg)


@pytest.mark.parametrize("drag", [0.05, 0.10, 0.14])
@pytest.mark.parametrize("side", Side)
def test_a_knee_dragged_after_the_foot_does_not_change_the_angle(side, drag):
    series = subject().landmarks()
    knee, ankle = of_side("knee", side), of_side("ankle", side)
    image_px = series.image_px.copy()
    image_px[:, knee, 0] += drag * (image_px[:, ankle, 0] - image_px[:, knee, 0])
    assert_end_ranges(measured(replace(series, image_px=image_px)), 0.5)


def test_a_knee_that_moves_far_is_followed_beyond_the_drag():
    series = right_leg((0, 1), (30, 1), (0, 1)).landmarks()
    image_px = series.image_px.copy()
    out = 0.35 * SHANK_PX * np.clip((series.time_s - 1) / 0.5, 0, 1) * np.clip((3 - series.time_s) / 0.5, 0, 1)
    for part in ("knee", "ankle", "heel", "foot_index"):  # the whole leg opens outward
        image_px[:, of_side(part, Side.RIGHT), 0] -= out
    rotation = measured(replace(series, image_px=image_px)).rotation[Side.RIGHT]
    middle = np.abs(series.time_s - 2) < 0.2
    assert np.median(rotation.knee_travel_percent[middle]) == pytest.approx(35, abs=0.5)
    assert np.median(rotation.image_angle_deg[middle]) == pytest.approx(30, abs=0.1)
    # 0.15 of a shank is taken for drag: atan((sin 30° + 0.15) / cos 30°) = 36.9°
    assert np.median(rotation.from_rest_deg[middle]) == pytest.approx(36.9, abs=0.2)


def test_a_swinging_leg_is_marked_as_moving():
    rotation = measured(right_leg((0, 1), (30, 1), (0, 1))).rotation
    assert not rotation[Side.LEFT].moving.any()
    assert rotation[Side.RIGHT].moving[45:75].all()
    assert not rotation[Side.RIGHT].moving[:29].any()


# ---------------------------------------------------------------- the body
@pytest.mark.parametrize("tilt_deg", [-12.0, 0.0, 7.0])
def test_pelvis_tilt_is_positive_with_the_left_hip_higher(tilt_deg):
    series = Subject(still_deg(60), still_deg(60), pelvis_tilt_deg=np.full(60, tilt_deg)).landmarks()
    body = body_series(series.time_s, steady_points(series, Settings()))
    assert body.pelvis_tilt_deg == pytest.approx(np.full(60, tilt_deg))
    assert body.shoulder_tilt_deg == pytest.approx(np.zeros(60))


def test_trunk_lean_is_positive_toward_the_left_and_shoulders_with_the_left_one_higher():
    points = np.full((1, 33, 2), np.nan)
    points[0, [Landmark.RIGHT_HIP, Landmark.LEFT_HIP]] = [[270 - HALF_HIPS, 500], [270 + HALF_HIPS, 500]]
    # the middle of the shoulders stands 100 to image right of, and 100 above, the middle of the hips; the left one is 80 higher
    points[0, [Landmark.RIGHT_SHOULDER, Landmark.LEFT_SHOULDER]] = [[330, 440], [410, 360]]
    body = body_series(np.zeros(1), points)
    assert body.trunk_lean_deg == pytest.approx([45])
    assert body.shoulder_tilt_deg == pytest.approx([45])
    assert body.pelvis_tilt_deg == pytest.approx([0])


def test_thighs_opened_outward_are_seen_as_abduction():
    rotation = measured(Subject(still_deg(60), still_deg(60))).rotation
    # knees 15 px further out than the hips, shank 170 px
    for side in Side:
        assert np.median(rotation[side].thigh_abduction_deg) == pytest.approx(np.degrees(np.arcsin(15 / 170)))


# ---------------------------------------------------------------- what must hold whatever the camera does
def test_the_built_rotation_is_read_exactly():
    assert_end_ranges(measured(subject()), 0.05)


@pytest.mark.slow
@few
@given(ranges=st.tuples(*[st.floats(10, 50)] * 4), roll_deg=st.floats(-5, 5))
def test_a_mirrored_picture_gives_the_same_hips_with_the_sides_exchanged(ranges, roll_deg):
    series = replace(both_legs(ranges[:2], ranges[2:]), roll_deg=roll_deg).landmarks()
    plain, mirrored = measured(series), measured(in_mirror(series))
    assert_end_ranges(mirrored, 0.5, right=ranges[2:], left=ranges[:2])
    for side in Side:
        assert mirrored.end_ranges_deg(side, Direction.INTERNAL) == pytest.approx(plain.end_ranges_deg(side.other, Direction.INTERNAL))
        assert mirrored.rotation[side].rest_deg == pytest.approx(plain.rotation[side.other].rest_deg, abs=1e-6)


def test_a_picture_known_to_be_mirrored_gives_the_subjects_own_sides():
    series = subject(noise_px=1.0).landmarks()
    own = flipped_series(in_mirror(series))
    assert own.image_px == pytest.approx(series.image_px)
    assert own.world_m == pytest.approx(series.world_m)
    assert np.array_equal(own.visibility, series.visibility)


@few
@given(roll_deg=st.floats(-8, 8))
def test_a_leaning_camera_leaves_the_end_ranges_and_moves_the_vertical(roll_deg):
    result = measured(subject(roll_deg=roll_deg))
    assert_end_ranges(result, 0.3)
    for side, sign in ((Side.RIGHT, 1), (Side.LEFT, -1)):
        assert result.rotation[side].rest_deg == pytest.approx(sign * roll_deg, abs=0.1)
        for rep in result.reps(side):
            moved_deg = rep.end_range_from_vertical_deg - rep.end_range_deg
            assert moved_deg == pytest.approx(rep.direction.sign * sign * roll_deg, abs=0.3)


@few
@given(right_px=st.floats(-40, 40), down_px=st.floats(-150, 150), scale=st.floats(0.4, 4))
def test_where_and_how_large_the_person_is_changes_nothing(right_px, down_px, scale):
    n_frames = len(subject().left_deg)
    moved = subject(shift_px=np.tile([right_px, down_px], (n_frames, 1)), scale=scale)
    assert_end_ranges(measured(moved), 0.05)


@few
@given(
    sway_px=st.tuples(st.floats(-35, 35), st.floats(-40, 40)),
    sway_hz=st.floats(0.05, 0.6),
    tremor_px=st.floats(0, 6),
    tremor_hz=st.floats(1, 3),
)
def test_a_hand_held_phone_changes_next_to_nothing(sway_px, sway_hz, tremor_px, tremor_hz):
    t = clip_times_s()
    sway = np.outer(np.sin(2 * np.pi * sway_hz * t), sway_px)
    tremor = np.stack([np.sin(2 * np.pi * tremor_hz * t), np.cos(2 * np.pi * tremor_hz * t)], axis=1) * tremor_px
    assert_end_ranges(measured(subject(shift_px=sway + tremor)), 0.5)


@few
@given(seed=st.integers(0, 10_000), share=st.floats(0.02, 0.3))
def test_dropped_frames_change_less_than_a_degree(seed, share):
    series = subject().landmarks()
    kept = np.random.default_rng(seed).random(len(series.time_s)) >= share
    assume(np.diff(series.time_s[kept]).max() < Settings().longest_gap_s)  # a longer pause is told, and may cut a movement off
    assert_end_ranges(measured(only_frames(series, kept)), 1.0)


@few
@given(seed=st.integers(0, 10_000))
def test_uneven_times_change_less_than_a_degree(seed):
    steps_s = np.random.default_rng(seed).uniform(0.5, 1.5, 540) / 30
    assert_end_ranges(measured(at_times(subject(), np.cumsum(steps_s))), 1.0)


@pytest.mark.parametrize("rate_hz", [5, 6, 7, 8, 10, 12, 15, 20, 24, 25, 29.97, 50, 60])
@pytest.mark.parametrize("begins_s", [0.0, 0.07, 0.13])
def test_every_frame_rate_gives_the_same_repetitions(rate_hz, begins_s):
    time_s = np.arange(begins_s, clip_times_s()[-1], 1 / rate_hz)
    assert_end_ranges(measured(at_times(subject(), time_s)), 1.0)


@pytest.mark.parametrize("seed", range(12))
def test_landmarks_1_5_px_astray_leave_the_ranges_within_a_degree(seed):
    result = measured(subject(noise_px=1.5, seed=seed))
    assert_end_ranges(result, 2.0)
    for side, built_deg in ((Side.RIGHT, RIGHT), (Side.LEFT, LEFT)):
        for direction, expected_deg in zip(Direction, built_deg, strict=True):
            assert result.hips[side][Quantity.of(direction)].value == pytest.approx(expected_deg, abs=1.0)


@few
@given(start=st.integers(0, 500), n_frames=st.integers(1, 6))
def test_a_few_frames_without_a_person_change_less_than_a_degree(start, n_frames):
    assert_end_ranges(measured(with_nobody(subject().landmarks(), slice(start, start + n_frames))), 1.0)


def test_rotation_series_has_the_shape_of_the_clip():
    series = subject().landmarks()
    for side, rotation in rotation_series(series, steady_points(series, Settings()), Settings()).items():
        assert rotation.side is side
        for name in ("image_angle_deg", "from_vertical_deg", "from_rest_deg", "knee_travel_percent", "thigh_abduction_deg", "moving"):
            assert getattr(rotation, name).shape == series.time_s.shape


@pytest.mark.parametrize("seed", range(16))
def test_all_of_it_at_once_invents_and_loses_no_repetition(seed):
    """A leaning, hand-held phone, noise, dropped frames, stiff or supple hips, and a resting foot that the moving leg drags along."""
    rng = np.random.default_rng(seed)
    internal_deg, external_deg = rng.uniform(10, 50, 2)
    hold_s = rng.uniform(0.4, 2)
    moving = swings_deg((0, 1), *((internal_deg, hold_s), (-external_deg, hold_s)) * 3, (0, 1))
    t = np.arange(2 * len(moving)) / 30
    legs = {
        "right_deg": np.concatenate([moving, rng.uniform(-0.4, 0.4) * moving]),
        "left_deg": np.concatenate([rng.uniform(-0.4, 0.4) * moving, moving]),
    }
    sway = np.outer(np.sin(2 * np.pi * rng.uniform(0.05, 0.6) * t), rng.uniform(-25, 25, 2))
    series = Subject(**legs, roll_deg=rng.uniform(-8, 8), noise_px=1.5, shift_px=sway, seed=seed).landmarks()
    kept = rng.random(len(t)) > rng.uniform(0, 0.3)
    # A dragged foot is not at rest: less than hold_band_deg of it may enter the zero.
    assert_end_ranges(measured(only_frames(series, kept)), 4.5, right=(internal_deg, external_deg), left=(internal_deg, external_deg))
