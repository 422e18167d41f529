"""Prints results to the terminal as tables and sentences."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcv.landmarks import SHOWN_SIDES
from hipcv.language import sentences
from hipcv.measurement import Measurement

if TYPE_CHECKING:
    from hipcv.batch.dataset import Counts
    from hipcv.batch.folders import DatasetFolders

_PLAIN_WIDTH = 100


def console() -> Console:
    """Stdout; has a fixed width if it is not a terminal, so that a file or a log reads like a screen."""
    screen = Console(highlight=False, markup=False)
    return screen if screen.is_terminal else Console(highlight=False, markup=False, width=_PLAIN_WIDTH)


def print_visit(facts: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Print what came with a received measurement: the person's own words, and the software it was made with."""
    out = console()
    said = [str(facts[name]) for name in ("title", "measured_on", "kind", "note") if facts.get(name)]
    if said:
        out.print(" · ".join(said))
    software = document["software"]
    out.print(f"Measured with hipcv {software['hipcv']}, mediapipe {software['mediapipe']}, model {software['model']}. The file is whole.")
    out.print()


def print_measurement(measurement: Measurement) -> None:
    """Print the result of one clip as a clinician reads it."""
    out = console()
    clip = measurement.clip
    mirrored = ", mirrored" if measurement.mirrored else ""
    out.print(f"{clip.name}: {clip.duration_s:.1f} s, {clip.width_px} x {clip.height_px}, {clip.frame_rate_hz:.0f} frames/s{mirrored}")
    out.print()
    table = Table("Hip rotation", "Right", "Left", "Right minus left", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for row in sentences.table_rows(measurement):
        table.add_row(*row)
    table.add_row("Repetitions, IR + ER", *(sentences.counts_text(measurement.hips[side]) for side in SHOWN_SIDES), "")
    out.print(table)
    out.print(" ".join(filter(None, ("In brackets: 95 % interval.", sentences.rounding_note(measurement)))))
    out.print()
    for sentence in _said_of_hips(measurement):
        out.print(sentence)
    out.print()
    reps = Table("Repetition", "Direction", "Held", "End range", "", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for rep in sentences.rep_lines(measurement):
        reps.add_row(*rep)
    out.print(reps)
    out.print()
    out.print("Findings")
    for finding in measurement.findings:
        print_hanging(out, sentences.SEVERITY_MARKS[finding.severity], finding.said())
    out.print()
    out.print(sentences.intended_use())


def _said_of_hips(measurement: Measurement) -> Iterator[str]:
    """The difference between the hips, what each is counted from, and what a change of each would have to exceed."""
    yield from sentences.verdict_sentences(measurement.asymmetry)
    hips = [measurement.hips[side] for side in SHOWN_SIDES]
    yield from (f"{hip.side.value.capitalize()}: {sentences.zero_reason(hip)}" for hip in hips if hip.reps)
    yield from filter(None, map(sentences.change_sentence, hips))


def print_hanging(out: Console, mark: str, text: str) -> None:
    """Print a paragraph with a mark in front and a hanging indent."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(mark, Text(text))
    out.print(grid)


def print_dataset(folders: "DatasetFolders", counts: "Counts", key: Path) -> None:
    """Print how many clips of a run were measured, why the others failed, and where the key of a de-identified dataset lies."""
    out, folder = console(), folders.out
    out.print(f"{folder}: {counts.measured} of {counts.measured + counts.failed} clips measured.", soft_wrap=True)
    if counts.failed:
        reasons = ", ".join(f"{code} {number}" for code, number in counts.failed_by_code.items())
        out.print(f"{counts.failed} without a number ({reasons}); {folder / 'failures.csv'} has the sentences.", soft_wrap=True)
    if folders.is_deidentified:
        told = f"What leads back from the codes to names is in {key}: keep it to yourself, and do not pass it on with the dataset."
        out.print(told, soft_wrap=True)
