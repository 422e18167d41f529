from dataclasses import fields

import pytest

from hipcv.settings import ALLOWED, Settings, allowed


def test_numbers_are_changed_by_name_and_keep_their_kind():
    changed = Settings().changed(["notice_total_deg=15", "min_reps=3"])
    assert (changed.notice_total_deg, changed.min_reps) == (15.0, 3)
    assert isinstance(changed.min_reps, int)
    assert changed.cutoff_hz == Settings().cutoff_hz


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param("notice=15", "there is no setting 'notice'; there are ", id="unknown"),
        pytest.param("mirrored=yes", "there is no setting 'mirrored'", id="not a number of ours"),
        pytest.param("min_reps=2.5", "min_reps takes a whole number, not '2.5'", id="half a repetition"),
        pytest.param("cutoff_hz", "cutoff_hz takes a number, not ''", id="no value"),
        pytest.param("cutoff_hz=-1", "from 0.5 to 30, not '-1'", id="negative"),
        pytest.param("cutoff_hz=nan", "from 0.5 to 30, not 'nan'", id="not a number"),
        pytest.param("cutoff_hz=31", "from 0.5 to 30", id="too fast"),
        pytest.param("analysis_rate_hz=1", "from 5 to 240", id="too few frames"),
        pytest.param("long_side_px=1", "from 240 to 4096", id="no picture left"),
        pytest.param("min_prominence=1.5", "from 0.01 to 1", id="more than a whole"),
        pytest.param("notice_total_deg=181", "from 0.1 to 180", id="more than half a turn"),
        pytest.param("max_hold_s=inf", "from 0.01 to 600", id="for ever"),
    ],
)
def test_what_cannot_be_set_is_said(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Settings().changed([change])


NUMBERS = {field.name: field.default for field in fields(Settings) if isinstance(field.default, int | float)}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_default_lies_well_inside_what_is_allowed(name):
    low, high = allowed(name)
    assert 0 < low < NUMBERS[name] < high
    changed = Settings().changed([f"{name}={low:g}" if isinstance(low, int) else f"{name}={NUMBERS[name]}"])
    assert getattr(changed, name) > 0


def test_every_range_is_that_of_a_setting():
    assert set(ALLOWED) <= set(NUMBERS)
