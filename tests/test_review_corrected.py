"""A measurement with edits of its repetitions: what counts, what is marked, and what stays as it was measured."""

import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipcv.codes import Doubt, FindingCode, Grade, Quantity, Reason, Severity, Verdict
from hipcv.errors import ReviewError
from hipcv.landmarks import Side
from hipcv.measurement import Finding
from hipcv.records.arrays import arrays_of
from hipcv.records.document import to_document, to_json
from hipcv.records.read_document import measurement_of
from hipcv.review.corrected import corrected, rep_keys
from hipcv.review.edits import (
    AddRep,
    ChooseZero,
    Exclude,
    ExcludeReason,
    Include,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
)
from hipcv.values import Direction
from tests.builders import written
from tests.reviews import as_written_by_010, built, numbered, with_rep
from tests.test_review_edits import EDITS

PAIN = ExcludeReason.PAIN


@pytest.fixture(scope="module")
def measurement():
    return built()


def read_back(measurement):
    return measurement_of(json.loads(to_json(measurement)), arrays_of(measurement))


def codes(measurement):
    return [(finding.code, finding.values.get("side")) for finding in measurement.findings]


# ---------------------------------------------------------------- what stays
def test_without_edits_it_is_the_measurement_itself(measurement):
    assert corrected(measurement, []) is measurement


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, max_size=6))
def test_whatever_is_edited_the_measurement_stays_as_it_was(measurement, edits):
    before = to_json(measurement)
    with suppress(ReviewError):
        corrected(measurement, numbered(*edits))
    assert corrected(measurement, []) is measurement
    assert to_json(measurement) == before


def test_what_no_edit_touches_is_exactly_what_was_measured(measurement):
    stored = read_back(measurement)
    result = corrected(stored, numbered(Exclude("right-0", PAIN)))
    assert result.hips[Side.LEFT] is stored.hips[Side.LEFT]
    assert result.hips[Side.RIGHT].reps[1:] == stored.hips[Side.RIGHT].reps[1:]
    assert result.rotation is stored.rotation
    assert [rep.edited for rep in result.hips[Side.RIGHT].reps] == [True, False, False, False, False, False]


def test_edits_that_change_nothing_leave_the_result_as_it_is(measurement):
    stored = read_back(measurement)
    nothing = numbered(Include("right-0"), ChooseZero(ZeroChoice.AS_MEASURED), SwapSides(), SwapSides())
    assert to_json(corrected(stored, nothing)) == to_json(stored)


def test_leaving_out_and_taking_back_leaves_the_result_as_it_is(measurement):
    stored = read_back(measurement)
    assert to_json(corrected(stored, numbered(Exclude("right-0", PAIN), Include("right-0")))) == to_json(stored)


# ---------------------------------------------------------------- leaving out, accepting
def test_a_repetition_that_is_left_out_does_not_count():
    measurement = with_rep(built(), Side.RIGHT, 0, end_range_deg=44.0)  # the first internal one; the others read 35°
    before = measurement.hips[Side.RIGHT].internal_rotation_deg
    result = corrected(measurement, numbered(Exclude("right-0", PAIN)))
    hip = result.hips[Side.RIGHT]
    assert before.value == pytest.approx(38, abs=0.3)
    assert hip.internal_rotation_deg.value == pytest.approx(35, abs=0.3)
    assert (hip.internal_rotation_deg.n_reps, hip.internal_rotation_deg.edited) == (2, True)
    assert (hip.reps[0].usable, hip.reps[0].reasons) == (False, (Reason.EXCLUDED_BY_REVIEWER,))
    assert result.asymmetry.internal_rotation_deg.value == pytest.approx(5, abs=0.4)
    assert result.asymmetry.internal_rotation_deg.edited


def test_leaving_out_too_many_is_a_finding_and_no_verdict(measurement):
    result = corrected(measurement, numbered(Exclude("right-0", PAIN), Exclude("right-2", PAIN)))
    assert (FindingCode.TOO_FEW_REPS, "right") in codes(result)
    difference = result.asymmetry[Quantity.INTERNAL]
    assert (difference.verdict, difference.why.key) == (Verdict.NONE, f"doubts.{Doubt.FEW_REPS}")


def test_leaving_out_all_leaves_no_number(measurement):
    result = corrected(measurement, numbered(*(Exclude(f"right-{k}", PAIN) for k in range(6))))
    hip = result.hips[Side.RIGHT]
    assert (hip.internal_rotation_deg, hip.external_rotation_deg, hip.total_deg) == (None, None, None)
    assert result.asymmetry.total_deg is None
    assert result.hips[Side.LEFT] is measurement.hips[Side.LEFT]


def test_an_accepted_repetition_counts_and_keeps_its_caveat():
    measurement = with_rep(built(), Side.RIGHT, 0, usable=False, reasons=(Reason.BOTH_LEGS,))
    assert measurement.hips[Side.RIGHT].internal_rotation_deg.n_reps == 2
    hip = corrected(measurement, numbered(Include("right-0"))).hips[Side.RIGHT]
    assert hip.internal_rotation_deg.n_reps == 3
    assert (hip.reps[0].usable, hip.reps[0].reasons) == (True, (Reason.BOTH_LEGS, Reason.INCLUDED_BY_REVIEWER))
    assert hip.reps[0].edited


