"""What the figures of a study and of a validation share, and how every figure is saved."""

import os
from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from hipcv.rendering.figure_panels import DPI, FAMILY
from hipcv.system.writing import replacing

LARGE, MIDDLE, SMALL = 17, 14, 12
DARK, LIGHT, GREY = "#0b4f8a", "#e08214", "#8c8c8c"
"""Blue and orange of clearly different brightness, distinguishable for colour-blind eyes and in greyscale."""
Mark = tuple[str, str, str]
"""Shape, colour and edge."""
MARKS: tuple[Mark, Mark] = ("o", DARK, DARK), ("^", LIGHT, "#7f3b08")
LEAST_LIMIT_DEG = 3.0
"""Least half height of a panel of errors."""


def save_png(figure: Figure, out: str | os.PathLike[str]) -> None:
    """Write a figure as PNG.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    with replacing(out) as unfinished:
        figure.savefig(unfinished, format="png")


def new_figure(title: str, *, width_in: float, height_in: float, title_in: float) -> Figure:
    """A figure created without pyplot and so without a window or global state; `title_in` is from its top to the middle of the title."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.5, 1 - title_in / height_in, title, fontsize=LARGE, weight="bold", ha="center", va="center", family=FAMILY)
    return figure


def add_points(axes: Axes, x: ArrayLike, y: ArrayLike, mark: Mark, *, label: str | None, size: float, alpha: float) -> None:
    """Plot points, in front of all lines."""
    shape, face, edge = mark
    axes.scatter(x, y, s=size, marker=shape, color=face, edgecolors=edge, alpha=alpha, label=label, zorder=3)


def add_equality(axes: Axes, ends_deg: Sequence[float], *, label: str | None = None) -> None:
    """Plot the line on which both angles are equal, and give both axes the range of `ends_deg`."""
    low, high = min(ends_deg) - 2, max(ends_deg) + 2
    axes.plot([low, high], [low, high], color="black", linewidth=1.2, zorder=1, label=label)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)


def add_grid(axes: Axes, axis: Literal["x", "y"]) -> None:
    """Draw pale lines at the numbers of one axis."""
    axes.grid(axis=axis, color="#dddddd", linewidth=0.8)


def name_panel(axes: Axes, title: str, x: str, y: str, *, pad_pt: float) -> None:
    """Write the title, `pad_pt` above the panel, and the names of the axes."""
    axes.set_title(title, loc="left", fontsize=MIDDLE, weight="bold", family=FAMILY, pad=pad_pt)
    axes.set_xlabel(x, fontsize=SMALL, family=FAMILY)
    axes.set_ylabel(y, fontsize=SMALL, family=FAMILY)


def add_legend(axes: Axes, *, left: float) -> None:
    """Put the legend above the panel, where no point can lie; `left` is where it begins, in widths of the panel."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(left, 0.985), ncols=4, frameon=False, prop={"family": FAMILY, "size": SMALL},
        handletextpad=0.4, handlelength=1.4, columnspacing=1.0,
    )  # fmt: skip


def finish_panel(axes: Axes) -> None:
    """Give the numbers their type, and take off the frame."""
    axes.tick_params(labelsize=SMALL, labelfontfamily=FAMILY)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)


def say_instead(axes: Axes, text: str, size: int) -> None:
    """Write why a panel is empty."""
    axes.text(0.5, 0.5, text, fontsize=size, ha="center", family=FAMILY, transform=axes.transAxes)
    axes.set_axis_off()
