"""How a body is built, from landmarks, and when two bodies are plainly not the same."""

import numpy as np
import pytest

from hipcv.kinematics.proportions import PLAINLY_OTHER, is_other_body, proportions
from hipcv.landmarks import Landmark, Side
from hipcv.store.changes import Obstacle, unlike_set_up
from tests.builders import Subject, still_deg, unseen
from tests.test_changes import document

N = 60


def seated():
    return Subject(still_deg(N), still_deg(N)).landmarks()


def test_each_part_is_a_share_of_the_trunk_and_does_not_hang_on_the_distance():
    series = seated()
    found = proportions(series, 0.5)
    points = series.image_px[0]
    trunk = np.linalg.norm(
        points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(0) - points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(0)
    )
    assert found["shoulders"] == pytest.approx(
        np.linalg.norm(points[Landmark.LEFT_SHOULDER] - points[Landmark.RIGHT_SHOULDER]) / trunk, abs=0.01
    )
    nearer = type(series)(**{name: getattr(series, name) for name in series.__dataclass_fields__} | {"image_px": 1.5 * series.image_px})
    assert proportions(nearer, 0.5) == pytest.approx(found)


def test_what_is_never_seen_has_no_proportion():
    series = unseen(seated(), Landmark.LEFT_ANKLE, (0.0, 1e3))
    found = proportions(series, 0.5)
    assert np.isnan(found["shank"])
    assert np.isfinite(found["hips"])


@pytest.mark.parametrize(
    ("other", "is_other"),
    [
        pytest.param({"shoulders": 0.9, "hips": 0.5, "shank": 1.2}, False, id="the same"),
        pytest.param({"shoulders": 0.9, "hips": 0.5, "shank": 1.2 * (0.99 + PLAINLY_OTHER)}, False, id="within what landmarks err"),
        pytest.param({"shoulders": 0.9, "hips": 0.5, "shank": 1.2 * (1.01 + PLAINLY_OTHER)}, True, id="longer legs"),
        pytest.param({"shoulders": 0.9 / (1.01 + PLAINLY_OTHER), "hips": 0.5, "shank": 1.2}, True, id="narrower shoulders"),
        pytest.param({"shoulders": None, "hips": 0.5, "shank": None}, False, id="not seen"),
        pytest.param({}, False, id="an earlier version"),
    ],
)
def test_bodies_are_told_apart_only_where_they_differ_plainly(other, is_other):
    body = {"shoulders": 0.9, "hips": 0.5, "shank": 1.2}
    assert is_other_body(body, other) is is_other
    assert is_other_body(other, body) is is_other


def test_visits_of_different_bodies_are_not_compared_unless_the_camera_explains_it():
    first, second = document(), document()
    first["proportions"] = {"shoulders": 0.9, "hips": 0.5, "shank": 1.2}
    second["proportions"] = {"shoulders": 0.9, "hips": 0.5, "shank": 1.6}
    assert unlike_set_up(first, second) == [Obstacle.BODY]
    for hip in (side.value for side in Side):
        first["hips"][hip]["view"] = {"thigh_outward_deg": 0.0, "thigh_downward_deg": 0.0}
        second["hips"][hip]["view"] = {"thigh_outward_deg": 0.0, "thigh_downward_deg": 30.0}
    assert unlike_set_up(first, second) == [Obstacle.VIEW]
