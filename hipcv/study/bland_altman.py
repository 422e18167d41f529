"""Agreement with a reference: bias, limits of agreement with their intervals, and whether the difference grows with the angle.

Several differences of one person (two hips, several clips) are not independent. All statistics here therefore count persons, not clips:
persons' means, their spread, and the spread within persons (Zou 2013). With one difference per person this is the analysis of Bland and
Altman 1986.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from hipcv.statistics.estimate import Estimate, mean, slope, variance_factors
from hipcv.study.cohort import Angle, n_clips, with_reference
from hipcv.values import Z95, FloatArray

FEWEST = 3
"""Least number of persons; with fewer, the limits are too uncertain to be useful."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Measured minus reference of one quantity; degrees."""

    side: str
    quantity: str
    n: int
    """Number of differences."""
    n_clips: int
    n_hips: int
    """Number of hips, counted once per person and side; for differences between the sides, number of persons."""
    n_people: int
    bias_deg: Estimate
    sd_deg: float
    """Standard deviation of a single difference, between and within persons together."""
    lower_deg: Estimate
    """Lower limit of agreement."""
    upper_deg: Estimate
    slope: Estimate | None
    """Degrees of difference per degree of the mean of both, over persons; None where it cannot be estimated."""
    n_inside: int
    """Number of references within the stated 95 % interval."""
    n_intervals: int
    """Number of intervals with a reference."""


def limits_of_agreement(angles: Sequence[Angle], side: str, quantity: str) -> Agreement | None:
    """Agreement for the angles that have a reference; None for fewer than three persons.

    References
    ----------
    Bland & Altman, *Lancet* 1986;327:307–310 and *Stat Methods Med Res* 1999;8:135–160; Zou, *Stat Methods Med Res* 2013;22:630–642:
    several differences per person, intervals of the limits. The slope is on the mean of both, not on the reference (Bland & Altman,
    *Lancet* 1995;346:1085–1087).
    """
    angles = [angle for angle in angles if angle.reference_deg is not None]
    people = _by_person(angles)
    if len(people) < FEWEST:
        return None
    differences = [pairs[:, 0] for pairs in people]
    bias_deg = mean(np.array([one.mean() for one in differences]))
    sd_deg, lower_deg, upper_deg = limits(differences)
    known = [angle.inside for angle in angles if angle.inside is not None]
    centres = np.array([pairs.mean(axis=0) for pairs in people])
    return Agreement(
        side=side,
        quantity=quantity,
        n=sum(len(one) for one in differences),
        n_clips=n_clips(angles),
        n_hips=len({(angle.person, angle.side) for angle in angles}),
        n_people=len(people),
        bias_deg=bias_deg,
        sd_deg=sd_deg,
        lower_deg=lower_deg,
        upper_deg=upper_deg,
        slope=slope(centres[:, 1], centres[:, 0]),
        n_inside=sum(known),
        n_intervals=len(known),
    )


def _by_person(angles: Iterable[Angle]) -> list[FloatArray]:
    """For each person, the (m, 2) differences and means; each angle has a reference."""
    by_person: dict[tuple[str, str], list[Angle]] = defaultdict(list)
    for angle in angles:
        by_person[angle.person].append(angle)
    return [np.array(with_reference(some)) for some in by_person.values()]


def limits(people: Sequence[FloatArray]) -> tuple[float, Estimate, Estimate]:
    """Standard deviation of a single difference, and the lower and upper limits of agreement; in the unit of the differences.

    Parameters
    ----------
    people : for each of at least two persons, the (m,) differences, m at least 1, no NaN; each person has equal weight

    References
    ----------
    Zou 2013, for a varying true value; with one difference per person, Donner & Zou, *Stat Methods Med Res* 2012;21:347–359.
    """
    centres = np.array([one.mean() for one in people])
    n = len(people)
    between = float(centres.var(ddof=1))
    parts = [(between, variance_factors(n - 1))]
    counts = np.array([len(one) for one in people])
    if freedom := int(counts.sum()) - n:
        square = sum(float(((one - one.mean()) ** 2).sum()) for one in people) / freedom
        harmonic_mean = n / float((1 / counts).sum())
        parts.append(((1 - 1 / harmonic_mean) * square, variance_factors(freedom)))  # what single differences add
    variance = sum(part for part, _ in parts)
    # MOVER, the method of variance estimates recovery: the interval of a sum from the intervals of its independent parts.
    low = max(variance - hypot(*(part * (1 - factor) for part, (factor, _) in parts)), 0.0)
    high = variance + hypot(*(part * (factor - 1) for part, (_, factor) in parts))
    sd, bias, of_mean = variance**0.5, float(centres.mean()), Z95 * (between / n) ** 0.5
    far, near = hypot(of_mean, Z95 * (high**0.5 - sd)), hypot(of_mean, Z95 * (sd - low**0.5))
    lower, upper = bias - Z95 * sd, bias + Z95 * sd
    return sd, Estimate(lower, lower - far, lower + near), Estimate(upper, upper - near, upper + far)
