"""Results to table rows and sentences for people. The words follow one rule: never say more than the interval says."""

import math

from hipcv.kinematics.repetitions import REASONS
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference, Hip, Measurement, Range, Severity, Verdict
from hipcv.values import Zero

INTENDED_USE = (
    "A measuring aid for research, education, self-tracking and a professional's own assessment. "
    "Not for diagnosis or treatment decisions; not cleared or certified as a medical device."
)

QUANTITIES = {
    "internal_rotation_deg": "Internal rotation",
    "external_rotation_deg": "External rotation",
    "total_deg": "Total arc",
}

SEVERITY_MARKS = {Severity.SERIOUS: "!!", Severity.WARNING: "! ", Severity.INFO: "- "}


def range_text(span: Range | None) -> str:
    """`33° (25 to 42)`, or a dash."""
    return f"{_degrees(span.value)} ({_interval(span)})" if span else "–"


def difference_text(difference: Difference | None) -> str:
    """`-1° (-13 to +12)`, or a dash."""
    if difference is None:
        return "–"
    return f"{whole(difference.value, signed=True)}° ({end(difference.low)} to {end(difference.high)})"


def whole(value: float, *, signed: bool = False) -> str:
    """An angle in whole degrees, the same from a measurement and from its document: that has four decimals, so they decide.

    >>> whole(34.500004), whole(34.5), whole(-3.2, signed=True), whole(-0.3, signed=True)
    ('34', '34', '−3', '0')
    """
    return _digits(value, 0, signed=signed)


def end(value: float, *, signed: bool = True) -> str:
    """An end of the interval of a difference, in tenths where whole degrees would hide on which side of zero it lies.

    >>> end(-10.6), end(-0.14), end(0.04)
    ('−11', '−0.1', '0')
    """
    text = _digits(value, 0, signed=signed)
    return _digits(value, 1, signed=signed) if text == "0" else text


def _digits(value: float, decimals: int, *, signed: bool) -> str:
    """Zero has no sign, and no decimals."""
    text = f"{round(value, 4):{'+' if signed else ''}z.{decimals}f}".replace("-", "−")
    return text if text.strip("+0.") else "0"


def _degrees(value: float) -> str:
    return f"{whole(value)}°"


def _interval(span: Range) -> str:
    return f"{whole(span.low)} to {whole(span.high)}"


def table_rows(measurement: Measurement) -> list[tuple[str, str, str, str]]:
    """Quantity, right hip, left hip, right minus left."""
    right, left = measurement.hips[Side.RIGHT], measurement.hips[Side.LEFT]
    ranges = [
        (
            label,
            range_text(getattr(right, name)),
            range_text(getattr(left, name)),
            difference_text(getattr(measurement.asymmetry, name)),
        )
        for name, label in QUANTITIES.items()
    ]
    return [*ranges, ("Repetitions, IR + ER", _counts(right), _counts(left), "")]


def _counts(hip: Hip) -> str:
    """`3 + 3`: how many repetitions count in either direction."""
    return " + ".join(str(span.n_reps if span else 0) for span in (hip.internal_rotation_deg, hip.external_rotation_deg))


def verdict_sentences(asymmetry: Asymmetry) -> list[str]:
    """One sentence for each quantity that both hips have."""
    sentences = []
    for name, label in QUANTITIES.items():
        difference: Difference | None = getattr(asymmetry, name)
        if difference is not None:
            sentences.append(verdict_sentence(label, difference))
    return sentences


_WEIGHTS = {Verdict.LARGE: 4, Verdict.DIFFERENT: 3, Verdict.SMALL: 2, Verdict.WITHIN_ERROR: 1, Verdict.NONE: 0}


def headline(asymmetry: Asymmetry) -> str:
    """The one sentence that says most of the difference between the hips; empty if there is none to speak of.

    The gravest verdict comes first, and of equal ones that on the total arc, which no lean of the phone changes.
    """
    found = {name: difference for name in reversed(QUANTITIES) if (difference := getattr(asymmetry, name)) is not None}
    if not found:
        return ""
    name = max(found, key=lambda one: _WEIGHTS[found[one].verdict])
    return verdict_sentence(QUANTITIES[name], found[name])


def verdict_sentence(label: str, difference: Difference) -> str:
    """What may be said of one difference.

    >>> verdict_sentence("Total arc", Difference(-15.0, -24.0, -6.0, Verdict.DIFFERENT, ""))
    'Total arc: right read 15° less than left in this recording (95 % interval 6 to 24), which is more than measurement error.'
    """
    size = whole(abs(difference.value))
    low, high = (end(value, signed=False) for value in sorted((abs(difference.low), abs(difference.high))))
    way = "more" if difference.value > 0 else "less"
    if difference.verdict is Verdict.NONE:
        return f"{label}: no verdict on the difference, because {difference.why}."
    if difference.verdict is Verdict.WITHIN_ERROR:
        return f"{label}: the sides differ by {size}°, which is within measurement error."
    seen = f"{label}: right read {size}° {way} than left in this recording (95 % interval {low} to {high})"
    if difference.verdict is Verdict.SMALL:
        return f"{seen}; a difference of this size is common in healthy people."
    large = "clearly " if difference.verdict is Verdict.LARGE else ""
    return f"{seen}, which is {large}more than measurement error."


def change_sentence(hip: Hip) -> str:
    """From what size on a change of this hip is more than error; empty if nothing was measured.

    >>> change_sentence(Hip(Side.LEFT, Range(30, 27, 33, 1, 3), None, None, (), Zero.REST, 0.0))
    'Left hip: in a later recording a change of more than 4° in internal rotation exceeds measurement error (MDC95).'
    """
    parts = [
        f"{whole(span.mdc95_deg)}° in {label[0].lower()}{label[1:]}"
        for name, label in QUANTITIES.items()
        if (span := getattr(hip, name)) is not None
    ]
    if not parts:
        return ""
    listed = " or ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return f"{hip.side.value.capitalize()} hip: in a later recording a change of more than {listed} exceeds measurement error (MDC95)."


def zero_reason(hip: Hip) -> str:
    """From what the reported angles of a hip are counted, and why."""
    if hip.zero is Zero.REST:
        rest = f"{round(hip.rest_deg, 4):+z.1f}°".replace("-", "−")
        return (
            f"Counted from the leg's own posture at rest ({rest} from the vertical of the picture), "
            "because that does not lean with the phone."
        )
    why = "was never seen at rest" if math.isnan(hip.rest_deg) else "did not hang straight down at rest"
    lean = f"{whole(abs(hip.upright_deg))}° (± {whole(1.96 * hip.upright_sd_deg)}°)"
    return f"Counted from the vertical, less the phone's lean of {lean}, because the leg {why}."


def rep_lines(measurement: Measurement) -> list[tuple[str, str, str, str, str]]:
    """Side, direction, when it was held, end range, remark; in order of time."""
    reps = sorted((rep for hip in measurement.hips.values() for rep in hip.reps), key=lambda rep: rep.start_s)
    rows = []
    for rep in reps:
        remark = "; ".join(REASONS[code] for code in rep.reasons)
        counted = remark if rep.usable else f"does not count: {remark}"
        hold = f"{round(rep.hold_start_s, 4):.1f}–{round(rep.hold_end_s, 4):.1f} s"
        rows.append((rep.side.value, rep.direction.value, hold, _degrees(rep.end_range_deg), counted))
    return rows
