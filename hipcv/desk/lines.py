"""A person, and a signed version, in one line of text."""

from hipcv.catalogues.words import Words
from hipcv.language.dates import moment_text
from hipcv.store.people import PainfulSide, Person
from hipcv.store.reviews import Signature


def about(person: Person, words: Words) -> str:
    """Year of birth and painful side, as far as they are known."""
    parts = [
        words("people.born", year=str(person.birth_year)) if person.birth_year else "",
        words(f"people.hurts.{person.painful_side.value}") if person.painful_side is not PainfulSide.UNKNOWN else "",
    ]
    return " · ".join(part for part in parts if part)


def version_text(one: Signature, words: Words) -> str:
    """`Version 2, replaces version 1: accepted, Dr. Vogel, 02 Mar 2026, 12:00`."""
    return words(
        "review.sign.version" if one.replaces is None else "review.sign.version_replaces",
        version=one.version,
        replaces=one.replaces,
        outcome=words(f"review.outcome.{one.verdict.outcome.value}"),
        reviewer=one.verdict.reviewer,
        at=moment_text(one.signed_at, words),
    )
