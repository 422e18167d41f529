"""The tables of a validation, shared by the terminal and the Markdown report."""

from collections.abc import Mapping, Sequence

from hipcv.codes import Quantity
from hipcv.language.sentences import ENGLISH
from hipcv.statistics.agreement import Row, Statistics, standardised_errors, statistics
from hipcv.statistics.text_blocks import Line, Table, degrees, icc_text, percent
from hipcv.validation import grouping
from hipcv.validation.comparison import Ablation, Camera, Reference, Validation, pooled_rmse_deg
from hipcv.validation.unwarned import WRONG_DEG, wrong_without_warning

TOO_WIDE, TOO_NARROW = 0.7, 1.1
"""Standard deviations of the standardised errors below and above which the intervals do not fit the errors: with 0.7 a stated 95 %
interval holds 99.5 % of normally distributed errors, with 1.1 still 92.5 %."""


def headline(result: Validation) -> str:
    """The number of clips and repetitions, with the model."""
    return ENGLISH(
        "research.validation.headline",
        case=result.reference.value,
        clips=ENGLISH("research.count.clips", n=result.n_clips),
        model=result.model,
        n_true=result.n_true_reps,
        n_missed=result.n_missed,
        n_invented=result.n_invented,
    )


def agreement_table(result: Validation) -> Table:
    """One line for all end ranges, each direction, the totals, and the differences between the hips."""
    lines = []
    for name, found in result.groups().items():
        *errors, interval, inside = _cells(found)
        indented = f"  {name}" if name in (Quantity.INTERNAL, Quantity.EXTERNAL) else name
        lines.append((indented, *errors, limits_text(found), interval, inside, icc_text(found.icc)))
    return Table(("", "n", "Bias", "Mean abs.", "Largest", "Limits", "Interval", "Inside", "ICC(2,1)"), lines)


def unwarned_sentence(result: Validation) -> str:
    """How many end ranges are wrong although no warning names their leg; empty without end ranges."""
    ends = result.end_ranges()
    if not ends:
        return ""
    return ENGLISH(
        "research.validation.unwarned",
        case=result.reference.value,
        n=len(wrong_without_warning(result)),
        ends=ENGLISH("research.count.ends", n=len(ends)),
        least=WRONG_DEG,
    )


def unwarned_lines(result: Validation) -> list[str]:
    """Clip, leg and quantity of each of them, with its error and half of its interval."""
    return [
        f"{row.clip}: {row.side} {row.quantity}, {degrees(row.error_deg, signed=True)} (±{degrees(row.half_width_deg)})"
        for row in wrong_without_warning(result)
    ]


def spread_sentence(result: Validation) -> str:
    """The standard deviation of the standardised errors of the end ranges, with what to expect; empty for fewer than two."""
    found = standardised_errors(result.end_ranges())
    if found is None or found.sd is None:
        return ""
    return ENGLISH("research.validation.spread", case=result.reference.value, sd=found.sd, too_wide=TOO_WIDE, too_narrow=TOO_NARROW)


_HEADER = ("n", "Bias", "Mean abs.", "Largest", "Interval", "Inside")


def _cells(found: Statistics) -> Line:
    return (
        str(found.n),
        degrees(found.bias_deg, signed=True),
        degrees(found.mean_absolute_error_deg),
        degrees(found.largest_error_deg),
        f"±{degrees(found.mean_half_width_deg)}",
        percent(found.inside_share),
    )


def limits_text(found: Statistics) -> str:
    """The limits of agreement as text."""
    if found.limits_of_agreement_deg is None:
        return "–"
    low, high = found.limits_of_agreement_deg
    return f"{low:+z.1f} to {high:+z.1f}°".replace("-", "−")


def group_table(name: str, groups: Mapping[str, Sequence[Row]]) -> Table:
    """One line per group of end ranges."""
    return Table((name, *_HEADER), [(words, *_cells(statistics(rows))) for words, rows in groups.items()])


