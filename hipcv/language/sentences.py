"""Results as table cells and sentences. One rule for the wording: never say more than the interval says."""

import math
from collections.abc import Mapping

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity, Verdict
from hipcv.landmarks import SHOWN_SIDES
from hipcv.measurement import Asymmetry, Difference, Hip, Interval, Measurement, Range, Rep
from hipcv.values import Z95, Zero

ENGLISH = Words()
"""Language of documents and of the terminal."""
EDITED = "✎"
"""Marks a number that rests on a reviewer's correction."""
SEVERITY_MARKS = {Severity.SERIOUS: "!!", Severity.WARNING: "! ", Severity.INFO: "- "}


def intended_use(words: Words = ENGLISH) -> str:
    """Intended use of hipcv, and its limits."""
    return words("sentences.intended_use")


def range_parts(span: Range | None, words: Words = ENGLISH) -> list[str]:
    """`33°` and `(25 to 42)`, or a dash alone."""
    if span is None:
        return ["–"]
    return [f"{whole(span.value)}°{edited_mark(span)}", words("sentences.interval", low=whole(span.low), high=whole(span.high))]


def difference_parts(difference: Difference | None, words: Words = ENGLISH) -> list[str]:
    """`−1°` and `(−13 to 12)`, or a dash alone."""
    if difference is None:
        return ["–"]
    low, high = (words.marked(end(one)) for one in (difference.low, difference.high))
    return [f"{whole(difference.value, signed=True)}°{edited_mark(difference)}", words("sentences.interval", low=low, high=high)]


def edited_mark(angle: Range | Difference | Rep) -> str:
    """The mark behind an angle that rests on a correction, else nothing."""
    return mark_if(edited=angle.edited)


def mark_if(*, edited: bool) -> str:
    """The same where only a document tells whether an angle was edited."""
    return f" {EDITED}" if edited else ""


def whole(value: float, *, signed: bool = False) -> str:
    """An angle in whole degrees, the same from a measurement as from its document: the document's four decimals decide the rounding.

    >>> whole(34.500004), whole(34.5), whole(-3.2, signed=True), whole(-0.3, signed=True)
    ('34', '34', '−3', '0')
    """
    return _digits(value, 0, signed=signed)


def end(value: float, *, signed: bool = True) -> str:
    """An end of the interval of a difference, in tenths if whole degrees would hide on which side of zero it lies.

    >>> end(-10.6), end(-0.14), end(0.04)
    ('−11', '−0.1', '0')
    """
    text = _digits(value, 0, signed=signed)
    return _digits(value, 1, signed=signed) if text == "0" else text


def _digits(value: float, decimals: int, *, signed: bool) -> str:
    """The rounded number; zero has no sign and no decimals."""
    text = f"{round(value, 4):{'+' if signed else ''}z.{decimals}f}".replace("-", "−")
    return text if text.strip("+0.") else "0"


def angle_cells(measurement: Measurement, quantity: Quantity, words: Words = ENGLISH) -> list[list[str]]:
    """Right hip, left hip, right minus left; each as number and interval, or a dash."""
    hips = [range_parts(measurement.hips[side][quantity], words) for side in SHOWN_SIDES]
    return [*hips, difference_parts(measurement.asymmetry[quantity], words)]


def table_rows(measurement: Measurement, words: Words = ENGLISH) -> list[tuple[str, ...]]:
    """Rows of quantity, right hip, left hip, right minus left."""
    return [(words.word("quantity", quantity, "title"), *map(" ".join, angle_cells(measurement, quantity, words))) for quantity in Quantity]


def counts_text(hip: Hip) -> str:
    """`3 + 3`: the number of repetitions that count in either direction."""
    return " + ".join(str(span.n_reps if span else 0) for span in (hip[Quantity.INTERNAL], hip[Quantity.EXTERNAL]))


def verdict_sentences(asymmetry: Asymmetry, words: Words = ENGLISH) -> list[str]:
    """One sentence for each quantity that both hips have."""
    return [verdict_sentence(quantity, difference, words) for quantity, difference in asymmetry.found().items()]


WEIGHTS: Mapping[Verdict, int] = {Verdict.LARGE: 4, Verdict.DIFFERENT: 3, Verdict.SMALL: 2, Verdict.WITHIN_ERROR: 1, Verdict.NONE: 0}
"""How grave a verdict is."""


def gravest(found: Mapping[Quantity, Difference]) -> tuple[Quantity, Difference]:
    """The most important difference between the hips: of the gravest verdict, and among equal ones the total arc, which camera roll does
    not affect.
    """
    return max(reversed(list(found.items())), key=lambda one: WEIGHTS[one[1].verdict])


def rounding_note(measurement: Measurement, words: Words = ENGLISH) -> str:
    """That each number is rounded by itself, where the whole degrees of the table do not add up; else empty."""
    hips = [measurement.hips[side] for side in SHOWN_SIDES]
    off = [_off(hip[Quantity.TOTAL], hip[Quantity.INTERNAL], hip[Quantity.EXTERNAL]) for hip in hips]
    return words("sentences.rounded") if any(off) or differences_seem_off(measurement) else ""


