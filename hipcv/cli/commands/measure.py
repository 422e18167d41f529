"""The command `hipcv measure`: measures one clip and prints the table."""

from pathlib import Path
from typing import Annotated

import typer

from hipcv.capture import pose_models
from hipcv.catalogues.message import Message
from hipcv.cli import terminal
from hipcv.cli.commands.common import (
    STDOUT,
    Changes,
    CsvFile,
    JsonFile,
    MirroredOption,
    ModelName,
    TurnOption,
    check_outputs,
    in_plain_words,
    measured,
    progress,
    settings_of,
    write_texts,
)
from hipcv.records.document import to_csv, to_json
from hipcv.settings import Mirrored, Turn


@in_plain_words
def measure(
    clip: Annotated[Path, typer.Argument(help="A video file of the seated test.", show_default=False)],
    json_file: JsonFile = None,
    csv_file: CsvFile = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw both hips over time.")] = None,
    overlay: Annotated[Path | None, typer.Option("--overlay", metavar="FILE.mp4", help="Write the video with angles drawn on it.")] = None,
    show_face: Annotated[bool, typer.Option("--show-face", help="Do not blur the face in the overlay.")] = False,
    mirrored: MirroredOption = Mirrored.AUTO,
    turn: TurnOption = Turn.NONE,
    model: ModelName = pose_models.DEFAULT_MODEL,
    changes: Changes = None,
) -> None:
    """Measure one clip and print the table."""
    files = {"--json": json_file, "--csv": csv_file, "--figure": figure, "--overlay": overlay}
    check_outputs({clip: Message("errors.output_taken_by.clip")}, files)
    result = measured(clip, settings_of(mirrored, turn, changes), model)
    write_texts((json_file, lambda: to_json(result)), (csv_file, lambda: to_csv(result)))
    if figure:
        from hipcv.rendering.figure import write_figure  # late: loads Matplotlib

        write_figure(result, figure)
    if overlay:
        from hipcv.rendering.overlay import write_overlay  # late: loads PyAV, OpenCV, Matplotlib, SciPy

        with progress("Drawing") as on_progress:
            write_overlay(clip, result, overlay, show_face=show_face, on_progress=on_progress)
    if STDOUT not in (json_file, csv_file):
        terminal.print_measurement(result)
