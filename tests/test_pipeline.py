"""The whole way from a real clip, through the real model, to the numbers."""

import numpy as np
import pytest

import hipcv
from hipcv import Mirrored, Settings, Side, Zero
from hipcv.records.document import to_document
from hipcv.validation import scoring
from tests.tiers import release

pytestmark = pytest.mark.pose
CLIPS = [*release("p01_front"), "p06_asym", "p07_oneleg"]


@pytest.mark.parametrize("name", CLIPS)
def test_every_repetition_is_found_and_none_invented(name, measured_sample, truth_of):
    n_true, n_missed, n_invented = scoring.count_reps(measured_sample(name), truth_of(name))
    assert n_true in {6, 8, 12}
    assert (n_missed, n_invented) == (0, 0)


@pytest.mark.parametrize("name", CLIPS)
def test_end_ranges_are_near_the_truth_and_inside_their_interval(name, measured_sample, truth_of):
    compared, unmeasured = scoring.compare(measured_sample(name), truth_of(name))
    errors = np.abs([row.error_deg for row in compared if row.quantity != "total"])
    assert unmeasured == []
    assert errors.mean() < 4.0
    assert all(row.inside for row in compared)


def test_the_leg_that_did_not_move_has_no_result(measured_sample):
    result = measured_sample("p07_oneleg")
    left = result.hips[Side.LEFT]
    assert (left.internal_rotation_deg, left.external_rotation_deg, left.total_deg, left.reps) == (None, None, None, ())
    assert result.asymmetry.total_deg is None
    assert "leg_not_tested" in {finding.code for finding in result.findings}


def test_a_good_clip_gives_no_warning(measured_sample):
    assert measured_sample("p06_asym").findings == ()


@pytest.fixture(scope="module")
def measured_short(short_clip, memory):
    return memory.measure(short_clip, settings=Settings(mirrored=Mirrored.NO))


def test_saying_mirrored_exchanges_the_hips(measured_short, short_clip, memory):
    as_filmed = measured_short
    said = memory.measure(short_clip, settings=Settings(mirrored=Mirrored.YES))
    ours, theirs = as_filmed.hips[Side.RIGHT], said.hips[Side.LEFT]
    assert said.hips[Side.RIGHT].reps == ()
    assert [rep.direction for rep in theirs.reps] == [rep.direction for rep in ours.reps]
    assert [rep.end_range_deg for rep in theirs.reps] == pytest.approx([rep.end_range_deg for rep in ours.reps], abs=0.2)


def test_the_same_bytes_give_the_same_numbers(measured_short, short_clip):
    again = hipcv.measure(short_clip, settings=Settings(mirrored=Mirrored.NO))
    assert to_document(again) == to_document(measured_short)


def test_both_zeros_are_kept(measured_sample):
    rotation = measured_sample("p07_oneleg").rotation[Side.RIGHT]
    assert rotation.zero is Zero.REST
    assert np.nanmax(np.abs(rotation.from_vertical_deg - rotation.from_rest_deg - rotation.rest_deg)) < 1e-9


@pytest.mark.slow
def test_progress_is_reported_up_to_the_end(short_clip):
    seen = []
    hipcv.measure(short_clip, model="lite", on_progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, 101))
    assert seen[-1] == (100, 100)
