"""What passes between the floors is frozen, checked on entry and says its signs."""

import dataclasses

import numpy as np
import pytest

from hipcv import measurement, values
from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.settings import Settings
from hipcv.values import Direction, LandmarkSeries
from tests.builders import a_clip, a_hip, a_range


def parts_of_a_series(**choices):
    parts = {
        "time_s": np.array([0.0, 0.1, 0.2]),
        "image_px": np.zeros((3, 33, 2)),
        "world_m": np.zeros((3, 33, 3)),
        "visibility": np.ones((3, 33)),
        "width_px": 540,
        "height_px": 960,
    }
    return {**parts, **choices}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        pytest.param("image_px", np.zeros((2, 33, 2)), id="a frame short"),
        pytest.param("image_px", np.zeros((3, 32, 2)), id="a point short"),
        pytest.param("world_m", np.zeros((3, 33, 2)), id="depth missing"),
        pytest.param("visibility", np.ones((3, 33, 1)), id="a dimension too many"),
    ],
)
def test_shapes_that_do_not_line_up_are_refused_by_name(name, wrong):
    with pytest.raises(ValueError, match=name):
        LandmarkSeries(**parts_of_a_series(**{name: wrong}))


@pytest.mark.parametrize("time_s", [[0.0, 0.1, 0.1], [0.0, 0.2, 0.1]], ids=["a repeated time", "a time that falls back"])
def test_time_must_rise(time_s):
    with pytest.raises(ValueError, match="strictly increase"):
        LandmarkSeries(**parts_of_a_series(time_s=np.array(time_s)))


def test_a_series_keeps_its_own_copies_and_nobody_can_write_to_them():
    image_px = np.zeros((3, 33, 2))
    series = LandmarkSeries(**parts_of_a_series(image_px=image_px))
    image_px[:] = 7
    assert series.image_px.max() == 0
    with pytest.raises(ValueError, match="read-only"):
        series.image_px[0] = 1


def test_a_frame_without_a_person_is_not_found():
    image_px = np.zeros((3, 33, 2))
    image_px[1] = np.nan
    assert LandmarkSeries(**parts_of_a_series(image_px=image_px)).found.tolist() == [True, False, True]


def test_internal_rotation_is_positive_and_external_negative():
    assert (Direction.INTERNAL.sign, Direction.EXTERNAL.sign) == (1, -1)


def test_a_hip_gives_its_range_by_direction():
    hip = a_hip(Side.LEFT, internal_rotation_deg=a_range(20.0), external_rotation_deg=None)
    assert hip[Quantity.INTERNAL].value == 20
    assert hip[Quantity.EXTERNAL] is None


def test_values_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_clip().n_frames = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().cutoff_hz = 3.0


def test_every_class_of_values_is_frozen():
    classes = [c for part in (values, measurement) for c in vars(part).values() if dataclasses.is_dataclass(c)]
    assert len(classes) > 10
    assert all(c.__dataclass_params__.frozen for c in classes)


def test_every_measured_setting_has_its_unit_in_its_name():
    units = (
        "_deg",
        "_s",
        "_hz",
        "_px",
        "_percent",
        "_deg_s",
        "_visibility",
        "_slack",
        "_prominence",
        "_excursion",
        "_level",
        "_reps",
        "_misfit",
        "_percentile_registered",
    )
    assert [
        f.name for f in dataclasses.fields(Settings) if f.name not in ("mirrored", "turn", "without") and not f.name.endswith(units)
    ] == []
