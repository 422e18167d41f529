"""A validation in one figure: agreement, and the dependence of the error. Marks differ in shape and brightness, not only in colour."""

import os
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hipcv.statistics.agreement import Row, statistics
from hipcv.statistics.text_blocks import counted, degrees
from hipcv.system.writing import replacing
from hipcv.validation.comparison import Camera, Reference, Validation, step_words
from hipcv.validation.grouping import regression
from hipcv.validation.words import limits_text

_FAMILY = "DejaVu Sans"
_LARGE, _MIDDLE, _SMALL = 17, 14, 12
_WIDTH_IN, _PANEL_IN, _DPI = 14.0, 4.6, 100
_GREY = "#595959"
_DARK, _LIGHT = "#0b4f8a", "#e08214"
"""Blue and orange of clearly different brightness, distinguishable for colour-blind eyes and in greyscale."""
_MARKS = {"internal": ("o", _DARK, _DARK, "internal"), "external": ("^", _LIGHT, "#7f3b08", "external")}
_LEAST_LIMIT_DEG = 3.0

Panel = Callable[[Axes, Validation], None]


def write_figure(result: Validation, out: str | os.PathLike[str]) -> None:
    """Write a PNG 1400 px wide.

    Raises
    ------
    OutputError
        If the figure cannot be written; no partial file is left.
    """
    figure = draw_figure(result)
    with replacing(out) as unfinished:
        figure.savefig(unfinished, format="png")


