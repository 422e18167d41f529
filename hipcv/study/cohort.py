"""The angles of many clips: whose they are, what stands beside them, and one value for each subject.

Clips of one person are not independent, nor are a person's two hips. What is compared between persons is therefore averaged within
each first, or counted with the person it belongs to.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import TypeVar

from hipcv.catalogues.message import Message

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Angle:
    """One end range or total of one hip in one clip, or one difference between the hips; degrees, None = not known."""

    clip: str
    subject: str
    """Empty where nobody wrote it down."""
    session: str
    group: str
    side: str
    """`right`, `left`, or `right minus left` (`comparison.BOTH_SIDES`)."""
    quantity: str
    """`internal`, `external` or `total`."""
    value_deg: float
    """Positive in its own direction; a difference is right minus left."""
    low_deg: float | None = None
    high_deg: float | None = None
    reference_deg: float | None = None
    """The same angle by another instrument."""
    serious: bool = False
    """A serious finding stands beside the clip."""

    @property
    def person(self) -> tuple[str, str]:
        """Whose angle it is; a clip without a subject is taken for a person of its own."""
        return (self.subject, "") if self.subject else ("", self.clip)

    @property
    def inside(self) -> bool | None:
        """Whether the stated interval holds the reference; None where either is not known."""
        if self.reference_deg is None or self.low_deg is None or self.high_deg is None:
            return None
        return self.low_deg <= self.reference_deg <= self.high_deg


@dataclass(frozen=True, slots=True)
class Cohort:
    """What a run over many clips left behind, as far as a study needs it."""

    angles: tuple[Angle, ...]
    """End ranges of hips, as they were written; totals may be among them."""
    differences: tuple[Angle, ...]
    """Right minus left."""
    notice_direction_deg: float
    """From how many degrees a difference of one direction is called one."""
    notice_total_deg: float
    visits: tuple[tuple[str, str], ...] = ()
    """Subject and session of every clip, also of those without an angle, in the order in which they come."""
    session_names: tuple[str, ...] = ()
    """In the order of the list that was measured, where the run tells it."""
    sessions_are_days: bool = False
    """Whether they are days after each subject's first one, in the place of dates."""
    n_unmeasured: int = 0
    """Lines of the table that name a hip and a direction, but no angle."""
    software: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Message, ...] = ()
    """What could not be used."""


def with_totals(angles: Sequence[Angle]) -> list[Angle]:
    """The angles of hips and, of every hip in every clip that shows both directions, their sum, unless it is there already.

    A total has no interval of its own: the errors of the two directions are not independent, as they share a zero.
    """
    by_hip: dict[tuple[str, str], dict[str, Angle]] = defaultdict(dict)
    for angle in angles:
        by_hip[angle.clip, angle.side][angle.quantity] = angle
    return [*angles, *(_total(hip["internal"], hip["external"]) for hip in by_hip.values() if hip.keys() == {"internal", "external"})]


def _total(internal: Angle, external: Angle) -> Angle:
    known = internal.reference_deg is not None and external.reference_deg is not None
    return replace(
        internal,
        quantity="total",
        value_deg=internal.value_deg + external.value_deg,
        low_deg=None,
        high_deg=None,
        reference_deg=internal.reference_deg + external.reference_deg if known else None,  # type: ignore[operator]
        serious=internal.serious or external.serious,
    )


def means(angles: Iterable[Angle], key: Callable[[Angle], Key]) -> dict[Key, float]:
    """The mean value of the angles that share a key, in degrees; in the order in which the keys come."""
    found: dict[Key, list[float]] = defaultdict(list)
    for angle in angles:
        found[key(angle)].append(angle.value_deg)
    return {one: fmean(values) for one, values in found.items()}


def n_clips(angles: Iterable[Angle]) -> int:
    """How many clips the angles come from."""
    return len({angle.clip for angle in angles})


def n_people(angles: Iterable[Angle]) -> int:
    """How many persons they come from."""
    return len({angle.person for angle in angles})
