"""A study in one figure: agreement, test–retest and asymmetry, one column per quantity. Sides differ in shape and in brightness."""

import os
from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hipcv.codes import Quantity
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.text_blocks import degrees, icc_text, percent
from hipcv.study import words
from hipcv.study.retest import POOLED
from hipcv.study.study import SIDES, Study
from hipcv.system.writing import replacing
from hipcv.values import FloatArray

_FAMILY = "DejaVu Sans"
_LARGE, _MIDDLE, _SMALL = 17, 14, 12
_WIDTH_IN, _ROW_IN, _DPI = 16.0, 5.2, 100
_DARK, _LIGHT, _GREY = "#0b4f8a", "#e08214", "#8c8c8c"
_MARKS = {"right": ("o", _DARK, _DARK), "left": ("^", _LIGHT, "#7f3b08")}
_LEAST_LIMIT_DEG = 3.0
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
    figure = draw_figure(study)
    with replacing(out) as unfinished:
        figure.savefig(unfinished, format="png")


def draw_figure(study: Study) -> Figure:
    """The figure, created without pyplot and so without a window or global state; one row per kind of result available."""
    rows = _rows(study)
    height_in = _ROW_IN * max(len(rows), 1) + 1.0
    figure = Figure(figsize=(_WIDTH_IN, height_in), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(
        0.5,
        1 - 0.35 / height_in,
        f"hipcv: {words.subjects(study)}",
        fontsize=_LARGE,
        weight="bold",
        ha="center",
        va="center",
        family=_FAMILY,
    )
    if not rows:
        figure.text(0.5, 0.5, "Too few subjects, sessions and references for a picture.", fontsize=_MIDDLE, ha="center", family=_FAMILY)
        return figure
    grid = figure.add_gridspec(
        len(rows), len(Quantity), left=0.06, right=0.985, bottom=0.75 / height_in, top=1 - 1.75 / height_in, wspace=0.24, hspace=2.0 / 3.2
    )
    for row, (quantities, draw) in enumerate(rows):
        for column, quantity in enumerate(Quantity):
            axes = figure.add_subplot(grid[row, column])
            if quantity in quantities:
                draw(axes, study, quantity)
                _finish(axes)
            else:
                told = f"{_rotation(quantity)}: too few"
                axes.text(0.5, 0.5, told, fontsize=_SMALL, ha="center", family=_FAMILY, transform=axes.transAxes)
                axes.set_axis_off()
    return figure


def _rows(study: Study) -> list[tuple[set[str], Panel]]:
    """The kinds of result available, each with its quantities and the function that draws it."""
    rows: list[tuple[set[str], Panel]] = [
        ({one.quantity for one in study.agreement if one.side != BOTH_SIDES}, _bland_altman),
        ({one.quantity for one in study.retest}, _retest),
        ({one.quantity for one in study.asymmetry}, _asymmetry),
    ]
    return [row for row in rows if row[0]]


# ---------------------------------------------------------------------- the three kinds of panels
def _bland_altman(axes: Axes, study: Study, quantity: str) -> None:
    found = next((one for one in study.agreement if (one.side, one.quantity) == (POOLED, quantity)), None)
    found = found or next(one for one in study.agreement if one.quantity == quantity and one.side != BOTH_SIDES)
    errors_deg = _errors(axes, study, quantity)
    for one, name in ((found.upper_deg, "limits"), (found.bias_deg, "bias"), (found.lower_deg, "")):
        style = "-" if name == "bias" else "--"
        axes.axhspan(one.low, one.high, color=_GREY, alpha=0.18, linewidth=0, zorder=1)
        axes.axhline(one.value, color="black", linestyle=style, linewidth=1.5, zorder=2, label=name or None)
    axes.axhline(0, color=_GREY, linewidth=0.9, zorder=1)
    ends = [*errors_deg, found.lower_deg.low, found.upper_deg.high, _LEAST_LIMIT_DEG]
    most = 1.08 * max(abs(end) for end in ends)
    axes.set_ylim(-most, most)
    bias = f"bias {words.estimate(found.bias_deg, signed=True)}°"
    limits = (
        f"limits {degrees(found.lower_deg.value, signed=True)[:-1]} to {degrees(found.upper_deg.value, signed=True)}; grey: 95 % intervals"
    )
    _name(
        axes,
        f"{_rotation(quantity)}: Bland–Altman",
        f"{bias}\n{limits}",
        "mean of measured and reference, degrees",
        "measured − reference, degrees",
    )


def _errors(axes: Axes, study: Study, quantity: str) -> list[float]:
    """Measured minus reference, over the mean of both; all of them."""
    errors_deg: list[float] = []
    for side, (mark, face, edge) in _MARKS.items():
        some = [a for a in study.angles if (a.side, a.quantity) == (side, quantity)]
        pairs = [((a.value_deg + a.reference_deg) / 2, a.value_deg - a.reference_deg) for a in some if a.reference_deg is not None]
        if pairs:
            x, y = zip(*pairs, strict=True)
            axes.scatter(x, y, s=45, marker=mark, color=face, edgecolors=edge, alpha=0.8, label=side, zorder=3)
            errors_deg += y
    return errors_deg


def _retest(axes: Axes, study: Study, quantity: str) -> None:
    found = [one for one in study.retest if one.quantity == quantity and one.side != POOLED]
    ends = []
    for one in found:
        mark, face, edge = _MARKS[one.side]
        first, *others = one.values_deg.T
        for place, later in enumerate(others):
            label = None if place else one.side
            axes.scatter(first, later, s=45, marker=mark, color=face, edgecolors=edge, alpha=0.8, label=label, zorder=3)
        ends += [float(one.values_deg.min()), float(one.values_deg.max())]
    low, high = min(ends) - 2, max(ends) + 2
    axes.plot([low, high], [low, high], color="black", linewidth=1.2, zorder=1, label="equal")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))  # the same steps on both axes
    later_name = f"session {study.sessions[1]}" if len(study.sessions) == 2 else "later sessions"
    told = "\n".join(f"{one.side}: ICC {icc_text(one.icc)}, SEM {degrees(one.sem_deg.value)}" for one in found)
    _name(axes, f"{_rotation(quantity)}: test–retest", told, f"session {study.sessions[0]}, degrees", f"{later_name}, degrees")


