"""Left and right exchanged: as if the clip had been measured with the other statement on mirroring, and back again."""

import json
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from hipcv.codes import Doubt, FindingCode, Quantity, Severity, Verdict
from hipcv.findings.of_recording import of_mirroring, recording_doubt
from hipcv.kinematics import ranges
from hipcv.landmarks import SWAPPED, Side
from hipcv.measurement import Asymmetry, Difference, Finding, doubt
from hipcv.records.arrays import arrays_of
from hipcv.records.document import to_json
from hipcv.records.read_document import measurement_of
from hipcv.review.corrected import corrected
from hipcv.review.edits import Exclude, ExcludeReason, SwapSides
from hipcv.review.swap_sides import swapped
from hipcv.settings import Mirrored, Settings
from hipcv.values import CameraRoll
from tests.builders import a_clip, a_measurement, findings_of, in_mirror, seated, written
from tests.conftest import SAMPLES
from tests.reviews import built, numbered

SWAP = numbered(SwapSides())


@pytest.fixture(scope="module")
def as_mirrored(memory):
    return memory.measure(SAMPLES / "p01_front.mp4", settings=Settings(mirrored=Mirrored.YES))


def numbers(value, name=""):
    """Every number in a measurement by its path, flat."""
    if is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name), f"{name}.{field.name}")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, f"{name}.{key}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from numbers(part, f"{name}.{index}")
    elif isinstance(value, float | np.ndarray) and not isinstance(value, bool):
        yield name, np.asarray(value, float)


# ---------------------------------------------------------------- as measured the other way
def test_landmarks_posture_and_roll_are_those_of_the_clip_measured_as_mirrored(measured_sample, as_mirrored):
    result = corrected(measured_sample("p01_front"), SWAP)
    for part in ("landmarks", "body", "lean", "side_bias_deg"):
        theirs = dict(numbers(getattr(as_mirrored, part)))
        for name, ours in numbers(getattr(result, part)):
            np.testing.assert_allclose(ours, theirs[name], atol=1e-9, err_msg=f"{part}{name}")


def test_angles_are_those_of_the_clip_measured_as_mirrored_within_what_the_image_tells(measured_sample, as_mirrored):
    """Registration looks at the flipped image, whose pixels it weighs in another order: it differs by up to 0.08° on this clip."""
    result = corrected(measured_sample("p01_front"), SWAP)
    assert result.mirrored
    for side in Side:
        ours, theirs = result.hips[side], as_mirrored.hips[side]
        for one in Quantity:
            assert ours[one].value == pytest.approx(theirs[one].value, abs=0.15)
            assert (ours[one].low, ours[one].high) == pytest.approx((theirs[one].low, theirs[one].high), abs=0.2)
        for rep, other in zip(ours.reps, theirs.reps, strict=True):
            assert (rep.side, rep.direction, rep.usable, rep.reasons) == (other.side, other.direction, other.usable, other.reasons)
            for name in ("start_s", "end_s", "end_range_deg", "end_range_from_vertical_deg", "pelvis_deg", "tilt_deg"):
                assert getattr(rep, name) == pytest.approx(getattr(other, name), abs=0.15), name
        rotation, measured = result.rotation[side], as_mirrored.rotation[side]
        assert rotation.side is side
        for name in ("image_angle_deg", "from_vertical_deg", "from_rest_deg", "knee_travel_percent", "upright_deg", "rest_deg"):
            np.testing.assert_allclose(getattr(rotation, name), getattr(measured, name), atol=1e-9, err_msg=name)
        for name in ("hip_deg", "planar_deg", "pelvis_deg", "knee_shift_percent", "thigh_outward_deg", "thigh_downward_deg"):
            np.testing.assert_allclose(getattr(rotation.corrected, name), getattr(measured.corrected, name), atol=0.15, err_msg=name)
    for one in Quantity:
        ours, theirs = result.asymmetry[one], as_mirrored.asymmetry[one]
        assert (ours.value, ours.low, ours.high) == pytest.approx((theirs.value, theirs.low, theirs.high), abs=0.15)
        assert (ours.verdict, ours.why) == (theirs.verdict, theirs.why)


def test_every_finding_is_that_of_the_clip_measured_as_mirrored():
    """A phone that is rolled and stands aside, so that findings name a direction and a side."""
    subject = seated(roll_deg=9.0, knees_aside_px=40.0)
    clip = a_clip(camera_mirrored=None)
    settings = Settings(mirrored=Mirrored.AUTO, without=built().settings.without)
    found = findings_of(subject, clip=clip, settings=settings)
    assert {FindingCode.CAMERA_ROLLED, FindingCode.CAMERA_TURNED, FindingCode.MIRRORED_ASSUMED_NO} <= {one.code for one in found}
    measurement = built(subject, clip=clip, settings=settings, findings=found)
    # The same picture measured as mirrored: its landmarks are those of the flipped one.
    expected = findings_of(in_mirror(subject.landmarks()), clip=clip, settings=replace(settings, mirrored=Mirrored.YES))
    assert corrected(measurement, SWAP).findings == expected


