"""The drawn people of benchmarks/assumptions.py obey geometry: what is drawn is where its joints are."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from hipcv.landmarks import Landmark, Side, of_side
from hipcv.values import Direction

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))  # scripts beside each other, not a package
people, body, pictures, clips, assumptions = (
    import_module(name) for name in ("drawn_people", "drawn_body", "drawn_pictures", "drawn_clip", "assumptions")
)
SIDES = pytest.mark.parametrize("side", Side)


def unit(vector):
    return vector / np.linalg.norm(vector)


def turned(side, **choices):
    """Both legs, this one with a pose of our choice, the other one far aside so that it hides nothing."""
    return {side: people.LegPose(abduction_deg=0.0, **choices), side.other: people.LegPose(abduction_deg=30.0)}


def along_the_thigh(person, side):
    """A camera that looks at the knee, along a thigh that points straight ahead."""
    knee = person.leg_joints(side, people.LegPose(abduction_deg=0.0))["knee"]
    return people.Camera.aimed(knee, distance_m=2.0, focal_mm=35.0, yaw_deg=0.0, pitch_deg=0.0, roll_deg=0.0)


@SIDES
@pytest.mark.parametrize("opening_deg", [0, 25])
@pytest.mark.parametrize("rotation_deg", [-40, 0, 30])
def test_the_angle_of_a_drawn_leg_is_the_one_of_the_rendered_truth(side, rotation_deg, opening_deg):
    joints = people.Person(1).leg_joints(side, people.LegPose(rotation_deg, opening_deg, abduction_deg=12.0))
    thigh = unit(joints["knee"] - joints["hip"])
    left = np.array([1.0, 0, 0])
    lateral = unit(side.lateral_x * (left - (left @ thigh) * thigh))
    down = unit(np.cross(left, thigh))
    shank = joints["ankle"] - joints["knee"]
    assert np.degrees(np.arctan2(shank @ lateral, shank @ (np.sign(down[1]) * down))) == pytest.approx(rotation_deg, abs=1e-6)
    assert np.degrees(np.arcsin(unit(shank) @ thigh)) == pytest.approx(opening_deg, abs=1e-6)


@SIDES
def test_a_turn_seen_along_the_thigh_is_the_same_turn_in_the_picture(side):
    person = people.Person(2)
    camera = along_the_thigh(person, side)
    for turn_deg in (-35, 30):
        joints = person.leg_joints(side, people.LegPose(turn_deg, abduction_deg=0.0))
        x, y = camera.project(joints["ankle"]) - camera.project(joints["knee"])
        assert side.lateral_x * np.degrees(np.arctan2(x, y)) == pytest.approx(turn_deg, abs=1e-6)


@SIDES
def test_the_painted_shank_is_where_its_joints_are(side):
    person = people.Person(3)
    camera = along_the_thigh(person, side)
    studio = pictures.Studio(body.Figure(body.Looks(person)), camera, 3)
    knee, shank_px = (
        camera.project(person.leg_joints(side, people.LegPose(abduction_deg=0.0))["knee"]),
        camera.focal_px * person.shank_m / 2.0,
    )
    y, x = np.mgrid[0 : people.HEIGHT_PX, 0 : people.WIDTH_PX] + 0.5
    seen_deg = side.lateral_x * np.degrees(np.arctan2(x - knee[0], y - knee[1]))
    above_ankle = np.abs(np.hypot(x - knee[0], y - knee[1]) / shank_px - 0.88) < 0.03
    aside = studio.clean(turned(side, rotation_deg=80.0)).astype(float)
    found = []
    for turn_deg in (-20, 30):
        changed = np.abs(studio.clean(turned(side, rotation_deg=turn_deg)) - aside).sum(axis=2) > 40
        leg = changed & above_ankle & (np.abs(seen_deg - turn_deg) < 15)
        found.append(seen_deg[leg].mean())
    assert found == pytest.approx([-20, 30], abs=1.0)
    assert found[1] - found[0] == pytest.approx(50, abs=0.5)


def test_the_camera_turns_as_the_rendered_ones_do():
    person = people.Person(1)
    rest = {part: np.mean([person.leg_joints(side, people.LegPose())[part] for side in Side], axis=0) for part in ("hip", "knee")}

    def seen(part, **choices):
        view = {"distance_m": 2.5, "focal_mm": 35.0, "yaw_deg": 0.0, "pitch_deg": 0.0, "roll_deg": 0.0, **choices}
        return people.Camera.aimed(rest["knee"], **view).project(part)

    assert seen(rest["knee"], yaw_deg=20.0, roll_deg=5.0) == pytest.approx([people.WIDTH_PX / 2, people.HEIGHT_PX / 2])
    assert seen(rest["hip"], yaw_deg=20.0)[0] > seen(rest["knee"], yaw_deg=20.0)[0] + 20, "toward the person's left, the knees move left"
    assert seen(rest["hip"], pitch_deg=15.0)[1] > people.HEIGHT_PX / 2, "seen from below, the hips are lower than the knees"
    x, y = seen(rest["knee"] + [0, -0.3, 0], roll_deg=6.0) - [people.WIDTH_PX / 2, people.HEIGHT_PX / 2]
    assert np.degrees(np.arctan2(x, -y)) == pytest.approx(6.0, abs=0.01)


def test_the_movement_reaches_its_true_end_ranges():
    protocol = clips.Protocol(clips.Setting(rest_left_deg=6.0, opening_er_deg=20.0, drift_deg=5.0), np.random.default_rng(1))
    assert len(protocol.reps) == 12
    poses = protocol.poses()
    for rep in protocol.reps:
        frames = slice(round(rep.start_s * clips.LANDMARK_HZ), round(rep.end_s * clips.LANDMARK_HZ))
        angles = rep.direction.sign * np.array([pose[rep.side].rotation_deg for pose in poses[frames]])
        assert angles.max() == pytest.approx(rep.end_range_deg)
        other = {pose[rep.side.other].rotation_deg for pose in poses[frames]}
        assert other == {6.0 if rep.side is Side.RIGHT else 0.0}
    farthest = min((pose[Side.RIGHT] for pose in poses), key=lambda pose: pose.rotation_deg)
    assert farthest.opening_deg == pytest.approx(20, rel=0.1)
    assert farthest.abduction_deg == pytest.approx(8 + 5, rel=0.1)


def test_a_hem_hangs_toward_the_vertical_and_comes_late():
    protocol = clips.Protocol(clips.Setting(clothes="loose"), np.random.default_rng(1))
    poses = [pose[Side.LEFT] for pose in protocol.poses()]
    held = max(poses, key=lambda pose: pose.rotation_deg)
    assert held.hem[0] < -0.03
    assert max(np.hypot(*pose.hem) for pose in poses) <= body.HEM_SLACK + 1e-9
    assert poses[0].hem == pytest.approx((0.0, 0.0))


def test_landmarks_keep_to_the_joints_but_for_their_habits():
    clip = clips.DrawnClip(clips.Setting(), 4)
    pose = clip.protocol.poses()[0]
    joints = clip.joints_m(pose)
    for side in Side:
        assert joints[of_side("ankle", side)] == pytest.approx(clip.person.leg_joints(side, pose[side])["ankle"])
    assert joints[Landmark.LEFT_EYE, 0] > joints[Landmark.NOSE, 0] > joints[Landmark.RIGHT_EYE, 0]


def test_a_row_counts_what_misleads():
    def end(side, direction, got_deg, warnings=()):
        return assumptions.EndRange(1, side.value, direction.value, 30.0, got_deg, 3.0, 1.0, warnings)

    inward, outward = Direction.INTERNAL, Direction.EXTERNAL
    ends = [
        end(Side.LEFT, inward, 31.0),
        end(Side.RIGHT, inward, 36.0),
        end(Side.LEFT, outward, 20.0, ("landmarks_only",)),
        end(Side.RIGHT, outward, None),
    ]
    one = assumptions.row("yaw", "10°", ends)
    assert (one["n"], one["of"], one["misleading"]) == (3, 4, 1)
    assert one["ir_bias_deg"] == pytest.approx(3.5)
    assert one["er_bias_deg"] == pytest.approx(-10)
    assert one["right_left_deg"] == pytest.approx(5)
    assert one["inside"] == pytest.approx(1 / 3)
    assert "| yaw | 10° | 3 of 4 |" in assumptions.table([one])
