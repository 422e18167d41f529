"""A drawn leg that turns over a drawn room: what is registered must be the turn that was drawn."""

import cv2
import numpy as np
import pytest

from hipcv.capture.leg_footage import Footage
from hipcv.codes import NotRegistered
from hipcv.kinematics.camera_view import ThighGuess
from hipcv.landmarks import Landmark
from hipcv.registration import register_leg
from hipcv.registration.leg_camera import LegCamera
from hipcv.registration.leg_template import LegTrack, leg_layers
from hipcv.registration.prepare import resting_leg
from hipcv.registration.register_leg import LegRegistration, Rival
from hipcv.registration.solve_view import solve_views
from hipcv.values import Frame

WIDTH, HEIGHT, SHANK = 400, 480, 110
KNEE = np.array([200.0, 180.0])
RATE = 15.0
OUTLINE = [(-0.13, -0.1), (0.13, -0.1), (0.15, 0.3), (0.07, 0.97), (-0.07, 0.97), (-0.12, 0.3)]
"""Corners of the shank, across and along."""
SKIN, SOCK = (205, 160, 130), (60, 60, 140)


def room(contrast=1.0):
    """Wall, floor and a few things with corners, always the same."""
    rng = np.random.default_rng(5)
    picture = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    picture[330:] = 90
    for _ in range(60):
        x, y = rng.integers(0, WIDTH - 40), rng.integers(0, HEIGHT - 40)
        colour = (120 + contrast * (rng.integers(0, 255, 3) - 120)).astype(int)
        cv2.rectangle(picture, (int(x), int(y)), (int(x + rng.integers(8, 40)), int(y + rng.integers(8, 40))), colour.tolist(), -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


def place(turn_deg, across, along):
    angle = np.radians(turn_deg)
    return KNEE + SHANK * (along * np.array([np.sin(angle), np.cos(angle)]) + across * np.array([np.cos(angle), -np.sin(angle)]))


def drawn(turn_deg, background, noise=2.0, seed=0, skin=SKIN):
    """The room with a tapering shank and a foot at this turn, four times finer than it is shown."""
    large = cv2.resize(background, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    foot = [(-0.07, 0.93), (0.07, 0.93), (0.12, 1.25), (0.02, 1.3), (-0.09, 1.22)]
    for shape, colour in ((OUTLINE, skin), (foot, SOCK)):
        points = np.array([place(turn_deg, *point) for point in shape])
        cv2.fillPoly(large, [np.round(4 * points + 1.5).astype(np.int32)], colour)
    small = cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    noisy = small + np.random.default_rng(seed).normal(0, noise, small.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def pose_px(turn_deg, drag=0.85):
    """Landmarks of the left leg that follow only most of the way; the rest of the body stands still."""
    points = np.tile(KNEE - np.array([0, 60.0]), (33, 1))
    points[Landmark.LEFT_KNEE] = KNEE
    points[Landmark.RIGHT_HIP] -= [90, 0]
    points[Landmark.RIGHT_KNEE], points[Landmark.RIGHT_ANKLE] = KNEE - [90, 0], KNEE + np.array([-90, SHANK])
    points[Landmark.LEFT_ANKLE], points[Landmark.LEFT_FOOT_INDEX] = place(drag * turn_deg, 0, 1), place(drag * turn_deg, 0, 1.25)
    return points


def turns_deg():
    swing = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 8))
    parts = [np.zeros(12)]
    for before, after in ((0, 32), (32, -30), (-30, 32), (32, 0)):
        parts += [before + (after - before) * swing, np.full(8, float(after))]
    return np.concatenate(parts)


def filmed(background, turns, mirrored=False, change=lambda rgb, _: rgb, skin=SKIN):
    """Footage of a leg with these turns, and its track."""
    footage = Footage()
    for index, turn in enumerate(turns):
        rgb, points = change(drawn(turn, background, seed=index, skin=skin), index), pose_px(turn)
        if mirrored:
            rgb, points = np.ascontiguousarray(rgb[:, ::-1]), points * [-1, 1] + [WIDTH, 0]
        footage.add(Frame(index / RATE, rgb), points)
    footage.mirrored = mirrored
    points = np.stack([footage.to_footage(_seen(turn)[[25, 27, 31]], k) for k, turn in enumerate(turns)])
    return footage, LegTrack(points, np.abs(turns) > 5, np.arange(len(turns)) < 10)


def looked_at(background, turns=None, **how):
    turns = turns_deg() if turns is None else turns
    footage, track = filmed(background, turns, **how)
    ends = [int(np.argmax(turns)) + 4, int(np.argmin(turns)) + 4]
    return turns, registered(footage, track, ends), footage, track


def registered(footage, track, ends, held=None, rivals=False):
    """The leg before a camera that looks along its thigh, as it was drawn; held: flags of the frames that are registered closely."""
    still, toward = np.zeros(len(footage.time_s)), np.full(2, 0.01)
    leg = resting_leg(footage, track)
    guess = ThighGuess(-leg.line_of_sight, toward, toward)
    registration = LegRegistration(
        footage, track, leg_layers(footage, track, leg.knee, leg.angle_rad, leg.shank_px), LegCamera(leg), guess, inward=-1
    )
    looks = registration.looks(ends, still)
    (registration.seen,) = solve_views([guess], [looks])
    assert not registration.explained_by_knee(ends, still)
    if rivals:
        registration.weigh_rivals(ends, looks)
    return registration.follow(range(len(still)), np.ones(len(still), bool) if held is None else held, still)


def _seen(turn_deg):
    return pose_px(turn_deg)


@pytest.mark.slow
@pytest.mark.parametrize("contrast", [1.0, 0.1], ids=["a cluttered room", "a plain room"])
def test_the_turn_in_the_picture_is_the_one_that_was_drawn(contrast):
    turns, found, *_ = looked_at(room(contrast))
    error = found.planar_deg - turns
    assert np.abs(error).max() < 1.5
    assert np.sqrt(np.mean(error**2)) < 0.6
    assert np.abs(found.turn_deg - turns).max() < 2.0


@pytest.mark.slow
def test_swings_are_registered_less_closely_and_holds_as_before():
    turns = turns_deg()
    footage, track = filmed(room(), turns)
    ends = [int(np.argmax(turns)) + 4, int(np.argmin(turns)) + 4]
    held = np.abs(turns) > 25
    found, closely = registered(footage, track, ends, held), registered(footage, track, ends)
    assert np.abs(found.planar_deg - turns).max() < 2.5
    assert found.planar_deg[held] == pytest.approx(closely.planar_deg[held], abs=0.3)


@pytest.mark.slow
def test_another_pose_that_explains_an_end_about_as_well_widens_that_direction(monkeypatch):
    turns = turns_deg()
    footage, track = filmed(room(), turns)
    ends = [int(np.argmax(turns)) + 4, int(np.argmin(turns)) + 4]
    sure = registered(footage, track, ends)
    weighed = iter([Rival(np.radians(4), np.radians(8)), Rival()])
    monkeypatch.setattr(register_leg, "rival_of", lambda *_: next(weighed))
    doubtful = registered(footage, track, ends, rivals=True)
    wider = doubtful.sd_deg**2 - sure.sd_deg**2
    one_way, other_way = (np.median(wider[way * turns > 25]) for way in (1, -1))
    assert sorted([one_way, other_way]) == pytest.approx([0, 16], abs=1e-6)
    assert doubtful.rival.apart_rad == pytest.approx(np.radians(8))


@pytest.mark.release
def test_landmarks_that_lag_do_not_pull_it_along():
    turns, found, *_ = looked_at(room())
    out = turns > 31
    assert np.median((found.planar_deg - turns)[out]) == pytest.approx(0, abs=0.5)


@pytest.mark.slow
def test_a_mirrored_picture_gives_the_same_turn():
    _, plain, *_ = looked_at(room())
    _, flipped, *_ = looked_at(room(), mirrored=True)
    assert flipped.planar_deg == pytest.approx(plain.planar_deg, abs=0.5)


@pytest.mark.release
def test_darkness_changes_little():
    _, plain, *_ = looked_at(room())
    _, dark, *_ = looked_at(room(), change=lambda rgb, _: (rgb * 0.5).astype(np.uint8))
    assert dark.planar_deg == pytest.approx(plain.planar_deg, abs=1.0)


@pytest.mark.slow
def test_a_leg_that_is_covered_is_not_explained():
    def cover(rgb, index):
        if index == 22:
            rgb = rgb.copy()
            rgb[150:380, 120:340] = 30
        return rgb

    _, found, *_ = looked_at(room(), change=cover)
    assert found.misfit[22] > 0.45
    assert np.median(found.misfit) < 0.3


def layers_of(footage, track):
    """The layers of the leg, and the leg at rest."""
    leg = resting_leg(footage, track)
    return leg_layers(footage, track, leg.knee, leg.angle_rad, leg.shank_px), leg


def width_at(layers, leg, along):
    row = round(leg.knee[1] + along * leg.shank_px)
    return layers.shank[row, :, 3].sum() / leg.shank_px


def true_width(along):
    upper, lower = OUTLINE[2][0] - OUTLINE[5][0], OUTLINE[3][0] - OUTLINE[4][0]
    return np.interp(along, [OUTLINE[2][1], OUTLINE[3][1]], [upper, lower])


WALLS = {"white": (225, 225, 225), "blue": (130, 160, 225)}


@pytest.mark.slow
@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
@pytest.mark.parametrize("skin", [(205, 160, 130), (95, 70, 55), (60, 70, 90)], ids=["light skin", "dark skin", "jeans"])
def test_a_leg_before_a_bright_wall_keeps_its_width(skin, wall):
    """A dark limb before a bright wall is no shadow, and a pixel that it shares with the wall counts by its share."""
    layers, leg = layers_of(*filmed(np.full((HEIGHT, WIDTH, 3), wall, np.uint8), turns_deg(), skin=skin))
    for along in (0.45, 0.6, 0.8):
        assert width_at(layers, leg, along) == pytest.approx(true_width(along), abs=0.015)


@pytest.mark.release
@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_the_shadow_of_a_leg_is_background(wall):
    """A stripe beside the leg, of the wall's tint and three quarters of its light, does not widen the leg."""
    room = np.full((HEIGHT, WIDTH, 3), wall, np.uint8)

    def shaded(rgb, _):
        bare = np.abs(rgb.astype(int) - wall).max(axis=2) < 20
        return np.where((np.roll(~bare, 14, axis=1) & bare)[..., None], (rgb * 0.75).astype(np.uint8), rgb)

    layers, leg = layers_of(*filmed(room, turns_deg(), change=shaded))
    for along in (0.45, 0.6):
        assert width_at(layers, leg, along) == pytest.approx(true_width(along), abs=0.03)


def test_a_leg_that_never_moves_has_no_layers():
    layers, _ = layers_of(*filmed(room(), np.zeros(40)))
    assert layers is NotRegistered.STAYS_IN_PLACE


@pytest.mark.slow
def test_what_is_kept_is_small():
    *_, footage, _ = looked_at(room())
    assert footage.scale <= 1
    assert sum(map(len, footage._jpegs)) < 60_000 * len(footage.time_s)