# ---------------------------------------------------------------- twice, and on the image
@pytest.mark.parametrize("name", ["built", "p01_front", "p06_asym"])
def test_exchanged_twice_it_is_the_same_again(name, measured_sample):
    measurement = built(seated(roll_deg=5.0)) if name == "built" else measured_sample(name)
    twice = swapped(swapped(measurement))
    assert to_json(twice) == to_json(measurement)
    before = arrays_of(measurement)
    for key, array in arrays_of(twice).items():
        np.testing.assert_allclose(array, before[key], atol=1e-9, err_msg=key)


def test_the_landmarks_stay_where_they_were_filmed_under_the_other_name():
    measurement = built()
    measurement = replace(measurement, landmarks=replace(measurement.landmarks, turned=measurement.landmarks.time_s > 5))
    before, after = measurement.landmarks_as_filmed.image_px, corrected(measurement, SWAP).landmarks_as_filmed.image_px
    np.testing.assert_allclose(after, before[:, SWAPPED], atol=1e-9)


def test_right_is_left_and_internal_stays_internal():
    measurement = built()
    result = corrected(measurement, SWAP)
    assert result.hips[Side.LEFT].internal_rotation_deg == replace(measurement.hips[Side.RIGHT].internal_rotation_deg, edited=True)
    assert all(rep.edited and rep.side is side for side in Side for rep in result.hips[side].reps)
    before, after = (one.asymmetry.internal_rotation_deg for one in (measurement, result))
    assert (after.value, after.low, after.high) == (-before.value, -before.high, -before.low)
    assert after.edited


def test_edits_name_repetitions_by_the_measurements_own_sides():
    edits = [*SWAP, *numbered(Exclude("right-0", ExcludeReason.PAIN))]
    result = corrected(built(), edits)
    assert not result.hips[Side.LEFT].reps[0].usable
    assert result.hips[Side.RIGHT].reps[0].usable


def test_a_doubt_about_one_leg_is_about_the_other():
    left, right = (doubt(Doubt.REPS_DIFFER, side=side) for side in Side)
    asymmetry = Asymmetry(Difference(5.0, 1.0, 9.0, Verdict.NONE, left), None, None)
    assert swapped(a_measurement(asymmetry=asymmetry)).asymmetry.internal_rotation_deg.why == right


# ---------------------------------------------------------------- findings about mirroring
MIRRORING = {FindingCode.MIRRORED_UNKNOWN, FindingCode.MIRRORED_ASSUMED_NO, FindingCode.MIRRORED_AGAINST_FILE}


@pytest.mark.parametrize(
    ("clip", "mirrored", "asked", "left"),
    [
        pytest.param({"front_camera": True}, False, Mirrored.AUTO, set(), id="it was not known, and is now"),
        pytest.param({}, False, Mirrored.AUTO, set(), id="it was assumed"),
        pytest.param({"camera_mirrored": True}, False, Mirrored.NO, set(), id="the statement contradicted the file"),
        pytest.param({"camera_mirrored": True}, True, Mirrored.AUTO, {FindingCode.MIRRORED_AGAINST_FILE}, id="now it contradicts the file"),
    ],
)
def test_what_is_said_of_mirroring_is_settled_by_the_exchange(clip, mirrored, asked, left):
    filmed = a_clip(**clip)
    measurement = built(clip=filmed, mirrored=mirrored, findings=tuple(of_mirroring(filmed, asked)))
    result = corrected(measurement, SWAP)
    assert {one.code for one in result.findings} & MIRRORING == left


def test_a_doubt_that_the_exchange_settles_gives_way_to_a_verdict():
    filmed = a_clip(camera_mirrored=True)
    found = tuple(of_mirroring(filmed, Mirrored.NO))
    measurement = built(clip=filmed, findings=found)
    measurement = replace(measurement, asymmetry=ranges.asymmetry(measurement.hips, measurement.settings, recording_doubt(found)))
    assert measurement.asymmetry.total_deg.verdict is Verdict.NONE
    assert corrected(measurement, SWAP).asymmetry.total_deg.verdict is Verdict.WITHIN_ERROR


def test_a_picture_that_is_mirrored_from_some_moment_on_stays_a_finding():
    midway = Finding.serious(FindingCode.MIRRORED_MIDWAY, jumps_s=[5.0])
    assert midway in corrected(built(findings=(midway,)), SWAP).findings


def test_sentences_of_earlier_versions_name_the_other_side():
    said = written(Severity.WARNING, "The left foot rested inward, the phone is rolled counter-clockwise.", "rest_posture")
    (found,) = corrected(built(findings=(said,)), SWAP).findings[:1]
    assert found.message == "The right foot rested inward, the phone is rolled clockwise."


def test_read_back_it_is_exchanged_to_the_last_decimal():
    measurement = built(seated(roll_deg=5.0))
    stored = measurement_of(json.loads(to_json(measurement)), arrays_of(measurement))
    result = corrected(stored, SWAP)
    for side in Side:
        for one in Quantity:
            assert result.hips[side][one] == replace(stored.hips[side.other][one], edited=True)
    assert result.lean == CameraRoll(-stored.lean.roll_deg, stored.lean.sd_deg)
