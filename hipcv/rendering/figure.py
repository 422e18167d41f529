"""The figure of both hips over time: the swings, the held end ranges, the repetitions that count, and the results in numbers below."""

import os
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.ticker import MultipleLocator

from hipcv.codes import Quantity, Reason, Severity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import SEVERITY_MARKS, short_reason
from hipcv.measurement import Finding, Hip, Measurement, Range, Rep
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.system.writing import replacing
from hipcv.values import Direction, RotationSeries, Zero

_WIDTH_IN, _HEIGHT_IN, _DPI = 14.0, 11.5, 100
_LEFT, _RIGHT = 0.085, 0.978
"""Edges of the panels as fractions of the figure's width."""
_FOOTER_IN, _HEADER_IN = 2.8, 1.0
"""Heights below and above the panels; caveats make the footer, and the figure, taller."""
_FAMILY = "DejaVu Sans"
_FONT = "fonts/ttf/DejaVuSans.ttf"
_LARGE, _MIDDLE, _SMALL = 20, 17, 14
_GREY = "#595959"
_UNTESTED_HEIGHT = 0.45
_LEAST_LIMIT_DEG, _MOST_LIMIT_DEG = 30.0, 100.0
_ZEROS = {Zero.REST: "zero: leg at rest", Zero.GRAVITY: "zero: picture's vertical"}
_LONGEST_NAME = 60
_MOST_CAVEATS = 3
_LINE_LETTERS, _LINE_IN = 118, 0.29
_NAMES = {Quantity.INTERNAL: "IR", Quantity.EXTERNAL: "ER", Quantity.TOTAL: "total"}
_SEVERITY_COLOURS = {Severity.SERIOUS: "#a8071a", Severity.WARNING: "black"}
_TILTED = "*"
"""Follows the end range of a repetition in which the body tilted."""


