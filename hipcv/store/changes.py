"""Changes between two visits, and whether the two can be compared at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hipcv.codes import Quantity, Severity, Verdict
from hipcv.kinematics.proportions import is_other_body
from hipcv.landmarks import Side
from hipcv.values import Z95

SEM_SAME_DAY_DEG = 1.95
"""Standard error of measurement of the active seated test, one examiner, one session: MDC95 5.4° (Krause et al., KSSTA 2015)."""
SEM_OTHER_DAY_DEG = 3.0
"""The same between sessions: upper end of 2.2 to 3.1° (Gradoz et al., J Sport Rehabil 2018)."""
_MDC_PER_SEM = Z95 * 2**0.5
_VIEW = ("thigh_outward_deg", "thigh_downward_deg")
_MOST_VIEW_DEG = 10.0
"""With a larger difference in camera position, knee extension affects the reading differently (docs/method.md)."""


class ChangeVerdict(Enum):
    """Verdict on a change; it never states a cause."""

    WITHIN_ERROR = "within_error"
    """Within the measurement error (MDC95 of the two readings)."""
    WITHIN_VARIATION = "within_variation"
    """More than that, but no more than people vary between sessions."""
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier of one quantity, in degrees."""

    value_deg: float
    mdc95_deg: float
    """MDC95 of the two readings: the root of the sum of their squared half intervals."""
    variation_deg: float
    """MDC95 of the test itself, as published; √2 times as much for a total, twice for a difference of the sides."""

    @property
    def bound_deg(self) -> float:
        """The bound that decided the verdict: the one not exceeded, or the larger of both."""
        return self.mdc95_deg if self.verdict is ChangeVerdict.WITHIN_ERROR else max(self.mdc95_deg, self.variation_deg)

    @property
    def verdict(self) -> ChangeVerdict:
        """Verdict by the larger of the two bounds that the change exceeds."""
        size = abs(self.value_deg)
        if size <= self.mdc95_deg:
            return ChangeVerdict.WITHIN_ERROR
        return ChangeVerdict.WITHIN_VARIATION if size <= self.variation_deg else ChangeVerdict.CHANGED


Document = Mapping[str, Any]


def change_of_hip(earlier: Document, later: Document, side: Side, quantity: Quantity, *, same_day: bool) -> Change | None:
    """Change of one hip; None if either visit lacks it. The arguments are `hipcv-measurement/1` documents."""
    variation = variation_deg(quantity, same_day=same_day)
    return _change(earlier["hips"][side.value][quantity.field], later["hips"][side.value][quantity.field], variation)


def change_of_difference(earlier: Document, later: Document, quantity: Quantity, *, same_day: bool) -> Change | None:
    """Change of the difference between the sides; None also if one of the two differences has no verdict of its own."""
    if not (has_verdict(earlier, quantity) and has_verdict(later, quantity)):
        return None
    variation = 2**0.5 * variation_deg(quantity, same_day=same_day)
    return _change(earlier["asymmetry"][quantity.field], later["asymmetry"][quantity.field], variation)


def variation_deg(quantity: Quantity, *, same_day: bool) -> float:
    """MDC95 of the test itself for one hip, as published; √2 times as much for a total."""
    factor = 2**0.5 if quantity is Quantity.TOTAL else 1.0
    return factor * _MDC_PER_SEM * (SEM_SAME_DAY_DEG if same_day else SEM_OTHER_DAY_DEG)


def has_verdict(document: Document, quantity: Quantity) -> bool:
    """Whether there is a difference between the sides, and a verdict on it."""
    difference = document["asymmetry"][quantity.field]
    return difference is not None and difference["verdict"] != Verdict.NONE.value


def _change(earlier: Document | None, later: Document | None, variation: float) -> Change | None:
    if earlier is None or later is None:
        return None
    halves = [(one["high"] - one["low"]) / 2 for one in (earlier, later)]
    return Change(later["value"] - earlier["value"], float((halves[0] ** 2 + halves[1] ** 2) ** 0.5), variation)


class Obstacle(Enum):
    """Reason why two visits cannot be compared."""

    MODEL = "model"
    VERSION = "version"
    SETTINGS = "settings"
    ZERO = "zero"
    VIEW = "view"
    LANDMARKS_ONLY = "landmarks_only"
    DOUBT = "doubt"
    """One of them has a serious finding, so its numbers may mislead."""


def is_doubtful(document: Document) -> bool:
    """Whether the recording has a serious finding."""
    return any(finding["severity"] == Severity.SERIOUS.value for finding in document["findings"])


def obstacles(earlier: Document, later: Document) -> list[Obstacle]:
    """Reasons why a change in the numbers need not be a change of the hip; empty if two visits can be compared."""
    doubt = [Obstacle.DOUBT] if is_doubtful(earlier) or is_doubtful(later) else []
    return [*doubt, *unlike_set_up(earlier, later)]


def unlike_set_up(earlier: Document, later: Document) -> list[Obstacle]:
    """Differences between two visits in how they were filmed and measured."""
    first, second = earlier["software"], later["software"]
    tested = _tested_in_both(earlier, later)
    differs = {
        Obstacle.MODEL: first["model_sha256"] != second["model_sha256"],
        Obstacle.VERSION: _generation(first["hipcv"]) != _generation(second["hipcv"]),
        Obstacle.SETTINGS: _other_thresholds(first["settings"], second["settings"]),
        Obstacle.ZERO: any(a["zero"]["reported"] != b["zero"]["reported"] for a, b in tested),
        Obstacle.LANDMARKS_ONLY: any(_by_picture(a) != _by_picture(b) for a, b in tested),
        Obstacle.VIEW: any(
            a["view"] and b["view"] and max(abs(a["view"][name] - b["view"][name]) for name in _VIEW) > _MOST_VIEW_DEG for a, b in tested
        ),
    }
    return [obstacle for obstacle, found in differs.items() if found]


def other_body(earlier: Document, later: Document) -> bool:
    """Whether the bodies in two visits are plainly built differently, so that they may be two people."""
    return is_other_body(earlier.get("proportions", {}), later.get("proportions", {}))


def _tested_in_both(earlier: Document, later: Document) -> list[tuple[Document, Document]]:
    hips = [(earlier["hips"][side.value], later["hips"][side.value]) for side in Side]
    return [(a, b) for a, b in hips if any(a[quantity.field] and b[quantity.field] for quantity in Quantity)]


def _by_picture(hip: Document) -> bool:
    """Whether the image, not only landmarks, was measured in most repetitions of this hip that count."""
    counted = [rep["sd_deg"] is not None for rep in hip["reps"] if rep["usable"]]
    return 2 * sum(counted) > len(counted)


def _generation(version: str) -> list[str]:
    """First two numbers of a hipcv version: a release that moves an angle raises one of them, so the third does not matter here."""
    return version.split(".")[:2]


def _other_thresholds(first: Document, second: Document) -> bool:
    """Whether a setting known to both differs, except for those that state how the camera filmed.

    A setting that only the newer version knows could not have been chosen differently.
    """
    return any(first[name] != second[name] for name in first.keys() & second.keys() - {"mirrored", "turn"})
