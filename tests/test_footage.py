"""From which picture on the footage is kept, and what it is framed on."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from hipcv.capture.leg_footage import RATE_HZ, Footage
from hipcv.errors import OutputError
from hipcv.kinematics.geometry import length
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.system import spool
from hipcv.values import Frame
from tests.builders import seated

N_REST = 15


def a_picture():
    return np.random.default_rng(3).integers(40, 90, (960, 540, 3), np.uint8)


def sitting_px():
    return seated().landmarks().image_px[0]


def kept(poses_px, light=None):
    """What is kept of somebody with these poses, in so much light, and at what time each picture was taken."""
    footage, times_s = Footage(), np.arange(len(poses_px)) / RATE_HZ
    for time_s, pose_px, level in zip(times_s, poses_px, light or [1.0] * len(poses_px), strict=True):
        assert footage.wants(time_s)
        footage.add(Frame(float(time_s), (level * a_picture()).astype(np.uint8)), pose_px)
    return footage, times_s


def standing_px():
    points = sitting_px().copy()
    for side in Side:
        points[of_side("hip", side)] = points[of_side("knee", side)] - [0, 150]
    return points


def walking(n):
    return [np.add(sitting_px(), [40.0 * (n - k), 0.0]) for k in range(n)]


def test_who_sits_from_the_beginning_is_kept_from_the_first_picture():
    footage, times_s = kept([sitting_px()] * N_REST)
    assert footage.time_s == pytest.approx(times_s)


@pytest.mark.parametrize("before", [walking(8), [standing_px()] * 8, [None] * 8], ids=["moving", "standing", "nobody"])
def test_who_takes_the_seat_later_is_framed_there(before):
    footage, times_s = kept([*before, *[sitting_px()] * N_REST])
    plain, _ = kept([sitting_px()] * N_REST)
    assert footage.time_s[0] == pytest.approx(times_s[len(before)], abs=1.5 / RATE_HZ)
    assert length(footage.origin_px - plain.origin_px) < 0.5 * length(sitting_px()[Landmark.LEFT_KNEE] - sitting_px()[Landmark.LEFT_ANKLE])
    assert footage.scale == pytest.approx(plain.scale)


def test_who_never_sits_still_is_not_kept():
    footage, _ = kept(walking(N_REST))
    assert footage.time_s == []


def test_titles_and_fades_before_and_after_are_left_out():
    fade = [0.1, 0.3, 0.5, 0.7, 0.9]
    poses_px = [*[None] * 8, *[sitting_px()] * (N_REST + 10), *[None] * 8]
    footage, times_s = kept(poses_px, light=[*[0.0] * 8, *fade, *[1.0] * N_REST, *fade[::-1], *[0.0] * 8])
    plain, _ = kept([sitting_px()] * N_REST)
    assert footage.time_s[0] == pytest.approx(times_s[11], abs=1.5 / RATE_HZ)
    assert footage.time_s[-1] == pytest.approx(times_s[28], abs=1.5 / RATE_HZ)
    assert footage._gain == pytest.approx(plain._gain, rel=0.3)


def test_pictures_of_a_long_clip_come_back_from_a_file(monkeypatch):
    in_memory, _ = kept([sitting_px()] * N_REST)
    monkeypatch.setattr(spool, "_IN_MEMORY", 1)
    on_disk, _ = kept([sitting_px()] * N_REST)
    for index in (3, 0, N_REST - 1):
        assert np.array_equal(on_disk.picture(index), in_memory.picture(index))


def test_without_a_place_for_files_they_stay_in_memory(monkeypatch, tmp_path):
    monkeypatch.setattr(spool, "_IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    footage, times_s = kept([sitting_px()] * N_REST)
    assert footage.picture(N_REST - 1).any()
    assert footage.time_s == pytest.approx(times_s)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_fills_up_is_named(monkeypatch):
    footage, _ = kept([sitting_px()] * N_REST)
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr(footage._jpegs, "_file", full)
        with pytest.raises(OutputError, match="cannot be written"):
            footage.add(Frame(99.0, a_picture()), sitting_px())
