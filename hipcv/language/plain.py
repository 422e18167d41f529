"""A result for people who are no professionals: one sentence on what was found, and each advice once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity, Verdict
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import edited_mark, gravest, whole
from hipcv.measurement import Difference, Finding, Measurement


def headline(measurement: Measurement, words: Words, *, own: bool) -> str:
    """Which hip turns less, whether that is sure, and what to do; it claims no more than the interval allows.

    `own` speaks to the person who was filmed, else it speaks about them.
    """
    if found := gravest(measurement.asymmetry):
        return _of_difference(*found, words, own=own)
    measured = [side for side in SHOWN_SIDES if any(measurement.hips[side][quantity] for quantity in Quantity)]
    if len(measured) == 1:
        return words("result.headline.one_side", side=words(f"app.side.{measured[0].value}").lower())
    return words("result.headline.nothing_in_common" if measured else "result.headline.no_side")


def _of_difference(quantity: Quantity, difference: Difference, words: Words, *, own: bool) -> str:
    if difference.verdict is Verdict.NONE:
        return words("result.headline.no_verdict", why=difference.why)
    less, more = (Side.RIGHT, Side.LEFT) if difference.value < 0 else (Side.LEFT, Side.RIGHT)
    told = words(
        f"result.headline.{'alike' if difference.verdict is Verdict.WITHIN_ERROR else quantity}",
        case="own" if own else "other",
        what=words.word("quantity", quantity),
        size=whole(abs(difference.value)),
        side=less,
        side2=more,
    )
    sure = words(f"result.sure.{difference.verdict.value}")
    then = words(f"result.then.{difference.verdict.value}") if own else ""
    return " ".join(part for part in (told + edited_mark(difference), sure, then) if part)


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
