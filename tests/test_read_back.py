"""A measurement that was written says the same when it is read back: document, table of series, text."""

import copy
import json
import math
from dataclasses import fields

import numpy as np
import pytest

from hipcv.cli import terminal
from hipcv.codes import Grade, Severity, Verdict
from hipcv.errors import UnreadableResult
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference, Measurement
from hipcv.records.arrays import arrays_of
from hipcv.records.document import to_csv, to_document, to_json
from hipcv.records.read_document import measurement_of
from hipcv.settings import Mirrored, Settings, Step
from hipcv.values import CameraRoll, Direction, Zero
from tests.builders import a_clip, a_hip, a_measurement, a_range, a_rep, both_legs, measured, written
from tests.reviews import ADDED_SINCE_010
from tests.test_arrays import with_corrected


def read_back(measurement):
    """Through JSON, as on disk."""
    return measurement_of(json.loads(to_json(measurement)), arrays_of(measurement))


def printed(measurement, capsys):
    terminal.print_measurement(measurement)
    return capsys.readouterr().out


def unusual():
    """Everything that a document may lack, and every value that is no number."""
    reps = (
        a_rep(Direction.EXTERNAL, 40.123456, grade=Grade.CORRECTED, planar_deg=41.0, pelvis_deg=-1.5, sd_deg=0.7, reasons=("no_hold",)),
        a_rep(usable=False, reasons=("hidden", "no_hold"), held=False),
    )
    hip = a_hip(
        Side.RIGHT, reps=reps, zero=Zero.GRAVITY, rest_deg=math.nan, upright_deg=2.5, internal_rotation_deg=a_range(34.5, sd=math.nan)
    )
    empty = a_hip(Side.LEFT, internal_rotation_deg=None, external_rotation_deg=None, total_deg=None, reps=())
    return with_corrected(
        a_measurement(
            clip=a_clip(
                name="Hüfte – 股関節.mp4", frame_rate_hz=math.nan, gravity_roll_deg=-1.25, gravity_sd_deg=0.5, camera_mirrored=True
            ),
            settings=Settings(mirrored=Mirrored.YES, without=frozenset({Step.PELVIS, Step.SPACE}), cutoff_hz=4.0, min_reps=3),
            mirrored=True,
            lean=CameraRoll(math.nan, 3.0),
            side_bias_deg={Side.LEFT: math.nan, Side.RIGHT: 1.0},
            hips={Side.LEFT: empty, Side.RIGHT: hip},
            asymmetry=Asymmetry(None, None, Difference(20.00004, 12.0, 28.0, Verdict.LARGE, AsWritten("Why – not?"))),
            findings=(written(Severity.SERIOUS, "One.", "a"), written(Severity.INFO, "Two.", "b")),
        )
    )


def as_the_chain_makes_it():
    """From landmarks to hips, with numbers of as many digits as they have."""
    seen = measured(both_legs((35, 40), (30, 45)))
    return a_measurement(landmarks=seen.series, rotation=seen.rotation, body=seen.body, lean=seen.lean, hips=seen.hips)


@pytest.fixture(params=[a_measurement, unusual, as_the_chain_makes_it], ids=lambda make: make.__name__)
def measurement(request):
    return request.param()


# ---------------------------------------------------------------- it says the same
def test_the_document_is_the_same(measurement):
    assert to_json(read_back(measurement)) == to_json(measurement)


def test_the_table_of_series_is_the_same(measurement):
    assert to_csv(read_back(measurement)) == to_csv(measurement)


def test_the_text_is_the_same(measurement, capsys):
    assert printed(read_back(measurement), capsys) == printed(measurement, capsys)


@pytest.mark.pose
def test_a_real_measurement_says_the_same(measured_sample, capsys):
    original = measured_sample("p06_asym")
    again = read_back(original)
    assert (to_json(again), to_csv(again)) == (to_json(original), to_csv(original))
    assert printed(again, capsys) == printed(original, capsys)


def test_settings_come_back_as_they_were(measurement):
    assert read_back(measurement).settings == measurement.settings


def test_what_was_not_measured_is_no_number_and_not_zero():
    again = read_back(unusual())
    assert math.isnan(again.hips[Side.RIGHT].rest_deg)
    assert math.isnan(again.side_bias_deg[Side.LEFT])
    assert math.isnan(again.clip.frame_rate_hz)
    assert again.hips[Side.LEFT].internal_rotation_deg is None