def angle_table(result: Validation) -> Table:
    """Error by the size of the angle."""
    return group_table("Angle" if result.reference is Reference.GONIOMETER else "True angle", grouping.by_true_angle(result.end_ranges()))


def yaw_table(result: Validation) -> Table:
    """Error by the camera's yaw."""
    return group_table("Camera aside", grouping.by_yaw(result.end_ranges(), result.cameras))


def roll_table(result: Validation) -> Table:
    """Error by the camera's roll."""
    return group_table("Camera leaning", grouping.by_roll(result.end_ranges(), result.cameras))


def roll_sentence(result: Validation) -> str:
    """How accurately the camera's roll was measured; empty if it is not known."""
    apart = [
        abs(one.measured_roll_deg - one.roll_deg)
        for one in result.cameras.values()
        if one.roll_deg is not None and one.measured_roll_deg is not None
    ]
    if not apart:
        return ""
    return ENGLISH("research.validation.roll", mean=degrees(sum(apart) / len(apart)), largest=degrees(max(apart)))


def slope_sentence(result: Validation) -> str:
    """How the error grows with the angle."""
    slope = grouping.slope(result.end_ranges())
    if slope is None:
        return ENGLISH("research.validation.same_angles")
    return ENGLISH("research.validation.slope", change=degrees(10 * slope, signed=True))


def clip_table(result: Validation) -> Table:
    """One line per clip, over its end ranges, with camera and frames where known."""
    header, lines = ["Clip", *_HEADER], []
    for clip in result.clips():
        rows = result.of_clip(clip)
        line = [clip, *(_cells(statistics(rows)) if rows else ("0", *["–"] * 5))]
        if result.frames:
            line.append(degrees(pooled_rmse_deg(leg for leg in result.frames if leg.clip == clip)))
        if result.cameras:
            camera = result.cameras.get(clip, Camera(None, None))
            line += [degrees(angle, signed=True) for angle in (camera.yaw_deg, camera.roll_deg, camera.measured_roll_deg)]
        lines.append(tuple(line))
    header += ["RMSE"] if result.frames else []
    header += ["Yaw", "Roll", "Roll seen"] if result.cameras else []
    return Table(tuple(header), lines)


def frame_table(result: Validation) -> Table:
    """One line per leg that moved: its angle over time."""
    lines = [(leg.clip, leg.side, str(leg.n_frames), str(leg.n_measured), degrees(leg.rmse_deg)) for leg in result.frames]
    return Table(("Clip", "Side", "Frames", "Measured", "RMSE"), lines)


def rows_table(rows: Sequence[Row], reference: Reference) -> Table:
    """Every comparison, one line each."""
    lines = [
        (
            row.clip,
            row.side,
            row.quantity,
            degrees(row.true_deg),
            degrees(row.measured_deg),
            degrees(row.error_deg, signed=True),
            f"{degrees(row.low_deg)[:-1]} to {degrees(row.high_deg)}{'' if row.inside else ', misses it'}",
        )
        for row in rows
    ]
    name = "Goniometer" if reference is Reference.GONIOMETER else "True"
    return Table(("Clip", "Side", "Quantity", name, "Measured", "Error", "95 % interval"), lines)


def ablation_table(result: Validation) -> Table:
    """First all steps, then each one left out."""
    header = ("Left out", "Mean abs.", "Largest", "Interval", "Inside", "Sides", "RMSE", "Missed", "No number")
    return Table(header, [_ablation_line(one) for one in (result.without("nothing"), *result.ablation)])


def _ablation_line(one: Ablation) -> Line:
    sides_deg = one.asymmetry.mean_absolute_error_deg if one.asymmetry else None
    return (
        one.step.replace("_", " "),
        *(_cells(one.end_ranges)[2:] if one.end_ranges else ("–",) * 4),
        degrees(sides_deg),
        degrees(one.rmse_deg),
        str(one.n_missed),
        str(one.n_failures),
    )
