"""The first glance at a clip that has just come, in a process of its own."""

import cv2
import numpy as np
import pytest

from hipcv.jobs.peek import peek
from tests.conftest import SAMPLES

pytestmark = pytest.mark.pose


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_a_clip_is_shown_both_ways():
    glance = peek(SAMPLES / "p06_asym.mp4")
    one, other = decoded(glance.as_filmed), decoded(glance.turned_round)
    assert one.shape == other.shape
    assert max(one.shape) == 480
    assert np.abs(one[:, ::-1].astype(int) - other).mean() < 3
    assert np.abs(one.astype(int) - other).mean() > 10
    assert glance.mirrored is None


@pytest.mark.parametrize("content", [b"", b"no video", b"\0" * 5000])
def test_what_cannot_be_looked_at_is_left_to_the_measurement(content, tmp_path):
    (tmp_path / "clip").write_bytes(content)
    assert peek(tmp_path / "clip") is None


def test_a_file_that_is_gone_is_no_error(tmp_path):
    assert peek(tmp_path / "nowhere") is None
