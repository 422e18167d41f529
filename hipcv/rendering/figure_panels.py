"""Rotation of both hips over time as two panels, for the figure and for the printed report: swings, holds, and what counts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from hipcv.catalogues.words import Words
from hipcv.codes import Reason
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import ENGLISH, short_reason, whole
from hipcv.measurement import Hip, Measurement, Rep
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.values import Direction, RotationSeries

WIDTH_IN, DPI = 14.0, 100
FAMILY = "DejaVu Sans"
MIDDLE, SMALL = 17, 14
TILTED = "*"
"""Beside the end range of a repetition in which the body tilted."""
_LEFT, _RIGHT = 0.085, 0.978
"""Edges of the panels in shares of the figure."""
_ALONE_HEIGHT_IN = 8.65
_UNTESTED_HEIGHT = 0.45
_LEAST_LIMIT_DEG, _MOST_LIMIT_DEG = 30.0, 100.0


def draw_panels(measurement: Measurement, words: Words) -> Figure:
    """The panels alone, without title and numbers, in a language; bound to no window and no global state."""
    figure = Figure(figsize=(WIDTH_IN, _ALONE_HEIGHT_IN), dpi=DPI, facecolor="white")
    add_panels(figure, measurement, top_in=0.35, bottom_in=0.6, words=words)
    return figure


def add_panels(figure: Figure, measurement: Measurement, *, top_in: float, bottom_in: float, words: Words = ENGLISH) -> None:
    """Draw one panel for each hip, leaving so much room above and below them."""
    height_in = figure.get_figheight()
    heights = [1.0 if measurement.hips[side].reps else _UNTESTED_HEIGHT for side in SHOWN_SIDES]
    edges = {"left": _LEFT, "right": _RIGHT, "top": 1 - top_in / height_in, "bottom": bottom_in / height_in}
    panels = figure.subplots(2, 1, sharex=True, sharey=True, gridspec_kw={"height_ratios": heights, "hspace": 0.16, **edges})
    limit_deg = _limit_deg(measurement)
    panels[0].set_ylim(-limit_deg, limit_deg)
    panels[0].set_xlim(0, max(measurement.clip.duration_s, float(measurement.landmarks.time_s[-1])))
    for side, axes in zip(SHOWN_SIDES, panels, strict=True):
        _draw_hip(axes, measurement.rotation[side], measurement.hips[side], limit_deg, words)
    panels[1].set_xlabel(words("report.panels.time"), fontsize=MIDDLE, family=FAMILY)


def _limit_deg(measurement: Measurement) -> float:
    """Half the height of the panels, the same for both hips, with room for the numbers."""
    sizes = [abs(rep.end_range_deg) for hip in measurement.hips.values() for rep in hip.reps if rep.usable]
    for rotation in measurement.rotation.values():
        seen = np.abs(rotation.internal_rotation_deg[np.isfinite(rotation.internal_rotation_deg)])
        sizes += [float(np.percentile(seen, 99.5))] if len(seen) else []
    return float(np.clip(1.2 * max(sizes, default=0.0) + 10, _LEAST_LIMIT_DEG, _MOST_LIMIT_DEG))


def _draw_hip(axes: Axes, rotation: RotationSeries, hip: Hip, limit_deg: float, words: Words) -> None:
    colour = SIDE_COLOURS[hip.side]
    axes.axhline(0, color="black", linewidth=1.2, zorder=2)
    axes.plot(rotation.time_s, rotation.internal_rotation_deg, color=colour, linewidth=2, zorder=3)
    for rep in hip.reps:
        _draw_rep(axes, rep, colour, limit_deg, words)
    _write_values(axes, hip.reps)
    axes.set_title(_title(hip, rotation, words), loc="left", fontsize=MIDDLE, weight="bold", color=colour, family=FAMILY)
    # The label is turned by a quarter, and its arrows with it: "→" points up.
    label = f"{words('report.panels.directions')}\n{words('report.panels.rotation')}" if hip.reps else words("report.panels.degrees")
    axes.set_ylabel(label, fontsize=MIDDLE if hip.reps else SMALL, family=FAMILY)
    axes.yaxis.set_major_locator(MultipleLocator(20))
    axes.tick_params(labelsize=SMALL, labelfontfamily=FAMILY)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _title(hip: Hip, rotation: RotationSeries, words: Words) -> str:
    name = words(f"app.hip.{hip.side.value}")
    if hip.reps:
        return name
    is_seen = np.isfinite(rotation.internal_rotation_deg).any()
    return words("report.panels.no_repetition" if is_seen else "report.panels.not_seen", hip=name)


def _draw_rep(axes: Axes, rep: Rep, colour: str, limit_deg: float, words: Words) -> None:
    if rep.usable:
        axes.axvspan(rep.start_s, rep.end_s, color=colour, alpha=0.13, linewidth=0, zorder=1)
        level_deg = rep.direction.sign * rep.end_range_deg
        axes.plot([rep.hold_start_s, rep.hold_end_s], [level_deg] * 2, color=colour, linewidth=8 if rep.held else 3, zorder=4)
        return
    axes.axvspan(rep.start_s, rep.end_s, facecolor="#e4e4e4", edgecolor="#b0b0b0", hatch="//", linewidth=0, zorder=1)
    if (rep.end_s - rep.start_s) * _px_per_s(axes) >= 1.4 * SMALL:
        axes.text(
            (rep.start_s + rep.end_s) / 2,
            -rep.direction.sign * 0.06 * limit_deg,  # the half that the movement leaves free
            short_reason(rep, words),
            fontsize=SMALL,
            color="black",
            rotation=90,
            ha="center",
            va="top" if rep.direction is Direction.INTERNAL else "bottom",
            family=FAMILY,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
            zorder=5,
        )


def _write_values(axes: Axes, reps: Sequence[Rep]) -> None:
    """The end range beside each plateau that counts: level if there is room between it and its neighbours, else upright, else not at all."""
    for direction in Direction:
        counted = [rep for rep in reps if rep.usable and rep.direction is direction]
        others = [rep for rep in reps if not rep.usable and rep.direction is not direction]
        room_px = _room_px(axes, counted, others)
        if room_px >= 1.5 * SMALL:
            for rep in counted:
                _write_value(axes, rep, level=room_px > 3.8 * SMALL)


def _room_px(axes: Axes, counted: Sequence[Rep], others: Sequence[Rep]) -> float:
    """Between the middles of neighbouring holds, and of repetitions whose reason is written on the same half."""
    middles_s = [*map(_middle_s, counted), *((rep.start_s + rep.end_s) / 2 for rep in others)]
    return float(np.diff(np.sort(middles_s)).min(initial=np.inf)) * _px_per_s(axes)


def _middle_s(rep: Rep) -> float:
    return (rep.hold_start_s + rep.hold_end_s) / 2


def _write_value(axes: Axes, rep: Rep, *, level: bool) -> None:
    upward = rep.direction is Direction.INTERNAL
    axes.annotate(
        f"{whole(rep.end_range_deg)}°{TILTED if Reason.COMPENSATION in rep.reasons else ''}",
        (_middle_s(rep), rep.direction.sign * rep.end_range_deg),
        xytext=(0, 7 if upward else -12),  # letters have more air below than above
        textcoords="offset points",
        fontsize=MIDDLE if level else SMALL,
        weight="bold",
        rotation=0 if level else 90,
        ha="center",
        va="bottom" if upward else "top",
        family=FAMILY,
        zorder=6,
    )


def _px_per_s(axes: Axes) -> float:
    start_s, end_s = axes.get_xlim()
    return WIDTH_IN * DPI * (_RIGHT - _LEFT) / (end_s - start_s)
