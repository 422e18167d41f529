"""A validation in one figure: agreement, and the dependence of the error. Marks differ in shape and brightness, not only in colour."""

import os
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hipcv.codes import Quantity
from hipcv.language.sentences import ENGLISH
from hipcv.rendering import drawing
from hipcv.rendering.drawing import SMALL
from hipcv.rendering.figure_panels import FAMILY
from hipcv.statistics.agreement import Row, statistics
from hipcv.statistics.text_blocks import degrees
from hipcv.validation.comparison import Camera, Reference, Validation
from hipcv.validation.grouping import regression
from hipcv.validation.words import limits_text

_WIDTH_IN, _PANEL_IN = 14.0, 4.6
_MARKS = dict(zip((Quantity.INTERNAL, Quantity.EXTERNAL), drawing.MARKS, strict=True))
_NOTHING_LEFT_OUT = "#595959"
"""Colour of the bar that the others are compared with."""

Panel = Callable[[Axes, Validation], None]


def write_figure(result: Validation, out: str | os.PathLike[str]) -> None:
    """Write a PNG 1400 px wide.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    drawing.save_png(draw_figure(result), out)


def draw_figure(result: Validation) -> Figure:
    """The figure, bound to no window; two panels per row."""
    panels = _panels(result)
    n_rows = (len(panels) + 1) // 2
    height_in = _PANEL_IN * n_rows + 1.0
    ends = ENGLISH("research.count.ends", n=len(result.end_ranges()))
    clips = ENGLISH("research.count.clips", n=len(result.clips()))
    title = ENGLISH("research.validation.figure_title", case=result.reference.value, ends=ends, clips=clips)
    figure = drawing.new_figure(title, width_in=_WIDTH_IN, height_in=height_in, title_in=0.3)
    grid = figure.add_gridspec(
        n_rows, 2, left=0.075, right=0.975, bottom=0.75 / height_in, top=1 - 1.25 / height_in, wspace=0.2, hspace=1.5 / _PANEL_IN
    )
    for index, draw in enumerate(panels):
        alone = index == len(panels) - 1 and index % 2 == 0
        axes = figure.add_subplot(grid[index // 2, :] if alone else grid[index // 2, index % 2])
        draw(axes, result)
        if axes.get_legend_handles_labels()[0]:
            drawing.add_legend(axes, left=-0.02)
        drawing.finish_panel(axes)
    return figure


def _panels(result: Validation) -> list[Panel]:
    """The panels for which there is data."""
    if not result.end_ranges():
        return [lambda axes, _: drawing.say_instead(axes, ENGLISH("research.validation.nothing_compared"), drawing.MIDDLE)]
    panels: list[Panel] = [_bland_altman, _against_each_other, _against_angle]
    for value_of, name, label in _OF_CAMERA:
        if any(value_of(camera) is not None for camera in result.cameras.values()):
            panels.append(partial(_against_camera, value_of=value_of, name=name, label=label))
    if result.ablation:
        panels.append(_ablation)
    return panels


# ---------------------------------------------------------------------- agreement
def _bland_altman(axes: Axes, result: Validation) -> None:
    rows = result.end_ranges()
    found = statistics(rows)
    _scatter(axes, rows, lambda row: (row.true_deg + row.measured_deg) / 2)
    axes.axhline(found.bias_deg, color="black", linewidth=1.6, zorder=2, label=f"bias {degrees(found.bias_deg, signed=True)}")
    if found.limits_of_agreement_deg:
        low_deg, high_deg = found.limits_of_agreement_deg
        axes.axhline(low_deg, color="black", linestyle="--", linewidth=1.6, zorder=2, label=f"limits {limits_text(found)}")
        axes.axhline(high_deg, color="black", linestyle="--", linewidth=1.6, zorder=2)
        most_deg = max(axes.get_ylim()[1], 1.2 * abs(low_deg), 1.2 * abs(high_deg))
        axes.set_ylim(-most_deg, most_deg)
    _name(axes, "Bland–Altman", f"mean of measured and {_reference(result)}, degrees")


def _against_each_other(axes: Axes, result: Validation) -> None:
    rows = result.end_ranges()
    for quantity, (mark, face, edge) in _MARKS.items():
        some = [row for row in rows if row.quantity == quantity]
        errors = [[row.measured_deg - row.low_deg for row in some], [row.high_deg - row.measured_deg for row in some]]
        style = {"marker": mark, "markersize": 8, "markerfacecolor": face, "markeredgecolor": edge}
        true, measured = [row.true_deg for row in some], [row.measured_deg for row in some]
        axes.errorbar(true, measured, yerr=errors, linestyle="none", ecolor=drawing.GREY, elinewidth=1.2, label=quantity, **style)  # type: ignore[arg-type]
    drawing.add_equality(axes, [deg for row in rows for deg in (row.true_deg, row.low_deg, row.high_deg)])
    told = "line: the two are equal; bars: 95 % interval"
    axes.annotate(told, (0.98, 0.04), xycoords="axes fraction", fontsize=SMALL, ha="right", family=FAMILY)
    _name(axes, f"Measured against {_reference(result)}", f"{_reference(result)}, degrees", "measured, degrees")


# ---------------------------------------------------------------------- what the error depends on
def _against_angle(axes: Axes, result: Validation) -> None:
    rows = result.end_ranges()
    _scatter(axes, rows, lambda row: row.true_deg)
    if line := regression(rows):
        slope, start_deg = line
        true = [row.true_deg for row in rows]
        ends = np.array([min(true), max(true)])
        axes.plot(ends, start_deg + slope * ends, color="black", linewidth=1.6, linestyle="--", zorder=2, label="regression")
    _name(axes, "Error against the angle", f"{_reference(result)}, degrees")


_OF_CAMERA: tuple[tuple[Callable[[Camera], float | None], str, str], ...] = (
    (lambda camera: camera.yaw_deg, "Error against camera yaw", "camera aside, degrees (+ toward the person's left)"),
    (lambda camera: camera.roll_deg, "Error against camera roll", "camera leaning, degrees (+ scene turned clockwise)"),
)


def _against_camera(axes: Axes, result: Validation, value_of: Callable[[Camera], float | None], name: str, label: str) -> None:
    known = {clip: value for clip, camera in result.cameras.items() if (value := value_of(camera)) is not None}
    _scatter(axes, [row for row in result.end_ranges() if row.clip in known], lambda row: known[row.clip])
    _name(axes, name, label)


def _ablation(axes: Axes, result: Validation) -> None:
    bars = [("nothing", statistics(result.end_ranges()).mean_absolute_error_deg)]
    bars += [(ENGLISH.word("step", one.step), one.end_ranges.mean_absolute_error_deg) for one in result.ablation if one.end_ranges]
    sizes = [size for _, size in bars]
    axes.barh(range(len(bars)), sizes, color=[_NOTHING_LEFT_OUT, *[drawing.DARK] * (len(bars) - 1)], height=0.45)
    for place, (name, size) in enumerate(bars):
        axes.text(size, place, f"  {degrees(size)}", fontsize=SMALL, va="center", family=FAMILY)
        axes.text(0, place - 0.25, f" {name}", fontsize=SMALL, va="bottom", family=FAMILY)
    axes.set_yticks([])
    axes.set_ylim(len(bars) - 0.5, -0.9)
    axes.set_xlim(0, 1.15 * max(*sizes, 0.1))
    drawing.add_grid(axes, "x")
    _name(axes, "Mean absolute error with one step left out", "degrees", "")


# ---------------------------------------------------------------------- what the panels share
def _scatter(axes: Axes, rows: Sequence[Row], x_of: Callable[[Row], float]) -> None:
    """Plot the errors of both directions, on a vertical axis centred on zero."""
    for quantity, mark in _MARKS.items():
        some = [row for row in rows if row.quantity == quantity]
        drawing.add_points(axes, [x_of(row) for row in some], [row.error_deg for row in some], mark, label=quantity, size=70, alpha=0.85)
    limit_deg = max(drawing.LEAST_LIMIT_DEG, 1.35 * max((abs(row.error_deg) for row in rows), default=0))
    axes.set_ylim(-limit_deg, limit_deg)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.axhline(0, color=drawing.GREY, linewidth=0.9, zorder=1)
    drawing.add_grid(axes, "y")


def _name(axes: Axes, title: str, x: str, y: str = "error, degrees") -> None:
    drawing.name_panel(axes, title, x, y, pad_pt=26)


def _reference(result: Validation) -> str:
    return "goniometer" if result.reference is Reference.GONIOMETER else "true"
