"""Changes between visits, on documents whose numbers are written by hand."""

import copy

import pytest

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.store.changes import (
    ChangeVerdict,
    Obstacle,
    change_of_difference,
    change_of_hip,
    has_verdict,
    is_doubtful,
    obstacles,
    unlike_set_up,
)


def span(value, half):
    return {"value": value, "low": value - half, "high": value + half}


def document(right=(30.0, 40.0), half=3.0, model="m", zero="rest", outward=2.0):
    hip = {
        "internal_rotation_deg": span(right[0], half),
        "external_rotation_deg": span(right[1], half),
        "total_deg": span(sum(right), half),
        "zero": {"reported": zero},
        "view": {"thigh_outward_deg": outward, "thigh_downward_deg": 0.0},
        "reps": [{"usable": True, "sd_deg": 1.0}],
    }
    asymmetry = {
        name: {**span(0.0, 4.0), "verdict": "within_measurement_error"}
        for name in ("internal_rotation_deg", "external_rotation_deg", "total_deg")
    }
    settings = {"mirrored": "no", "cutoff_hz": 6.0}
    return {
        "software": {"hipcv": "0.1.0", "model_sha256": model, "settings": settings},
        "hips": {"right": hip, "left": copy.deepcopy(hip)},
        "asymmetry": asymmetry,
        "findings": [],
    }


def test_the_error_of_a_change_is_that_of_both_readings():
    change = change_of_hip(document(half=3.0), document((34.0, 40.0), half=4.0), Side.RIGHT, Quantity.INTERNAL, same_day=True)
    assert change.value_deg == pytest.approx(4.0)
    assert change.mdc95_deg == pytest.approx(5.0)
    assert change.verdict is ChangeVerdict.WITHIN_ERROR


@pytest.mark.parametrize(
    ("later_deg", "same_day", "verdict"),
    [
        pytest.param(34.2, True, ChangeVerdict.WITHIN_ERROR, id="4.2 is less than 3 times root 2"),
        pytest.param(35.0, True, ChangeVerdict.WITHIN_VARIATION, id="5.0 is less than Krause's 5.4"),
        pytest.param(35.6, True, ChangeVerdict.CHANGED, id="5.6 is more, on one day"),
        pytest.param(35.6, False, ChangeVerdict.WITHIN_VARIATION, id="5.6 is less than 8.3, on another day"),
        pytest.param(21.6, False, ChangeVerdict.CHANGED, id="8.4 less is more than 8.3"),
    ],
)
def test_a_change_is_judged_by_the_larger_of_two_bounds(later_deg, same_day, verdict):
    change = change_of_hip(document(), document((later_deg, 40.0)), Side.RIGHT, Quantity.INTERNAL, same_day=same_day)
    assert change.verdict is verdict


def test_a_total_varies_by_root_two_and_a_difference_of_totals_by_two():
    arguments = {"same_day": False}
    one = change_of_hip(document(), document(), Side.LEFT, Quantity.INTERNAL, **arguments).variation_deg
    assert one == pytest.approx(8.32, abs=0.01)
    assert change_of_hip(document(), document(), Side.LEFT, Quantity.TOTAL, **arguments).variation_deg == pytest.approx(2**0.5 * one)
    assert change_of_difference(document(), document(), Quantity.TOTAL, **arguments).variation_deg == pytest.approx(2 * one)


def test_what_was_not_measured_has_not_changed():
    later = document()
    later["hips"]["right"]["total_deg"] = None
    assert change_of_hip(document(), later, Side.RIGHT, Quantity.TOTAL, same_day=True) is None


def test_a_difference_without_a_verdict_has_not_changed():
    later = document()
    later["asymmetry"]["total_deg"] |= {"value": 30.0, "verdict": "no_verdict"}
    assert not has_verdict(later, Quantity.TOTAL)
    assert change_of_difference(document(), later, Quantity.TOTAL, same_day=True) is None
    assert change_of_difference(later, document(), Quantity.TOTAL, same_day=True) is None
    assert change_of_difference(document(), later, Quantity.INTERNAL, same_day=True) is not None


def test_of_a_single_hip_there_is_no_verdict_on_the_sides():
    one = document()
    one["asymmetry"]["total_deg"] = None
    assert not has_verdict(one, Quantity.TOTAL)


def blind(one):
    for rep in one["hips"]["left"]["reps"]:
        rep["sd_deg"] = None
    return one


def other_threshold(one):
    one["software"]["settings"]["cutoff_hz"] = 5.0
    return one


def other_version(one, version):
    one["software"]["hipcv"] = version
    return one


def more_settings(one):
    one["software"]["settings"]["of_a_newer_version"] = 1.0
    return one


def doubtful(one, severity):
    one["findings"] = [{"code": "scene_jump", "severity": severity, "message": ""}]
    return one


@pytest.mark.parametrize(
    ("later", "found"),
    [
        pytest.param(document(), [], id="alike"),
        pytest.param(document(model="other"), [Obstacle.MODEL], id="another model"),
        pytest.param(other_threshold(document()), [Obstacle.SETTINGS], id="another threshold"),
        pytest.param(more_settings(document()), [], id="a threshold that only one knows"),
        pytest.param(other_version(document(), "0.1.7"), [], id="a version that moves no angle"),
        pytest.param(other_version(document(), "0.2.0"), [Obstacle.VERSION], id="a version that may"),
        pytest.param(document(zero="image_vertical"), [Obstacle.ZERO], id="another zero"),
        pytest.param(document(outward=12.1), [Obstacle.VIEW], id="camera elsewhere"),
        pytest.param(document(outward=11.9), [], id="camera a little elsewhere"),
        pytest.param(doubtful(document(), "serious"), [Obstacle.DOUBT], id="a serious finding"),
        pytest.param(doubtful(document(), "warning"), [], id="a warning"),
        pytest.param(blind(document()), [Obstacle.LANDMARKS_ONLY], id="landmarks only"),
    ],
)
def test_visits_are_compared_only_with_a_like_set_up(later, found):
    assert obstacles(document(), later) == found


def test_a_selfie_may_be_compared_with_one_that_is_none():
    later = document()
    later["software"]["settings"]["mirrored"] = "yes"
    assert obstacles(document(), later) == []


def test_what_is_wrong_with_a_recording_is_told_apart_from_how_it_was_filmed():
    later = doubtful(document(outward=20.0), "serious")
    assert is_doubtful(later)
    assert not is_doubtful(document())
    assert unlike_set_up(document(), later) == [Obstacle.VIEW]
    assert obstacles(document(), later) == [Obstacle.DOUBT, Obstacle.VIEW]
