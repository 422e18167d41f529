"""Every doubt is provoked once and its words are checked; a clean subject raises none."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcv import quality
from hipcv.angles import steady_points
from hipcv.errors import LegNotVisible, NoPerson, NoReps, NotSeated
from hipcv.grading import REASONS
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.picture import PictureSample
from hipcv.values import Direction, ReadFaults, Settings, Severity
from tests.builders import (
    SHANK_PX,
    Subject,
    a_clip,
    a_hip,
    a_rep,
    both_legs,
    findings_of,
    in_mirror,
    measured,
    right_leg,
    still_deg,
    swings_deg,
    unseen,
    with_nobody,
)

FORBIDDEN = re.compile(
    r"abnormal|patholog|dysfunction|restrict|impinge|arthrit|\brisk|\bcauses?\b|explains|proven|mobili[sz]ation|exercise|"
    r"worked|improved|diagnos|injur|disease|deficit",
    re.IGNORECASE,
)
"""REFERENCES 6.2, "do not say"."""
TO_DO = re.compile(
    r"(^|[.:;] )(If [^.]*, )?(Copy|Send|Film|Switch|Wipe|Keep|Come|Move|Check|Prop|Put|Let|Sit|Hold|Repeat|sit|measure)\b|, measure again"
)


def subject(**choices):
    return replace(both_legs((35, 40), (30, 45)), **choices)


def away(series, point, x_px):
    image_px = series.image_px.copy()
    image_px[: len(image_px) // 3, point, 0] = x_px
    return replace(series, image_px=image_px)


def tilting(tilt_deg):
    leg = swings_deg((0, 1), *((30, 1), (0, 1)) * 3)
    return Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=leg / 30 * tilt_deg)


def never_at_rest():
    leg = swings_deg((30, 0.5), *[(-40, 0.5), (30, 0.5)] * 3)
    return Subject(still_deg(len(leg)), leg)


def uneven():
    return right_leg((0, 1), *[part for deg in (20, 30, 45) for part in ((deg, 1), (0, 1))])


def unheld():
    return right_leg((0, 1), *((40, 0), (0, 1)) * 3)


CASES = {
    "clip_cut": lambda: findings_of(subject(), faults=ReadFaults(cut_after_s=4.2)),
    "damaged_frames": lambda: findings_of(subject(), faults=ReadFaults(n_corrupt=3)),
    "bad_times": lambda: findings_of(subject(), faults=ReadFaults(n_bad_times=2)),
    "time_gap": lambda: findings_of(subject(), faults=ReadFaults(longest_gap_s=0.8)),
    "low_frame_rate": lambda: findings_of(subject(), clip=a_clip(frame_rate_hz=12.0)),
    "poor_light": lambda: findings_of(subject(), samples=[PictureSample(0.0, 30.0, 0.3)]),
    "blur": lambda: findings_of(subject(), samples=[PictureSample(0.0, 120.0, 0.9)]),
    "person_lost": lambda: findings_of(with_nobody(subject().landmarks(), slice(0, None, 3))),
    "too_far": lambda: findings_of(subject(scale=0.4)),
    "leg_out_of_picture": lambda: findings_of(unseen(subject().landmarks(), Landmark.LEFT_ANKLE, (0, 4))),
    "foot_out_of_picture": lambda: findings_of(away(subject().landmarks(), Landmark.LEFT_FOOT_INDEX, 600.0)),
    "second_person": lambda: findings_of(subject(), n_people=2),
    "sides_swapped": lambda: findings_of(subject(), n_swapped=40),
    "camera_rolled": lambda: findings_of(subject(roll_deg=6.0)),
    "camera_turned": lambda: findings_of(subject(knees_aside_px=40.0)),
    "mirrored_unknown": lambda: findings_of(subject(), assumed_unmirrored=True, clip=a_clip(front_camera=True)),
    "mirrored_assumed_no": lambda: findings_of(subject(), assumed_unmirrored=True),
    "leg_not_tested": lambda: findings_of(right_leg((0, 1), *((30, 1), (-40, 1)) * 3, (0, 1))),
    "no_rest": lambda: findings_of(never_at_rest()),
    "rest_posture": lambda: findings_of(subject(left_deg=subject().left_deg + 9)),
    "direction_not_tested": lambda: findings_of(right_leg((0, 1), *((30, 1), (0, 1)) * 3)),
    "too_few_reps": lambda: findings_of(right_leg((0, 1), (30, 1), (0, 1))),
    "no_hold": lambda: findings_of(unheld()),
    "compensation": lambda: findings_of(tilting(7)),
    "reps_differ": lambda: findings_of(uneven()),
}
SEVERITIES = {
    **dict.fromkeys(CASES, Severity.WARNING),
    **dict.fromkeys(("clip_cut", "damaged_frames", "compensation"), Severity.SERIOUS),
    **dict.fromkeys(
        ("sides_swapped", "mirrored_assumed_no", "leg_not_tested", "rest_posture", "direction_not_tested"),
        Severity.INFO,
    ),
}


def in_plain_words(text):
    sentences = re.findall(r"[^.]+(?:\.\d[^.]*)*\.(?= |$)", text)
    assert "".join(sentences) == text, "does not end with a full stop"
    assert not FORBIDDEN.search(text)
    assert text[0].isupper() or text[0].isdigit()
    assert "nan" not in text.lower().split()
    return sentences


# ---------------------------------------------------------------- findings
def test_a_clean_subject_raises_nothing():
    assert findings_of(subject()) == ()


def test_a_clean_subject_with_ordinary_noise_raises_nothing():
    assert findings_of(subject(noise_px=1.5, roll_deg=2.0)) == ()


@pytest.mark.parametrize("code", CASES)
def test_every_doubt_is_raised_with_its_weight(code):
    found = [finding for finding in CASES[code]() if finding.code == code]
    assert len(found) >= 1
    assert {finding.severity for finding in found} == {SEVERITIES[code]}


@pytest.mark.parametrize("code", CASES)
def test_every_message_is_one_or_two_sentences_in_plain_words(code):
    for finding in CASES[code]():
        assert 1 <= len(in_plain_words(finding.message)) <= 2


@pytest.mark.parametrize("code", [code for code in CASES if SEVERITIES[code] is not Severity.INFO])
def test_every_caveat_says_what_to_do(code):
    for finding in CASES[code]():
        if finding.code == code:
            assert TO_DO.search(finding.message)


def test_no_code_in_the_source_is_left_unprovoked():
    tree = ast.parse(Path(quality.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    codes = {call.args[0].value for call in calls if call.func.id in {"_info", "_warning", "_serious"}}
    assert codes == set(CASES)


def test_serious_findings_come_first_and_remarks_last():
    found = findings_of(right_leg((0, 1), (30, 1), (0, 1)), faults=ReadFaults(n_corrupt=1), n_people=2)
    weights = [list(Severity).index(finding.severity) for finding in found]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


@pytest.mark.parametrize(
    ("quiet", "code"),
    [
        pytest.param(lambda: findings_of(subject(), faults=ReadFaults(longest_gap_s=0.2)), "time_gap", id="a pause that is bridged"),
        pytest.param(lambda: findings_of(subject(), clip=a_clip(frame_rate_hz=24.0)), "low_frame_rate", id="24 pictures a second"),
        pytest.param(lambda: findings_of(with_nobody(subject().landmarks(), slice(0, 30))), "person_lost", id="nobody for a second"),
        pytest.param(lambda: findings_of(subject(), n_swapped=5), "sides_swapped", id="a handful of exchanges"),
        pytest.param(lambda: findings_of(subject(roll_deg=3.0)), "camera_rolled", id="a lean of 3 degrees"),
        pytest.param(lambda: findings_of(subject(roll_deg=8.0)), "camera_turned", id="a lean is no turn"),
        pytest.param(lambda: findings_of(subject(knees_aside_px=15.0)), "camera_turned", id="5 degrees aside"),
        pytest.param(lambda: findings_of(subject(scale=0.6)), "too_far", id="a shank of 102 px"),
        pytest.param(lambda: findings_of(tilting(4)), "compensation", id="a tilt of 4 degrees"),
        pytest.param(
            lambda: findings_of(subject(), samples=[PictureSample(0.0, 120.0, np.nan)]), "blur", id="a picture too small to judge"
        ),
    ],
)
def test_what_does_not_matter_is_not_mentioned(quiet, code):
    assert code not in {finding.code for finding in quiet()}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        pytest.param(ReadFaults(n_corrupt=1), "1 damaged part was left out", id="one damaged part"),
        pytest.param(ReadFaults(n_corrupt=2), "2 damaged parts were left out", id="two damaged parts"),
        pytest.param(ReadFaults(n_bad_times=1), "1 picture was left out", id="one picture without time"),
        pytest.param(ReadFaults(n_bad_times=2), "2 pictures were left out", id="two pictures without time"),
    ],
)
def test_one_is_said_as_one_and_two_as_two(faults, said):
    (finding,) = findings_of(subject(), faults=faults)
    assert finding.message.startswith(said)


def test_light_is_judged_by_the_middle_of_the_samples():
    one_dark = [PictureSample(t, level, 0.3) for t, level in enumerate((10.0, 120.0, 130.0))]
    assert findings_of(subject(), samples=one_dark) == ()


@pytest.mark.parametrize("side", Side)
def test_a_leg_out_of_the_picture_is_named(side):
    series = unseen(subject().landmarks(), of_side("ankle", side), (0, 4))
    (message,) = [f.message for f in findings_of(series) if f.code == "leg_out_of_picture"]
    assert f"The {side.value} knee or ankle" in message
    assert "22 %" in message  # 4 of 18.2 s


@pytest.mark.parametrize(
    ("n_usable", "said"), [(0, "No repetition counts"), (1, "Only one repetition counts"), (2, None)], ids=["none", "one", "two"]
)
def test_too_few_repetitions_are_counted_in_words(n_usable, said):
    reps = [a_rep(usable=i < n_usable, reasons=() if i < n_usable else ("both_legs",)) for i in range(3)]
    hips = {side: a_hip(side, reps=(*reps, *[a_rep(Direction.EXTERNAL)] * 2)) for side in Side}
    messages = [f.message for f in findings_of(subject(), hips=hips) if f.code == "too_few_reps"]
    assert len(messages) == (2 if said else 0)
    assert all(message.startswith(f"{said} for internal rotation of the ") for message in messages)


# ---------------------------------------------------------------- the camera
@settings(max_examples=10, deadline=None)
@given(roll_deg=st.floats(-8, 8))
def test_roll_is_the_clockwise_turn_of_the_scene(roll_deg):
    seen = measured(subject(roll_deg=roll_deg))
    assert quality.roll_deg(seen.rotation) == pytest.approx(roll_deg, abs=0.1)
    assert quality.yaw_deg(seen.series, seen.rotation) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("roll_deg", "way"), [(6.0, "counter-clockwise"), (-6.0, " clockwise")])
def test_a_scene_that_looks_turned_means_a_phone_turned_the_other_way(roll_deg, way):
    (message,) = [f.message for f in findings_of(subject(roll_deg=roll_deg)) if f.code == "camera_rolled"]
    assert f"about 6°{' ' if way[0] != ' ' else ''}{way}" in message


def test_roll_is_unknown_unless_both_legs_were_seen_at_rest():
    assert quality.roll_deg(measured(never_at_rest()).rotation) is None


def test_legs_that_rest_turned_outward_alike_do_not_look_like_a_lean():
    seen = measured(subject(left_deg=subject().left_deg + 5, right_deg=subject().right_deg + 5))
    assert quality.roll_deg(seen.rotation) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("yaw_deg", "side"),
    [pytest.param(10, "left", id="knees seen to image left: camera to the person's left"), pytest.param(-10, "right", id="the other way")],
)
@pytest.mark.parametrize("roll_deg", [0.0, 6.0])
def test_yaw_is_positive_with_the_camera_to_the_persons_left(yaw_deg, side, roll_deg):
    turned = subject(knees_aside_px=-SHANK_PX * np.sin(np.radians(yaw_deg)), roll_deg=roll_deg)
    seen = measured(turned)
    assert quality.yaw_deg(seen.series, seen.rotation) == pytest.approx(yaw_deg, abs=0.5)
    (message,) = [f.message for f in findings_of(turned) if f.code == "camera_turned"]
    assert f"10° or more to the person's {side}" in message


def test_roll_and_yaw_change_sign_in_a_mirror():
    series = subject(roll_deg=5.0, knees_aside_px=-30.0).landmarks()
    plain, mirrored = measured(series), measured(in_mirror(series))
    assert quality.roll_deg(mirrored.rotation) == pytest.approx(-quality.roll_deg(plain.rotation))
    assert quality.yaw_deg(mirrored.series, mirrored.rotation) == pytest.approx(-quality.yaw_deg(plain.series, plain.rotation))


def test_yaw_is_unknown_when_the_legs_never_rest():
    both = never_at_rest().right_deg
    seen = measured(Subject(both, -both))
    assert np.isnan(quality.yaw_deg(seen.series, {s: replace(r, moving=np.ones(len(both), bool)) for s, r in seen.rotation.items()}))


@pytest.mark.parametrize(("roll_deg", "expected"), [(0.0, 0), (90.0, 90), (180.0, 180)], ids=["upright", "on its side", "upside down"])
def test_the_trunk_tells_which_way_up_the_picture_is(roll_deg, expected):
    series = subject(roll_deg=roll_deg).landmarks()
    assert abs(quality.trunk_from_upright_deg(series)) == pytest.approx(expected)


# ---------------------------------------------------------------- errors
def check(series):
    quality.check_subject(series, steady_points(series, Settings()), Settings())


def without_shoulders():
    series = subject().landmarks()
    for point in (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER):
        series = unseen(series, point, (0, 100))
    return series


def without_feet():
    series = subject().landmarks()
    for point in (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE):
        series = unseen(series, point, (1.0, 100))
    return series


REFUSED = [
    pytest.param(lambda: with_nobody(subject().landmarks(), slice(30, None)), NoPerson, "only 1.0 s", id="a person for a second"),
    pytest.param(without_shoulders, NoPerson, "shoulders were not in view", id="no shoulders"),
    pytest.param(lambda: subject(roll_deg=90.0).landmarks(), NotSeated, "90° off", id="lying, or filmed on its side"),
    pytest.param(lambda: subject(roll_deg=180.0).landmarks(), NotSeated, "180° off", id="upside down"),
    pytest.param(without_feet, LegNotVisible, "in view for 1.0 s", id="feet in view for a second"),
    pytest.param(lambda: subject(thigh_px=SHANK_PX).landmarks(), NotSeated, "does not look seated", id="standing"),
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
        pytest.param(lambda: subject().landmarks(), id="both legs"),
        pytest.param(lambda: unseen(subject().landmarks(), Landmark.LEFT_ANKLE, (0, 100)), id="one foot never in view"),
        pytest.param(lambda: subject(roll_deg=8.0).landmarks(), id="a leaning phone"),
        pytest.param(lambda: with_nobody(subject().landmarks(), slice(0, 300)), id="nobody for a while"),
    ],
)
def test_a_picture_that_can_give_a_number_passes(series):
    check(series())


def test_repetitions_of_which_one_counts_pass():
    quality.check_reps({side: a_hip(side, reps=(a_rep(), a_rep(usable=False, reasons=("hidden",)))) for side in Side})


@pytest.mark.parametrize(
    ("reps", "seen"),
    [
        pytest.param((), "No leg was seen to swing", id="no movement"),
        pytest.param((a_rep(usable=False, reasons=("hidden",)),), "One movement was seen and it does not count: knee or", id="one"),
        pytest.param(
            (a_rep(usable=False, reasons=("hidden", "no_hold")), a_rep(usable=False, reasons=("both_legs",))),
            f"2 movements were seen and none of them counts: {REASONS['both_legs']}; {REASONS['hidden']}. ",
            id="two, each reason once, and only reasons not to count",
        ),
    ],
)
def test_no_repetition_that_counts_is_an_error_that_says_why(reps, seen):
    hips = {Side.RIGHT: a_hip(Side.RIGHT, reps=reps), Side.LEFT: a_hip(Side.LEFT, reps=())}
    with pytest.raises(NoReps, match=re.escape(seen)) as refused:
        quality.check_reps(hips)
    in_plain_words(str(refused.value))
    assert TO_DO.search(str(refused.value))


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_in_plain_words(code):
    assert not FORBIDDEN.search(REASONS[code])
    assert not REASONS[code].endswith(".")
    assert REASONS[code][0].islower()
