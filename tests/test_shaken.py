"""Landmarks that are shaken as little as a processor's rounding shakes them leave every range nearly where it was."""

from dataclasses import replace

import numpy as np
import pytest

from hipcv import pipeline
from hipcv.capture import pose_models
from hipcv.capture.capture import capture
from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.settings import Settings
from tests.conftest import SAMPLES

SHAKE_PX = 0.05
DRAWS = 10
MOST_DEG = 0.1

pytestmark = [pytest.mark.pose, pytest.mark.release]


def ranges_deg(measured):
    return {(side, quantity): found.value for side in Side for quantity in Quantity if (found := measured.hips[side][quantity])}


def test_no_range_moves_far_when_the_landmarks_are_shaken():
    bundle, model = pose_models.load("full")
    taken = capture(SAMPLES / "p07_oneleg.mp4", bundle, Settings())
    still = ranges_deg(pipeline.evaluate(taken, model, Settings()))
    assert still
    rng = np.random.default_rng(0)
    for _ in range(DRAWS):
        noise = rng.normal(0, SHAKE_PX, taken.landmarks.image_px.shape)
        shaken = replace(taken, landmarks=replace(taken.landmarks, image_px=taken.landmarks.image_px + noise))
        assert ranges_deg(pipeline.evaluate(shaken, model, Settings())) == pytest.approx(still, abs=MOST_DEG)