def test_an_accepted_repetition_with_a_tilted_pelvis_gives_no_verdict():
    measurement = with_rep(built(), Side.RIGHT, 0, usable=False, reasons=(Reason.COMPENSATION_SPOILED,), tilt_deg=14.0)
    result = corrected(measurement, numbered(Include("right-0")))
    assert result.asymmetry[Quantity.INTERNAL].why.key == f"doubts.{Doubt.COMPENSATION}"


def test_the_latest_decision_holds(measurement):
    back = corrected(measurement, numbered(Exclude("right-0", PAIN), Include("right-0"), Exclude("right-0", ExcludeReason.OTHER)))
    assert not back.hips[Side.RIGHT].reps[0].usable


def test_a_repetition_that_is_not_there_is_told(measurement):
    with pytest.raises(ReviewError, match="no repetition right-6"):
        corrected(measurement, numbered(Exclude("right-6", PAIN)))


def test_an_edit_of_an_added_repetition_goes_with_it(measurement):
    assert to_json(corrected(measurement, numbered(Exclude("right+9", PAIN)))) == to_json(measurement)


# ---------------------------------------------------------------- the pelvis
TILTED = {"usable": False, "reasons": (Reason.COMPENSATION_SPOILED,), "tilt_deg": 12.0, "grade": Grade.SPOILED}
DOUBTED = {"reasons": (Reason.NO_HOLD, Reason.COMPENSATION), "tilt_deg": 7.0, "grade": Grade.SPOILED}


@pytest.mark.parametrize(
    ("measured", "rating", "counts", "reasons", "tilt_deg", "graded"),
    [
        pytest.param(TILTED, "still", True, (), 0.0, Grade.CLEAN, id="it kept still after all"),
        pytest.param(DOUBTED, "still", True, (Reason.NO_HOLD,), 0.0, Grade.CLEAN, id="other caveats stay"),
        pytest.param({}, "moved", False, (Reason.COMPENSATION_SPOILED,), None, Grade.SPOILED, id="it moved, which was not seen"),
        pytest.param(DOUBTED, "moved", False, (Reason.NO_HOLD, Reason.COMPENSATION_SPOILED), 7.0, Grade.SPOILED, id="it moved too far"),
        pytest.param(TILTED, "unsure", True, (Reason.COMPENSATION,), 12.0, Grade.SPOILED, id="not sure that it moved too far"),
        pytest.param({}, "unsure", True, (Reason.COMPENSATION,), None, Grade.SPOILED, id="not sure"),
        pytest.param(
            {"usable": False, "reasons": (Reason.HIDDEN, Reason.COMPENSATION)},
            "still",
            False,
            (Reason.HIDDEN,),
            0.0,
            Grade.CLEAN,
            id="something else ruled it out",
        ),
        pytest.param({**TILTED, "pelvis_deg": 5.0}, "still", True, (), 0.0, Grade.CORRECTED, id="what was subtracted stays"),
    ],
)
def test_the_reviewers_word_on_the_pelvis_replaces_what_was_measured(measured, rating, counts, reasons, tilt_deg, graded):
    measurement = with_rep(built(), Side.LEFT, 0, **measured)
    before = measurement.hips[Side.LEFT].reps[0]
    rep = corrected(measurement, numbered(RatePelvis("left-0", PelvisRating(rating)))).hips[Side.LEFT].reps[0]
    assert (rep.usable, rep.reasons, rep.grade) == (counts, reasons, graded)
    assert rep.tilt_deg == (before.tilt_deg if tilt_deg is None else tilt_deg)


def test_doubt_about_a_pelvis_gives_no_verdict_and_a_finding(measurement):
    result = corrected(measurement, numbered(RatePelvis("left-0", PelvisRating.UNSURE)))
    assert result.asymmetry[Quantity.TOTAL].why.values == {"side": "left"}
    assert (FindingCode.COMPENSATION, "left") in codes(result)
    settled = corrected(measurement, numbered(RatePelvis("left-0", PelvisRating.UNSURE), RatePelvis("left-0", PelvisRating.STILL)))
    assert settled.asymmetry[Quantity.TOTAL].why is None
    assert (FindingCode.COMPENSATION, "left") not in codes(settled)


def test_a_tilt_that_was_none_no_longer_widens_the_interval():
    tilted = {"tilt_deg": 9.0, "reasons": (Reason.COMPENSATION,)}
    measurement = with_rep(with_rep(built(), Side.RIGHT, 0, **tilted), Side.RIGHT, 2, **tilted)
    still = numbered(*(RatePelvis(f"right-{k}", PelvisRating.STILL) for k in (0, 2)))
    before, after = (one.hips[Side.RIGHT].internal_rotation_deg for one in (measurement, corrected(measurement, still)))
    assert after.value == pytest.approx(before.value)
    assert after.high - after.value < before.high - before.value - 1


