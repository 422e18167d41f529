"""The surface of a drawn person (drawn_people.py) on a seat: every part a tube with its own colours, which move with it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from drawn_people import DOWN, Colour, LegAxes, LegPose, Person, Quads, ball, box, leg_axes, tube

from hipcv.landmarks import Side
from hipcv.values import FloatArray

_SKINS: tuple[Colour, ...] = ((214, 168, 140), (196, 148, 118), (146, 98, 72), (96, 62, 46))
_CLOTHS: tuple[Colour, ...] = ((52, 58, 84), (84, 76, 66), (44, 46, 48), (70, 92, 120))
_SHIRTS: tuple[Colour, ...] = ((170, 60, 54), (206, 176, 60), (64, 110, 90), (150, 150, 160))
_SEATS: tuple[Colour, ...] = ((60, 96, 150), (150, 66, 60), (90, 120, 100))
# Along the shank: place, half width, half depth, offset forward; in shanks.
_SHANK_SHAPE = np.array(
    [
        [-0.03, 0.140, 0.145, 0.0],
        [0.10, 0.136, 0.145, -0.010],
        [0.20, 0.140, 0.150, -0.030],
        [0.32, 0.142, 0.152, -0.045],
        [0.45, 0.128, 0.135, -0.040],
        [0.60, 0.102, 0.110, -0.025],
        [0.75, 0.080, 0.090, -0.010],
        [0.90, 0.067, 0.080, 0.0],
        [1.00, 0.072, 0.085, 0.0],
        [1.06, 0.065, 0.078, 0.0],
    ]
)
# Along the foot from the ankle: place, half width, half height, offset toward the sole; in shanks.
_FOOT_SHAPE = np.array(
    [
        [-0.150, 0.005, 0.005, 0.080],
        [-0.130, 0.050, 0.055, 0.075],
        [-0.060, 0.072, 0.090, 0.055],
        [0.040, 0.075, 0.095, 0.050],
        [0.140, 0.082, 0.078, 0.062],
        [0.270, 0.098, 0.052, 0.082],
        [0.370, 0.100, 0.040, 0.092],
        [0.440, 0.086, 0.030, 0.098],
        [0.480, 0.010, 0.005, 0.100],
    ]
)
_SEAT_SHARE = 0.86
"""The seat ends at this share of the thigh."""
FLOOR_M = 0.34
"""Height of the ankles above the floor."""
_HEM_AT, _HEM_HALF = 0.86, 0.165
"""Where a loose trouser leg ends, and its half width there, in shanks."""
HEM_SLACK = 0.09
"""How far its hem can move off the axis before it lies on the leg, in shanks."""


def pattern(rng: np.random.Generator, rows: int, around: int, strength: float, grain: float = 1.6) -> FloatArray:
    """Smooth random brightness (rows, around, 1) with mean 1 and this standard deviation; it closes around the tube."""
    noise = cv2.GaussianBlur(np.tile(rng.normal(0, 1, (rows, around)), (1, 3)), (0, 0), grain)[:, around : 2 * around]
    values: Any = 1 + strength * noise / max(float(noise.std()), 1e-9)
    return np.asarray(values)[..., None]


@dataclass(frozen=True)
class Looks:
    """Colours and patterns of one person, the same in every frame."""

    person: Person

    @cached_property
    def base(self) -> dict[str, FloatArray]:
        """Colour (3,) of skin, cloth, shirt and seat."""
        rng = np.random.default_rng([self.person.seed, 2])
        picks = {"skin": _SKINS, "cloth": _CLOTHS, "shirt": _SHIRTS, "seat": _SEATS}
        return {name: np.array(colours[rng.integers(len(colours))]) for name, colours in picks.items()}

    @cached_property
    def patterns(self) -> dict[str, FloatArray]:
        """Brightness of every part that moves, by part and side."""
        rng = np.random.default_rng([self.person.seed, 3])
        shapes = {"shank": (27, 0.05), "foot": (22, 0.07), "knee": (8, 0.05), "thigh": (12, 0.05), "sleeve": (18, 0.12)}
        return {f"{part}_{side.value}": pattern(rng, rows, 18, strength) for part, (rows, strength) in shapes.items() for side in Side}

    def of(self, part: str, side: Side, base: str) -> FloatArray:
        """Colour of every quad of a part: (rows, 18, 3)."""
        return np.asarray(self.base[base] * self.patterns[f"{part}_{side.value}"])


def _shaped(shape: FloatArray, rows: int) -> FloatArray:
    """A shape resampled evenly and smoothly: (rows + 1, columns)."""
    place = np.linspace(shape[0, 0], shape[-1, 0], rows + 1)
    return np.stack([place, *(np.interp(place, shape[:, 0], column) for column in shape.T[1:])], axis=1)


def _leg(looks: Looks, side: Side, pose: LegPose) -> list[Quads]:
    person, axes = looks.person, leg_axes(side, pose)
    joints = person.leg_joints(side, pose)
    parts = [_shank(looks, side, axes, joints["knee"]), _foot(looks, side, axes, joints["ankle"]), *_thigh(looks, side, axes, joints)]
    return [*parts, _sleeve(looks, side, axes, joints["knee"], pose.hem)] if person.clothes == "loose" else parts


def _shank(looks: Looks, side: Side, axes: LegAxes, knee: FloatArray) -> Quads:
    person = looks.person
    shape = _shaped(_SHANK_SHAPE, 27)
    at, ahead = shape[:, :1], shape[:, 3:]
    inward = person.calf_in * np.exp(-(((at - 0.33) / 0.18) ** 2))
    centres = knee + person.shank_m * (at * axes.shank + ahead * axes.front - inward * axes.lateral)
    colour = looks.of("shank", side, "skin").copy()
    if person.clothes != "skin":
        dressed = at[:-1, 0] < (0.9 if person.clothes == "tight" else 0.7)
        colour[dressed] = looks.of("shank", side, "cloth")[dressed]
    return tube(centres, person.girth * person.shank_m * shape[:, 1:3], axes.lateral, axes.front, colour)


def _foot(looks: Looks, side: Side, axes: LegAxes, ankle: FloatArray) -> Quads:
    person = looks.person
    shape = _shaped(_FOOT_SHAPE, 22)
    toes, sole, across = person.foot_axes(axes)
    centres = ankle + person.shank_m * (shape[:, :1] * toes + shape[:, 3:] * sole)
    return tube(centres, person.shank_m * shape[:, 1:3], across, sole, looks.of("foot", side, "skin"))


def _thigh(looks: Looks, side: Side, axes: LegAxes, joints: dict[str, FloatArray]) -> list[Quads]:
    """The thigh, in shorts to two thirds, and the knee, which turns with the shank."""
    person = looks.person
    size = person.girth * person.shank_m
    outward = np.cross(axes.thigh, DOWN)
    at = np.linspace(0, 1, 13)[:, None]
    radius = 0.20 + at * (0.145 - 0.20)
    centres = joints["hip"] + person.thigh_m * at * axes.thigh
    colour = looks.of("thigh", side, "skin").copy()
    dressed = at[:-1, 0] < (0.66 if person.clothes == "skin" else 1.0)
    colour[dressed] = looks.of("thigh", side, "cloth")[dressed]
    wide = np.where(at < 0.66, 1.06, 1.0)
    knee = "skin" if person.clothes == "skin" else "cloth"
    return [
        tube(centres, size * np.hstack([radius, radius]) * wide, outward, DOWN, colour),
        ball(joints["knee"], (0.148 * size,) * 3, (axes.shank, axes.lateral, axes.front), looks.of("knee", side, knee)),
    ]


def _sleeve(looks: Looks, side: Side, axes: LegAxes, knee: FloatArray, hem: tuple[float, float]) -> Quads:
    """A wide trouser leg; its hem hangs off the axis by as much as `LegPose.hem` says."""
    person = looks.person
    at = np.linspace(-0.05, _HEM_AT, 19)[:, None]
    share = np.clip(at / _HEM_AT, 0, 1)
    off = share**2 * (hem[0] * axes.lateral + hem[1] * axes.front)
    widths = (0.155 + (_HEM_HALF - 0.155) * share) * np.ones(2)
    return tube(
        knee + person.shank_m * (at * axes.shank + off),
        person.girth * person.shank_m * widths,
        axes.lateral,
        axes.front,
        looks.of("sleeve", side, "cloth"),
    )


def _upper_body(looks: Looks) -> list[Quads]:
    person, base = looks.person, looks.base
    high = person.trunk_m
    x, z = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    # Height in trunks, half width in shoulder widths, half depth in m.
    shape = _shaped(
        np.array([[-0.2, 0.55, 0.08], [0.0, 0.82, 0.11], [0.4, 0.74, 0.10], [0.8, 0.88, 0.11], [1.0, 0.95, 0.09], [1.08, 0.3, 0.05]]), 16
    )
    centres = np.stack([np.zeros(17), -high * shape[:, 0], np.full(17, 0.04)], axis=1)
    widths = np.stack([person.half_shoulders_m * shape[:, 1], shape[:, 2]], axis=1)
    neck = np.stack([np.array([0, -1.05 * high, 0.03]), person.head + np.array([0, 0.08, 0.02])])
    parts = [
        tube(centres, widths, x, z, base["shirt"]),
        tube(neck, np.full((2, 2), 0.055), x, z, base["skin"]),
        ball(person.head, (0.12, 0.078, 0.095), (DOWN, x, z), base["skin"]),
        ball(person.head + np.array([0, -0.03, 0.025]), (0.115, 0.085, 0.095), (DOWN, x, z), base["cloth"] * 0.6),
    ]
    for side in Side:
        arm = np.stack(list(person.upper_joints(side).values()))
        parts.append(tube(np.stack([arm[0], (arm[0] + arm[1]) / 2]), np.array([[0.065, 0.06], [0.06, 0.06]]), x, z, base["shirt"]))
        parts.append(tube(arm, np.array([[0.05, 0.05], [0.042, 0.042], [0.035, 0.035]]), x, z, base["skin"]))
    return parts


def _seat(looks: Looks) -> list[Quads]:
    person = looks.person
    top = 0.19 * person.girth * person.shank_m
    floor = person.shank_m + FLOOR_M
    front, back = -_SEAT_SHARE * person.thigh_m, 0.35
    metal: Colour = (200, 200, 204)
    legs = [
        box(np.array([x - 0.03, top + 0.1, z - 0.03]), np.array([x + 0.03, floor, z + 0.03]), metal, (1, 5, 1))
        for x in (-0.6, 0.6)
        for z in (front + 0.06, back - 0.06)
    ]
    return [box(np.array([-0.72, top, front]), np.array([0.72, top + 0.1, back]), tuple(looks.base["seat"]), (18, 2, 8)), *legs]


@dataclass(frozen=True)
class Figure:
    """Everything in front of the room: what rests is made once."""

    looks: Looks

    @cached_property
    def _still(self) -> Quads:
        return Quads.joined([*_seat(self.looks), *_upper_body(self.looks)])

    def quads(self, poses: dict[Side, LegPose]) -> Quads:
        """The whole surface with the legs in these poses."""
        return Quads.joined([self._still, *(part for side, pose in poses.items() for part in _leg(self.looks, side, pose))])
