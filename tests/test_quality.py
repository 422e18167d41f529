"""Every doubt is provoked once and its words are checked; a clean subject raises none."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hipcv.capture.picture_quality import PictureSample
from hipcv.codes import FindingCode, Reason, Severity
from hipcv.findings import of_legs, of_recording
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.settings import Mirrored, Settings
from hipcv.values import Direction, ReadFaults, RegisteredRotation
from tests.builders import (
    SHANK_PX,
    Subject,
    a_clip,
    a_hip,
    a_rep,
    findings_of,
    given_settings,
    measured,
    never_at_rest,
    only_frames,
    right_leg,
    seated,
    still_deg,
    swings_deg,
    unseen,
    with_nobody,
)
from tests.words import TO_DO, in_plain_words


def away(series, point, x_px):
    image_px = series.image_px.copy()
    image_px[: len(image_px) // 3, point, 0] = x_px
    return replace(series, image_px=image_px)


def tilting(tilt_deg):
    leg = swings_deg((0, 1), *((30, 1), (0, 1)) * 3)
    return Subject(still_deg(len(leg)), leg, pelvis_tilt_deg=leg / 30 * tilt_deg)


def uneven():
    return right_leg((0, 1), *[part for deg in (20, 30, 45) for part in ((deg, 1), (0, 1))])


def unheld():
    return right_leg((0, 1), *((40, 0), (0, 1)) * 3)


def drifting_knee():
    """The whole right leg moves inward by a third of a shank while the foot is held out."""
    subject = right_leg((0, 1), *((30, 1), (0, 1)) * 2)
    series = subject.landmarks()
    image_px = series.image_px.copy()
    for part in ("knee", "ankle", "heel", "foot_index"):
        image_px[:, of_side(part, Side.RIGHT), 0] += SHANK_PX / 3 * (subject.right_deg / 30)
    return replace(series, image_px=image_px)


def paused_outward(above_deg=20):
    """Nothing was filmed while the right leg was beyond this, as on a phone that saves power."""
    series = seated().landmarks()
    return only_frames(series, seated().right_deg < above_deg)


def pushed():
    """Somebody knocks against the phone at 5 s."""
    subject = seated()
    shift_px = np.zeros((len(subject.left_deg), 2))
    shift_px[150:] = [130, 0]
    return replace(subject, shift_px=shift_px)


def registered(outward_deg=0.0, knee_shift_percent=0.0, **doubt):
    """Findings of a subject whose images show this thigh and this knee, with this doubt."""
    seen = measured(seated())
    rotation = {}
    for side, series in seen.rotation.items():
        quiet = np.zeros_like(series.time_s)
        corrected = RegisteredRotation(
            series.from_rest_deg,
            series.from_rest_deg,
            quiet,
            quiet,
            quiet + 1,
            quiet == 0,
            quiet + knee_shift_percent,
            outward_deg,
            0.0,
            2.0,
            **doubt,
        )
        rotation[side] = replace(series, corrected=corrected)
    return findings_of(seated(), rotation=rotation, settings=Settings(mirrored=Mirrored.NO))


def straightening():
    """Findings of a subject whose right knee straightens, as the images show it."""
    hips = measured(seated()).hips
    reps = tuple(replace(rep, usable=False, reasons=(Reason.KNEE_STRAIGHTENS,)) for rep in hips[Side.RIGHT].reps)
    return findings_of(seated(), hips=hips | {Side.RIGHT: replace(hips[Side.RIGHT], reps=reps)})


def unsure():
    """Findings of a subject whose landmarks may be off by more than the range of people."""
    settings = replace(given_settings(), landmark_sd_deg=15.0)
    return findings_of(seated(), hips=measured(seated(), settings).hips, settings=settings)


CASES = {
    "clip_cut": lambda: findings_of(seated(), faults=ReadFaults(cut_after_s=4.2)),
    "damaged_frames": lambda: findings_of(seated(), faults=ReadFaults(n_corrupt=3)),
    "bad_times": lambda: findings_of(seated(), faults=ReadFaults(n_bad_times=2)),
    "time_gap": lambda: findings_of(seated(), faults=ReadFaults(longest_gap_s=0.8)),
    "low_frame_rate": lambda: findings_of(seated(), clip=a_clip(frame_rate_hz=12.0)),
    "poor_light": lambda: findings_of(seated(), samples=[PictureSample(0.0, 30.0, 0.3)]),
    "blur": lambda: findings_of(seated(), samples=[PictureSample(0.0, 120.0, 0.9)]),
    "person_lost": lambda: findings_of(with_nobody(seated().landmarks(), slice(0, None, 3))),
    "too_far": lambda: findings_of(seated(scale=0.4)),
    "leg_out_of_picture": lambda: findings_of(unseen(seated().landmarks(), Landmark.LEFT_ANKLE, (0, 4))),
    "foot_out_of_picture": lambda: findings_of(away(seated().landmarks(), Landmark.LEFT_FOOT_INDEX, 600.0)),
    "scene_jump": lambda: findings_of(pushed()),
    "picture_frozen": lambda: findings_of(seated(), frozen_s=((3.0, 4.5),)),
    "mirrored_midway": lambda: findings_of(seated(), mirrorings_s=(8.1,)),
    "second_person": lambda: findings_of(seated(), n_people=2),
    "sides_swapped": lambda: findings_of(seated(), n_swapped=40),
    "camera_rolled": lambda: findings_of(seated(roll_deg=6.0)),
    "camera_turned": lambda: findings_of(seated(knees_aside_px=40.0)),
    "mirrored_unknown": lambda: findings_of(seated(), settings=given_settings(Mirrored.AUTO), clip=a_clip(front_camera=True)),
    "mirrored_assumed_no": lambda: findings_of(seated(), settings=given_settings(Mirrored.AUTO)),
    "mirrored_against_file": lambda: findings_of(seated(), clip=a_clip(camera_mirrored=True)),
    "mirrored_against_camera": lambda: findings_of(seated(), clip=a_clip(front_camera=True)),
    "leg_not_tested": lambda: findings_of(right_leg((0, 1), *((30, 1), (-40, 1)) * 3, (0, 1))),
    "no_rest": lambda: findings_of(never_at_rest()),
    "rest_posture": lambda: findings_of(seated(left_deg=seated().left_deg + 9)),
    "rest_changed": lambda: findings_of(right_leg((0, 1), (30, 1), (-40, 1), (30, 1), (-40, 1), (-10, 3))),
    "knee_travel": lambda: findings_of(drifting_knee()),
    "direction_not_tested": lambda: findings_of(right_leg((0, 1), *((30, 1), (0, 1)) * 3)),
    "too_few_reps": lambda: findings_of(right_leg((0, 1), (30, 1), (0, 1))),
    "no_hold": lambda: findings_of(unheld()),
    "compensation": lambda: findings_of(tilting(7)),
    "reps_differ": lambda: findings_of(uneven()),
    "reps_not_filmed": lambda: findings_of(paused_outward()),
    "landmarks_only": lambda: findings_of(seated(), settings=Settings(mirrored=Mirrored.NO)),
    "thigh_aside": lambda: registered(outward_deg=25.0),
    "ambiguous": lambda: registered(rival_sd_deg=2.5, rival_apart_deg=6.0, view_pressed_sd=3.5),
    "knee_straightens": lambda: straightening(),
    "too_unsure": lambda: unsure(),
}
SEVERITIES = {
    **dict.fromkeys(CASES, Severity.WARNING),
    **dict.fromkeys(
        ("clip_cut", "damaged_frames", "compensation", "scene_jump", "mirrored_against_file", "mirrored_midway", "knee_straightens"),
        Severity.SERIOUS,
    ),
    **dict.fromkeys(
        ("sides_swapped", "mirrored_assumed_no", "leg_not_tested", "direction_not_tested"),
        Severity.INFO,
    ),
}


# ---------------------------------------------------------------- findings
def test_a_clean_subject_raises_nothing():
    assert findings_of(seated()) == ()


def test_a_clean_subject_with_ordinary_noise_raises_nothing():
    assert findings_of(seated(noise_px=1.5, roll_deg=2.0)) == ()


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
    nodes = [node for part in (of_recording, of_legs) for node in ast.walk(ast.parse(Path(part.__file__).read_text(encoding="utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    codes = {FindingCode[call.args[0].attr] for call in calls if ast.unparse(call.func).startswith("Finding.")}
    assert codes == set(CASES)


def test_in_the_image_itself_a_knee_that_moves_by_a_tenth_of_the_shank_is_told():
    assert "knee_travel" in {finding.code for finding in registered(knee_shift_percent=10.0)}
    assert "knee_travel" not in {finding.code for finding in registered(knee_shift_percent=-5.0)}


def test_serious_findings_come_first_and_remarks_last():
    found = findings_of(right_leg((0, 1), (30, 1), (0, 1)), faults=ReadFaults(n_corrupt=1), n_people=2)
    weights = [list(Severity).index(finding.severity) for finding in found]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


@pytest.mark.parametrize(
    ("quiet", "code"),
    [
        pytest.param(lambda: findings_of(seated(), faults=ReadFaults(longest_gap_s=0.2)), "time_gap", id="a pause that is bridged"),
        pytest.param(lambda: findings_of(seated(), clip=a_clip(frame_rate_hz=24.0)), "low_frame_rate", id="24 pictures a second"),
        pytest.param(lambda: findings_of(with_nobody(seated().landmarks(), slice(0, 30))), "person_lost", id="nobody for a second"),
        pytest.param(lambda: findings_of(seated(), n_swapped=5), "sides_swapped", id="a handful of exchanges"),
        pytest.param(lambda: findings_of(paused_outward(36)), "reps_not_filmed", id="no pause"),
        pytest.param(lambda: findings_of(seated(roll_deg=3.0)), "camera_rolled", id="a lean of 3 degrees"),
        pytest.param(lambda: findings_of(seated(roll_deg=8.0)), "camera_turned", id="a lean is no turn"),
        pytest.param(lambda: findings_of(seated(knees_aside_px=15.0)), "camera_turned", id="5 degrees aside"),
        pytest.param(lambda: findings_of(seated(scale=0.6)), "too_far", id="a shank of 102 px"),
        pytest.param(lambda: findings_of(tilting(4)), "compensation", id="a tilt of 4 degrees"),
        pytest.param(lambda: findings_of(seated(), samples=[PictureSample(0.0, 120.0, np.nan)]), "blur", id="a picture too small to judge"),
    ],
)
def test_what_does_not_matter_is_not_mentioned(quiet, code):
    assert code not in {finding.code for finding in quiet()}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        pytest.param(ReadFaults(n_corrupt=1), "1 damaged part was left out", id="one damaged part"),
        pytest.param(ReadFaults(n_corrupt=2), "2 damaged parts were left out", id="two damaged parts"),
        pytest.param(ReadFaults(n_bad_times=1), "1 frame was left out", id="one picture without time"),
        pytest.param(ReadFaults(n_bad_times=2), "2 frames were left out", id="two pictures without time"),
    ],
)
def test_one_is_said_as_one_and_two_as_two(faults, said):
    (finding,) = findings_of(seated(), faults=faults)
    assert finding.message.startswith(said)


def test_somebody_small_is_told_apart_from_the_one_measured():
    (finding,) = [finding for finding in findings_of(seated(), smaller_person=True) if finding.code == "second_person"]
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("Two people were seen; the larger one was measured")
    assert TO_DO.search(finding.message)
    assert len(in_plain_words(finding.message)) == 2


def test_light_is_judged_by_the_middle_of_the_samples():
    one_dark = [PictureSample(t, level, 0.3) for t, level in enumerate((10.0, 120.0, 130.0))]
    assert findings_of(seated(), samples=one_dark) == ()


@pytest.mark.parametrize("side", Side)
def test_a_leg_out_of_the_picture_is_named(side):
    series = unseen(seated().landmarks(), of_side("ankle", side), (0, 4))
    (message,) = [f.message for f in findings_of(series) if f.code == "leg_out_of_picture"]
    assert f"The {side.value} knee or ankle" in message
    assert "22 %" in message  # 4 of 18.2 s


@pytest.mark.parametrize(
    ("n_usable", "said"), [(0, "No repetition counts"), (1, "Only one repetition counts"), (2, None)], ids=["none", "one", "two"]
)
def test_too_few_repetitions_are_counted_in_words(n_usable, said):
    reps = [a_rep(usable=i < n_usable, reasons=() if i < n_usable else ("both_legs",)) for i in range(3)]
    hips = {side: a_hip(side, reps=(*reps, *[a_rep(Direction.EXTERNAL)] * 2)) for side in Side}
    messages = [f.message for f in findings_of(seated(), hips=hips) if f.code == "too_few_reps"]
    assert len(messages) == (2 if said else 0)
    assert all(message.startswith(f"{said} for internal rotation of the ") for message in messages)


# ---------------------------------------------------------------- lost, joined, pushed
@pytest.mark.parametrize(
    ("spans", "said"),
    [
        pytest.param([(120, 210)], "Nobody was found from 4.0 to 7.0 s;", id="three seconds inside"),
        pytest.param([(120, 150), (300, 330)], "Nobody was found from 4.0 to 5.0 s and from 10.0 to 11.0 s;", id="twice"),
        pytest.param(
            [(60 * i, 60 * i + 30) for i in range(1, 6)],
            "Nobody was found from 2.0 to 3.0 s and from 4.0 to 5.0 s and from 6.0 to 7.0 s and later;",
            id="often",
        ),
        pytest.param([(120, 138)], None, id="0.6 s"),
        pytest.param([(0, 60)], None, id="at the beginning"),
        pytest.param([(490, 1000)], None, id="at the end"),
    ],
)
def test_a_stretch_without_a_person_inside_the_clip_is_told(spans, said):
    series = seated().landmarks()
    for start, end in spans:
        series = with_nobody(series, slice(start, end))
    messages = [f.message for f in findings_of(series) if f.code == "person_lost"]
    assert len(messages) == (1 if said else 0)
    assert all(message.startswith(said) for message in messages)


@pytest.mark.parametrize(
    ("subject", "cuts", "said"),
    [
        pytest.param(pushed, (), "The picture jumps at 5.0 s, as", id="the phone was pushed"),
        pytest.param(pushed, (5.03,), "The picture jumps at 5.0 s, as", id="and the whole picture shows it"),
        pytest.param(seated, (8.0,), "The picture jumps at 8.0 s, as", id="two people at the same place"),
        pytest.param(seated, (2.0, 4.0, 6.0, 8.0), "The picture jumps at 2.0 and 4.0 and 6.0 s and later, as", id="often"),
    ],
)
def test_a_jump_is_told_once_with_its_time(subject, cuts, said):
    found = findings_of(subject(), samples=[PictureSample(0.0, 120.0, 0.3), PictureSample(1.0, 120.0, 0.3, cuts)])
    (message,) = [f.message for f in found if f.code == "scene_jump"]
    assert message.startswith(said)


def test_a_joined_or_damaged_recording_is_a_doubt_about_the_whole():
    damaged = findings_of(seated(), faults=ReadFaults(n_corrupt=3))
    assert of_recording.recording_doubt(damaged).said() == "parts of the video are damaged"
    assert of_recording.recording_doubt(findings_of(seated())) is None


def test_a_picture_of_which_the_file_says_otherwise_is_not_compared():
    for mirrored, of_file in ((Mirrored.NO, True), (Mirrored.YES, False)):
        found = findings_of(seated(), settings=given_settings(mirrored), clip=a_clip(camera_mirrored=of_file))
        assert of_recording.recording_doubt(found).said() == "right and left are in doubt"
    for mirrored, of_file in ((Mirrored.NO, False), (Mirrored.YES, True), (Mirrored.AUTO, True), (Mirrored.AUTO, False)):
        found = findings_of(seated(), settings=given_settings(mirrored), clip=a_clip(camera_mirrored=of_file))
        assert [finding.code for finding in found if finding.code.startswith("mirrored")] == []


def test_every_code_stands_in_the_document_of_the_format():
    document = (Path(__file__).parents[1] / "docs" / "json.md").read_text(encoding="utf-8")
    assert [code for code in CASES if f"`{code}`" not in document] == []