def test_of_accepting_and_seeing_the_pelvis_move_the_later_holds(measurement):
    key = "right-0"
    moved, accepted = RatePelvis(key, PelvisRating.MOVED), Include(key)
    rep = corrected(measurement, numbered(moved, accepted)).hips[Side.RIGHT].reps[0]
    assert (rep.usable, rep.reasons) == (True, (Reason.COMPENSATION_SPOILED, Reason.INCLUDED_BY_REVIEWER))
    rep = corrected(measurement, numbered(accepted, moved)).hips[Side.RIGHT].reps[0]
    assert (rep.usable, rep.reasons) == (False, (Reason.COMPENSATION_SPOILED,))
    for still in (PelvisRating.STILL, PelvisRating.UNSURE):
        assert not corrected(measurement, numbered(Exclude(key, PAIN), RatePelvis(key, still))).hips[Side.RIGHT].reps[0].usable


# ---------------------------------------------------------------- findings
def test_findings_about_the_other_leg_and_the_recording_stay(measurement):
    others = (Finding.warning(FindingCode.BLUR), Finding.warning(FindingCode.NO_REST, side=Side.LEFT))
    result = corrected(replace(measurement, findings=others), numbered(*(Exclude(f"right-{k}", PAIN) for k in (0, 2, 4))))
    assert [one for one in result.findings if one in others] == list(others)
    assert (FindingCode.TOO_FEW_REPS, "right") in codes(result)


# ---------------------------------------------------------------- documents
def test_a_corrected_measurement_says_what_was_edited_and_is_read_back(measurement):
    result = corrected(measurement, numbered(Exclude("right-0", PAIN), ChooseZero(ZeroChoice.REST)))
    document = to_document(result)
    right = document["hips"]["right"]
    assert (right["reps"][0]["edited"], right["zero"]["edited"]) == (True, True)
    assert right["internal_rotation_deg"]["edited"]
    assert document["asymmetry"]["internal_rotation_deg"]["edited"]
    assert to_json(read_back(result)) == to_json(result)


def test_documents_of_before_there_were_reviewers_hold_nothing_edited(measurement):
    old = as_written_by_010(measurement)
    assert not any(rep.edited for hip in old.hips.values() for rep in hip.reps)
    assert not any(hip[one].edited for hip in old.hips.values() for one in Quantity)
    assert not any(difference.edited for difference in old.asymmetry.found().values())


def test_measurements_of_010_can_be_corrected(measurement):
    old = as_written_by_010(measurement)
    result = corrected(old, numbered(Exclude("right-0", PAIN)))
    hip = result.hips[Side.RIGHT]
    assert hip.internal_rotation_deg.n_reps == 2
    assert hip.internal_rotation_deg.value == pytest.approx(35, abs=0.3)
    # As 0.1.0 reckoned: landmarks, the spread over two repetitions, and the setting for a posture at rest.
    half = 1.96 * np.sqrt(old.settings.landmark_sd_deg**2 + old.settings.rest_sd_deg**2)
    assert hip.internal_rotation_deg.high - hip.internal_rotation_deg.value == pytest.approx(half, abs=0.2)
    assert result.hips[Side.LEFT] is old.hips[Side.LEFT]
    assert corrected(old, numbered(ChooseZero(ZeroChoice.PICTURE))).hips[Side.LEFT].total_deg == old.hips[Side.LEFT].total_deg


# ---------------------------------------------------------------- keys
def test_keys_name_the_repetitions_of_the_result_in_their_order(measurement):
    span = measurement.hips[Side.LEFT].reps[2]
    edits = numbered(Exclude("left-2", PAIN), AddRep(Side.LEFT, Direction.INTERNAL, span.start_s, span.end_s))
    assert rep_keys(measurement, edits)[Side.LEFT] == ("left-0", "left-1", "left-2", "left-3", "left-4", "left-5", "left+2")
    assert corrected(measurement, edits).hips[Side.LEFT].reps[6].start_s == pytest.approx(span.start_s, abs=0.1)
    swapped = rep_keys(measurement, [*edits, *numbered(SwapSides())])
    assert swapped[Side.RIGHT][-1] == "left+2"
    assert swapped[Side.LEFT][0] == "right-0"


def test_a_finding_of_an_earlier_version_about_a_corrected_leg_is_made_again(measurement):
    said = [
        written(Severity.WARNING, "The repetitions of the right hip differ.", FindingCode.REPS_DIFFER),
        written(Severity.WARNING, "The repetitions of the left hip differ.", FindingCode.REPS_DIFFER),
    ]
    result = corrected(replace(measurement, findings=tuple(said)), numbered(Exclude("right-0", PAIN)))
    assert said[1] in result.findings
    assert said[0] not in result.findings


def test_a_hold_of_a_single_frame_is_found_again_by_its_rounded_time():
    measurement = built()
    time_s = float(measurement.landmarks.time_s[50])
    assert round(time_s, 4) != time_s
    stored = read_back(with_rep(measurement, Side.RIGHT, 0, hold_start_s=time_s, hold_end_s=time_s))
    result = corrected(stored, numbered(Exclude("right-2", PAIN)))
    assert result.hips[Side.RIGHT].internal_rotation_deg.n_reps == 2
