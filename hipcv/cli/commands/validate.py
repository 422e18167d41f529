"""The command `hipcv validate`: compares results with true angles, or with goniometer readings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hipcv.capture import pose_models
from hipcv.catalogues.message import Message
from hipcv.cli.commands.common import MODEL_HELP, MODELS, STATUS_NOT_MEASURED, STDOUT, check_outputs, in_plain_words, progress, write_texts
from hipcv.settings import Step
from hipcv.system import stopping
from hipcv.validation import results, truth

if TYPE_CHECKING:
    from hipcv.validation.comparison import Validation


@in_plain_words
def validate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder of clips, each with NAME.truth.json next to it; with --goniometer, a folder of results.", show_default=False
        ),
    ],
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE|-", help="Write the comparison as JSON; - is stdout.")] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", metavar="FILE|-", help="Write a report; - is stdout.")] = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw agreement and errors.")] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="Also measure with each step left out, one at a time.")] = False,
    goniometer: Annotated[
        Path | None,
        typer.Option(
            "--goniometer",
            metavar="TABLE.csv",
            help="Compare NAME.json files in the folder (from measure --json) with goniometer readings: clip,side,direction,degrees.",
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(metavar=MODELS, help=MODEL_HELP, show_default=pose_models.DEFAULT_MODEL)] = None,
) -> None:
    """Compare with true angles, or with a goniometer.

    Clips are compared with the true angles stored next to them; results, with goniometer readings.
    """
    if goniometer:
        _refuse_measuring(ablation, model)
    files = {"--json": json_file, "--markdown": markdown_file, "--figure": figure}
    read = results.read_by(folder, goniometer) if goniometer else truth.read_by(folder)
    check_outputs(dict.fromkeys(read, Message("errors.output_taken_by.compared")), files)
    from hipcv.cli import research  # late: loads SciPy
    from hipcv.validation import json_report, markdown  # late: loads SciPy

    stopping.tidily()
    result = _validated(folder, goniometer, model or pose_models.DEFAULT_MODEL, ablation)
    write_texts(
        (json_file, lambda: json_report.to_json(result)),
        (markdown_file, lambda: markdown.to_markdown(result, markdown.picture_beside(markdown_file, figure))),
    )
    if figure:
        from hipcv.validation.figure import write_figure  # late: loads Matplotlib, SciPy

        write_figure(result, figure)
    if STDOUT not in files.values():
        research.print_validation(result, [path for path in files.values() if path])
    if result.failures:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _refuse_measuring(ablation: bool, model: str | None) -> None:
    if ablation or model:
        option = "--ablation" if ablation else "--model"
        raise typer.BadParameter("with --goniometer nothing is measured afresh; leave it out", param_hint=option)


def _validated(folder: Path, goniometer: Path | None, model: str, ablation: bool) -> "Validation":
    """Run the comparison, loading only the libraries it needs: with a goniometer, nothing is measured again."""
    if goniometer:
        from hipcv.validation.against_goniometer import compare_with_goniometer  # late: loads SciPy

        return compare_with_goniometer(folder, goniometer)
    from hipcv.validation.validate import validate as validate_clips  # late: loads PyAV, OpenCV, MediaPipe, SciPy

    with progress("Validating") as on_progress:
        return validate_clips(folder, model=model, ablation=Step if ablation else (), on_progress=on_progress)
