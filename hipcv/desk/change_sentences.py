"""What may be said of the change between two visits, in one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.dates import day_text
from hipcv.language.sentences import mark_if, whole
from hipcv.records.visit import Visit
from hipcv.store import changes
from hipcv.store.changes import Change, ChangeVerdict, Document


class Earlier(StrEnum):
    """What the earlier visit is to the later one, which decides how the sentence begins."""

    DAY = "day"
    SAME_DAY = "same_day"
    PAIR = "pair"
    """Before a treatment or exercise of that day."""
    FIRST = "first"
    """The first of a course, compared with the last."""


def since_sentence(earlier: Visit, later: Visit, words: Words, what: Earlier | None = None) -> str:
    """The changes of both hips since an earlier visit that exceed the measurement error, or that none does, or why nothing can be said.

    `what` the earlier visit is; by default one of another day or of the same.
    """
    first, last, day = earlier.document, later.document, day_text(earlier.day, words)
    if found := changes.obstacles(first, last):
        return words("course.cannot", day=day, why=" ".join(words(f"visits.obstacle.{one.value}") for one in found))
    same_day = earlier.day == later.day
    since = words(f"course.since.{what or (Earlier.SAME_DAY if same_day else Earlier.DAY)}", day=day)
    known = list(_changes(first, last, same_day=same_day))
    if not known:
        return words("course.nothing_in_both", since=since)
    told = [_told(one, words) for one in known if one.change.verdict is not ChangeVerdict.WITHIN_ERROR]
    return words("course.changed", since=since, changes="; ".join(told)) if told else words("course.unchanged", since=since)


@dataclass(frozen=True, slots=True)
class _OfHip:
    """The change of one quantity of one hip, and whether one of the two numbers rests on a correction."""

    side: Side
    quantity: Quantity
    change: Change
    edited: bool


def _changes(first: Document, last: Document, *, same_day: bool) -> Iterator[_OfHip]:
    """Everything that was measured in both."""
    for side in SHOWN_SIDES:
        for quantity in Quantity:
            if change := changes.change_of_hip(first, last, side, quantity, same_day=same_day):
                edited = any(document["hips"][side.value][quantity.field].get("edited") for document in (first, last))
                yield _OfHip(side, quantity, change, edited)


def _told(one: _OfHip, words: Words) -> str:
    return words(
        "course.change",
        hip=words(f"course.hip.{one.side.value}"),
        quantity=words(f"course.quantity.{one.quantity}"),
        size=whole(one.change.value_deg, signed=True),
        mark=mark_if(edited=one.edited),
        verdict=words(f"visits.verdict.{one.change.verdict.value}"),
    )
