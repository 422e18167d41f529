import pytest

from hipcv.settings import Settings


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
        pytest.param("cutoff_hz=-1", "above zero", id="negative"),
        pytest.param("cutoff_hz=nan", "above zero", id="not a number"),
    ],
)
def test_what_cannot_be_set_is_said(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Settings().changed([change])
