"""`hipcv-validation/1`: a contract, and what is read back."""

import json
from dataclasses import replace

import pytest

from hipcv.validation.json_report import from_json, to_json
from hipcv.validation.unwarned import wrong_without_warning
from tests.validations import ROWS, a_row, a_validation, by_hand, nothing


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
        "leg_warned": False,
    }
    assert "leg_warned" not in document["asymmetry"]["rows"][0]
    assert document["wrong_without_warning"] == {"n": 0, "of": 4, "end_ranges": []}
    # errors 1, -2, 0.5, -5 with half widths of 4: z is 1.96 / 4 times as much, the errors have SD 2.75 and a mean square of 7.5625
    assert document["standardised_errors"] == {"n": 4, "sd": 1.3475, "rms": 1.3475}
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
    assert (again.reference, again.warned, again.warned_legs, again.failures, again.unpaired) == (
        result.reference,
        result.warned,
        result.warned_legs,
        result.failures,
        result.unpaired,
    )


def test_what_is_wrong_without_warning_is_named_and_reads_back():
    wrong = (a_row(30.0, 9.0), a_row(30.0, 9.0, side="right"))
    text = to_json(a_validation(rows=wrong, warned_legs=frozenset({("a.mp4", "right")})))
    document = json.loads(text)
    assert [row["leg_warned"] for row in document["rows"]] == [False, True]
    named = [{"clip": "a.mp4", "side": "left", "quantity": "internal"}]
    assert document["wrong_without_warning"] == {"n": 1, "of": 2, "end_ranges": named}
    assert wrong_without_warning(from_json(text)) == [wrong[0]]


def test_a_file_of_0_1_0_is_read():
    document = json.loads(to_json(a_validation()))
    del document["wrong_without_warning"], document["standardised_errors"]
    for row in document["rows"]:
        del row["leg_warned"]
    assert from_json(json.dumps(document)) == replace(from_json(to_json(a_validation())), warned_legs=frozenset())


def test_angles_have_four_decimals():
    rows = (replace(ROWS[0], measured_deg=31.123456), *ROWS[1:])
    assert json.loads(to_json(a_validation(rows=rows)))["rows"][0]["measured_deg"] == 31.1235


def test_what_is_derived_follows_from_the_rounded_angles():
    rows = tuple(replace(row, measured_deg=row.measured_deg + 0.000049, low_deg=0.00005, high_deg=90.00005) for row in ROWS)
    text = to_json(a_validation(rows=rows))
    assert to_json(from_json(text)) == text
