"""The command `hipcv export`: a clip, a `.hipcv` file or a kept record becomes a file that other programs of the field read."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

import hipcv
from hipcv import models, stopping
from hipcv.cli import (
    MODEL_HELP,
    MODELS,
    STDOUT,
    _check_outputs,
    _progress,
    _settings,
    _write_texts,
    app,
    in_plain_words,
)
from hipcv.errors import ExportError
from hipcv.settings import Mirrored

if TYPE_CHECKING:
    from hipcv.export import Format
    from hipcv.measurement import Measurement

ENDING = ".hipcv"
"""That of `share`, which is loaded only when it is needed."""


@app.command()
@in_plain_words
def export(
    source: Annotated[
        Path,
        typer.Argument(
            help="A video of the seated test, a .hipcv file, or a folder with a kept measurement (measurement.json, arrays.npz).",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE|-",
            show_default=False,
            help="Where to; the ending tells the format: .mot, .trc, .nc or .csv. - is stdout, with --format.",
        ),
    ],
    wanted: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="mot|trc|nc|csv",
            help="The format, whatever the ending: OpenSim motion, OpenSim markers, netCDF, long table.",
        ),
    ] = None,
    mirrored: Annotated[
        Mirrored | None,
        typer.Option(help="As for measure; a video only.", show_default=Mirrored.AUTO.value),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar=MODELS, help=f"{MODEL_HELP} A video only.", show_default=models.DEFAULT_MODEL)
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=NUMBER", help="Change a threshold of docs/sources.md; a video only.")
    ] = None,
) -> None:
    """Write a measurement in a format of OpenSim, movement (netCDF) or a long table."""
    from hipcv import export as exporting

    chosen = _format(out, wanted)
    _check_outputs({source: "what is exported"}, {"--out": out})
    exporting.check(chosen)
    options = {"--mirrored": mirrored, "--model": model, "--set": changes}
    if _is_measured(source):
        for option, value in options.items():
            if value:
                raise typer.BadParameter("what is measured already is not measured afresh; leave it out", param_hint=option)
        measurement = _read(source)
    else:
        measurement = _measure(source, mirrored or Mirrored.AUTO, model or models.DEFAULT_MODEL, changes)
    if out == STDOUT:
        _write_texts((out, lambda: exporting.as_text(measurement, chosen)))
    else:
        exporting.write(measurement, out, chosen)
        print(_summary(out, measurement, exporting.n_pictures(measurement, chosen)))


def _format(out: Path, wanted: str | None) -> "Format":
    from hipcv.export import Format, format_of

    endings = ", ".join(f".{known.value}" for known in Format)
    if wanted is None:
        chosen = format_of(out)
        if chosen is None:
            raise typer.BadParameter(f"{out} ends in none of {endings}; give it such an ending, or say --format", param_hint="--out")
    else:
        chosen = next((known for known in Format if known.value == wanted.lower().removeprefix(".")), None)
        if chosen is None:
            raise typer.BadParameter(f"{wanted} is none of {endings}", param_hint="--format")
    if out == STDOUT and not chosen.is_text:
        raise typer.BadParameter("only text can go to stdout", param_hint="--out")
    return chosen


def _is_measured(source: Path) -> bool:
    return source.is_dir() or source.suffix.lower() == ENDING


def _read(source: Path) -> "Measurement":
    from hipcv import record, share
    from hipcv.errors import RecordError

    stopping.tidily()
    if not source.is_dir():
        with TemporaryDirectory() as folder:
            return share.unpack(source, Path(folder))[0].measurement
    if not (source / record.DOCUMENT).is_file():
        raise ExportError(
            f"{source}: this folder holds no {record.DOCUMENT}. Give a video, a {ENDING} file, or the folder of one kept measurement."
        )
    try:
        return record.read(source).measurement
    except RecordError as problem:
        raise RecordError(f"{source}: {problem}") from None


def _measure(clip: Path, mirrored: Mirrored, model: str, changes: list[str] | None) -> "Measurement":
    settings = _settings(mirrored, changes)
    measure_clip = hipcv.measure  # loads the libraries
    stopping.tidily()
    with _progress("Measuring") as on_progress:
        return measure_clip(clip, model=model, settings=settings, on_progress=on_progress)


def _summary(out: Path, measurement: "Measurement", n_pictures: int) -> str:
    """What was written, what was left out, and that the file lacks the caveats."""
    from hipcv.measurement import Severity

    n_measured = len(measurement.landmarks.time_s)
    missing = " (in the others a hip was not seen)" if n_pictures < n_measured else ""
    caveats = sum(finding.severity is not Severity.INFO for finding in measurement.findings)
    untold = f" The measurement has {caveats} caveat{'s' * (caveats > 1)} that the file does not tell; hipcv measure or show does."
    return f"{out}: {n_pictures} of {n_measured} pictures of {measurement.clip.name}{missing}.{untold if caveats else ''}"
