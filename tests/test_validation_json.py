"""`hipcv-validation/1`: a contract, and what is read back."""

import json
from dataclasses import replace

import pytest

from hipcv.validation.json_report import from_json, to_json
from tests.validations import ROWS, a_validation, by_hand, nothing


def test_the_fields_of_the_contract_are_there():
    document = json.loads(to_json(a_validation()))
    assert document["schema"] == "hipcv-validation/1"
    assert set(document) >= {"schema", "model", "n_clips", "reps", "rows", "end_ranges", "failures"}
    assert document["reps"] == {"true": 12, "missed": 1, "invented": 0}
    assert document["rows"][0] == {
        "clip": "a.mp4",
        "side": "left",
        "quantity": "internal",
        "true_deg": 30.0,
        "measured_deg": 31.0,
        "low_deg": 27.0,
        "high_deg": 35.0,
        "error_deg": 1.0,
        "inside": True,
        "warned": False,
    }
    assert document["end_ranges"]["n"] == 4
    assert document["end_ranges"]["inside_share"] == 0.75
    assert document["frames"]["rmse_deg"] == 1.25
    assert list(document["by_camera_yaw"]) == ["0 to 5°", "20° and more"]
    assert list(document["by_camera_roll"]) == ["0 to 2°"]
    assert document["clips"]["b.mp4"]["largest_error_deg"] == 5.0
    assert [one["without"] for one in document["ablation"]] == ["registration", "pelvis"]


@pytest.mark.parametrize("result", [a_validation(), by_hand(), nothing()], ids=["truth", "goniometer", "nothing"])
def test_what_was_written_reads_back_and_writes_the_same(result):
    text = to_json(result)
    again = from_json(text)
    assert to_json(again) == text
    assert (again.rows, again.asymmetry, again.frames, again.cameras) == (result.rows, result.asymmetry, result.frames, result.cameras)
    assert (again.reference, again.warned, again.failures, again.unpaired) == (
        result.reference,
        result.warned,
        result.failures,
        result.unpaired,
    )


def test_angles_have_four_decimals():
    rows = (replace(ROWS[0], measured_deg=31.123456), *ROWS[1:])
    assert json.loads(to_json(a_validation(rows=rows)))["rows"][0]["measured_deg"] == 31.1235


def test_what_is_derived_follows_from_the_rounded_angles():
    rows = tuple(replace(row, measured_deg=row.measured_deg + 0.000049, low_deg=0.00005, high_deg=90.00005) for row in ROWS)
    text = to_json(a_validation(rows=rows))
    assert to_json(from_json(text)) == text