def differences_seem_off(measurement: Measurement) -> bool:
    """Whether a difference in whole degrees is not that of the two whole degrees beside it."""
    right, left = (measurement.hips[side] for side in SHOWN_SIDES)
    return any(_off(right[quantity], measurement.asymmetry[quantity], left[quantity]) for quantity in Quantity)


def _off(total: Interval | None, *parts: Interval | None) -> bool:
    """Whether rounded parts make another number than their rounded sum."""
    rounded = [round(round(one.value, 4)) for one in (total, *parts) if one is not None]
    return len(rounded) > len(parts) and rounded[0] != sum(rounded[1:])


def verdict_sentence(quantity: Quantity, difference: Difference, words: Words = ENGLISH) -> str:
    """Verdict on one difference as a sentence.

    >>> verdict_sentence(Quantity.TOTAL, Difference(-15.0, -24.0, -6.0, Verdict.DIFFERENT))
    'Total arc: right read 15° less than left in this recording (95 % interval 6 to 24), which is more than measurement error.'
    """
    return words("sentences.verdict_of", quantity=quantity, said=verdict_text(difference, words))


def verdict_text(difference: Difference, words: Words = ENGLISH) -> str:
    """Verdict on one difference, without the name of the quantity; marked if its numbers rest on a correction."""
    low, high = (words.marked(end(value, signed=False)) for value in sorted((abs(difference.low), abs(difference.high))))
    told = words(
        f"sentences.verdict.{difference.verdict.value}",
        size=whole(abs(difference.value)),
        way="more" if difference.value > 0 else "less",
        low=low,
        high=high,
        why=difference.why,
    )
    return told + (edited_mark(difference) if difference.verdict is not Verdict.NONE else "")


def change_sentence(hip: Hip, words: Words = ENGLISH) -> str:
    """Smallest change of this hip that exceeds measurement error, as a sentence; empty if nothing was measured.

    >>> change_sentence(Hip(SHOWN_SIDES[1], Range(30, 27, 33, 1, 3), None, None, (), Zero.REST, 0.0))
    'Left hip: in a later recording a change of more than 4° in internal rotation exceeds measurement error (MDC95).'
    """
    changes = [{"size": whole(span.mdc95_deg), "quantity": quantity} for quantity in Quantity if (span := hip[quantity]) is not None]
    return words("sentences.change", hip=words(f"app.hip.{hip.side.value}"), changes=changes) if changes else ""


def zero_reason(hip: Hip, words: Words = ENGLISH) -> str:
    """Zero of the reported angles of a hip, and the reason for it."""
    if hip.zero_edited:
        return _chosen_zero(hip, words)
    if hip.zero is Zero.REST and math.isfinite(hip.rest_askew_deg):
        askew, within = whole(abs(hip.rest_askew_deg)), whole(Z95 * hip.rest_askew_sd_deg)
        if askew == "0":
            return words("sentences.zero.straight", within=within)
        way = "outward" if hip.rest_askew_deg > 0 else "inward"
        return words("sentences.zero.askew", askew=askew, way=way, within=within)
    if hip.zero is Zero.REST:
        return words("sentences.zero.rest", rest=words.marked(f"{round(hip.rest_deg, 4):+z.1f}"))
    case = "no_rest" if math.isnan(hip.rest_deg) else "rest_posture"
    return words(f"sentences.zero.{case}", lean=whole(abs(hip.upright_deg)), within=whole(Z95 * hip.upright_sd_deg))


def _chosen_zero(hip: Hip, words: Words) -> str:
    """Zero that a reviewer chose: the leg at rest, or a vertical."""
    if hip.zero is Zero.REST:
        return words("sentences.zero.reviewer_rest", within=whole(Z95 * hip.rest_askew_sd_deg))
    return words("sentences.zero.reviewer_vertical", lean=whole(abs(hip.upright_deg)), within=whole(Z95 * hip.upright_sd_deg))


def short_reason(rep: Rep, words: Words = ENGLISH) -> str:
    """Reason why a repetition does not count, in a word or two; empty if it counts."""
    return next((words.word("reason_in_short", reason) for reason in rep.reasons if reason.rules_out), "")


def rep_lines(measurement: Measurement) -> list[tuple[str, str, str, str, str]]:
    """Rows of side, direction, time of the hold, end range, remark; in order of time, in English."""
    reps = sorted((rep for hip in measurement.hips.values() for rep in hip.reps), key=lambda rep: rep.start_s)
    rows = []
    for rep in reps:
        remark = ENGLISH.listed("reasons", rep.reasons)
        counted = remark if rep.usable else f"does not count: {remark}"
        hold = f"{round(rep.hold_start_s, 4):.1f}–{round(rep.hold_end_s, 4):.1f} s"
        rows.append((rep.side.value, rep.direction.value, hold, f"{whole(rep.end_range_deg)}°", counted))
    return rows
