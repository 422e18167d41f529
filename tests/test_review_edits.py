"""Edits of a reviewer: what they may hold, and that they come back as they were stored."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.landmarks import Side
from hipcv.review.edits import (
    AddRep,
    ChooseZero,
    Exclude,
    ExcludeReason,
    Include,
    MovePoints,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
    added_key,
    from_plain,
    is_added,
    kind_of,
    measured_key,
    side_of,
    to_plain,
)
from hipcv.values import Direction

KEYS = st.builds(lambda make, side, k: make(side, k), st.sampled_from([measured_key, added_key]), st.sampled_from(Side), st.integers(0, 99))
NUMBERS = st.floats(-5000, 5000)
POINTS = st.tuples(NUMBERS, NUMBERS)
EDITS = st.one_of(
    st.builds(Exclude, KEYS, st.sampled_from(ExcludeReason), st.text()),
    st.builds(Include, KEYS),
    st.builds(
        lambda side, way, start, length: AddRep(side, way, start, start + length),
        st.sampled_from(Side),
        st.sampled_from(Direction),
        st.floats(0, 100),
        st.floats(0.01, 10),
    ),
    st.builds(lambda rep, time_s, knee, ankle: MovePoints(rep, time_s, knee, (ankle[0], knee[1] + 50)), KEYS, NUMBERS, POINTS, POINTS),
    st.just(SwapSides()),
    st.builds(ChooseZero, st.sampled_from([ZeroChoice.AS_MEASURED, ZeroChoice.REST, ZeroChoice.PICTURE])),
    st.builds(lambda a, b, time_s: ChooseZero(ZeroChoice.LINE, (a, b), time_s), POINTS, POINTS, NUMBERS),
    st.builds(RatePelvis, KEYS, st.sampled_from(PelvisRating)),
)
MOVED = {"kind": "move_points", "rep": "right-0", "time_s": 1.5, "knee_px": [1.0, 2.0], "ankle_px": [3.0, 40.0]}


@given(EDITS)
def test_an_edit_comes_back_as_it_was_stored(edit):
    plain = json.loads(json.dumps(to_plain(edit), allow_nan=False))
    assert from_plain(plain) == edit
    assert next(iter(plain)) == "kind"
    assert plain["kind"] == kind_of(edit)


def test_an_edit_is_stored_in_plain_words():
    assert to_plain(Exclude("left+3", ExcludeReason.PAIN)) == {"kind": "exclude", "rep": "left+3", "reason": "pain", "words": ""}
    assert to_plain(MovePoints("right-0", 1.5, (1.0, 2.0), (3.0, 40.0))) == MOVED
    assert to_plain(AddRep(Side.LEFT, Direction.EXTERNAL, 1.0, 2.0)) == {
        "kind": "add_rep",
        "side": "left",
        "direction": "external",
        "start_s": 1.0,
        "end_s": 2.0,
    }


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({}, id="no kind"),
        pytest.param({"kind": "delete", "rep": "right-0"}, id="an unknown kind"),
        pytest.param({"kind": ["include"], "rep": "right-0"}, id="a kind that is no word"),
        pytest.param({"kind": "include"}, id="a missing value"),
        pytest.param({"kind": "include", "rep": "right-0", "more": 1}, id="a value too many"),
        pytest.param({"kind": "include", "rep": "middle-0"}, id="no side"),
        pytest.param({"kind": "include", "rep": "right-01"}, id="another way to write a number"),
        pytest.param({"kind": "include", "rep": "right-0\n"}, id="a line break"),
        pytest.param({"kind": "include", "rep": 3}, id="a repetition by number"),
        pytest.param({"kind": "exclude", "rep": "right-0", "reason": "boredom", "words": ""}, id="an unknown reason"),
        pytest.param({"kind": "exclude", "rep": "right-0", "reason": ["pain"], "words": ""}, id="a list of reasons"),
        pytest.param({"kind": "exclude", "rep": "right-0", "reason": "pain", "words": None}, id="no words"),
        pytest.param({"kind": "rate_pelvis", "rep": "right-0", "rating": "so-so"}, id="an unknown rating"),
        pytest.param(
            {"kind": "add_rep", "side": "left", "direction": "internal", "start_s": 2.0, "end_s": 1.0}, id="ends before it starts"
        ),
        pytest.param({"kind": "add_rep", "side": "left", "direction": "internal", "start_s": -1.0, "end_s": 1.0}, id="before the clip"),
        pytest.param({"kind": "add_rep", "side": "left", "direction": "internal", "start_s": "0", "end_s": 1.0}, id="a time in letters"),
        pytest.param({**MOVED, "time_s": math.nan}, id="no time"),
        pytest.param({**MOVED, "time_s": True}, id="true is no time"),
        pytest.param({**MOVED, "knee_px": [1.0]}, id="half a point"),
        pytest.param({**MOVED, "knee_px": [1.0, math.inf]}, id="a point nowhere"),
        pytest.param({**MOVED, "knee_px": 3.0}, id="a number for a point"),
        pytest.param({**MOVED, "ankle_px": MOVED["knee_px"]}, id="knee and ankle in one place"),
        pytest.param({"kind": "choose_zero", "zero": "line", "line_px": None, "time_s": 0.0}, id="no line"),
        pytest.param({"kind": "choose_zero", "zero": "rest", "line_px": [[0, 0], [0, 9]], "time_s": 0.0}, id="a line that is not used"),
        pytest.param({"kind": "choose_zero", "zero": "line", "line_px": [[0, 0]], "time_s": 0.0}, id="one end of a line"),
    ],
)
def test_anything_else_is_no_edit(plain):
    with pytest.raises(ValueError, match=r"no|is not|has|same point|line"):
        from_plain(plain)


def test_a_key_says_its_side_and_where_the_repetition_comes_from():
    assert (measured_key(Side.RIGHT, 0), added_key(Side.LEFT, 12)) == ("right-0", "left+12")
    assert (side_of("right-0"), side_of("left+12")) == (Side.RIGHT, Side.LEFT)
    assert (is_added("right-0"), is_added("left+12")) == (False, True)
