"""Repetitions that a reviewer marks on the curve: read by the functions of the measurement, where the span allows."""

from dataclasses import replace

import pytest

from hipcv.codes import Reason
from hipcv.errors import ReviewError
from hipcv.landmarks import Side
from hipcv.review.corrected import corrected
from hipcv.review.edits import AddRep, Exclude, ExcludeReason, Include, PelvisRating, RatePelvis
from hipcv.values import Direction
from tests.builders import right_leg, with_nobody
from tests.reviews import built, numbered

INWARD = Direction.INTERNAL
SLIGHT = right_leg((0, 1), (30, 1), (0, 1), (30, 1), (0, 1), (8, 1), (0, 1))
"""The third movement is too small to be taken for a repetition: 8° where the others are 30°. It is held from 7 to 8 s, half a second swings before."""
SPAN_S = (6.4, 9.0)


def added(measurement, *more, span_s=SPAN_S):
    return corrected(measurement, numbered(AddRep(Side.RIGHT, INWARD, *span_s), *more)).hips[Side.RIGHT]


def test_a_repetition_that_was_missed_is_read_like_any_other():
    measurement = built(SLIGHT)
    assert [rep.direction for rep in measurement.hips[Side.RIGHT].reps] == [INWARD] * 2
    hip = added(measurement)
    rep = hip.reps[2]
    assert rep.end_range_deg == pytest.approx(8, abs=0.3)
    assert (rep.held, rep.usable, rep.edited, rep.reasons) == (True, True, True, (Reason.ADDED_BY_REVIEWER,))
    assert SPAN_S[0] <= rep.start_s < rep.hold_start_s < rep.hold_end_s < rep.end_s <= SPAN_S[1]
    assert hip.internal_rotation_deg.n_reps == 3
    assert hip.internal_rotation_deg.value == pytest.approx((30 + 30 + 8) / 3, abs=0.3)


@pytest.mark.parametrize("index", [0, 1])
def test_a_repetition_that_is_marked_again_reads_as_it_was_measured(measured_sample, index):
    measurement = measured_sample("p01_front")
    for side in Side:
        before = measurement.hips[side].reps[index]
        edits = numbered(
            Exclude(f"{side.value}-{index}", ExcludeReason.OTHER),
            AddRep(side, before.direction, before.start_s, before.end_s),
        )
        rep = corrected(measurement, edits).hips[side].reps[-1]
        for name in ("end_range_deg", "hold_start_s", "hold_end_s", "sd_deg", "planar_deg", "pelvis_deg", "tilt_deg"):
            assert getattr(rep, name) == pytest.approx(getattr(before, name), abs=1e-6), name


def test_it_keeps_to_the_span_that_was_marked():
    """Only the way up to 30° is marked, of which the farthest point is read."""
    hip = added(built(SLIGHT), Exclude("right-0", ExcludeReason.OTHER), span_s=(1.0, 1.3))
    assert hip.reps[2].end_s <= 1.3
    assert 5 < hip.reps[2].end_range_deg < 25


def test_nothing_is_added_where_nothing_was_seen():
    series = with_nobody(SLIGHT.landmarks(), slice(195, 245))
    with pytest.raises(ReviewError, match=r"not seen from 6\.8 to 7\.8 s"):
        corrected(built(series), numbered(AddRep(Side.RIGHT, INWARD, 6.8, 7.8)))
    with pytest.raises(ReviewError, match="not seen"):
        corrected(built(SLIGHT), numbered(AddRep(Side.RIGHT, INWARD, 100.0, 101.0)))


def test_the_same_repetition_does_not_count_twice():
    measurement = built(SLIGHT)
    first = measurement.hips[Side.RIGHT].reps[0]
    again = AddRep(Side.RIGHT, INWARD, first.start_s, first.end_s)
    with pytest.raises(ReviewError, match="counts already"):
        corrected(measurement, numbered(again))
    with pytest.raises(ReviewError, match="counts already"):
        added(measurement, AddRep(Side.RIGHT, INWARD, *SPAN_S))
    assert (
        corrected(measurement, numbered(Exclude("right-0", ExcludeReason.OTHER), again)).hips[Side.RIGHT].internal_rotation_deg.n_reps == 2
    )


def test_what_speaks_against_an_added_repetition_is_a_caveat():
    series = SLIGHT.landmarks()
    visibility = series.visibility.copy()
    measurement = built(series)
    visibility[195:245, :] = 0.1
    hidden = replace(measurement, landmarks=replace(series, visibility=visibility))
    rep = added(hidden).reps[2]
    assert (rep.usable, rep.reasons) == (True, (Reason.ADDED_BY_REVIEWER, Reason.HIDDEN))


def test_further_edits_name_it_by_the_number_of_the_edit_that_added_it():
    measurement = built(SLIGHT)
    moved = added(measurement, RatePelvis("right+1", PelvisRating.MOVED)).reps[2]
    assert (moved.usable, moved.reasons) == (False, (Reason.ADDED_BY_REVIEWER, Reason.COMPENSATION_SPOILED))
    assert added(measurement, RatePelvis("right+1", PelvisRating.MOVED), Include("right+1")).reps[2].usable
    assert added(measurement, RatePelvis("right+1", PelvisRating.UNSURE)).reps[2].usable
    left_out = added(measurement, Exclude("right+1", ExcludeReason.STOPPED_EARLY))
    assert not left_out.reps[2].usable
    assert left_out.internal_rotation_deg == measurement.hips[Side.RIGHT].internal_rotation_deg


def test_numbers_of_repetitions_follow_their_time():
    measurement = built(SLIGHT)
    assert [hip.number_of(rep) for hip in [added(measurement)] for rep in hip.reps] == [1, 2, 3]
    first = measurement.hips[Side.RIGHT].reps[0]
    again = added(measurement, Exclude("right-0", ExcludeReason.OTHER), span_s=(first.start_s, first.end_s))
    assert [again.number_of(rep) for rep in again.reps] == [1, 3, 2]
