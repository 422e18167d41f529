"""What a coach tells of a recording: taken only as it should be, kept with the measurement, compared with it."""

from dataclasses import replace

import pytest

from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError
from hipcv.filmed import Filmed, filmed_of
from hipcv.findings.of_coach import Disagreement, disagreements
from hipcv.landmarks import Side
from hipcv.records import record
from hipcv.records.document import to_document
from hipcv.values import Direction
from hipcv.web.parts.coach_view import told

REP = {"side": "right", "direction": "internal", "start_s": 1.0, "end_s": 3.0, "hold_s": [1.5, 2.5], "against": ""}
TOLD = {"camera": "user", "ended": "complete", "looks_per_s": 9.5, "movements": [REP, {**REP, "hold_s": None, "against": "no_hold"}]}


def test_what_was_told_comes_back_from_plain_values():
    filmed = filmed_of(TOLD)
    assert isinstance(filmed, Filmed)
    assert filmed_of(filmed.document()) == filmed
    assert [one.counts for one in filmed.movements] == [True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        None, [], "x", {}, {**TOLD, "movements": {}}, {**TOLD, "camera": 1}, {**TOLD, "ended": "bombed"}, {**TOLD, "looks_per_s": True},
        {**TOLD, "movements": [{**REP, "side": "middle"}]}, {**TOLD, "movements": [{**REP, "hold_s": [1]}]},
        {**TOLD, "movements": [{**REP, "end_s": "2"}]}, {**TOLD, "movements": ["x"]},
    ],
)  # fmt: skip
def test_anything_else_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        filmed_of(wrong)


@pytest.mark.pose
def test_it_stays_with_the_measurement_and_is_compared_with_it(measured_sample):
    measurement = measured_sample("p06_asym")
    assert "filmed" not in to_document(measurement)
    assert list(disagreements(measurement)) == []
    seen = [
        {"side": rep.side.value, "direction": rep.direction.value, "start_s": rep.start_s, "end_s": rep.end_s, "hold_s": None, "against": ""}
        for hip in measurement.hips.values() for rep in hip.reps
    ]  # fmt: skip
    agreed = replace(measurement, filmed=filmed_of({**TOLD, "movements": seen}))
    assert list(disagreements(agreed)) == []
    late = {**seen[0], "start_s": 900.0, "end_s": 902.0}
    differs = replace(measurement, filmed=filmed_of({**TOLD, "movements": [late, *seen[1:]]}))
    (found,) = disagreements(differs)
    assert (found.side.value, found.direction.value) == (seen[0]["side"], seen[0]["direction"])
    assert (found.coach_only_s, found.measured_only_s) == ((900.0,), (seen[0]["start_s"],))


@pytest.mark.pose
def test_it_is_kept_and_read_back_and_an_altered_one_is_refused(measured_sample, tmp_path):
    record.write(replace(measured_sample("p06_asym"), filmed=filmed_of(TOLD)), tmp_path)
    assert record.read(tmp_path).measurement.filmed == filmed_of(TOLD)
    kept = tmp_path / record.DOCUMENT
    kept.write_text(kept.read_text(encoding="utf-8").replace('"environment"', '"x"').replace('"user"', '"x"'), encoding="utf-8")
    with pytest.raises(HipcvError):
        _ = record.read(tmp_path).measurement


def test_a_disagreement_is_said_in_words():
    found = Disagreement(Side.RIGHT, Direction.INTERNAL, (4.25,), (7.0, 9.5))
    assert told(found, Words("en")) == [
        "Right outward: the one at 4.2 s was counted while filming, but the measurement does not count it.",
        "Right outward: the measurement counts those at 7.0 s and 9.5 s, which were not counted while filming.",
    ]
