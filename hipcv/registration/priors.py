"""What is known of a leg before its image is looked at, with the source.

Of a pose the figures are scales of Student's t, of a view standard deviations. Each admits what people do, not only what the test asks
for. What landmarks and room say of the thighs, and the focal length, is in `kinematics/camera_view.py`.
"""

import numpy as np

TURN_SD = 0.28
"""Between the turn of the line from knee to ankle in the image and that of the landmarks, rad: the network drags the knee point along by up
to 0.14 of a shank on rendered people, and on others perhaps by twice that."""
CLEARANCE_RAD = np.radians(10.0)
"""A shank that swings inward past the other one extends at the knee to clear it: two ankles of a tenth of a shank, met at 0.8 of it,
need some 10 to 14 degrees; a leg that stays on its own side needs none."""
CLEARING_RAD = np.radians(20.0)
"""Inward rotation from which on the whole clearance is expected."""
EXTENSION_SD = np.radians(8.0)
"""Some tuck the idle leg away and do not open at all, some open by 35 degrees: a range of four standard deviations."""
BENDING_SD = np.radians(4.0)
"""A knee that hangs over the edge of the seat hardly bends further: the edge and the calf stop it."""
ANKLE_SD = np.radians(5.0)
"""A foot that hangs loosely keeps its angle to the shank within some 2 degrees when the knee opens by 30: its weight, 1 N m about the
ankle, then pulls by a tenth less. A tensed shin lifts it further, which the heavy tails admit."""
KNEE_SD = 0.02
"""Sideways give of a knee that stays on the seat, in shanks."""

INSTEP, INSTEP_SD = 1.2, 0.4
"""Slope of the instep of a hanging foot, how far it comes forward per drop: soles hang 15 to 35 degrees from the level, and an instep is
some 17 degrees steeper than its sole (it loses 0.13 of its height over 0.43, in shanks)."""
CENTRE_SD = 0.025
"""Error of the landmarks' knee at rest, in shanks: a centimetre."""
FRONT, FRONT_SD = 0.0, 0.05
"""How far in front of the line from knee to ankle the seen surface lies, in shanks: the outline of a round limb lies at its middle depth,
up to 2 cm behind that line at the calf and on it at the ankle, the shin 4 cm in front."""

FLAT_ASIDE = 0.3
"""Error of the rotation per angle by which the thigh drifts: seen from aside, the foot, which reaches 0.4 of a shank forward, errs by a
third of that, like its slope."""

STRAIGHTENS_RAD = np.radians(75.0)
"""A knee bent to a right angle that straightens further is out of the test's sight: the sole shows instead of the shank."""
STRAIGHTENING, STRAIGHTENING_SD = np.radians(30.0), np.radians(30.0)
"""Of a knee that only straightens: anything up to a straight leg is likely."""
STRAIGHTENING_STARTS = tuple(np.radians([15.0, 30.0, 50.0]))
"""Openings from which a straightening knee is fitted."""
STILL_HIP_SD = np.radians(12.0)
"""Rotation of a hip whose knee only straightens: hardly any."""


def opening_rad(inward_rad: float) -> float:
    """Expected opening of the knee at a rotation inward (negative = outward)."""
    return float(CLEARANCE_RAD * np.clip(inward_rad / CLEARING_RAD, 0, 1))
