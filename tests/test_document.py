"""The JSON document and the table of series: a contract, checked field by field."""

import csv
import io
import json
import math
from dataclasses import fields, replace

import numpy as np
import pytest

import hipcv
from hipcv.capture.pose_models import mediapipe_version
from hipcv.codes import Verdict
from hipcv.landmarks import Side
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference
from hipcv.records.document import series_columns, settings_document, to_csv, to_document, to_json
from hipcv.settings import Settings
from hipcv.values import Direction
from tests.builders import Subject, a_clip, a_hip, a_measurement, a_range, a_rep, measured, three_reps

RANGE = {"value", "low", "high", "sd", "n_reps", "mdc95", "edited"}
REP = {"direction", "start_s", "hold_start_s", "hold_end_s", "end_s", "end_range_deg", "usable", "reasons"}
QUANTITIES = ("internal_rotation_deg", "external_rotation_deg", "total_deg")


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def parsed(measurement):
    return json.loads(to_json(measurement), parse_constant=refuse)


def numbers(node):
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return [number for part in node for number in numbers(part)]
    return [node] if isinstance(node, float) else []


# ---------------------------------------------------------------- JSON
def test_the_document_names_its_schema_first():
    document = parsed(a_measurement())
    assert next(iter(document)) == "schema"
    assert document["schema"] == "hipcv-measurement/1"
    assert set(document) >= {"clip", "software", "hips", "asymmetry", "findings"}


