"""How well the numbers agree with the instrument in this practice: every reading beside what was measured at the same visit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.statistics.estimate import Estimate
from hipcv.store.inbox import VisitLine
from hipcv.store.reviews import Reading, Reviews
from hipcv.store.store import Store
from hipcv.study.bland_altman import limits
from hipcv.system.spreadsheet import csv_text, escaped

ENOUGH = 10
"""Readings from which the agreement is shown; of fewer, a limit of agreement says next to nothing."""
_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """An active reading and the number from the video, in degrees, positive in their own direction."""

    whose: str
    """The person, or the visit where nobody is known: readings of one person are not independent."""
    side: Side
    quantity: Quantity
    read_deg: float
    measured_deg: float
    inside: bool
    """Whether the reading lies in the stated 95 % interval."""

    @property
    def difference_deg(self) -> float:
        """Measured minus read."""
        return self.measured_deg - self.read_deg


@dataclass(frozen=True, slots=True)
class Agreement:
    """Measured minus read of all pairs, in degrees; each person has equal weight."""

    n: int
    n_people: int
    bias_deg: float
    lower: Estimate
    """Lower limit of agreement (95 %)."""
    upper: Estimate
    n_inside: int


def pairs(store: Store, visits: Sequence[VisitLine]) -> list[Pair]:
    """All active readings beside the numbers of their visits, signed ones with their corrections.

    Passive readings are left out: a hand turns a hip farther than its own muscles do.
    """
    reviews, whose = Reviews(store), {line.id: line.person_id or line.id for line in visits}
    readings = [(visit_id, one) for visit_id, one in reviews.all_readings() if visit_id in whose and not one.passive]
    shown = reviews.shown([visit_id for visit_id, _ in readings])
    found = []
    for visit_id, reading in readings:
        span = shown[visit_id].document["hips"][reading.side.value][reading.quantity.field]
        if span:
            inside = span["low"] <= reading.value_deg <= span["high"]
            found.append(Pair(whose[visit_id], reading.side, reading.quantity, reading.value_deg, span["value"], inside))
    return found


def agreement(found: Sequence[Pair]) -> Agreement | None:
    """Bias and limits of agreement; None for fewer than ten readings, or of fewer than two people."""
    by_person: dict[str, list[float]] = defaultdict(list)
    for pair in found:
        by_person[pair.whose].append(pair.difference_deg)
    people = [np.array(differences) for differences in by_person.values()]
    if len(found) < ENOUGH or len(people) < _PEOPLE:
        return None
    bias = float(np.mean([one.mean() for one in people]))
    _, lower, upper = limits(people)
    return Agreement(len(found), len(people), bias, lower, upper, sum(pair.inside for pair in found))


def readings_csv(readings: Sequence[tuple[VisitLine, Reading]]) -> str:
    """The readings as a table for `hipcv validate --goniometer`; further columns say how they were taken."""
    rows = [
        [
            escaped(line.clip),
            one.side.value,
            one.quantity.value,
            f"{one.value_deg:g}",
            one.instrument.value,
            "passive" if one.passive else "active",
        ]
        for line, one in readings
    ]
    return csv_text([["clip", "side", "direction", "degrees", "instrument", "mode"], *rows])
