"""The angles of many clips, each with its person, session, group and reference.

Clips of one person are not independent, nor are a person's two hips. Before persons are compared, their values are therefore averaged
within each person, or counted with the person they belong to.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import TypeVar

from hipcv.catalogues.message import Message
from hipcv.codes import Quantity

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Angle:
    """One end range or total of one hip in one clip, or one difference between the hips; degrees, None = not known."""

    clip: str
    subject: str
    """Empty if not recorded."""
    session: str
    group: str
    side: str
    """`right`, `left`, or `right minus left` (`agreement.BOTH_SIDES`)."""
    quantity: str
    """`internal`, `external` or `total`."""
    value_deg: float
    """Positive in its own direction; a difference is right minus left."""
    low_deg: float | None = None
    high_deg: float | None = None
    reference_deg: float | None = None
    """The same angle by another instrument."""
    serious: bool = False
    """Whether the clip has a serious finding."""

    @property
    def person(self) -> tuple[str, str]:
        """The person the angle belongs to; a clip without a subject counts as a person of its own."""
        return (self.subject, "") if self.subject else ("", self.clip)

    @property
    def inside(self) -> bool | None:
        """Whether the stated interval contains the reference; None if either is not known."""
        if self.reference_deg is None or self.low_deg is None or self.high_deg is None:
            return None
        return self.low_deg <= self.reference_deg <= self.high_deg


@dataclass(frozen=True, slots=True)
class Cohort:
    """The part of a batch run's dataset that a study uses."""

    angles: tuple[Angle, ...]
    """End ranges of hips, as they were written; may include totals."""
    differences: tuple[Angle, ...]
    """Right minus left."""
    notice_direction_deg: float
    """Smallest difference of one direction, in degrees, that is reported as a difference."""
    notice_total_deg: float
    visits: tuple[tuple[str, str], ...] = ()
    """Subject and session of every clip, including those without an angle, in order of appearance."""
    session_names: tuple[str, ...] = ()
    """In the order of the measured list, if the run states it."""
    sessions_are_days: bool = False
    """Whether sessions are days after each subject's first one instead of dates."""
    n_unmeasured: int = 0
    """Number of table lines that name a hip and a direction but have no angle."""
    software: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Message, ...] = ()
    """Problems with the input."""


def with_totals(angles: Sequence[Angle]) -> list[Angle]:
    """The angles plus a total for every hip of every clip that shows both directions, unless it is already there.

    A total gets no interval: the errors of the two directions are not independent, as they share a zero.
    """
    by_hip: dict[tuple[str, str], dict[str, Angle]] = defaultdict(dict)
    for angle in angles:
        by_hip[angle.clip, angle.side][angle.quantity] = angle
    return [
        *angles,
        *(
            _total(hip[Quantity.INTERNAL], hip[Quantity.EXTERNAL])
            for hip in by_hip.values()
            if hip.keys() == {Quantity.INTERNAL, Quantity.EXTERNAL}
        ),
    ]


def _total(internal: Angle, external: Angle) -> Angle:
    known = internal.reference_deg is not None and external.reference_deg is not None
    return replace(
        internal,
        quantity=Quantity.TOTAL,
        value_deg=internal.value_deg + external.value_deg,
        low_deg=None,
        high_deg=None,
        reference_deg=internal.reference_deg + external.reference_deg if known else None,  # type: ignore[operator]
        serious=internal.serious or external.serious,
    )


def with_reference(angles: Iterable[Angle]) -> list[tuple[float, float]]:
    """The difference from the reference and the mean with it, in degrees, of each angle that has one."""
    return [
        (angle.value_deg - angle.reference_deg, (angle.value_deg + angle.reference_deg) / 2)
        for angle in angles
        if angle.reference_deg is not None
    ]


def means(angles: Iterable[Angle], key: Callable[[Angle], Key]) -> dict[Key, float]:
    """The mean of the angles that share a key, in degrees; in order of the keys' first appearance."""
    found: dict[Key, list[float]] = defaultdict(list)
    for angle in angles:
        found[key(angle)].append(angle.value_deg)
    return {one: fmean(values) for one, values in found.items()}


def n_clips(angles: Iterable[Angle]) -> int:
    """Number of clips that the angles come from."""
    return len({angle.clip for angle in angles})


def n_people(angles: Iterable[Angle]) -> int:
    """Number of persons that the angles come from."""
    return len({angle.person for angle in angles})
