"""A study in one figure: agreement, test–retest and asymmetry, one column per quantity. Sides differ in shape and in brightness."""

import os
from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hipcv.codes import Quantity
from hipcv.rendering import drawing
from hipcv.rendering.drawing import SMALL
from hipcv.rendering.figure_panels import FAMILY
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.text_blocks import degrees, icc_text, percent
from hipcv.study import words
from hipcv.study.cohort import with_reference
from hipcv.study.retest import POOLED
from hipcv.study.study import SIDES, Study
from hipcv.values import FloatArray

_WIDTH_IN, _ROW_IN = 16.0, 5.2
_MARKS = dict(zip(SIDES, drawing.MARKS, strict=True))
_FEWEST_FOR_BARS = 10
"""Fewest subjects for a histogram; fewer are drawn as one point each, since bars of one subject say less than its exact value."""
_LINE_PT = 18
"""Distance between the lines of text above a panel."""

Panel = Callable[[Axes, Study, str], None]


def write_figure(study: Study, out: str | os.PathLike[str]) -> None:
    """Write a PNG 1600 px wide.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    drawing.save_png(draw_figure(study), out)


def draw_figure(study: Study) -> Figure:
    """The figure, bound to no window; one row per kind of result available, one column per quantity."""
    kinds: list[tuple[set[str], Panel]] = [
        ({one.quantity for one in study.agreement if one.side != BOTH_SIDES}, _bland_altman),
        ({one.quantity for one in study.retest}, _retest),
        ({one.quantity for one in study.asymmetry}, _asymmetry),
    ]
    rows = [(quantities, draw) for quantities, draw in kinds if quantities]
    height_in = _ROW_IN * max(len(rows), 1) + 1.0
    figure = drawing.new_figure(f"hipcv: {words.subjects(study)}", width_in=_WIDTH_IN, height_in=height_in, title_in=0.35)
    if not rows:
        figure.text(
            0.5, 0.5, "Too few subjects, sessions and references for a picture.", fontsize=drawing.MIDDLE, ha="center", family=FAMILY
        )
        return figure
    grid = figure.add_gridspec(
        len(rows), len(Quantity), left=0.06, right=0.985, bottom=0.75 / height_in, top=1 - 1.75 / height_in, wspace=0.24, hspace=2.0 / 3.2
    )
    for row, (quantities, draw) in enumerate(rows):
        for column, quantity in enumerate(Quantity):
            axes = figure.add_subplot(grid[row, column])
            if quantity not in quantities:
                drawing.say_instead(axes, f"{quantity.capitalize()} rotation: too few", SMALL)
                continue
            draw(axes, study, quantity)
            drawing.add_legend(axes, left=-0.03)
            drawing.add_grid(axes, "y")
            drawing.finish_panel(axes)
    return figure


# ---------------------------------------------------------------------- the three kinds of panels
def _bland_altman(axes: Axes, study: Study, quantity: str) -> None:
    found = next((one for one in study.agreement if (one.side, one.quantity) == (POOLED, quantity)), None)
    found = found or next(one for one in study.agreement if one.quantity == quantity and one.side != BOTH_SIDES)
    errors_deg = _add_errors(axes, study, quantity)
    for one, name in ((found.upper_deg, "limits"), (found.bias_deg, "bias"), (found.lower_deg, "")):
        style = "-" if name == "bias" else "--"
        axes.axhspan(one.low, one.high, color=drawing.GREY, alpha=0.18, linewidth=0, zorder=1)
        axes.axhline(one.value, color="black", linestyle=style, linewidth=1.5, zorder=2, label=name or None)
    axes.axhline(0, color=drawing.GREY, linewidth=0.9, zorder=1)
    ends = [*errors_deg, found.lower_deg.low, found.upper_deg.high, drawing.LEAST_LIMIT_DEG]
    most = 1.08 * max(abs(end) for end in ends)
    axes.set_ylim(-most, most)
    told = f"bias {words.estimate(found.bias_deg, signed=True)}°\n"
    told += f"limits {degrees(found.lower_deg.value, signed=True)[:-1]} to {degrees(found.upper_deg.value, signed=True)}"
    told += "; grey: 95 % intervals"
    x, y = "mean of measured and reference, degrees", "measured − reference, degrees"
    _name(axes, f"{quantity.capitalize()} rotation: Bland–Altman", told, x, y)


def _add_errors(axes: Axes, study: Study, quantity: str) -> list[float]:
    """Plot measured minus reference over the mean of both; returns the errors."""
    errors_deg: list[float] = []
    for side, mark in _MARKS.items():
        if pairs := with_reference(angle for angle in study.angles if (angle.side, angle.quantity) == (side, quantity)):
            y, x = zip(*pairs, strict=True)
            drawing.add_points(axes, x, y, mark, label=side, size=45, alpha=0.8)
            errors_deg += y
    return errors_deg


def _retest(axes: Axes, study: Study, quantity: str) -> None:
    found = [one for one in study.retest if one.quantity == quantity and one.side != POOLED]
    ends = []
    for one in found:
        first, *others = one.values_deg.T
        for place, later in enumerate(others):
            drawing.add_points(axes, first, later, _MARKS[one.side], label=None if place else one.side, size=45, alpha=0.8)
        ends += [float(one.values_deg.min()), float(one.values_deg.max())]
    drawing.add_equality(axes, ends, label="equal")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))  # the same steps on both axes
    later_name = f"session {study.sessions[1]}" if len(study.sessions) == 2 else "later sessions"
    told = "\n".join(f"{one.side}: ICC {icc_text(one.icc)}, SEM {degrees(one.sem_deg.value)}" for one in found)
    _name(axes, f"{quantity.capitalize()} rotation: test–retest", told, f"session {study.sessions[0]}, degrees", f"{later_name}, degrees")


def _asymmetry(axes: Axes, study: Study, quantity: str) -> None:
    found = next(one for one in study.asymmetry if one.quantity == quantity)
    values = found.values_deg
    if len(values) < _FEWEST_FOR_BARS:
        heights = _piled(values)
        axes.scatter(values, heights, s=70, color=drawing.DARK, zorder=4)
        axes.set_ylim(0, max(*heights, 2) + 1)
    else:
        axes.hist(values, bins=_bins(values), color=drawing.DARK, edgecolor="white", zorder=2)
    for sign in (-1, 1):
        label = f"±{found.limit_deg:g}°" if sign > 0 else None
        axes.axvline(sign * found.limit_deg, color="black", linestyle="--", linewidth=1.5, zorder=3, label=label)
    axes.axvline(0, color=drawing.GREY, linewidth=0.9, zorder=1)
    most = 1.15 * max(float(np.abs(values).max()), found.limit_deg)
    axes.set_xlim(-most, most)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    n = found.summary_deg.n
    told = f"{words.mean_and_sd(found.summary_deg, signed=True)}\n{found.n_beyond} of {n} ({percent(found.n_beyond / n)}) by {found.limit_deg:g}° or more"
    _name(axes, f"{quantity.capitalize()} rotation: asymmetry", told, "right minus left, degrees", "subjects")


def _piled(values: FloatArray) -> list[int]:
    """The height of each point: on top of those in the same bin."""
    bins = np.digitize(values, _bins(values))
    return [int((bins[: place + 1] == one).sum()) for place, one in enumerate(bins)]


def _bins(values: FloatArray) -> list[float]:
    """Bins of 2° with an edge at 0; wider where there would be too many."""
    most = float(np.abs(values).max())
    width = next(width for width in (2.0, 5.0, 10.0, 20.0) if most / width <= 15 or width == 20.0)
    n = int(most // width) + 1
    return [width * place for place in range(-n, n + 1)]


# ---------------------------------------------------------------------- what the panels share
def _name(axes: Axes, title: str, told: str, x: str, y: str) -> None:
    """Write the title and, below it, the numbers, above the panel where no point can lie."""
    drawing.name_panel(axes, title, x, y, pad_pt=30 + _LINE_PT * len(told.splitlines()))
    axes.annotate(told, (0, 1), xytext=(0, 28), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, family=FAMILY)
