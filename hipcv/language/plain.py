"""A result for people who are no professionals: one sentence on what was found, and each advice once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity, Verdict
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import WEIGHTS, edited_mark, gravest, whole
from hipcv.measurement import Difference, Finding, Measurement

_SURE = {Verdict.DIFFERENT, Verdict.LARGE}
"""Verdicts that a difference is there, and more than usual."""


def headline(measurement: Measurement, words: Words, *, own: bool) -> str:
    """Which hip turns less, whether that is sure, and what to do; it claims no more than the interval allows.

    `own` speaks to the person who was filmed, else it speaks about them.
    """
    found = measurement.asymmetry.found()
    if found:
        return _of_differences(found, words, own=own)
    measured = [side for side in SHOWN_SIDES if any(measurement.hips[side][quantity] for quantity in Quantity)]
    if len(measured) == 1:
        return words("result.headline.one_side", side=words(f"app.side.{measured[0].value}").lower())
    return words("result.headline.nothing_in_common" if measured else "result.headline.no_side")


def _of_differences(found: Mapping[Quantity, Difference], words: Words, *, own: bool) -> str:
    """The gravest difference, and beside it one that is as surely there in the other direction; a doubt, where nothing else was found."""
    quantity, main = gravest(found)
    doubts = [one for one in found.values() if one.verdict is Verdict.NONE]
    if doubts and main.verdict in {Verdict.NONE, Verdict.WITHIN_ERROR}:
        return words("result.headline.no_verdict", why=doubts[-1].why)
    told = [(quantity, main), *_opposite(quantity, main, found)]
    sure = min((one.verdict for _, one in told), key=WEIGHTS.__getitem__)
    then = words(f"result.then.{sure.value}") if own else ""
    sentences = [_of_difference(name, one, words, own=own) for name, one in told]
    return " ".join(part for part in (*sentences, words(f"result.sure.{sure.value}"), then) if part)


def _opposite(quantity: Quantity, main: Difference, found: Mapping[Quantity, Difference]) -> list[tuple[Quantity, Difference]]:
    """A direction in which the other hip surely turns less."""
    return [
        (name, one)
        for name, one in found.items()
        if name not in {quantity, Quantity.TOTAL} and one.verdict in _SURE and one.value * main.value < 0 and main.verdict in _SURE
    ]


def _of_difference(quantity: Quantity, difference: Difference, words: Words, *, own: bool) -> str:
    less, more = (Side.RIGHT, Side.LEFT) if difference.value < 0 else (Side.LEFT, Side.RIGHT)
    told = words(
        f"result.headline.{'alike' if difference.verdict is Verdict.WITHIN_ERROR else quantity}",
        case="own" if own else "other",
        what=words.word("quantity", quantity),
        size=whole(abs(difference.value)),
        side=less,
        side2=more,
    )
    return told + edited_mark(difference)


# ---------------------------------------------------------------------- advice
@dataclass(frozen=True, slots=True)
class Advice:
    """What was seen, on one leg or several, and the one thing to do about it."""

    severity: Severity
    seen: tuple[str, ...]
    to_do: str

    @property
    def text(self) -> str:
        """All of it as running text."""
        return " ".join(part for part in (*self.seen, self.to_do) if part)


def advice(findings: Sequence[Finding], words: Words) -> list[Advice]:
    """The findings in their order, those with the same advice together, so that it is given once."""
    groups: dict[tuple[Severity, str], list[list[str]]] = {}
    for finding in findings:
        sentences = _sentences(finding.said(words.language))
        groups.setdefault((finding.severity, sentences[-1]), []).append(sentences)
    return [_together(severity, group) for (severity, _), group in groups.items()]


def _together(severity: Severity, group: Sequence[Sequence[str]]) -> Advice:
    """The sentences at the end that all have in common are the advice, of a single finding the last one; one sentence alone is no advice."""
    n_common = 1 if len(group) == 1 else len(list(takewhile(_alike, zip(*map(reversed, group), strict=False))))
    n_common = min(n_common, min(map(len, group)) - 1)
    seen = dict.fromkeys(" ".join(sentences[: len(sentences) - n_common]) for sentences in group)
    return Advice(severity, tuple(seen), " ".join(group[0][len(group[0]) - n_common :]))


def _alike(sentences: Sequence[str]) -> bool:
    return len(set(sentences)) == 1


def _sentences(text: str) -> list[str]:
    """Sentences of a text, wherever one seems to begin; only what several texts share hangs on it."""
    return re.split(r"(?<=[.!?]) (?=[A-ZÄÖÜ])", text)
