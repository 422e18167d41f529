"""What may be said of the change between two visits, in one sentence."""

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.dates import day_text
from hipcv.language.sentences import mark_if, whole
from hipcv.records.visit import Visit
from hipcv.store import changes
from hipcv.store.changes import Change, ChangeVerdict, Document


def since_sentence(earlier: Visit, later: Visit, words: Words) -> str:
    """The changes of both hips since an earlier visit that exceed the measurement error, or that none does, or why nothing can be said."""
    first, last, day = earlier.document, later.document, day_text(earlier.day, words)
    if found := changes.obstacles(first, last):
        return words("course.cannot", day=day, why=" ".join(words(f"visits.obstacle.{one.value}") for one in found))
    same_day = earlier.day == later.day
    known = [
        (side, quantity, change)
        for side in SHOWN_SIDES
        for quantity in Quantity
        if (change := changes.change_of_hip(first, last, side, quantity, same_day=same_day))
    ]
    if not known:
        return words("course.nothing_in_both", day=day)
    told = [
        _told(change, side, quantity, any(_is_edited(one, side, quantity) for one in (first, last)), words)
        for side, quantity, change in known
        if change.verdict is not ChangeVerdict.WITHIN_ERROR
    ]
    return words("course.changed", day=day, changes="; ".join(told)) if told else words("course.unchanged", day=day)


def _told(change: Change, side: Side, quantity: Quantity, edited: bool, words: Words) -> str:
    name = words("course.of_hip", hip=words(f"app.hip.{side.value}"), quantity=words(f"app.short.{quantity}"))
    return words(
        "course.change",
        what=name,
        size=whole(change.value_deg, signed=True),
        mark=mark_if(edited=edited),
        verdict=words(f"visits.verdict.{change.verdict.value}"),
    )


def _is_edited(document: Document, side: Side, quantity: Quantity) -> bool:
    return bool(document["hips"][side.value][quantity.field].get("edited"))
