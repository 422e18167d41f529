import numpy as np
import pytest

from hipcv.capture import pose_models
from hipcv.capture.pose import PoseFinder
from hipcv.landmarks import Landmark
from hipcv.settings import Settings
from hipcv.values import Frame
from hipcv.video.clip import open_clip
from tests.conftest import SAMPLES

pytestmark = pytest.mark.pose


@pytest.fixture(scope="module")
def first_frame():
    with open_clip(SAMPLES / "p01_front.mp4", Settings()) as clip:
        return next(clip.frames())


@pytest.fixture(scope="module")
def lite():
    return pose_models.load("lite")[0]


def test_points_are_pixels_of_the_frame(first_frame, lite, truth_of):
    with PoseFinder(lite) as finder:
        (pose,) = finder.find(first_frame)
    true_knee = truth_of("p01_front")["frames"]["L"]["px"]["knee"][0]
    assert pose.image_px.shape == (33, 2)
    assert pose.world_m.shape == (33, 3)
    assert np.linalg.norm(pose.image_px[Landmark.LEFT_KNEE] - true_knee) < 25
    assert pose.visibility[Landmark.LEFT_KNEE] > 0.9


def test_a_picture_that_is_a_view_of_another_array_reads_the_same(first_frame, lite):
    """MediaPipe ignores the strides of an array: a view with padded rows would look like noise to it."""
    padded = np.zeros((960, 544, 3), np.uint8)
    padded[:, :540] = first_frame.rgb
    with PoseFinder(lite, track=False) as finder:
        (whole,) = finder.find(first_frame)
        (view,) = finder.find(Frame(0.0, padded[:, :540]))
    assert np.array_equal(whole.image_px, view.image_px)


def test_times_that_round_to_one_millisecond_do_not_stop_the_network(first_frame, lite):
    with PoseFinder(lite) as finder:
        found = [len(finder.find(Frame(time_s, first_frame.rgb))) for time_s in (0.0, 0.0001, 0.0002, 0.04)]
    assert found == [1, 1, 1, 1]


def test_an_empty_picture_holds_nobody(lite):
    with PoseFinder(lite) as finder:
        assert finder.find(Frame(0.0, np.full((300, 200, 3), 90, np.uint8))) == []


def test_the_native_library_stays_silent(first_frame, lite, capfd):
    with PoseFinder(lite) as finder:
        finder.find(first_frame)
        finder.find(Frame(0.1, first_frame.rgb))
    assert capfd.readouterr() == ("", "")
