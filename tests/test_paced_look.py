"""Which frames the pose network looks at, and the poses of those between."""

from dataclasses import replace

import numpy as np
import pytest

import hipcv
from hipcv.kinematics.paced_look import FEWEST_HZ, MOST_HZ, Pace, in_every_frame
from hipcv.landmarks import SWAPPED, Side
from hipcv.values import LandmarkSeries
from tests.builders import SHANK_PX, Subject, swings_deg
from tests.test_capture import pictures
from tests.variants import write_pictures

RATE_HZ = 30.0


def looked_at(series):
    """The looks at a clip, by the pace that its legs set."""
    pace, looked = Pace(), []
    for k, time_s in enumerate(series.time_s):
        if pace.wants(time_s):
            found = series.found[k]
            pace.saw(time_s, series.image_px[k] if found else None)
            looked.append(k)
    return part(series, looked)


def part(series, rows):
    return LandmarkSeries(
        series.time_s[rows], series.image_px[rows], series.world_m[rows], series.visibility[rows], series.width_px, series.height_px
    )


def swinging(period_s, degrees=40.0, seconds=6.0):
    time_s = np.arange(0, seconds, 1 / RATE_HZ)
    right_deg = degrees * np.sin(2 * np.pi * time_s / period_s)
    return Subject(np.zeros_like(right_deg), right_deg).landmarks()


def test_a_leg_that_keeps_still_is_looked_at_rarely_and_a_quick_one_often():
    still, quick = swinging(1.0, degrees=0.0), swinging(0.8)
    assert len(looked_at(still).time_s) == pytest.approx(6 * FEWEST_HZ, abs=2)
    assert len(looked_at(quick).time_s) == pytest.approx(6 * MOST_HZ, rel=0.1)


@pytest.mark.parametrize("period_s", [0.8, 1.5, 3.0], ids=["swings of 0.4 s", "ordinary swings", "slow swings"])
def test_the_poses_between_lie_where_the_leg_was(period_s):
    series = swinging(period_s)
    looks = looked_at(series)
    filled = in_every_frame(looks, series.time_s)
    shank_px = np.linalg.norm(series.image_px[0, 28] - series.image_px[0, 26])
    off = np.abs(filled.image_px - series.image_px).max(axis=(1, 2)) / shank_px
    assert np.degrees(off[series.time_s <= looks.time_s[-1]]).max() < 1.0


def test_frames_that_were_looked_at_keep_what_was_seen():
    series = swinging(1.5)
    looks = looked_at(series)
    filled = in_every_frame(looks, series.time_s)
    at = np.searchsorted(series.time_s, looks.time_s)
    np.testing.assert_array_equal(filled.image_px[at], looks.image_px)
    np.testing.assert_array_equal(filled.visibility[at], looks.visibility)


@pytest.mark.parametrize("rate_hz", [5, 7.9, 8, 10, 12, 15, 24, 25, 30])
def test_at_every_rate_a_leg_is_looked_at_often_enough_and_seen_in_every_frame(rate_hz):
    time_s = np.arange(0, 6, 1 / rate_hz)
    time_s += np.random.default_rng(0).uniform(-0.008, 0.008, len(time_s))
    still = swinging(1.0, degrees=0.0)
    n = len(time_s)
    series = LandmarkSeries(time_s, still.image_px[:n], still.world_m[:n], still.visibility[:n], still.width_px, still.height_px)
    looks = looked_at(series)
    assert np.diff(looks.time_s).max() < max(1 / FEWEST_HZ, 1 / rate_hz) + 0.04
    assert in_every_frame(looks, series.time_s).found.all()


@pytest.mark.parametrize("off", [-0.45, -0.15, 0.15, 0.3])
def test_one_look_that_errs_does_not_spread(off):
    """An ankle off in one look while the leg is held; before, such a jump in one frame of thirty was left out."""
    degrees = swings_deg((0, 1), (35, 2), (0, 1))
    series = Subject(np.zeros_like(degrees), degrees).landmarks()
    looks = looked_at(series)
    image_px = looks.image_px.copy()
    image_px[len(looks.time_s) // 2, [28, 30, 32], 0] += off * SHANK_PX
    filled = in_every_frame(replace(looks, image_px=image_px), series.time_s)
    assert np.abs(filled.image_px - series.image_px).max() < 0.02 * SHANK_PX


def test_a_person_without_size_is_looked_at_again():
    pace = Pace()
    for time_s in np.arange(0, 1, 1 / RATE_HZ):
        if pace.wants(time_s):
            pace.saw(time_s, np.zeros((33, 2)))
    assert pace.wants(2.0)


def test_beside_a_look_that_saw_nobody_nobody_is_made_up():
    series = swinging(1.5)
    image_px = series.image_px.copy()
    image_px[60:90] = np.nan
    series = replace(series, image_px=image_px)
    filled = in_every_frame(looked_at(series), series.time_s)
    assert not filled.found[61:90].any()
    assert filled.found[:56].all()
    assert filled.found[94:].all()


def test_when_the_network_exchanges_the_legs_no_pose_lies_between_them():
    series = swinging(1.5)
    image_px = series.image_px.copy()
    image_px[90:] = image_px[90:][:, SWAPPED]
    series = replace(series, image_px=image_px)
    filled = in_every_frame(looked_at(series), series.time_s)
    knees = filled.image_px[:, [25, 26], 0]
    true = series.image_px[:89, [25, 26], 0].mean(axis=0)
    assert np.minimum(np.abs(knees - true).max(axis=1), np.abs(knees - true[::-1]).max(axis=1)).max() < 5


@pytest.mark.pose
@pytest.mark.release
def test_swings_that_are_twice_as_quick_are_all_found(tmp_path, measured_sample):
    quick = (rgb for k, rgb in enumerate(pictures("p07_oneleg", 1000)) if k % 2 == 0)
    found = hipcv.measure(write_pictures(quick, tmp_path / "quick.mp4"))
    usual = measured_sample("p07_oneleg")
    for quantity in (hipcv.Quantity.INTERNAL, hipcv.Quantity.EXTERNAL):
        ours, theirs = found.hips[Side.RIGHT][quantity], usual.hips[Side.RIGHT][quantity]
        assert ours.n_reps == theirs.n_reps
        assert ours.value == pytest.approx(theirs.value, abs=1.5)
