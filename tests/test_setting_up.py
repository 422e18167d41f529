"""Before and after the test the phone is picked up, or there is a title; neither may change what is said about the repetitions."""

from dataclasses import replace

import numpy as np
import pytest

from hipcv import pipeline
from hipcv.capture.capture import Capture
from hipcv.capture.picture_quality import PictureSample
from hipcv.landmarks import Side
from hipcv.measurement import ModelInfo
from hipcv.values import Direction, ReadFaults
from tests.builders import Subject, a_clip, a_hip, a_rep, findings_of, given_settings, seated, still_deg, swings_deg, with_nobody

SETTING_UP_S = 2.0
IN_GOOD_LIGHT = (PictureSample(0.0, 120.0, 0.3),)
LEG_DEG = swings_deg((0, 4), *((35, 0.7), (-40, 0.7)) * 3, (0, 4))


def evaluated(series, samples=IN_GOOD_LIGHT):
    taken = Capture(series, a_clip(), ReadFaults(), tuple(samples), 1)
    return pipeline.evaluate(taken, ModelInfo("full", "f" * 64), given_settings())


def plain():
    return Subject(still_deg(len(LEG_DEG)), LEG_DEG).landmarks()


def picked_up(series):
    """The phone is turned by up to 70 degrees and carried about at either end."""
    image_px = series.image_px.copy()
    middle = np.array([series.width_px, series.height_px]) / 2
    for from_end_s, frames in ((series.time_s, slice(None)), (series.time_s[-1] - series.time_s, slice(None))):
        for k in np.flatnonzero(from_end_s[frames] < SETTING_UP_S):
            share = 1.0 if from_end_s[k] < SETTING_UP_S - 0.4 else (SETTING_UP_S - from_end_s[k]) / 0.4 * 0.3
            turn = np.radians(70 * share)
            about = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
            image_px[k] = (image_px[k] - middle) @ about + middle + [130 * share, 0]
    return replace(series, image_px=image_px)


def codes(measurement):
    return {finding.code for finding in measurement.findings}


def test_picking_up_the_phone_changes_nothing_and_is_not_remarked():
    still, set_up = evaluated(plain()), evaluated(picked_up(plain()))
    assert codes(set_up) == codes(still)
    ours, theirs = (result.hips[Side.RIGHT] for result in (set_up, still))
    assert [rep.end_range_deg for rep in ours.reps] == pytest.approx([rep.end_range_deg for rep in theirs.reps], abs=0.5)
    assert set_up.hips[Side.LEFT].reps == ()


def test_a_jump_between_repetitions_is_still_remarked():
    series = plain()
    image_px = series.image_px.copy()
    image_px[series.time_s > 6.0] += [130, 0]
    assert "scene_jump" in codes(evaluated(replace(series, image_px=image_px)))


def test_nobody_in_the_titles_is_not_missed_and_their_light_does_not_count():
    series = with_nobody(with_nobody(plain(), slice(0, 75)), slice(len(LEG_DEG) - 75, None))
    samples = [PictureSample(float(time_s), 120.0 if 2.5 < time_s < series.time_s[-1] - 2.5 else 0.0, 0.3) for time_s in np.arange(0, 15.0)]
    assert codes(evaluated(series, samples)) == codes(evaluated(plain()))


@pytest.mark.parametrize(
    ("reasons", "remarked"),
    [
        pytest.param(("compensation",), True, id="a repetition that counts"),
        pytest.param(("compensation_spoiled",), True, id="one that counts but for the tilt"),
        pytest.param(("compensation_spoiled", "incomplete"), False, id="a movement that is none"),
    ],
)
def test_a_tilt_is_remarked_where_there_is_a_repetition(reasons, remarked):
    reps = (a_rep(usable=reasons == ("compensation",), reasons=reasons), *[a_rep()] * 2, *[a_rep(Direction.EXTERNAL)] * 2)
    hips = {Side.RIGHT: a_hip(Side.RIGHT, reps=reps), Side.LEFT: a_hip(Side.LEFT)}
    assert ("compensation" in {finding.code for finding in findings_of(seated(), hips=hips)}) is remarked
