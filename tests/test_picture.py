"""Light and sharpness, in pictures whose properties are chosen."""

import av
import cv2
import numpy as np
import pytest

from hipcv.capture.picture_quality import blur, cuts_s, frozen_s, mirrorings_s, picture_rate_hz, sample, thumbnail
from hipcv.landmarks import N_LANDMARKS, Landmark
from hipcv.settings import Settings
from hipcv.values import Frame
from tests.builders import swings_deg
from tests.conftest import SAMPLES

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
    levels = [blur(softened(a_texture(seed), sigma_px)) for sigma_px in (0, 1, 2, 4, 8, 12)]
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


# Where the seated person is in the first frame of each sample: left, top, right, bottom, as shares of the picture.
PERSON = {"p01_front": (0.28, 0.31, 0.72, 0.82), "p06_asym": (0.28, 0.31, 0.72, 0.82), "p07_oneleg": (0.36, 0.2, 0.64, 0.95)}


def person_of_sample(name, sigma_px=0.0):
    """The person in the first frame, with the picture softened as if the person were 480 px high."""
    with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
        grey = next(clip.decode(video=0)).to_ndarray(format="gray")
    left, top, right, bottom = (np.array(PERSON[name]) * np.tile(grey.shape[::-1], 2)).astype(int)
    return softened(grey, sigma_px * (bottom - top) / 480)[top:bottom, left:right]


@pytest.mark.parametrize("name", PERSON)
def test_a_sharp_sample_is_not_called_blurred(name):
    assert blur(person_of_sample(name)) < blur(person_of_sample(name, 1)) < Settings().blur_level


@pytest.mark.parametrize("sigma_px", [3, 4, 6, 8, 12])
@pytest.mark.parametrize("name", PERSON)
def test_a_sample_that_was_softened_is_called_blurred(name, sigma_px):
    assert blur(person_of_sample(name, sigma_px)) > Settings().blur_level


# ---------------------------------------------------------------- one recording or several
def a_film(*scenes):
    """Thumbnails of scenes, each given as (seed of its picture, number of frames), with a little noise; seed None = black."""
    rng = np.random.default_rng(7)
    pictures = [np.zeros((HEIGHT, WIDTH)) if seed is None else a_texture(seed).astype(float) for seed, n in scenes for _ in range(n)]
    noisy = [np.clip(picture + rng.normal(0, 10, picture.shape), 0, 255).astype(np.uint8) for picture in pictures]
    return [thumbnail(Frame(0.0, np.repeat(picture[..., None], 3, axis=2))) for picture in noisy]


@pytest.mark.parametrize(
    ("scenes", "expected_s"),
    [
        pytest.param([(1, 40)], [], id="one scene"),
        pytest.param([(1, 20), (2, 20)], [2.0], id="two scenes"),
        pytest.param([(1, 20), (2, 2), (1, 20)], [], id="two damaged pictures"),
        pytest.param([(1, 20), (None, 10), (1, 20)], [], id="black for a while"),
        pytest.param([(1, 20), (None, 10), (2, 20)], [3.0], id="two scenes with black between"),
        pytest.param([(1, 3), (2, 3)], [], id="too short to tell"),
        pytest.param([(None, 20)], [], id="black all the time"),
    ],
)
def test_a_change_of_scene_is_dated(scenes, expected_s):
    film = a_film(*scenes)
    assert cuts_s([i / 10 for i in range(len(film))], film) == expected_s


def test_another_light_and_a_shaken_camera_are_no_cut():
    base = cv2.GaussianBlur(a_texture(1), (0, 0), 9).astype(float)
    shown = [np.roll(base, 6 * (i % 2), axis=1) * (0.5 if i < 20 else 1.0) for i in range(40)]
    film = [thumbnail(Frame(0.0, np.repeat(picture.astype(np.uint8)[..., None], 3, axis=2))) for picture in shown]
    assert cuts_s(list(range(40)), film) == []


# ---------------------------------------------------------------- still pictures and still legs
LONGEST_S = Settings().longest_gap_s
OUT_AND_BACK = swings_deg((0, 1), (40, 2), (0, 1), (40, 2), (0, 1))
"""Where a leg is, of which 40 is the end: 1.5 s of movement in each of two repetitions."""


