"""The arrays of a measurement by name, and back."""

from dataclasses import replace

import numpy as np
import pytest

from hipcv.landmarks import Side
from hipcv.records import arrays as arrays_
from hipcv.records.arrays import arrays_of
from hipcv.values import RegisteredRotation, Zero
from tests.builders import a_measurement


def with_corrected(measurement):
    """The same with the right leg measured on the picture, of four frames."""
    numbers = np.array([0.0, np.nan, 28.0, -38.0])
    corrected = RegisteredRotation(
        numbers, numbers + 1, numbers / 10, numbers / 20, np.abs(numbers), numbers > 0, numbers / 30, 3.0, 4.0, 0.5
    )
    rotation = {**measurement.rotation, Side.RIGHT: replace(measurement.rotation[Side.RIGHT], corrected=corrected)}
    return replace(measurement, rotation=rotation)


@pytest.fixture
def arrays():
    return arrays_of(with_corrected(a_measurement()))


def test_every_array_has_its_part_and_its_name(arrays):
    assert arrays["landmarks.image_px"].shape == (4, 33, 2)
    assert arrays["right.image_angle_deg"].tolist()[2:] == [30.0, -40.0]
    assert arrays["right.corrected.hip_deg"].tolist()[2:] == [28.0, -38.0]
    assert arrays["right.corrected.registered"].tolist() == [False, False, True, False]
    assert arrays["body.pelvis_tilt_deg"].tolist()[2:] == [3.0, -4.0]
    assert (arrays["landmarks.width_px"].shape, int(arrays["landmarks.width_px"])) == ((), 540)
    assert not [name for name in arrays if name.startswith("left.corrected")]


def test_what_was_taken_apart_is_put_together_again(arrays):
    original = with_corrected(a_measurement())
    again = arrays_of(
        replace(
            original,
            landmarks=arrays_.landmarks(arrays),
            body=arrays_.body(arrays, 4),
            rotation={side: arrays_.rotation(arrays, side, 4, zero=Zero.REST) for side in Side},
        )
    )
    assert again.keys() == arrays.keys()
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        np.testing.assert_array_equal(again[name], array)


def test_a_leg_of_which_only_landmarks_speak_stays_so(arrays):
    assert arrays_.rotation(arrays, Side.LEFT, 4, zero=Zero.REST).corrected is None


FRAMES = np.arange(4.0)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        pytest.param("landmarks.time_s", np.array([0.0, 1.0, 1.0, 2.0]), id="times that repeat"),
        pytest.param("landmarks.time_s", np.array([0.0, 1.0, np.nan, 2.0]), id="a time that is none"),
        pytest.param("landmarks.time_s", np.array(0.0), id="a single time"),
        pytest.param("landmarks.time_s", FRAMES[:3], id="a time too few"),
        pytest.param("landmarks.image_px", np.zeros((4, 33, 3)), id="points of another dimension"),
        pytest.param("landmarks.width_px", FRAMES, id="a width for every frame"),
        pytest.param("landmarks.width_px", np.array(540.5), id="half a pixel"),
        pytest.param("body.pelvis_tilt_deg", np.array(1.0), id="one tilt for all frames"),
        pytest.param("body.pelvis_tilt_deg", FRAMES[:3], id="a tilt too few"),
        pytest.param("body.pelvis_tilt_deg", np.zeros((4, 2)), id="two tilts a frame"),
        pytest.param("body.pelvis_tilt_deg", np.array(["a", "b", "c", "d"]), id="letters"),
        pytest.param("body.pelvis_tilt_deg", np.array([None, 1, 2, 3]), id="objects"),
        pytest.param("body.pelvis_tilt_deg", FRAMES.astype(complex), id="complex numbers"),
        pytest.param("right.moving", FRAMES, id="numbers for yes and no"),
        pytest.param("right.rest_deg", FRAMES, id="a rest for every frame"),
        pytest.param("right.corrected.registered", FRAMES, id="numbers for yes and no, corrected"),
    ],
)
def test_an_array_that_does_not_fit_is_refused(arrays, name, array):
    arrays[name] = array
    with pytest.raises((ValueError, TypeError)):
        put_together(arrays)


def test_no_array_may_be_missing(arrays):
    not_in_010 = {
        name for name in arrays if name.endswith((".blind", ".turned", ".rest_askew_deg", ".rest_askew_sd_deg", ".knee_shift_percent"))
    }
    for name in set(arrays) - not_in_010:
        with pytest.raises(KeyError):
            put_together({other: array for other, array in arrays.items() if other != name})


def test_a_clip_without_a_frame_is_refused(arrays):
    empty = {name: array[:0] if array.ndim else array for name, array in arrays.items()}
    with pytest.raises(ValueError, match="times"):
        put_together(empty)


def put_together(arrays):
    n_frames = len(arrays_.landmarks(arrays).time_s)
    return arrays_.body(arrays, n_frames), [arrays_.rotation(arrays, side, n_frames, zero=Zero.REST) for side in Side]