def write_figure(measurement: Measurement, out: str | os.PathLike[str]) -> None:
    """Write a PNG 1400 px wide with the rotation of both hips over time, the repetitions, the ranges and their intervals.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    figure = draw_figure(measurement)
    with replacing(out) as unfinished:
        figure.savefig(unfinished, format="png")


def draw_figure(measurement: Measurement) -> Figure:
    """The figure, created without pyplot and so without a window or global state."""
    caveats = _caveat_lines(measurement.findings)
    height_in = _HEIGHT_IN + _LINE_IN * (len(caveats) + 0.5 if caveats else 0)
    figure = Figure(figsize=(_WIDTH_IN, height_in), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    heights = [1.0 if measurement.hips[side].reps else _UNTESTED_HEIGHT for side in SHOWN_SIDES]
    panels = figure.subplots(
        2,
        1,
        sharex=True,
        sharey=True,
        gridspec_kw={
            "height_ratios": heights,
            "left": _LEFT,
            "right": _RIGHT,
            "top": 1 - _HEADER_IN / height_in,
            "bottom": (height_in - _HEIGHT_IN + _FOOTER_IN) / height_in,
            "hspace": 0.16,
        },
    )
    limit_deg = _limit_deg(measurement)
    panels[0].set_ylim(-limit_deg, limit_deg)
    panels[0].set_xlim(0, max(measurement.clip.duration_s, float(measurement.landmarks.time_s[-1])))
    for side, axes in zip(SHOWN_SIDES, panels, strict=True):
        _draw_hip(axes, measurement.rotation[side], measurement.hips[side], limit_deg)
    panels[1].set_xlabel("time, s", fontsize=_MIDDLE, family=_FAMILY)
    title = f"Hip rotation: {printable(measurement.clip.name)}"
    figure.text(0.5, 1 - 0.4 / height_in, title, fontsize=_LARGE, weight="bold", ha="center", va="center", family=_FAMILY, parse_math=False)
    _write_footer(figure, measurement, caveats)
    return figure


def _limit_deg(measurement: Measurement) -> float:
    """Half the height of the panels in degrees, the same for both hips, with room for the numbers."""
    sizes = [abs(rep.end_range_deg) for hip in measurement.hips.values() for rep in hip.reps if rep.usable]
    for rotation in measurement.rotation.values():
        seen = np.abs(rotation.internal_rotation_deg[np.isfinite(rotation.internal_rotation_deg)])
        sizes += [float(np.percentile(seen, 99.5))] if len(seen) else []
    return float(np.clip(1.2 * max(sizes, default=0.0) + 10, _LEAST_LIMIT_DEG, _MOST_LIMIT_DEG))


# ---------------------------------------------------------------------- one hip
def _draw_hip(axes: Axes, rotation: RotationSeries, hip: Hip, limit_deg: float) -> None:
    colour = SIDE_COLOURS[hip.side]
    axes.axhline(0, color="black", linewidth=1.2, zorder=2)
    axes.plot(rotation.time_s, rotation.internal_rotation_deg, color=colour, linewidth=2, zorder=3)
    for rep in hip.reps:
        _draw_rep(axes, rep, colour, limit_deg)
    _write_values(axes, hip.reps)
    note = "" if hip.reps else ": no repetition" if np.isfinite(rotation.internal_rotation_deg).any() else ": not seen"
    axes.set_title(f"{hip.side.value.capitalize()} hip{note}", loc="left", fontsize=_MIDDLE, weight="bold", color=colour, family=_FAMILY)
    # The label is rotated by 90°, and its arrows with it: "→" points up.
    words = "← external | internal →\nrotation, degrees" if hip.reps else "degrees"
    axes.set_ylabel(words, fontsize=_MIDDLE if hip.reps else _SMALL, family=_FAMILY)
    axes.yaxis.set_major_locator(MultipleLocator(20))
    axes.tick_params(labelsize=_SMALL, labelfontfamily=_FAMILY)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_rep(axes: Axes, rep: Rep, colour: str, limit_deg: float) -> None:
    if rep.usable:
        axes.axvspan(rep.start_s, rep.end_s, color=colour, alpha=0.13, linewidth=0, zorder=1)
        level_deg = rep.direction.sign * rep.end_range_deg
        axes.plot([rep.hold_start_s, rep.hold_end_s], [level_deg] * 2, color=colour, linewidth=8 if rep.held else 3, zorder=4)
        return
    axes.axvspan(rep.start_s, rep.end_s, facecolor="#e4e4e4", edgecolor="#b0b0b0", hatch="//", linewidth=0, zorder=1)
    if (rep.end_s - rep.start_s) * _px_per_s(axes) >= 1.4 * _SMALL:
        axes.text(
            (rep.start_s + rep.end_s) / 2,
            -rep.direction.sign * 0.06 * limit_deg,  # the half that the curve leaves free
            short_reason(rep),
            fontsize=_SMALL,
            color="black",
            rotation=90,
            ha="center",
            va="top" if rep.direction is Direction.INTERNAL else "bottom",
            family=_FAMILY,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
            zorder=5,
        )


def _write_values(axes: Axes, reps: Sequence[Rep]) -> None:
    """Write the end range at each plateau that counts: horizontally if there is room, else vertically, else not at all."""
    for direction in Direction:
        counted = [rep for rep in reps if rep.usable and rep.direction is direction]
        middles_s = np.array([(rep.hold_start_s + rep.hold_end_s) / 2 for rep in counted])
        reasons_s = [(rep.start_s + rep.end_s) / 2 for rep in reps if not rep.usable and rep.direction is not direction]
        room_px = float(np.diff(np.sort([*middles_s, *reasons_s])).min(initial=np.inf)) * _px_per_s(axes)
        if room_px < 1.5 * _SMALL:
            continue
        level = room_px > 3.8 * _SMALL
        for rep, middle_s in zip(counted, middles_s, strict=True):
            axes.annotate(
                f"{rep.end_range_deg:.0f}°{_TILTED if Reason.COMPENSATION in rep.reasons else ''}",
                (middle_s, direction.sign * rep.end_range_deg),
                xytext=(0, 7 if direction is Direction.INTERNAL else -12),  # glyphs have more space below than above
                textcoords="offset points",
                fontsize=_MIDDLE if level else _SMALL,
                weight="bold",
                rotation=0 if level else 90,
                ha="center",
                va="bottom" if direction is Direction.INTERNAL else "top",
                family=_FAMILY,
                zorder=6,
            )


def _px_per_s(axes: Axes) -> float:
    start_s, end_s = axes.get_xlim()
    return _WIDTH_IN * _DPI * (_RIGHT - _LEFT) / (end_s - start_s)


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
    columns = (0.02, 0.125, 0.325, 0.525, 0.755)
    for row, side in enumerate(SHOWN_SIDES):
        hip = measurement.hips[side]
        cells = (
            f"{side.value.capitalize()}:",
            *(f"{name} {interval_text(hip[quantity])}" for quantity, name in _NAMES.items()),
            _ZEROS[hip.zero],
        )
        for x, cell in zip(columns, cells, strict=True):
            colour = SIDE_COLOURS[side] if x == columns[0] else "black"
            figure.text(x, (top_in - 0.4 * row) / height_in, cell, fontsize=_MIDDLE, color=colour, family=_FAMILY)
    for row, (line, colour) in enumerate(caveats):
        y = (top_in - 0.8 - _LINE_IN * row) / height_in
        figure.text(columns[0], y, line, fontsize=_SMALL, color=colour, family=_FAMILY, parse_math=False)
    reps = [rep for hip in measurement.hips.values() for rep in hip.reps]
    lines = ["IR internal, ER external rotation, with 95 % interval. Shaded: repetition, thick: held end range."]
    reasons = sorted({short_reason(rep) for rep in reps if not rep.usable})
    signs = [f"Hatched: not counted ({', '.join(reasons)})."] if reasons else []
    if any(rep.usable and Reason.COMPENSATION in rep.reasons for rep in reps):
        signs.append(f"{_TILTED} the body tilted with it; part of the angle is not the hip's.")
    lines += [" ".join(signs)] if signs else []
    lines.append("Measurement aid; not a diagnosis.")
    figure.text(0.02, 0.14 / height_in, "\n".join(lines), fontsize=_SMALL, linespacing=1.4, color=_GREY, va="bottom", family=_FAMILY)


def interval_text(span: Range | None) -> str:
    """A range as text: `33° (25 to 42)`, or a dash."""
    if span is None:
        return "–"
    return f"{span.value:.0f}° ({span.low:.0f} to {span.high:.0f})".replace("-", "−")


def printable(name: str) -> str:
    """A file name shortened to fit into the title, with `?` for characters that the font lacks.

    >>> printable("hip" * 40 + ".mp4")
    'hiphiphiphiphiphiphiphiphiphip…phiphiphiphiphiphiphiphip.mp4'
    """
    font = FT2Font(Path(matplotlib.get_data_path(), _FONT))
    known = "".join(letter if letter.isprintable() and font.get_char_index(ord(letter)) else "?" for letter in name)
    half = _LONGEST_NAME // 2
    return known if len(known) <= _LONGEST_NAME else f"{known[:half]}…{known[len(known) - half + 1 :]}"
