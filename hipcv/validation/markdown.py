"""A validation as a Markdown report with all its tables, in plain words."""

from pathlib import Path
from urllib.parse import quote

from hipcv.language.sentences import intended_use
from hipcv.statistics.text_blocks import bullets, degrees, markdown_table
from hipcv.validation import words
from hipcv.validation.comparison import Reference, Validation, pooled_rmse_deg, step_words

LEGEND = (
    "Error: measured less {true}. Bias: the mean of it; mean abs.: of its size, whichever way; limits: where 95 % of the differences are expected "
    "(Bland and Altman); interval: half of the stated 95 % interval, on average; inside: how often that interval holds {the_true}; ICC(2,1): "
    "intraclass correlation, absolute agreement, one measurement, with its 95 % interval (the two hips of a person count as two, "
    "which makes it look narrower than it is)."
)
ABLATION_LEGEND = (
    "Mean abs., largest, interval and inside are those of the end ranges; sides: mean absolute error of right minus left; "
    "RMSE: frame by frame; missed: repetitions; no number: quantities and clips for which none was given."
)


def to_markdown(result: Validation, picture: str | None = None) -> str:
    """The whole report; `picture` is the link to the figure as the report should show it."""
    goniometer = result.reference is Reference.GONIOMETER
    parts = [
        f"# How far hipcv agrees with {'a goniometer' if goniometer else 'the truth'}",
        f"{words.headline(result)}.",
        *([f"![Agreement in pictures]({picture})"] if picture else []),
        *_agreement(result),
        *(["## Error against the angle", markdown_table(words.angle_table(result)), words.slope_sentence(result)] if result.rows else []),
        *_camera(result),
        *([*_frames(result)] if result.frames else []),
        *(
            ["## With each step left out", markdown_table(words.ablation_table(result)), ABLATION_LEGEND, step_list(result)]
            if result.ablation
            else []
        ),
        *(["## Clip by clip", markdown_table(words.clip_table(result)), "Over the end ranges of the clip."] if result.rows else []),
        *_every_row(result),
        *_left_over(result),
        intended_use(),
    ]
    return "\n\n".join(parts) + "\n"


def legend(result: Validation) -> str:
    """Explanation of the first table's columns."""
    goniometer = result.reference is Reference.GONIOMETER
    return LEGEND.format(true="read by hand" if goniometer else "true", the_true="the reading" if goniometer else "the truth")


def _agreement(result: Validation) -> list[str]:
    title = "## Agreement"
    if not result.rows:
        return [title, "Nothing could be compared."]
    notes = [legend(result)]
    if result.reference is Reference.GONIOMETER:
        notes.append("A goniometer has an error of its own, about 3°: part of each difference is not hipcv's.")
    return [title, markdown_table(words.agreement_table(result)), *notes]


def _camera(result: Validation) -> list[str]:
    yaw, roll, lean = words.yaw_table(result), words.roll_table(result), words.roll_sentence(result)
    return [
        *(
            ["## Error against the place of the camera", markdown_table(yaw), "Aside: to the left or to the right of the person."]
            if yaw.lines
            else []
        ),
        *([markdown_table(roll), f"Leaning: turned about the line of sight, either way. {lean}".rstrip()] if roll.lines else []),
    ]


def _frames(result: Validation) -> list[str]:
    rmse = degrees(pooled_rmse_deg(result.frames))
    return [
        "## Frame by frame",
        f"Root mean square error over all frames in which a leg moved: {rmse}.",
        markdown_table(words.frame_table(result)),
    ]


def step_list(result: Validation) -> str:
    """A list of the steps left out, each with its purpose."""
    return bullets([f"{one.step.replace('_', ' ')}: {step_words(one.step)}" for one in result.ablation])


def _every_row(result: Validation) -> list[str]:
    parts = []
    if result.rows:
        parts += ["## Every angle", markdown_table(words.rows_table(result.rows, result.reference))]
    if result.asymmetry:
        parts += ["## Every difference between the hips", markdown_table(words.rows_table(result.asymmetry, result.reference))]
    return parts


def _left_over(result: Validation) -> list[str]:
    parts = []
    if result.failures:
        parts += ["## Not measured", bullets(result.failures)]
    if result.unpaired:
        parts += ["## Measured, but not in the table", bullets(result.unpaired)]
    return parts


def picture_beside(report: Path | None, figure: Path | None) -> str | None:
    """The link to a figure in a report: its name if both are in one folder, otherwise its full path."""
    if figure is None or report is None:
        return None
    beside = figure.resolve().parent == report.resolve().parent
    return quote(figure.name if beside else figure.resolve().as_posix())
