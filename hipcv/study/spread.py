"""How angles, and differences between the sides, are distributed over persons; each person counts once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.landmarks import Side
from hipcv.statistics.estimate import Summary, summary
from hipcv.study.cohort import Angle, means
from hipcv.values import FloatArray

PERCENTILES = (5, 25, 50, 75, 95)
ALL = "all"
"""Name of the group of all persons."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Right minus left of one quantity over persons; degrees."""

    quantity: str
    summary_deg: Summary
    percentiles_deg: tuple[float, ...]
    """At `PERCENTILES`, with linear interpolation."""
    limit_deg: float
    n_beyond: int
    """Number of persons whose sides differ by the limit or more, in either direction."""
    values_deg: FloatArray
    """(n_people,)"""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Mean and standard deviation of one quantity in one group, over persons; degrees, None = not measured there."""

    group: str
    quantity: str
    right_deg: Summary | None
    left_deg: Summary | None
    both_deg: Summary | None
    """For the mean of a person's two hips, if both were measured."""


def spread(differences: Sequence[Angle], quantity: str, limit_deg: float) -> Spread | None:
    """The distribution of the differences of one quantity; several clips of a person are averaged. None if there are none."""
    of_people = means((one for one in differences if one.quantity == quantity), lambda one: one.person)
    if not of_people:
        return None
    values = np.array(list(of_people.values()))
    return Spread(
        quantity=quantity,
        summary_deg=summary(values),
        percentiles_deg=tuple(float(value) for value in np.percentile(values, PERCENTILES)),
        limit_deg=limit_deg,
        n_beyond=int((np.abs(values) >= limit_deg).sum()),
        values_deg=values,
    )


def group_line(angles: Sequence[Angle], group: str, quantity: str) -> GroupLine | None:
    """The means of one group; several clips of a hip are averaged. None if there are none."""
    of_hips = means((one for one in angles if one.quantity == quantity), lambda one: (one.person, one.side))
    right, left = ({person: value for (person, side), value in of_hips.items() if side == one.value} for one in (Side.RIGHT, Side.LEFT))
    both = [(right[person] + left[person]) / 2 for person in right if person in left]
    if not right and not left:
        return None
    return GroupLine(group, quantity, _summary(list(right.values())), _summary(list(left.values())), _summary(both))


def _summary(values: list[float]) -> Summary | None:
    return summary(np.array(values)) if values else None
