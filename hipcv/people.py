"""Who is the person on the plinth, when several are in the picture, and which pose of each frame is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.geometry import length
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.values import FloatArray

TORSO = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
STANDING_THIGH_PER_SHANK = 0.75
"""Thigh over shank in the picture: about 1 standing (Drillis and Contini: 0.245 and 0.246 of stature), below 0.4 seated
with the knees toward a level camera."""
_SAME_PERSON = 0.5
"""Two torsos nearer than this share of their size are one person."""
_MIN_SIZE = 0.4
"""A figure smaller than this share of the largest is a poster or somebody far off."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Where a torso is and how large: centre (2,) in px, size in px, and whether the legs look seated."""

    centre_px: FloatArray
    size_px: float
    seated: bool


def person_of(image_px: FloatArray) -> Person:
    """The torso of one pose, image_px (33, 2)."""
    torso = image_px[list(TORSO)]
    shoulders, hips = torso[:2].mean(axis=0), torso[2:].mean(axis=0)
    return Person(torso.mean(axis=0), float(length(shoulders - hips)), bool(thigh_per_shank(image_px) < STANDING_THIGH_PER_SHANK))


def thigh_per_shank(image_px: FloatArray) -> FloatArray:
    """Length of the thighs over that of the shanks as seen, image_px (..., 33, 2) -> (...): small when seated facing the camera."""
    thigh = shank = np.zeros(image_px.shape[:-2])
    for side in Side:
        hip, knee, ankle = (image_px[..., of_side(part, side), :] for part in ("hip", "knee", "ankle"))
        thigh = thigh + length(knee - hip)
        shank = shank + length(ankle - knee)
    return thigh / np.maximum(shank, 1e-9)


def choose(sightings: Sequence[Person], width_px: int) -> tuple[Person, int]:
    """The one to follow, and how many people there are: seated before standing, then nearest to the middle.

    `sightings` are all people of a few frames looked at afresh; sightings of one person lie on top of one another.
    """
    largest = max(person.size_px for person in sightings)
    groups: list[list[Person]] = []
    for person in (p for p in sightings if p.size_px >= _MIN_SIZE * largest):
        home = next((g for g in groups if is_same(g[0], person.centre_px)), None)
        if home is None:
            groups.append([person])
        else:
            home.append(person)

    def off_middle(group: list[Person]) -> tuple[bool, float]:
        seated = 2 * sum(p.seated for p in group) >= len(group)
        return (not seated, abs(float(np.mean([p.centre_px[0] for p in group])) - width_px / 2))

    return min(groups, key=off_middle)[0], len(groups)


def is_same(person: Person, centre_px: FloatArray) -> bool:
    """Whether a torso at `centre_px` can be this person."""
    return bool(length(centre_px - person.centre_px) < _SAME_PERSON * person.size_px)
