import json
import shutil
from dataclasses import replace

import pytest

from hipcv import validation
from hipcv.errors import UnreadableClip
from hipcv.validation import Row, statistics
from tests.conftest import SAMPLES


def row(true_deg, measured_deg, half=5.0, quantity="internal"):
    return Row("clip", "left", quantity, true_deg, measured_deg, measured_deg - half, measured_deg + half)


def test_statistics_are_those_of_bland_and_altman():
    s = statistics([row(30, 32), row(30, 28), row(30, 33), row(30, 36)])
    # errors 2, -2, 3, 6: mean 2.25, SD of the sample 3.304
    assert s.bias_deg == pytest.approx(2.25)
    assert s.mean_absolute_error_deg == pytest.approx(3.25)
    assert s.largest_error_deg == pytest.approx(6)
    assert s.limits_of_agreement_deg == pytest.approx((2.25 - 1.96 * 3.3040, 2.25 + 1.96 * 3.3040), abs=1e-3)
    assert s.inside_share == pytest.approx(0.75)


def test_a_folder_without_truths_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UnreadableClip, match=r"no NAME\.truth\.json in this folder\. Put each clip's truth beside it"):
        validation.validate(tmp_path)


@pytest.mark.pose
def test_a_clip_that_cannot_be_measured_is_named_and_the_others_go_on(tmp_path):
    for name in ("p07_oneleg.mp4", "p07_oneleg.truth.json"):
        shutil.copy(SAMPLES / name, tmp_path)
    shutil.copy(SAMPLES / "p01_front.truth.json", tmp_path / "gone.truth.json")
    result = validation.validate(tmp_path, model="lite")
    assert [failure.split(":")[0] for failure in result.failures] == ["gone.truth.json"]
    assert {r.clip for r in result.rows} == {"p07_oneleg.mp4"}
    assert (result.n_true_reps, result.n_missed, result.n_invented) == (6, 0, 0)
    document = json.loads(validation.to_json(result))
    assert document["end_ranges"]["n"] == 2


@pytest.mark.pose
def test_a_truth_that_was_not_measured_is_named(measured_sample, truth_of):
    from hipcv.landmarks import Side

    whole = measured_sample("p07_oneleg")
    right = replace(whole.hips[Side.RIGHT], external_rotation_deg=None, total_deg=None)
    rows, unmeasured = validation.compare(replace(whole, hips={**whole.hips, Side.RIGHT: right}), truth_of("p07_oneleg"))
    assert [r.quantity for r in rows] == ["internal"]
    assert unmeasured == ["p07_oneleg.mp4: right external", "p07_oneleg.mp4: right total"]
