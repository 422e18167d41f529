"""The picture of each end range."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from hipcv.errors import OutputError
from hipcv.landmarks import Side
from hipcv.rendering import stills
from tests.builders import Subject, a_hip, a_measurement, a_rep, still_deg


def held(*holds_s, n_frames=91):
    """A measurement of three seconds whose right leg is held at such times; the left one does not move."""
    reps = tuple(replace(a_rep(), hold_start_s=start_s, hold_end_s=end_s) for start_s, end_s in holds_s)
    series = Subject(still_deg(n_frames), still_deg(n_frames)).landmarks()
    return a_measurement(landmarks=series, hips={Side.RIGHT: a_hip(Side.RIGHT, reps=reps), Side.LEFT: a_hip(Side.LEFT, reps=())})


def filmed(measurement, folder, n_frames=91):
    """What is kept of pictures that grow brighter, red before green before blue."""
    keep = stills.keeper(measurement, folder)
    for frame in range(n_frames):
        keep(frame, np.full((48, 32, 3), (2 * frame, frame, 0), np.uint8))
    return {path.name: cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in folder.iterdir()}


def test_every_hold_has_its_picture_and_no_other_frame_has_one(tmp_path):
    pictures = filmed(held((0.5, 1.5), (2.0, 2.4)), tmp_path)
    assert sorted(pictures) == ["right-0.jpg", "right-1.jpg"]
    assert pictures["right-0.jpg"].shape == (48, 32, 3)
    assert pictures["right-0.jpg"].mean(axis=(0, 1)) == pytest.approx([60, 30, 0], abs=3)
    assert pictures["right-1.jpg"].mean(axis=(0, 1)) == pytest.approx([132, 66, 0], abs=3)


def test_two_holds_may_share_a_frame(tmp_path):
    assert sorted(filmed(held((0.5, 1.5), (0.9, 1.1)), tmp_path)) == ["right-0.jpg", "right-1.jpg"]


def test_without_a_repetition_there_is_no_picture(tmp_path):
    assert filmed(held(), tmp_path) == {}


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(OutputError):
        filmed(held((0.5, 1.5)), tmp_path / "gone")
