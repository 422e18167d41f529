"""What cannot give a number is refused in words."""

import re
from dataclasses import replace

import pytest

from hipcv.codes import Reason
from hipcv.errors import LegNotVisible, NoPerson, NoReps, NotSeated
from hipcv.findings import not_measurable
from hipcv.kinematics.angles import steady_points
from hipcv.landmarks import Landmark, Side
from hipcv.language.sentences import ENGLISH
from hipcv.settings import Settings
from tests.builders import SHANK_PX, a_hip, a_rep, seated, unseen, with_nobody
from tests.words import FORBIDDEN, TO_DO, in_plain_words

SENTENCES = {reason: ENGLISH.word("reasons", reason) for reason in Reason}


def check(series, **looks):
    not_measurable.check_subject(series, steady_points(series, Settings()), Settings(), **looks)


def without_shoulders():
    series = seated().landmarks()
    for point in (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER):
        series = unseen(series, point, (0, 100))
    return series


def without_feet():
    series = seated().landmarks()
    for point in (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE):
        series = unseen(series, point, (1.0, 100))
    return series


REFUSED = [
    pytest.param(lambda: with_nobody(seated().landmarks(), slice(30, None)), NoPerson, "only 1.0 s", id="a person for a second"),
    pytest.param(without_shoulders, NoPerson, "shoulders were not in view", id="no shoulders"),
    pytest.param(lambda: seated(roll_deg=90.0).landmarks(), NotSeated, "90° off", id="lying, or filmed on its side"),
    pytest.param(lambda: seated(roll_deg=180.0).landmarks(), NotSeated, "180° off", id="upside down"),
    pytest.param(without_feet, LegNotVisible, "in view for 1.0 s", id="feet in view for a second"),
    pytest.param(lambda: seated(thigh_px=SHANK_PX).landmarks(), NotSeated, "does not look seated", id="standing"),
]


@pytest.mark.parametrize(("series", "error", "seen"), REFUSED)
def test_a_picture_that_cannot_give_a_number_is_refused_in_words(series, error, seen):
    with pytest.raises(error, match=re.escape(seen)) as refused:
        check(series())
    in_plain_words(str(refused.value))
    assert TO_DO.search(str(refused.value))


@pytest.mark.parametrize(
    "series",
    [
        pytest.param(lambda: seated(roll_deg=90.0).landmarks(), id="lying"),
        pytest.param(lambda: seated(thigh_px=SHANK_PX).landmarks(), id="standing"),
    ],
)
def test_nothing_is_said_of_a_posture_that_separate_looks_do_not_confirm(series):
    with pytest.raises(NoPerson, match=r"could not be made out.* only 31 % .* 50 % are needed.*blurred or hidden face") as refused:
        check(series(), agreeing_share=0.31)
    in_plain_words(str(refused.value))
    assert TO_DO.search(str(refused.value))
    with pytest.raises(NotSeated):
        check(series(), agreeing_share=0.5)


def test_looks_that_disagree_refuse_nobody_who_sits():
    check(seated().landmarks(), agreeing_share=0.0)


@pytest.mark.parametrize(
    "series",
    [
        pytest.param(lambda: seated().landmarks(), id="both legs"),
        pytest.param(lambda: unseen(seated().landmarks(), Landmark.LEFT_ANKLE, (0, 100)), id="one foot never in view"),
        pytest.param(lambda: seated(roll_deg=8.0).landmarks(), id="a leaning phone"),
        pytest.param(lambda: with_nobody(seated().landmarks(), slice(0, 300)), id="nobody for a while"),
    ],
)
def test_a_picture_that_can_give_a_number_passes(series):
    check(series())


def test_repetitions_of_which_one_counts_pass():
    not_measurable.check_reps({side: a_hip(side, reps=(a_rep(), a_rep(usable=False, reasons=("hidden",)))) for side in Side}, Settings())


def test_repetitions_that_count_but_tell_nothing_are_an_error_that_says_what_to_do():
    hip = a_hip(Side.RIGHT, reps=(a_rep(),), internal_rotation_deg=None, external_rotation_deg=None, total_deg=None)
    with pytest.raises(NoReps, match="within 20°") as refused:
        not_measurable.check_reps({Side.RIGHT: hip, Side.LEFT: replace(hip, side=Side.LEFT)}, Settings())
    assert TO_DO.search(str(refused.value))


@pytest.mark.parametrize(
    ("reps", "seen"),
    [
        pytest.param((), "No leg was seen to swing", id="no movement"),
        pytest.param((a_rep(usable=False, reasons=("hidden",)),), "One movement was seen and it does not count: knee or", id="one"),
        pytest.param(
            (a_rep(usable=False, reasons=("hidden", "no_hold")), a_rep(usable=False, reasons=("both_legs",))),
            f"2 movements were seen and none of them counts: {SENTENCES['both_legs']}; {SENTENCES['hidden']}. ",
            id="two, each reason once, and only reasons not to count",
        ),
    ],
)
def test_no_repetition_that_counts_is_an_error_that_says_why(reps, seen):
    no_range = dict.fromkeys(("internal_rotation_deg", "external_rotation_deg", "total_deg"))
    hips = {Side.RIGHT: a_hip(Side.RIGHT, reps=reps, **no_range), Side.LEFT: a_hip(Side.LEFT, reps=(), **no_range)}
    with pytest.raises(NoReps, match=re.escape(seen)) as refused:
        not_measurable.check_reps(hips, Settings())
    in_plain_words(str(refused.value))
    assert TO_DO.search(str(refused.value))


@pytest.mark.parametrize("code", Reason)
def test_every_reason_is_in_plain_words(code):
    assert not FORBIDDEN.search(SENTENCES[code])
    assert not SENTENCES[code].endswith(".")
    assert SENTENCES[code][0].islower()
