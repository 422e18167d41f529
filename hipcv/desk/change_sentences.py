"""What may be said of the change between two visits, in one sentence."""

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
    known = [
        (side, quantity, change)
        for side in SHOWN_SIDES
        for quantity in Quantity
        if (change := changes.change_of_hip(first, last, side, quantity, same_day=same_day))
    ]
    if not known:
        return words("course.nothing_in_both", since=since)
    told = [
        _told(change, side, quantity, any(_is_edited(one, side, quantity) for one in (first, last)), words)
        for side, quantity, change in known
        if change.verdict is not ChangeVerdict.WITHIN_ERROR
    ]
    return words("course.changed", since=since, changes="; ".join(told)) if told else words("course.unchanged", since=since)


def _told(change: Change, side: Side, quantity: Quantity, edited: bool, words: Words) -> str:
    return words(
        "course.change",
        hip=words(f"course.hip.{side.value}"),
        quantity=words(f"course.quantity.{quantity}"),
        size=whole(change.value_deg, signed=True),
        mark=mark_if(edited=edited),
        verdict=words(f"visits.verdict.{change.verdict.value}"),
    )


def _is_edited(document: Document, side: Side, quantity: Quantity) -> bool:
    return bool(document["hips"][side.value][quantity.field].get("edited"))
