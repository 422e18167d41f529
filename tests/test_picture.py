"""Light and sharpness, in pictures whose properties are chosen."""

import cv2
import numpy as np
import pytest

from hipcv.landmarks import N_LANDMARKS, Landmark
from hipcv.picture import blur, sample
from hipcv.settings import Settings
from hipcv.values import Frame

HEIGHT, WIDTH = 480, 300


def a_texture(seed=1):
    """Patches of several sizes with hard edges, as clothes and furniture have."""
    rng = np.random.default_rng(seed)
    patches = [np.kron(rng.integers(0, 255, (HEIGHT // n, WIDTH // n)), np.ones((n, n))) for n in (4, 12, 60)]
    return (sum(patches) / 3).astype(np.uint8)


def softened(picture, sigma_px):
    return cv2.GaussianBlur(picture, (0, 0), sigma_px) if sigma_px else picture


def in_box(left, top, right, bottom):
    """A body whose points, face aside, span a box."""
    points = np.full((N_LANDMARKS, 2), [(left + right) / 2, (top + bottom) / 2])
    points[Landmark.LEFT_SHOULDER], points[Landmark.RIGHT_FOOT_INDEX] = [left, top], [right, bottom]
    points[: Landmark.LEFT_SHOULDER] = [-1000, -1000]
    return points


@pytest.mark.parametrize("seed", range(3))
def test_the_more_a_picture_is_softened_the_higher_its_blur(seed):
    levels = [blur(softened(a_texture(seed), sigma_px)) for sigma_px in (0, 1, 2, 4)]
    assert levels == sorted(levels)
    assert 0 <= levels[0] < levels[-1] <= 1


def test_the_threshold_lies_between_sharp_and_clearly_soft():
    threshold = Settings().blur_level
    assert blur(a_texture()) < threshold < blur(softened(a_texture(), 4))


def test_blur_does_not_depend_on_the_cameras_resolution():
    large = cv2.resize(a_texture(), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    assert blur(large) == pytest.approx(blur(a_texture()), abs=0.03)


def test_a_picture_too_small_to_judge_has_no_blur():
    assert np.isnan(blur(np.zeros((8, 100), np.uint8)))


def test_a_flat_picture_is_no_error():
    assert np.isfinite(blur(np.full((50, 50), 128, np.uint8)))


def test_brightness_is_that_of_the_person_and_not_of_the_room():
    rgb = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    rgb[100:401, 50:151] = 20
    assert sample(Frame(1.5, rgb), in_box(50, 100, 150, 400)).brightness == pytest.approx(20)
    whole = sample(Frame(1.5, rgb), None)
    assert whole.brightness == pytest.approx(rgb.mean())
    assert whole.time_s == 1.5


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((-200, -100, 2000, 3000), id="larger than the picture"),
        pytest.param((-500, -500, -400, -400), id="beside the picture"),
        pytest.param((100, 100, 100, 100), id="a single point"),
    ],
)
def test_a_body_at_the_edge_or_beyond_is_no_error(box):
    rgb = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    assert sample(Frame(0.0, rgb), in_box(*box)).brightness == pytest.approx(90)


def test_the_face_is_no_part_of_the_box():
    rgb = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    rgb[:100] = 255
    points = in_box(50, 100, 150, 400)
    points[Landmark.NOSE] = [100, 20]
    assert sample(Frame(0.0, rgb), points).brightness == pytest.approx(60)