def test_the_clip_is_described():
    clip = parsed(a_measurement())["clip"]
    expected = {
        "name": "clip.mp4",
        "sha256": "0123456789abcdef" * 4,
        "duration_s": 15.0,
        "n_frames": 450,
        "width_px": 1080,
        "height_px": 1920,
        "rotation_deg": 90,
        "frame_rate_hz": 30.0,
    }
    assert {key: clip[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("roll_deg", "sd_deg"), [pytest.param(-6.25, 0.5, id="told by the phone"), pytest.param(None, None, id="not recorded")]
)
def test_the_lean_of_the_phone_is_a_number_or_null(roll_deg, sd_deg):
    clip = parsed(a_measurement(clip=a_clip(gravity_roll_deg=roll_deg, gravity_sd_deg=sd_deg)))["clip"]
    assert (clip["gravity_roll_deg"], clip["gravity_sd_deg"]) == (roll_deg, sd_deg)


def test_the_software_is_named_so_that_a_result_can_be_repeated():
    software = parsed(a_measurement())["software"]
    assert software["hipcv"] == hipcv.__version__
    assert software["mediapipe"] == mediapipe_version()
    assert (software["model"], software["model_sha256"]) == ("full", "f" * 64)
    assert set(software["settings"]) == {field.name for field in fields(Settings)}
    assert software["settings"]["cutoff_hz"] == Settings().cutoff_hz
    assert software["settings"]["mirrored"] == "auto"


def test_settings_are_written_as_they_were_used():
    assert settings_document(replace(Settings(), cutoff_hz=4.0))["cutoff_hz"] == 4.0


def test_both_hips_have_their_ranges_or_null():
    hips = parsed(a_measurement())["hips"]
    assert set(hips) == {"left", "right"}
    expected = {"value": 30.0, "low": 22.0, "high": 38.0, "sd": 1.0, "n_reps": 3, "mdc95": 11.3137, "edited": False}
    assert hips["right"]["internal_rotation_deg"] == expected
    assert hips["right"]["external_rotation_deg"]["value"] == 40.0  # external rotation is positive in a result
    assert set(hips["right"]["total_deg"]) == RANGE
    assert hips["left"]["external_rotation_deg"] is None
    assert hips["left"]["total_deg"] is None


def test_every_repetition_is_listed_with_its_times_and_why_it_does_not_count():
    spoiled = a_rep(Direction.EXTERNAL, 40.0, usable=False, reasons=("hidden", "no_hold"), start_s=1.23456789)
    hips = {side: a_hip(side, reps=(spoiled,)) for side in Side}
    (rep,) = parsed(a_measurement(hips=hips))["hips"]["right"]["reps"]
    assert set(rep) >= REP
    expected = {
        "direction": "external",
        "start_s": 1.2346,
        "hold_start_s": 1.5,
        "hold_end_s": 2.5,
        "end_s": 3.0,
        "end_range_deg": 40.0,
        "usable": False,
        "reasons": ["hidden", "no_hold"],
    }
    assert {key: rep[key] for key in expected} == expected


def test_the_asymmetry_holds_value_interval_and_verdict_or_null():
    difference = Difference(-25.0, -37.0, -13.0, Verdict.LARGE)
    asymmetry = parsed(a_measurement(asymmetry=Asymmetry(difference, None, difference)))["asymmetry"]
    assert set(asymmetry) == set(QUANTITIES)
    assert asymmetry["external_rotation_deg"] is None
    expected = {"value": -25.0, "low": -37.0, "high": -13.0, "verdict": "large_difference"}
    assert {key: asymmetry["total_deg"][key] for key in expected} == expected


@pytest.mark.parametrize(
    ("verdict", "written"),
    [
        (Verdict.WITHIN_ERROR, "within_measurement_error"),
        (Verdict.SMALL, "small_difference"),
        (Verdict.DIFFERENT, "difference"),
        (Verdict.LARGE, "large_difference"),
        (Verdict.NONE, "no_verdict"),
    ],
)
def test_verdicts_are_written_by_name(verdict, written):
    asymmetry = Asymmetry(Difference(1.0, 0.0, 2.0, verdict, AsWritten("why")), None, None)
    assert parsed(a_measurement(asymmetry=asymmetry))["asymmetry"]["internal_rotation_deg"]["verdict"] == written


def test_findings_are_code_severity_message_and_values():
    assert parsed(a_measurement())["findings"] == [
        {
            "code": "blur",
            "severity": "warning",
            "message": "The picture is blurred. Wipe the lens, tap on the person to focus, and prop the phone up.",
            "values": {},
        }
    ]


def test_what_was_not_measured_is_null_and_never_zero():
    hips = {side: a_hip(side, internal_rotation_deg=a_range(30.0, sd=math.nan, n_reps=1), rest_deg=math.nan) for side in Side}
    document = parsed(a_measurement(hips=hips, clip=a_clip(frame_rate_hz=math.nan)))
    assert document["hips"]["left"]["internal_rotation_deg"]["sd"] is None
    assert document["hips"]["left"]["zero"]["rest_deg"] is None
    assert document["clip"]["frame_rate_hz"] is None


def test_numbers_have_four_decimals_at_most():
    hips = {side: a_hip(side, internal_rotation_deg=a_range(100 / 3, 25 / 3, sd=2 / 3)) for side in Side}
    document = parsed(a_measurement(hips=hips))
    assert document["hips"]["left"]["internal_rotation_deg"] == {
        "edited": False,
        "value": 33.3333,
        "low": 25.0,
        "high": 41.6667,
        "sd": 0.6667,
        "n_reps": 3,
        "mdc95": 11.7851,
    }
    assert all(number == round(number, 4) for number in numbers(document))


def test_the_text_is_strict_json_in_any_language_and_ends_a_line():
    text = to_json(a_measurement(clip=a_clip(name="Hüfte – 股関節.mp4")))
    assert "Hüfte – 股関節.mp4" in text
    assert text.endswith("}\n")
    assert json.loads(text, parse_constant=refuse) == to_document(a_measurement(clip=a_clip(name="Hüfte – 股関節.mp4")))


# ---------------------------------------------------------------- CSV
def rows_of(measurement):
    return list(csv.DictReader(io.StringIO(to_csv(measurement))))


def test_the_table_begins_with_the_time_and_has_a_row_for_every_frame():
    rows = rows_of(a_measurement())
    assert next(iter(rows[0])) == "time_s"
    assert [row["time_s"] for row in rows] == ["0.0000", "0.0333", "0.0667", "0.1000"]


def test_the_table_holds_both_sides_and_the_body():
    (names, *_) = csv.reader(io.StringIO(to_csv(a_measurement())))
    angles = ("internal_rotation_deg", "from_rest_deg", "from_vertical_deg", "image_angle_deg")
    assert set(names) >= {f"{side.value}_{angle}" for side in Side for angle in angles}
    assert set(names) >= {"pelvis_tilt_deg", "trunk_lean_deg", "shoulder_tilt_deg"}
    assert len(names) == len(set(names))


def test_an_empty_cell_is_what_was_not_measured():
    rows = rows_of(a_measurement())
    assert [row["right_internal_rotation_deg"] for row in rows] == ["0.0000", "", "30.0000", "-40.0000"]
    assert [row["pelvis_tilt_deg"] for row in rows] == ["0.0000", "", "3.0000", "-4.0000"]
    assert "nan" not in to_csv(a_measurement()).lower()


def test_each_side_has_its_own_columns():
    moving = three_reps(35, 40)
    seen = measured(Subject(left_deg=np.zeros_like(moving), right_deg=moving))
    columns = series_columns(a_measurement(landmarks=seen.series, rotation=seen.rotation, body=seen.body))
    assert columns["right_internal_rotation_deg"].max() == pytest.approx(35, abs=0.5)
    assert np.abs(columns["left_internal_rotation_deg"]).max() == pytest.approx(0, abs=0.01)
    assert {len(column) for column in columns.values()} == {len(moving)}