def a_leg_filmed(leg, noise=0.0):
    """Thumbnails of a dark leg before a wall, one for each place of the leg."""
    rng = np.random.default_rng(3)
    wall = softened(a_texture(), 3).astype(float)
    pictures = []
    for place in leg:
        picture = wall.copy()
        left = 100 + 3 * place
        cover = np.clip(np.minimum(np.arange(WIDTH) - left, left + 40 - np.arange(WIDTH)) + 0.5, 0, 1)  # edges that move by less than a dot
        picture[240:400] += cover * (30 - picture[240:400])
        picture += rng.normal(0, noise, picture.shape) if noise else 0
        pictures.append(thumbnail(Frame(0.0, np.repeat(np.clip(picture, 0, 255).astype(np.uint8)[..., None], 3, axis=2))))
    return pictures


def uneven(n_pictures):
    """Which pictures of so many arrive: every one to every third."""
    arriving = np.cumsum(np.random.default_rng(5).integers(1, 4, n_pictures))
    return np.concatenate([[0], arriving[arriving < n_pictures]])


def frozen_in(pictures):
    return frozen_s(np.arange(len(pictures)) / 30, pictures, LONGEST_S)


@pytest.mark.parametrize("noise", [pytest.param(0.0, id="without noise"), pytest.param(8.0, id="with noise")])
@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(lambda n: np.arange(n), id="as filmed"),
        pytest.param(lambda n: np.arange(0, n, 0.8).astype(int), id="24 pictures a second as 30"),
        pytest.param(lambda n: np.arange(n) // 2 * 2, id="15 pictures a second as 30"),
        pytest.param(lambda n: np.repeat(starts := uneven(n), np.diff(starts, append=n)), id="repeated unevenly"),
    ],
)
def test_a_leg_that_is_held_is_no_picture_that_stands_still(shown, noise):
    film = a_leg_filmed(OUT_AND_BACK, noise)
    assert frozen_in([film[index] for index in shown(len(film))]) == []


@pytest.mark.parametrize(
    ("noise", "start", "end"),
    [
        pytest.param(8.0, 38, 113, id="from the way out to the way back, where the leg is at the same place"),
        pytest.param(8.0, 60, 90, id="within the hold"),
        pytest.param(0.0, 36, 80, id="without noise, from the way out to the hold"),
        pytest.param(0.0, 80, 113, id="without noise, from the hold to the way back"),
    ],
)
def test_a_picture_that_stands_still_is_dated(noise, start, end):
    film = a_leg_filmed(OUT_AND_BACK, noise)
    film[start:end] = [film[start]] * (end - start)
    ((first_s, last_s),) = frozen_in(film)
    assert last_s == pytest.approx((end - 1) / 30, abs=0.01)
    assert first_s == pytest.approx((start + 1) / 30, abs=0.01) or (not noise and first_s < start / 30)  # after a hold that looks the same


@pytest.mark.slow
@pytest.mark.parametrize(("every", "rate_hz"), [(1, 30.0), (2, 15.0), (3, 10.0), (10, 3.0), (30, 1.0)])
def test_the_rate_is_that_of_new_pictures(every, rate_hz):
    film = a_leg_filmed(np.tile(OUT_AND_BACK, 3), 8.0)
    shown = [film[index // every * every] for index in range(len(film))]
    assert picture_rate_hz(np.arange(len(film)) / 30, shown) == pytest.approx(rate_hz)


def test_a_film_in_which_nothing_ever_moves_has_no_rate():
    assert picture_rate_hz(np.arange(90) / 30, a_leg_filmed(np.zeros(90))) == np.inf
    assert frozen_in(a_leg_filmed(np.zeros(90))) == []


# ---------------------------------------------------------------- mirrored midway
@pytest.mark.parametrize(
    ("flipped", "expected_s"),
    [
        pytest.param(slice(0, 0), [], id="never"),
        pytest.param(slice(60, None), [2.0], id="from 2 s on"),
        pytest.param(slice(60, 150), [2.0, 5.0], id="there and back"),
        pytest.param(slice(60, 62), [], id="two damaged pictures"),
    ],
)
def test_a_picture_that_is_mirrored_from_some_moment_on_is_dated(flipped, expected_s):
    film = a_leg_filmed(OUT_AND_BACK, 8.0)
    film[flipped] = [picture[:, ::-1] for picture in film[flipped]]
    assert mirrorings_s(np.arange(len(film)) / 30, film) == pytest.approx(expected_s)


def test_a_room_that_looks_the_same_in_the_mirror_is_not_mirrored():
    film = [np.minimum(picture, picture[:, ::-1]) for picture in a_leg_filmed(OUT_AND_BACK, 8.0)]
    assert mirrorings_s(np.arange(len(film)) / 30, film) == []
