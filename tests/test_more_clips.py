"""Folders of further rendered clips, if there are any: HIPCV_CLIPS, and beside it those that leave the ideal set-up."""

import os
from pathlib import Path

import numpy as np
import pytest

from hipcv.statistics.agreement import statistics
from hipcv.validation import unwarned, validate
from hipcv.validation.json_report import from_json
from tests.conftest import ROOT, SAMPLES
from tests.test_accuracy import assert_as_published

OFF_PROTOCOL = "off_protocol"
CLIPS = Path(os.environ.get("HIPCV_CLIPS", ROOT.parent / "shared" / "clips"))

pytestmark = [
    pytest.mark.pose,
    pytest.mark.release,
    pytest.mark.skipif(not CLIPS.is_dir(), reason=f"there is no folder of further clips at {CLIPS.name}"),
]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Of those that are not among the samples, which other tests measure."""
    others = tmp_path_factory.mktemp("clips")
    for path in CLIPS.iterdir():
        if not (SAMPLES / path.name).exists():
            (others / path.name).symlink_to(path)
    return validate.validate(others)


def test_every_clip_is_measured_and_every_repetition_found(result):
    assert result.failures == ()
    assert (result.n_missed, result.n_invented) == (0, 0)


def test_the_mean_error_of_an_end_range_is_at_most_a_degree_and_a_half(result):
    assert statistics(result.end_ranges()).mean_absolute_error_deg <= 1.5


def test_no_end_range_is_off_by_more_than_five_degrees(result):
    assert statistics(result.end_ranges()).largest_error_deg <= 5.0


def test_the_intervals_hold_the_truth(result):
    assert statistics(result.end_ranges()).inside_share >= 0.9


def test_no_plain_result_is_off_by_more_than_ten_degrees(result):
    plain = [row for row in result.end_ranges() if row.clip not in result.warned]
    assert plain
    assert all(abs(row.error_deg) <= 10 for row in plain)


def test_intervals_are_no_wider_than_four_degrees_on_clips_that_keep_to_the_protocol(result):
    plain = [row for row in result.end_ranges() if row.clip not in result.warned]
    assert np.median([row.high_deg - row.low_deg for row in plain]) <= 8.0


def test_every_angle_is_as_published(result):
    published = from_json((ROOT / "docs" / "accuracy.json").read_text(encoding="utf-8"))
    if not {row.clip for row in result.rows} <= {row.clip for row in published.rows}:
        pytest.skip("docs/accuracy.json was made with other clips")
    assert_as_published([*result.rows, *result.asymmetry])


# ---------------------------------------------------------------------- away from the ideal set-up
@pytest.fixture(scope="module")
def off_protocol():
    folder = CLIPS.parent / OFF_PROTOCOL
    if not folder.is_dir():
        pytest.skip(f"there is no folder {OFF_PROTOCOL} beside the clips")
    return validate.validate(folder)


def test_a_knee_that_straightens_is_refused_with_a_sentence_about_the_knee(off_protocol):
    (failure,) = off_protocol.failures
    assert "p13_kneeextension" in failure
    assert "the knee straightened" in failure


def test_off_the_protocol_nothing_is_missed_invented_or_wrong_in_silence(off_protocol):
    assert (off_protocol.n_missed, off_protocol.n_invented) == (0, 0)
    assert unwarned.wrong_without_warning(off_protocol) == []


def test_off_the_protocol_the_intervals_hold_the_truth_and_no_error_is_large(off_protocol):
    found = statistics(off_protocol.end_ranges())
    assert found.inside_share >= 0.9
    assert found.mean_absolute_error_deg <= 1.8
    assert found.largest_error_deg <= 5.0
