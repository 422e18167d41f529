"""The figure of both hips over time: the swings, the held end ranges, the repetitions that count, and the results in numbers below."""

import os
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from hipcv.codes import Quantity, Reason, Severity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import SEVERITY_MARKS, short_reason, whole
from hipcv.measurement import Finding, Hip, Measurement, Range, Rep
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.rendering.drawing import save_png
from hipcv.rendering.figure_panels import DPI, FAMILY, MIDDLE, SMALL, TILTED, WIDTH_IN, add_panels
from hipcv.values import Zero

_HEIGHT_IN = 11.5
_COLUMNS = (0.02, 0.125, 0.325, 0.525, 0.755)
"""Left edges of the footer's cells."""
_FOOTER_IN, _HEADER_IN = 2.8, 1.0
"""Below and above the panels; caveats make the footer, and the figure, higher."""
_FONT = "fonts/ttf/DejaVuSans.ttf"
_LARGE = 20
_GREY = "#595959"
_ZEROS = {Zero.REST: "zero: vertical", Zero.GRAVITY: "zero: picture's vertical"}
_LONGEST_NAME = 60
_MOST_CAVEATS = 3
_LINE_LETTERS, _LINE_IN = 118, 0.29
_NAMES = {Quantity.INTERNAL: "IR", Quantity.EXTERNAL: "ER", Quantity.TOTAL: "total"}
_SEVERITY_COLOURS = {Severity.SERIOUS: "#a8071a", Severity.WARNING: "black"}


def write_figure(measurement: Measurement, out: str | os.PathLike[str]) -> None:
    """Write a PNG 1400 px wide with the rotation of both hips over time, the repetitions, the ranges and their intervals.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    save_png(draw_figure(measurement), out)


def draw_figure(measurement: Measurement) -> Figure:
    """The figure, created without pyplot and so without a window or global state."""
    caveats = _caveat_lines(measurement.findings)
    height_in = _HEIGHT_IN + _LINE_IN * (len(caveats) + 0.5 if caveats else 0)
    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor="white")
    add_panels(figure, measurement, top_in=_HEADER_IN, bottom_in=height_in - _HEIGHT_IN + _FOOTER_IN)
    title = f"Hip rotation: {printable(measurement.clip.name)}"
    figure.text(0.5, 1 - 0.4 / height_in, title, fontsize=_LARGE, weight="bold", ha="center", va="center", family=FAMILY, parse_math=False)
    _write_footer(figure, measurement, caveats)
    return figure


# ---------------------------------------------------------------------- words
def _caveat_lines(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Each line of the caveats with its colour: the observation of the most serious ones, then how many more there are."""
    grave = [finding for finding in findings if finding.severity in _SEVERITY_COLOURS]
    lines = []
    for finding in grave[:_MOST_CAVEATS]:
        seen = finding.said().split(". ")[0].removesuffix(".") + "."
        mark = SEVERITY_MARKS[finding.severity]
        wrapped = wrap(seen, _LINE_LETTERS, initial_indent=f"{mark:<3}", subsequent_indent="     ")
        lines += [(line, _SEVERITY_COLOURS[finding.severity]) for line in wrapped]
    if len(grave) > _MOST_CAVEATS:
        lines.append((f"and {len(grave) - _MOST_CAVEATS} more", "black"))
    return lines


def _write_footer(figure: Figure, measurement: Measurement, caveats: Sequence[tuple[str, str]]) -> None:
    """Write one row per hip, the caveats, and the explanation of the numbers."""
    height_in = figure.get_figheight()
    top_in = 1.61 + height_in - _HEIGHT_IN
    for row, side in enumerate(SHOWN_SIDES):
        _write_hip(figure, measurement.hips[side], (top_in - 0.4 * row) / height_in)
    for row, (line, colour) in enumerate(caveats):
        y = (top_in - 0.8 - _LINE_IN * row) / height_in
        figure.text(_COLUMNS[0], y, line, fontsize=SMALL, color=colour, family=FAMILY, parse_math=False)
    lines = "\n".join(_notes([rep for hip in measurement.hips.values() for rep in hip.reps]))
    figure.text(0.02, 0.14 / height_in, lines, fontsize=SMALL, linespacing=1.4, color=_GREY, va="bottom", family=FAMILY)


def _write_hip(figure: Figure, hip: Hip, y: float) -> None:
    ranges = [f"{name} {interval_text(hip[quantity])}" for quantity, name in _NAMES.items()]
    for x, cell in zip(_COLUMNS, (f"{hip.side.value.capitalize()}:", *ranges, _ZEROS[hip.zero]), strict=True):
        figure.text(x, y, cell, fontsize=MIDDLE, color=SIDE_COLOURS[hip.side] if x == _COLUMNS[0] else "black", family=FAMILY)


def _notes(reps: Sequence[Rep]) -> list[str]:
    """How to read the panels, and the marks as far as there are any."""
    reasons = sorted({short_reason(rep) for rep in reps if not rep.usable})
    marks = [f"Hatched: not counted ({', '.join(reasons)})."] if reasons else []
    if any(rep.usable and Reason.COMPENSATION in rep.reasons for rep in reps):
        marks.append(f"{TILTED} the body tilted with it; part of the angle is not the hip's.")
    return [
        "IR internal, ER external rotation, with 95 % interval. Shaded: repetition, thick: held end range.",
        *([" ".join(marks)] if marks else []),
        "Measurement aid; not a diagnosis.",
    ]


def interval_text(span: Range | None) -> str:
    """A range as text: `33° (25 to 42)`, or a dash."""
    if span is None:
        return "–"
    return f"{whole(span.value)}° ({whole(span.low)} to {whole(span.high)})"


def printable(name: str) -> str:
    """A file name shortened to fit into the title, with `?` for characters that the font lacks.

    >>> printable("hip" * 40 + ".mp4")
    'hiphiphiphiphiphiphiphiphiphip…phiphiphiphiphiphiphiphip.mp4'
    """
    font = FT2Font(Path(matplotlib.get_data_path(), _FONT))
    known = "".join(letter if letter.isprintable() and font.get_char_index(ord(letter)) else "?" for letter in name)
    half = _LONGEST_NAME // 2
    return known if len(known) <= _LONGEST_NAME else f"{known[:half]}…{known[len(known) - half + 1 :]}"
