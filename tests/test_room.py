"""The lean of a room that is drawn by a pinhole camera, with its angles known."""

import cv2
import numpy as np
import pytest

from hipcv.capture import room_edges
from hipcv.landmarks import N_LANDMARKS

WIDTH, HEIGHT = 540, 960
FOCAL_PX = 880.0
NOBODY_NEAR = np.full((N_LANDMARKS, 2), 1e4)


def camera(roll_deg, pitch_deg, yaw_deg):
    """World (x right, y down, z away) to camera axes; the scene appears turned clockwise by the roll."""
    roll, pitch, yaw = np.radians([roll_deg, pitch_deg, yaw_deg])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1.0]])
    about_x = np.array([[1.0, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1.0, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    return about_z @ about_x @ about_y


def drawn(roll_deg=0.0, pitch_deg=0.0, yaw_deg=0.0, askew=()):
    """A wall 3 m away with three upright and three level edges, and edges askew given as (angle from upright, x)."""
    turn = camera(roll_deg, pitch_deg, yaw_deg)
    edges = [((x, -1.3, 3.0), (x, 1.3, 3.0)) for x in (-0.7, -0.2, 0.6)]
    edges += [((-0.8, y, 3.0), (0.8, y, 3.0)) for y in (-1.2, -0.4, 1.1)]
    edges += [((x, -1.0, 3.0), (x + 2 * np.tan(np.radians(angle)), 1.0, 3.0)) for angle, x in askew]
    rgb = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    for ends in edges:
        points = [turn @ np.array(end) for end in ends]
        at = [tuple(int(v) for v in np.round(16 * (FOCAL_PX * p[:2] / p[2] + [WIDTH / 2, HEIGHT / 2]))) for p in points]
        cv2.line(rgb, at[0], at[1], (90, 90, 90), 3, cv2.LINE_AA, shift=4)
    noise = np.random.default_rng(1).normal(0, 3, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def lean_of(rgb, image_px=NOBODY_NEAR):
    return room_edges.lean(room_edges.edges(rgb, image_px))


@pytest.mark.parametrize("roll_deg", [-8.0, -3.0, 0.0, 5.0, 8.0])
@pytest.mark.parametrize(("pitch_deg", "yaw_deg"), [(0, 0), (-12, 0), (0, 20), (-8, -15)], ids=["level", "looking down", "aside", "both"])
def test_roll_is_the_clockwise_turn_of_the_scene(roll_deg, pitch_deg, yaw_deg):
    seen = lean_of(drawn(roll_deg, pitch_deg, yaw_deg))
    assert seen.roll_deg == pytest.approx(roll_deg, abs=1.0)
    assert abs(seen.roll_deg - roll_deg) < 2 * seen.sd_deg


def test_edges_that_stand_askew_have_no_say():
    seen = lean_of(drawn(3.0, askew=[(9.0, -0.5), (-6.0, 0.3)]))
    assert seen.roll_deg == pytest.approx(3.0, abs=0.5)


@pytest.mark.parametrize("seed", range(4))
def test_parallel_bars_aslant_do_not_outvote_the_upright_edges(seed):
    """As level edges of a machine that stands aslant: the phone stands straight, and the spread says where the two disagree."""
    rng = np.random.default_rng(seed)
    upright = np.array([(x, -0.4, x + rng.normal(0, 0.002), 0.4) for x in (-0.25, -0.1, 0.05, 0.2)])
    bars = np.array([(-0.25, y, 0.25, y - 0.5 * np.tan(np.radians(10.0))) for y in np.linspace(-0.3, 0.3, 12)])
    seen = room_edges.lean(np.concatenate([upright, bars]))
    assert seen.roll_deg == pytest.approx(0.0, abs=1.0)
    assert abs(seen.roll_deg) < 2 * seen.sd_deg


def test_where_either_family_may_be_right_the_spread_says_so():
    upright = np.array([(x, -0.4, x + 0.001, 0.4) for x in (-0.25, -0.1, 0.05, 0.2)])
    level = np.array([(-0.25, y, 0.25, y - 0.5 * np.tan(np.radians(5.0))) for y in np.linspace(-0.3, 0.3, 4)])
    assert room_edges.lean(np.concatenate([upright, level])).sd_deg > 1.5


def test_a_bare_wall_says_nothing():
    assert lean_of(np.full((HEIGHT, WIDTH, 3), 180, np.uint8)) is None


def test_a_single_short_edge_is_not_enough():
    rgb = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    cv2.line(rgb, (100, 100), (112, 220), (60, 60, 60), 3, cv2.LINE_AA)
    assert lean_of(rgb) is None


def test_edges_over_the_person_are_not_the_rooms():
    image_px = np.tile([WIDTH / 2, HEIGHT / 2], (N_LANDMARKS, 1))
    image_px[0], image_px[31] = [20, 20], [WIDTH - 20, HEIGHT - 20]
    assert lean_of(drawn(), image_px) is None


def test_a_mirrored_picture_leans_the_other_way():
    rgb = drawn(5.0, -5.0, 8.0)
    assert lean_of(rgb[:, ::-1]).roll_deg == pytest.approx(-lean_of(rgb).roll_deg, abs=0.3)