def draw_figure(result: Validation) -> Figure:
    """The figure, created without pyplot and so without a window or global state; two panels per row."""
    panels = _panels(result)
    n_rows = (len(panels) + 1) // 2
    height_in = _PANEL_IN * n_rows + 1.0
    figure = Figure(figsize=(_WIDTH_IN, height_in), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(
        n_rows, 2, left=0.075, right=0.975, bottom=0.75 / height_in, top=1 - 1.25 / height_in, wspace=0.2, hspace=1.5 / _PANEL_IN
    )
    for index, draw in enumerate(panels):
        alone = index == len(panels) - 1 and index % 2 == 0
        axes = figure.add_subplot(grid[index // 2, :] if alone else grid[index // 2, index % 2])
        draw(axes, result)
        axes.tick_params(labelsize=_SMALL, labelfontfamily=_FAMILY)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
    reference = "a goniometer" if result.reference is Reference.GONIOMETER else "the truth"
    title = f"hipcv against {reference}: {counted(len(result.end_ranges()), 'end range')} of {counted(len(result.clips()), 'clip')}"
    figure.text(0.5, 1 - 0.3 / height_in, title, fontsize=_LARGE, weight="bold", ha="center", va="center", family=_FAMILY)
    return figure


def _panels(result: Validation) -> list[Panel]:
    """The panels for which there is data."""
    if not result.end_ranges():
        return [_nothing]
    panels: list[Panel] = [_bland_altman, _against_each_other, _against_angle]
    cameras = result.cameras.values()
    if any(camera.yaw_deg is not None for camera in cameras):
        panels.append(_against_yaw)
    if any(camera.roll_deg is not None for camera in cameras):
        panels.append(_against_roll)
    return [*panels, *([_ablation] if result.ablation else [])]


def _nothing(axes: Axes, _: Validation) -> None:
    axes.text(0.5, 0.5, "Nothing could be compared.", fontsize=_MIDDLE, ha="center", family=_FAMILY, transform=axes.transAxes)
    axes.set_axis_off()


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
    _name(axes, "Bland–Altman", f"mean of measured and {_reference(result)}, degrees", "error, degrees")
    _legend(axes)


def _against_each_other(axes: Axes, result: Validation) -> None:
    rows = result.end_ranges()
    for quantity, (mark, face, edge, label) in _MARKS.items():
        some = [row for row in rows if row.quantity == quantity]
        errors = [[row.measured_deg - row.low_deg for row in some], [row.high_deg - row.measured_deg for row in some]]
        style = {"marker": mark, "markersize": 8, "markerfacecolor": face, "markeredgecolor": edge}
        true, measured = [row.true_deg for row in some], [row.measured_deg for row in some]
        axes.errorbar(true, measured, yerr=errors, linestyle="none", ecolor="#8c8c8c", elinewidth=1.2, label=label, **style)  # type: ignore[arg-type]
    ends = [deg for row in rows for deg in (row.true_deg, row.low_deg, row.high_deg)]
    low, high = min(ends) - 2, max(ends) + 2
    axes.plot([low, high], [low, high], color="black", linewidth=1.2, zorder=1)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    axes.annotate(
        "line: the two are equal; bars: 95 % interval", (0.98, 0.04), xycoords="axes fraction", fontsize=_SMALL, ha="right", family=_FAMILY
    )
    _name(axes, f"Measured against {_reference(result)}", f"{_reference(result)}, degrees", "measured, degrees")
    _legend(axes)


# ---------------------------------------------------------------------- what the error depends on
def _against_angle(axes: Axes, result: Validation) -> None:
    rows = result.end_ranges()
    _scatter(axes, rows, lambda row: row.true_deg)
    if line := regression(rows):
        slope, start_deg = line
        true = [row.true_deg for row in rows]
        ends = np.array([min(true), max(true)])
        axes.plot(ends, start_deg + slope * ends, color="black", linewidth=1.6, linestyle="--", zorder=2, label="regression")
    _name(axes, "Error against the angle", f"{_reference(result)}, degrees", "error, degrees")
    _legend(axes)


def _against_yaw(axes: Axes, result: Validation) -> None:
    _against_camera(axes, result, lambda camera: camera.yaw_deg)
    _name(axes, "Error against camera yaw", "camera aside, degrees (+ toward the person's left)", "error, degrees")


def _against_roll(axes: Axes, result: Validation) -> None:
    _against_camera(axes, result, lambda camera: camera.roll_deg)
    _name(axes, "Error against camera roll", "camera leaning, degrees (+ scene turned clockwise)", "error, degrees")


def _against_camera(axes: Axes, result: Validation, value_of: Callable[[Camera], float | None]) -> None:
    known = {clip: value for clip, camera in result.cameras.items() if (value := value_of(camera)) is not None}
    _scatter(axes, [row for row in result.end_ranges() if row.clip in known], lambda row: known[row.clip])
    _legend(axes)


def _ablation(axes: Axes, result: Validation) -> None:
    bars = [("nothing", statistics(result.end_ranges()).mean_absolute_error_deg)]
    bars += [(step_words(one.step), one.end_ranges.mean_absolute_error_deg) for one in result.ablation if one.end_ranges]
    sizes = [size for _, size in bars]
    axes.barh(range(len(bars)), sizes, color=[_GREY, *[_DARK] * (len(bars) - 1)], height=0.45)
    for place, (name, size) in enumerate(bars):
        axes.text(size, place, f"  {degrees(size)}", fontsize=_SMALL, va="center", family=_FAMILY)
        axes.text(0, place - 0.25, f" {name}", fontsize=_SMALL, va="bottom", family=_FAMILY)
    axes.set_yticks([])
    axes.set_ylim(len(bars) - 0.5, -0.9)
    axes.set_xlim(0, 1.15 * max(*sizes, 0.1))
    axes.grid(axis="x", color="#dddddd", linewidth=0.8)
    _name(axes, "Mean absolute error with one step left out", "degrees", "")


# ---------------------------------------------------------------------- what the panels share
def _scatter(axes: Axes, rows: Sequence[Row], x_of: Callable[[Row], float]) -> None:
    """Plot the errors of both directions, on a vertical axis centred on zero."""
    for quantity, (mark, face, edge, label) in _MARKS.items():
        some = [row for row in rows if row.quantity == quantity]
        errors = [row.error_deg for row in some]
        axes.scatter([x_of(row) for row in some], errors, s=70, marker=mark, color=face, edgecolors=edge, alpha=0.85, label=label, zorder=3)
    limit_deg = max(_LEAST_LIMIT_DEG, 1.35 * max((abs(row.error_deg) for row in rows), default=0))
    axes.set_ylim(-limit_deg, limit_deg)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.axhline(0, color="#8c8c8c", linewidth=0.9, zorder=1)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)


def _name(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set_title(title, loc="left", fontsize=_MIDDLE, weight="bold", family=_FAMILY, pad=26)
    axes.set_xlabel(x, fontsize=_SMALL, family=_FAMILY)
    axes.set_ylabel(y, fontsize=_SMALL, family=_FAMILY)


def _legend(axes: Axes) -> None:
    """Put the legend above the panel, where no point can lie."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 0.985),
        ncols=4,
        frameon=False,
        prop={"family": _FAMILY, "size": _SMALL},
        handletextpad=0.4,
        handlelength=1.4,
        columnspacing=1.0,
    )


def _reference(result: Validation) -> str:
    return "goniometer" if result.reference is Reference.GONIOMETER else "true"
