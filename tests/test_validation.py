import json
import shutil
from dataclasses import replace

import pytest

from hipcv.errors import NoReps, UnreadableClip
from hipcv.settings import Step
from hipcv.statistics.agreement import statistics
from hipcv.validation import scoring, validate
from hipcv.validation.json_report import to_json
from tests.builders import a_measurement
from tests.conftest import SAMPLES


def test_a_folder_without_truths_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UnreadableClip, match=r"no NAME\.truth\.json in this folder\. Put each clip's truth beside it"):
        validate.validate(tmp_path)


@pytest.mark.parametrize(("name", "part"), [("nowhere", "there is no such folder"), ("a.mp4", "this is a file, not a folder")])
def test_what_is_no_folder_is_refused_in_a_sentence_of_its_own(tmp_path, name, part):
    (tmp_path / "a.mp4").touch()
    with pytest.raises(UnreadableClip, match=rf"{name}: {part}.*\.$"):
        validate.validate(tmp_path / name)


GOOD = {"mirrored": False, "protocol": {"L": {"IR": {"reps": [{"peak_s": 1.0}], "mean_end_range_deg": 30.0}}}}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("not JSON", "not JSON", id="text"),
        pytest.param("\ufeff{}", "not JSON", id="byte order mark"),
        pytest.param("[" * 100_000, "not JSON", id="too deep"),
        pytest.param("[]", '"mirrored"', id="a list"),
        pytest.param("{}", '"mirrored"', id="nothing in it"),
        pytest.param('{"mirrored": "no"}', '"mirrored"', id="mirrored is a word"),
        pytest.param('{"mirrored": false}', '"protocol"', id="no angles"),
        pytest.param('{"mirrored": false, "protocol": {"L": 3}}', 'under "L"', id="a hip is a number"),
        pytest.param(
            '{"mirrored": false, "protocol": {"R": {"ER": {"mean_end_range_deg": "30"}}}}', '"ER" of "R"', id="an angle is a word"
        ),
        pytest.param(
            '{"mirrored": false, "protocol": {"R": {"ER": {"mean_end_range_deg": NaN}}}}', '"ER" of "R"', id="an angle is nothing"
        ),
        pytest.param('{"mirrored": false, "protocol": {"R": {"ER": {"reps": [{}]}}}}', '"peak_s"', id="a repetition without its time"),
    ],
)
def test_a_truth_that_is_none_is_named_and_the_others_go_on(tmp_path, text, part):
    (tmp_path / "a.truth.json").write_text(text, encoding="utf-8")
    (tmp_path / "b.truth.json").write_text(json.dumps(GOOD), encoding="utf-8")
    result = validate.validate(tmp_path)
    first, second = result.failures
    assert first.startswith("a.truth.json: ")
    assert part in first
    assert first.endswith(".")
    assert second.startswith("b.truth.json: b.mp4: ")


def test_a_truth_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "a.truth.json").write_bytes(b"\xff\xfe")
    assert "not JSON" in validate.validate(tmp_path).failures[0]


@pytest.mark.pose
@pytest.mark.release
def test_a_clip_that_cannot_be_measured_is_named_and_the_others_go_on(tmp_path):
    for name in ("p07_oneleg.mp4", "p07_oneleg.truth.json"):
        shutil.copy(SAMPLES / name, tmp_path)
    shutil.copy(SAMPLES / "p01_front.truth.json", tmp_path / "gone.truth.json")
    result = validate.validate(tmp_path, model="lite", ablation=[Step.REGISTRATION])
    assert [failure.split(":")[0] for failure in result.failures] == ["gone.truth.json"]
    assert {r.clip for r in result.rows} == {"p07_oneleg.mp4"}
    assert (result.n_true_reps, result.n_missed, result.n_invented) == (6 + 12, 12, 0)  # all of the clip that is gone
    assert (result.ablation[0].n_missed, result.ablation[0].n_failures) == (12, 1)
    document = json.loads(to_json(result))
    assert document["end_ranges"]["n"] == 2
    assert [leg["side"] for leg in document["frames"]["legs"]] == ["right"]
    (camera,) = document["cameras"].values()
    assert (camera["yaw_deg"], camera["roll_deg"]) == (2.5, -0.6)
    assert camera["measured_roll_deg"] == pytest.approx(-0.6, abs=1.0)
    (without,) = document["ablation"]
    assert without["without"] == "registration"
    assert without["end_ranges"]["mean_half_width_deg"] > document["end_ranges"]["mean_half_width_deg"]


def test_a_clip_is_read_once_and_evaluated_with_each_step_left_out(tmp_path, monkeypatch):
    read, left_out = [], []

    def evaluate(taken, model_info, settings):
        left_out.append(settings.without)
        if Step.SPACE in settings.without:
            raise NoReps("no_swing")
        return a_measurement()

    monkeypatch.setattr(validate, "capture", lambda clip, *_: read.append(clip.name))
    monkeypatch.setattr(validate, "evaluate", evaluate)
    (tmp_path / "a.truth.json").write_text(json.dumps(GOOD), encoding="utf-8")
    result = validate.validate(tmp_path, ablation=Step)
    assert read == ["a.mp4"]
    assert set(left_out) == {frozenset(), *(frozenset({step}) for step in Step)}
    by_step = {one.step: one for one in result.ablation}
    assert list(by_step) == [step.value for step in Step]
    assert (by_step["space"].end_ranges, by_step["space"].n_failures) == (None, 1)
    assert by_step["pelvis"].end_ranges == statistics(result.end_ranges())
    assert result.failures == ()


@pytest.mark.pose
def test_a_truth_that_was_not_measured_is_named(measured_sample, truth_of):
    from hipcv.landmarks import Side

    whole = measured_sample("p07_oneleg")
    right = replace(whole.hips[Side.RIGHT], external_rotation_deg=None, total_deg=None)
    rows, unmeasured = scoring.compare(replace(whole, hips={**whole.hips, Side.RIGHT: right}), truth_of("p07_oneleg"))
    assert [r.quantity for r in rows] == ["internal"]
    assert unmeasured == ["p07_oneleg.mp4: right external", "p07_oneleg.mp4: right total"]
