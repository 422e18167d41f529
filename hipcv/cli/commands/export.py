"""The command `hipcv export`: writes a clip, a `.hipcv` file or a saved measurement in a format that other programs of the field read."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from hipcv.capture import pose_models
from hipcv.catalogues.message import Message
from hipcv.cli.commands.common import (
    STDOUT,
    Changes,
    MirroredOption,
    ModelName,
    TurnOption,
    check_outputs,
    in_plain_words,
    measured,
    settings_of,
    write_texts,
)
from hipcv.codes import Severity
from hipcv.errors import ExportError, RecordError
from hipcv.measurement import Measurement
from hipcv.records import export as formats
from hipcv.records import record, sealed_file
from hipcv.records.export import Format
from hipcv.settings import Mirrored, Turn
from hipcv.system import stopping

Source = Annotated[
    Path,
    typer.Argument(
        help="A video of the seated test, a .hipcv file, or a folder with a saved measurement (measurement.json, arrays.npz).",
        show_default=False,
    ),
]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE|-",
        show_default=False,
        help="The output file; its extension sets the format: .mot, .trc, .nc or .csv. - is stdout and needs --format.",
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="mot|trc|nc|csv",
        help="The format, whatever the extension: OpenSim motion, OpenSim markers, netCDF or long table.",
    ),
]


@in_plain_words
def export(
    source: Source,
    out: Out,
    format_name: FormatName = None,
    mirrored: MirroredOption = Mirrored.AUTO,
    turn: TurnOption = Turn.NONE,
    model: ModelName = pose_models.DEFAULT_MODEL,
    changes: Changes = None,
) -> None:
    """Write a measurement for OpenSim, movement or a table.

    --mirrored, --turn, --model and --set apply only to a video.
    """
    inputs = [source, source / record.DOCUMENT, source / record.ARRAYS]
    check_outputs(dict.fromkeys(inputs, Message("errors.output_taken_by.exported")), {"--out": out})
    wanted = _format(out, format_name)
    formats.check(wanted)
    if source.is_dir() or source.suffix.lower() == sealed_file.ENDING:
        given = {
            "--mirrored": mirrored is not Mirrored.AUTO,
            "--turn": turn is not Turn.NONE,
            "--model": model != pose_models.DEFAULT_MODEL,
            "--set": bool(changes),
        }
        if any(given.values()):
            option = next(option for option, is_given in given.items() if is_given)
            raise typer.BadParameter("what is measured already is not measured afresh; leave it out", param_hint=option)
        measurement = _read(source)
    else:
        measurement = measured(source, settings_of(mirrored, turn, changes), model)
    if out == STDOUT:
        write_texts((out, lambda: formats.as_text(measurement, wanted)))
    else:
        formats.write(measurement, out, wanted)
        print(_summary(out, measurement, wanted))


def _format(out: Path, name: str | None) -> Format:
    """The format named by `--format`, or else by the extension of `--out`."""
    endings = ", ".join(f".{known.value}" for known in Format)
    if name is None and out == STDOUT:
        raise typer.BadParameter("stdout has no ending that tells the format; add --format mot, trc or csv", param_hint="--out")
    wanted = formats.format_of(out.suffix if name is None else name)
    if wanted is None and name is None:
        raise typer.BadParameter(f"{out} ends in none of {endings}; give it such an ending, or add --format", param_hint="--out")
    if wanted is None:
        raise typer.BadParameter(f"{name} is none of {endings}", param_hint="--format")
    if out == STDOUT and not wanted.is_text:
        raise typer.BadParameter(f"only text can go to stdout, and .{wanted.value} is none; name a file", param_hint="--out")
    return wanted


def _read(source: Path) -> Measurement:
    """The measurement in a `.hipcv` file or a folder."""
    stopping.tidily()
    if not source.is_dir():
        with TemporaryDirectory() as folder:
            return sealed_file.unpack(source, Path(folder))[0].measurement
    if not (source / record.DOCUMENT).is_file():
        raise ExportError("export_folder_without_measurement", about=source, document=record.DOCUMENT)
    try:
        return record.read(source).measurement
    except RecordError as problem:
        raise RecordError.of(problem, about=source) from None


def _summary(out: Path, measurement: Measurement, wanted: Format) -> str:
    """A summary of what was written and left out, and of what the file cannot hold."""
    n_written, n_measured = formats.n_pictures(measurement, wanted), len(measurement.landmarks.time_s)
    missing = " (in the others a hip was not seen)" if n_written < n_measured else ""
    sentences = [f"{out}: {n_written} of {n_measured} pictures of {measurement.clip.name}{missing}."]
    if wanted is Format.TRC:
        sentences.append("Size and depth are the pose model's guess; the angles are not measured from these points.")
    if caveats := sum(finding.severity is not Severity.INFO for finding in measurement.findings):
        sentences.append(
            f"The measurement has {caveats} caveat{'s' * (caveats > 1)} that the file does not tell; hipcv measure or show does."
        )
    return " ".join(sentences)