def test_every_part_of_a_measurement_comes_back():
    again, original = read_back(a_measurement()), a_measurement()
    plain = {field.name for field in fields(Measurement)} - {"landmarks", "rotation", "body", "hips"}
    assert {name for name in plain if getattr(again, name) != getattr(original, name)} == set()
    np.testing.assert_array_equal(again.landmarks.image_px, original.landmarks.image_px)
    assert [rep.end_range_deg for rep in again.hips[Side.RIGHT].reps] == [30.0, 40.0]


# ---------------------------------------------------------------- other versions
def test_a_field_and_a_setting_of_a_newer_version_are_passed_over():
    document = to_document(a_measurement())
    document["hips"]["left"]["news"] = document["software"]["settings"]["news"] = 1
    assert to_json(measurement_of(document, arrays_of(a_measurement()))) == to_json(a_measurement())


def test_a_setting_that_an_older_version_lacked_has_its_default():
    document = to_document(a_measurement())
    del document["software"]["settings"]["blur_level"]
    assert measurement_of(document, arrays_of(a_measurement())).settings == Settings()


@pytest.mark.parametrize("schema", ["hipcv-measurement/2", None, 7, "x" * 10_000])
def test_another_schema_is_told(schema):
    with pytest.raises(UnreadableResult, match=r'The schema of this result is ".*", "hipcv-measurement/1" is needed') as problem:
        measurement_of({**to_document(a_measurement()), "schema": schema}, arrays_of(a_measurement()))
    assert len(str(problem.value)) < 300


@pytest.mark.parametrize("document", [[], "text", 7, None], ids=["list", "text", "number", "nothing"])
def test_what_is_no_document_is_told(document):
    with pytest.raises(UnreadableResult):
        measurement_of(document, {})


# ---------------------------------------------------------------- altered
def paths(node, path=()):
    """Where something stands in a document."""
    yield path
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from paths(child, (*path, key))


def holder(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


def said(measurement):
    """All that the reports say of a measurement."""
    hips = measurement.hips.values()
    yields = [sentences.verdict_sentences(measurement.asymmetry), sentences.table_rows(measurement), sentences.rep_lines(measurement)]
    return [*map(list, yields), [sentences.zero_reason(hip) for hip in hips], [sentences.change_sentence(hip) for hip in hips]]


WRONG = ["text", 7, True, None, [], {"a": 1}, 10**400, "x" * 10_000]


@pytest.mark.slow
def test_whatever_is_altered_it_can_be_shown_or_is_told():
    """Each part of a document is replaced by things that it is not; what is read all the same can be put into words."""
    original, arrays = to_document(unusual()), arrays_of(unusual())
    sentences = []
    for path in list(paths(original))[1:]:
        for wrong in WRONG:
            document = copy.deepcopy(original)
            holder(document, path)[path[-1]] = wrong
            try:
                again = measurement_of(document, arrays)
            except UnreadableResult as problem:
                sentences.append(str(problem))
                continue
            to_csv(again)
            said(again)
    assert len(sentences) > 400
    assert max(map(len, sentences)) < 300


def test_whatever_is_missing_is_told_or_was_not_needed():
    original, arrays = to_document(unusual()), arrays_of(unusual())
    not_needed = set()
    for path in list(paths(original))[1:]:
        document = copy.deepcopy(original)
        del holder(document, path)[path[-1]]
        try:
            to_json(measurement_of(document, arrays))
        except UnreadableResult:
            continue
        not_needed.add(".".join(str(key) for key in path if not isinstance(key, int)))
    settings = {f"software.settings.{field.name}" for field in fields(Settings)} - {
        "software.settings.mirrored",
        "software.settings.without",
    }
    lists = {"hips.right.reps", "hips.right.reps.reasons", "findings", "software.settings.without"}
    # Without values, a sentence is shown as it was written.
    derived = {"mdc95", "why", "why_code", "why_values", "values", "tilt_deg", "view"}
    assert {
        one for one in not_needed - settings - lists if one.split(".")[-1] not in derived | ADDED_SINCE_010 and ".view." not in one
    } == set()


@pytest.mark.parametrize("name", ["left.image_angle_deg", "landmarks.time_s", "body.trunk_lean_deg"])
def test_arrays_that_do_not_fit_are_told(name):
    arrays = arrays_of(a_measurement())
    with pytest.raises(UnreadableResult, match=f"missing or altered .*{name}"):
        measurement_of(to_document(a_measurement()), {other: array for other, array in arrays.items() if other != name})


def test_the_original_is_left_as_it_was(measurement):
    document = to_document(measurement)
    before = copy.deepcopy(document)
    measurement_of(document, arrays_of(measurement))
    assert document == before
