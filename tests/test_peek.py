"""The first glance at a clip that has just come, in a process of its own."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from hipcv.jobs.peek import peek
from hipcv.rendering.turned_picture import as_it_may_be
from hipcv.settings import Turn
from tests.conftest import SAMPLES
from tests.tiers import release
from tests.variants import rewritten

pytestmark = pytest.mark.pose


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_what_a_clip_shows_at_first():
    glance = peek(SAMPLES / "p06_asym.mp4")
    assert max(decoded(glance.picture).shape) == 480
    assert (glance.mirrored, glance.needed) == (None, Turn.NONE)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [Turn.RIGHT, *release(Turn.ROUND, Turn.LEFT)])
def test_a_clip_that_lies_is_turned_upright_by_what_the_glance_tells(turn, tmp_path):
    turns = turn.value // 90  # counter-clockwise
    clip = rewritten("p06_asym", tmp_path / "lies.mp4", lambda rgb: np.rot90(rgb, turns), keep=lambda index: index < 40)
    glance = peek(clip)
    assert glance.needed is turn
    upright, _ = as_it_may_be(glance.picture, turn)
    assert np.abs(np.asarray(upright).astype(int) - decoded(peek(SAMPLES / "p06_asym.mp4").picture)[..., ::-1]).mean() < 5


def test_what_shows_the_picture_loads_no_decoder():
    code = "import sys, hipcv.web.parts.take_in; print([name for name in ('av', 'cv2', 'mediapipe') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_picture_is_shown_both_ways():
    one, other = (np.asarray(shown).astype(int) for shown in as_it_may_be(peek(SAMPLES / "p06_asym.mp4").picture, Turn.LEFT))
    assert one.shape == other.shape
    assert (one[:, ::-1] == other).all()
    assert np.abs(one - other).mean() > 10


@pytest.mark.parametrize("content", [b"", b"no video", b"\0" * 5000])
def test_what_cannot_be_looked_at_is_left_to_the_measurement(content, tmp_path):
    (tmp_path / "clip").write_bytes(content)
    assert peek(tmp_path / "clip") is None


def test_a_file_that_is_gone_is_no_error(tmp_path):
    assert peek(tmp_path / "nowhere") is None
