"""How a body is built, from landmarks, and when two bodies are plainly not the same."""

import numpy as np
import pytest

from hipcv.catalogues.words import Words
from hipcv.kinematics.proportions import PLAINLY_OTHER, is_other_body, proportions
from hipcv.landmarks import Landmark
from hipcv.store.changes import unlike_set_up
from hipcv.web.parts import trend_charts
from tests.builders import Subject, still_deg, unseen
from tests.test_changes import document
from tests.test_trend_charts import visit

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


def test_visits_of_different_bodies_are_pointed_out_and_still_compared():
    first, second = document(), document()
    first["proportions"] = {"shoulders": 0.9, "hips": 0.5, "shank": 1.2}
    second["proportions"] = {"shoulders": 0.9, "hips": 0.5, "shank": 1.8}
    words = Words("en")
    assert list(trend_charts.caveats([visit(first), visit(second, 1)], None, words)) == [
        words("visits.trend_other_body", visits="1", latest=2)
    ]
    assert unlike_set_up(first, second) == []


@pytest.mark.parametrize(("distance_m", "back_deg"), [(2.0, 20.0), (2.0, 25.0), (3.0, 0.0), (3.0, -5.0)])
def test_one_person_is_not_two_wherever_the_guide_lets_them_sit(distance_m, back_deg):
    """By a pinhole camera at the height of the knees: the shank hangs a thigh nearer to it than the trunk, which may lean back."""
    trunk_m, shank_m, thigh_m = 0.50, 0.42, 0.42
    lean = np.radians(back_deg)
    trunk = trunk_m * np.cos(lean) / (distance_m + thigh_m + trunk_m / 2 * np.sin(lean))
    shank = shank_m / distance_m
    upright = {"shank": (shank_m / 2.5) / (trunk_m / (2.5 + thigh_m))}
    assert not is_other_body(upright, {"shank": shank / trunk})