def _asymmetry(axes: Axes, study: Study, quantity: str) -> None:
    found = next(one for one in study.asymmetry if one.quantity == quantity)
    values = found.values_deg
    if len(values) < _FEWEST_FOR_BARS:
        heights = _piled(values)
        axes.scatter(values, heights, s=70, color=_DARK, zorder=4)
        axes.set_ylim(0, max(*heights, 2) + 1)
    else:
        axes.hist(values, bins=_bins(values), color=_DARK, edgecolor="white", zorder=2)
    for sign in (-1, 1):
        axes.axvline(
            sign * found.limit_deg,
            color="black",
            linestyle="--",
            linewidth=1.5,
            zorder=3,
            label=f"±{found.limit_deg:g}°" if sign > 0 else None,
        )
    axes.axvline(0, color=_GREY, linewidth=0.9, zorder=1)
    most = 1.15 * max(float(np.abs(values).max()), found.limit_deg)
    axes.set_xlim(-most, most)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    n = found.summary_deg.n
    told = f"{words.mean_and_sd(found.summary_deg, signed=True)}\n{found.n_beyond} of {n} ({percent(found.n_beyond / n)}) by {found.limit_deg:g}° or more"
    _name(axes, f"{_rotation(quantity)}: asymmetry", told, "right minus left, degrees", "subjects")


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
    axes.set_title(title, loc="left", fontsize=_MIDDLE, weight="bold", family=_FAMILY, pad=30 + _LINE_PT * len(told.splitlines()))
    axes.annotate(told, (0, 1), xytext=(0, 28), xycoords="axes fraction", textcoords="offset points", fontsize=_SMALL, family=_FAMILY)
    axes.set_xlabel(x, fontsize=_SMALL, family=_FAMILY)
    axes.set_ylabel(y, fontsize=_SMALL, family=_FAMILY)


def _finish(axes: Axes) -> None:
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.03, 0.985), ncols=4, frameon=False, prop={"family": _FAMILY, "size": _SMALL},
        handletextpad=0.4, handlelength=1.4, columnspacing=1.0,
    )  # fmt: skip
    axes.tick_params(labelsize=_SMALL, labelfontfamily=_FAMILY)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)


def _rotation(quantity: str) -> str:
    return "Total rotation" if quantity == "total" else f"{quantity.capitalize()} rotation"


assert set(_MARKS) == set(SIDES)
