"""A validation as a Markdown report with all its tables, in plain words."""

from pathlib import Path
from urllib.parse import quote

from hipcv.language.sentences import ENGLISH, intended_use
from hipcv.statistics.text_blocks import bullets, degrees, markdown_table
from hipcv.validation import words
from hipcv.validation.comparison import Reference, Validation, pooled_rmse_deg


def to_markdown(result: Validation, picture: str | None = None) -> str:
    """The whole report; `picture` is the link to the figure as the report should show it."""
    parts = [
        f"# {ENGLISH('research.validation.title', case=result.reference.value)}",
        f"{words.headline(result)}.",
        *([f"![Agreement in pictures]({picture})"] if picture else []),
        *_agreement(result),
        *_camera(result),
        *_frames_and_steps(result),
        *_every_row(result),
        *_left_over(result),
        intended_use(),
    ]
    return "\n\n".join(parts) + "\n"


def legend(result: Validation) -> str:
    """Explanation of the first table's columns."""
    return ENGLISH("research.validation.legend", case=result.reference.value)


def intervals_held(result: Validation) -> list[str]:
    """Paragraphs on whether warnings and intervals cover the errors: what is wrong without warning, and the spread of the errors."""
    parts = [words.unwarned_sentence(result), bullets(words.unwarned_lines(result)), words.spread_sentence(result)]
    return [part for part in parts if part]


def _agreement(result: Validation) -> list[str]:
    if not result.rows:
        return ["## Agreement", ENGLISH("research.validation.nothing_compared")]
    parts = ["## Agreement", markdown_table(words.agreement_table(result)), legend(result), *intervals_held(result)]
    if result.reference is Reference.GONIOMETER:
        parts.append(ENGLISH("research.validation.goniometer_errs"))
    return [*parts, "## Error against the angle", markdown_table(words.angle_table(result)), words.slope_sentence(result)]


def _camera(result: Validation) -> list[str]:
    parts = []
    yaw, roll = words.yaw_table(result), words.roll_table(result)
    if yaw.lines:
        parts += ["## Error against the place of the camera", markdown_table(yaw), ENGLISH("research.validation.aside")]
    if roll.lines:
        parts += [markdown_table(roll), f"{ENGLISH('research.validation.leaning')} {words.roll_sentence(result)}".rstrip()]
    return parts


def _frames_and_steps(result: Validation) -> list[str]:
    parts = []
    if result.frames:
        rmse = ENGLISH("research.validation.frames", rmse=degrees(pooled_rmse_deg(result.frames)))
        parts += ["## Frame by frame", rmse, markdown_table(words.frame_table(result))]
    if result.ablation:
        parts += ["## With each step left out", markdown_table(words.ablation_table(result))]
        parts += [ENGLISH("research.validation.legend_of_ablation"), step_list(result)]
    return parts


def step_list(result: Validation) -> str:
    """A list of the steps left out, each with its purpose."""
    return bullets([f"{one.step.replace('_', ' ')}: {ENGLISH.word('step', one.step)}" for one in result.ablation])


def _every_row(result: Validation) -> list[str]:
    parts = []
    if result.rows:
        parts += ["## Clip by clip", markdown_table(words.clip_table(result)), ENGLISH("research.validation.of_clips")]
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
