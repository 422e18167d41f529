"""How well the numbers agree with the instrument in this practice: every reading beside what was measured at the same visit."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.statistics.estimate import Estimate
from hipcv.store.inbox import VisitLine
from hipcv.store.reviews import Outcome, Reading, Reviews
from hipcv.store.store import Store
from hipcv.study.bland_altman import limits
from hipcv.system.spreadsheet import csv_text

ENOUGH = 10
"""Readings from which the agreement is shown; of fewer, a limit of agreement says next to nothing."""
_PEOPLE = 2
_COLUMNS = ("clip", "side", "direction", "degrees", "instrument")


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
    """All active readings beside the numbers of their visits as they were measured, without any correction.

    A correction may have been made by somebody who knew the reading. Passive readings are left out, as a hand turns a hip farther than its
    own muscles do, and so are visits that were signed as not usable.
    """
    found = []
    for line, document, readings in _by_visit(store, visits):
        for one in readings:
            span = document["hips"][one.side.value][one.quantity.field]
            if span and not one.passive:
                inside = span["low"] <= one.value_deg <= span["high"]
                found.append(Pair(line.person_id or line.id, one.side, one.quantity, one.value_deg, span["value"], inside))
    return found


def _by_visit(store: Store, visits: Sequence[VisitLine]) -> list[tuple[VisitLine, dict[str, Any], list[Reading]]]:
    """The usable visits that have readings, each with its document as it was measured and with these."""
    of_visit: dict[str, list[Reading]] = defaultdict(list)
    for visit_id, reading in Reviews(store).all_readings():
        of_visit[visit_id].append(reading)
    usable = [line for line in visits if line.id in of_visit and line.outcome != Outcome.NOT_USABLE]
    documents = store.documents([line.id for line in usable])
    return [(line, documents[line.id], of_visit[line.id]) for line in usable if line.id in documents]


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


def readings_zip(store: Store, visits: Sequence[VisitLine]) -> bytes:
    """What `hipcv validate results --goniometer goniometer.csv` reads, as a zip: the active readings, and the results as measured.

    Visits have numbers instead of names. Passive readings lie in a table of their own, which has the same columns.
    """
    packed, rows = io.BytesIO(), {False: [_COLUMNS], True: [_COLUMNS]}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for number, (_, document, readings) in enumerate(_by_visit(store, visits), 1):
            name = f"visit-{number:04}"
            out.writestr(f"results/{name}.json", json.dumps({**document, "clip": {**document["clip"], "name": name}}, ensure_ascii=False))
            for one in readings:
                rows[one.passive].append((name, one.side.value, one.quantity.value, f"{one.value_deg:g}", one.instrument.value))
        out.writestr("goniometer.csv", csv_text(rows[False]))
        out.writestr("passive.csv", csv_text(rows[True]))
    return packed.getvalue()
