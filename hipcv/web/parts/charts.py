"""The charts of the pages, drawn with Altair: a result in, a chart out, no page state.

Everything that carries a meaning has a contrast of at least 3:1 (WCAG 2.2, 1.4.11) with the white and with the dark page: an area is a
faint fill with a solid outline, and whatever lies over a fill contrasts with that, too (tests/test_charts.py).
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Verdict
from hipcv.findings import norms
from hipcv.kinematics.ranges import bounds_deg
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import end, mark_if, whole
from hipcv.measurement import Asymmetry, Hip, Interval, Measurement
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.settings import Settings
from hipcv.values import RotationSeries

AnyChart = alt.LayerChart | alt.FacetChart

SHAPES = {Side.RIGHT: "square", Side.LEFT: "circle"}
"""Sides differ in colour and in shape."""
GREY, PURPLE = "#7A848C", "#9467BD"
"""Purple marks values that belong to neither side."""
FILL = 0.12
"""Opacity of an area."""
HOLLOW: dict[str, Any] = {"filled": False, "strokeWidth": 2.5}
"""Style of a point that supports fewer conclusions than the others."""
PICK = "rep"
"""Name of the selection in the chart over time."""
_REP_COLUMNS = ["rep", "side", "name", "start", "end", "held_from", "held_to", "level", "counts"]
_MOST_POINTS = 900
"""Most points drawn per curve; a screen shows no more."""


def side_scale(looks: Mapping[Side, str], words: Words) -> alt.Scale:
    """The scale that maps the name of each side to its look."""
    return alt.Scale(domain=[words(f"app.side.{side.value}") for side in SHOWN_SIDES], range=[looks[side] for side in SHOWN_SIDES])


def line_at_zero(channel: str) -> alt.Chart:
    """A line at zero across the whole chart."""
    rule: alt.Chart = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=GREY, strokeWidth=1.5).encode(**{channel: "value:Q"})
    return rule


# ---------------------------------------------------------------------- right minus left
def differences(asymmetry: Asymmetry, settings: Settings, words: Words) -> AnyChart:
    """Right minus left per quantity with its interval, over the band of differences that mean nothing; hollow if no verdict is possible."""
    rows: list[dict[str, Any]] = []
    for quantity, difference in asymmetry.found().items():
        band, _ = bounds_deg(quantity, settings)
        rows.append(
            {
                "quantity": words(f"app.quantity.{quantity}"),
                **numbers(difference),
                "from": -band,
                "to": band,
                "text": difference_text(difference, words),
                "judged": difference.verdict is not Verdict.NONE,
            }
        )
    limit = max([20.0, *(abs(row[end]) + 4 for row in rows for end in ("low", "high"))])
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("quantity:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False, orient="left"))
    )
    axis: dict[str, Any] = {"title": words("result.difference_axis"), "scale": alt.Scale(domain=[-limit, limit], nice=False)}
    marks: dict[str, Any] = {"size": 130, "shape": "diamond", "color": PURPLE, "opacity": 1}
    told = {"x": alt.X("value:Q", **axis), "tooltip": [alt.Tooltip("quantity:N", title=" "), alt.Tooltip("text:N", title=" ")]}
    return alt.layer(
        base.mark_bar(**area(GREY), height=26).encode(x=alt.X("from:Q", **axis), x2="to:Q"),
        line_at_zero("x"),
        base.mark_rule(strokeWidth=4, color=PURPLE).encode(x=alt.X("low:Q", **axis), x2="high:Q"),
        base.transform_filter("datum.judged").mark_point(filled=True, **marks).encode(**told),
        base.transform_filter("!datum.judged").mark_point(**HOLLOW, **marks).encode(**told),
    ).properties(height=alt.Step(46))


def area(colour: str) -> dict[str, Any]:
    """A faint fill with a visible outline."""
    return {"fill": colour, "fillOpacity": FILL, "stroke": colour, "strokeWidth": 1.5}


def differences_text(asymmetry: Asymmetry, words: Words) -> str:
    """The chart of differences as text, for those who cannot see it."""
    found = asymmetry.found().items()
    return "; ".join(f"{words(f'app.quantity.{quantity}')} {difference_text(difference, words)}" for quantity, difference in found)


def numbers(angle: Interval) -> dict[str, float]:
    """An angle with its interval as columns of a chart."""
    return {"value": angle.value, "low": angle.low, "high": angle.high}


def range_text(span: Interval) -> str:
    """A range as text: `31° (26 … 36)`."""
    return f"{whole(span.value)}° ({whole(span.low)} … {whole(span.high)})"


def document_range_text(span: Mapping[str, Any]) -> str:
    """The same for a range of a document, with the mark of one that rests on a correction: `31° (26 … 36) ✎`."""
    return range_text(Interval(span["value"], span["low"], span["high"])) + mark_if(edited=span.get("edited", False))


def difference_text(difference: Interval, words: Words) -> str:
    """A difference as text: `−9° (−14 … −4)`."""
    return words.marked(f"{whole(difference.value, signed=True)}° ({end(difference.low)} … {end(difference.high)})")


# ---------------------------------------------------------------------- over time
def over_time(measurement: Measurement, words: Words) -> AnyChart:
    """Both hips over time; the repetitions are shaded and can be selected."""
    curves = pd.concat(_curve(measurement.rotation[side], words) for side in SHOWN_SIDES)
    reps = pd.DataFrame(rep_rows(measurement, words), columns=_REP_COLUMNS)
    scale = side_scale(SIDE_COLOURS, words)
    colour = alt.Color("side:N", scale=scale, title=None, legend=alt.Legend(orient="top"))
    plain: dict[str, Any] = {"scale": scale, "legend": None}
    pick = alt.selection_point(name=PICK, fields=["rep"], on="click", toggle=False)
    x = alt.X("t:Q", title=words("result.time_axis"), axis=alt.Axis(grid=False))
    y = alt.Y("deg:Q", title=words("result.angle_axis"))
    shaded = (
        alt.Chart(reps)
        .mark_rect(cursor="pointer", fillOpacity=FILL)
        .encode(
            x=alt.X("start:Q", title=words("result.time_axis")),
            x2="end:Q",
            fill=alt.Fill("side:N", **plain),
            stroke=alt.Stroke("side:N", **plain),
            strokeWidth=alt.condition(pick, alt.value(4), alt.value(1), empty=False),
            tooltip=[alt.Tooltip("name:N", title=words("result.rep"))],
        )
        .add_params(pick)
    )
    lines = alt.Chart(curves).mark_line(strokeWidth=2, tooltip=False).encode(x=x, y=y, color=colour, detail="side:N")
    plateaus = (
        alt.Chart(reps[reps["counts"]])
        .mark_rule(strokeWidth=6)
        .encode(x="held_from:Q", x2="held_to:Q", y="level:Q", color=alt.Color("side:N", **plain))
    )
    return alt.layer(shaded, line_at_zero("y"), lines, plateaus).properties(height=320)


def rep_rows(measurement: Measurement, words: Words) -> list[dict[str, Any]]:
    """One row per repetition in order of time; `rep` is named `right-0`, like its still."""
    rows = []
    for hip in (measurement.hips[side] for side in SHOWN_SIDES):
        side = words(f"app.side.{hip.side.value}")
        for index, rep in enumerate(hip.reps):
            direction = words(f"app.direction.{rep.direction.value}")
            rows.append(
                {
                    "rep": f"{hip.side.value}-{index}",
                    "side": side,
                    "name": words("result.rep_name", side=side, direction=direction, number=hip.number_of(rep)),
                    "start": rep.start_s,
                    "end": rep.end_s,
                    "held_from": rep.hold_start_s,
                    "held_to": rep.hold_end_s,
                    "level": rep.direction.sign * rep.end_range_deg,
                    "counts": rep.usable,
                }
            )
    return sorted(rows, key=lambda row: row["start"])


def over_time_text(measurement: Measurement, words: Words) -> str:
    """The repetitions of the chart over time with their end ranges as text, for those who cannot see it."""
    return "; ".join(
        words("result.rep_text", name=row["name"], angle=whole(abs(row["level"])), time=words.number(row["held_from"]))
        for row in rep_rows(measurement, words)
    )


def _curve(rotation: RotationSeries, words: Words) -> pd.DataFrame:
    step = max(1, len(rotation.time_s) // _MOST_POINTS)
    points = {"t": rotation.time_s[::step], "deg": rotation.internal_rotation_deg[::step]}
    return pd.DataFrame({**points, "side": words(f"app.side.{rotation.side.value}")})


# ---------------------------------------------------------------------- beside studies
def beside_studies(hips: Mapping[Side, Hip], quantity: Quantity, words: Words, *, own: bool) -> AnyChart:
    """One quantity of each hip with its interval, over the published ranges; each row has its name above it, which suits a narrow phone."""
    rows = _reference_rows(hips, quantity, words, own=own)
    frame = pd.DataFrame({"row": name, "side": side, **numbers(span)} for name, side, span in rows)
    measured, bands = frame[frame["side"] != ""], frame[frame["side"] == ""]
    reached = [0.0, *(end for _, _, span in rows for end in (span.low, span.high))]
    ends = [int(np.floor(min(reached) / 10)) * 10, int(np.ceil(max(reached) / 10)) * 10]
    x: dict[str, Any] = {"scale": alt.Scale(domain=ends, nice=False), "title": words("result.reference_axis")}
    y = alt.Y("row:N", sort=list(frame["row"]), title=None, axis=None)
    low = pd.DataFrame({"row": frame["row"], "left": float(ends[0])})
    names = alt.Chart(low).mark_text(align="left", dx=4, dy=-10, fontSize=12).encode(x=alt.X("left:Q", **x), y=y, text="row:N")
    band = alt.Chart(bands).mark_bar(**area(GREY), height=12, yOffset=8).encode(x=alt.X("low:Q", **x), x2="high:Q", y=y)
    mean = alt.Chart(bands).mark_tick(color=GREY, thickness=3, height=12, yOffset=8).encode(x=alt.X("value:Q", **x), y=y)
    colour = alt.Color("side:N", scale=side_scale(SIDE_COLOURS, words), legend=None)
    shape = alt.Shape("side:N", scale=side_scale(SHAPES, words), legend=None)
    span = alt.Chart(measured).mark_rule(strokeWidth=4, yOffset=8).encode(x=alt.X("low:Q", **x), x2="high:Q", y=y, color=colour)
    point = (
        alt.Chart(measured)
        .mark_point(filled=True, size=110, opacity=1, yOffset=8)
        .encode(x=alt.X("value:Q", **x), y=y, color=colour, shape=shape)
    )
    title = alt.TitleParams(words(f"app.quantity.{quantity}"), anchor="start")
    return alt.layer(band, mean, span, point, names).properties(title=title, height=alt.Step(42))


def _reference_rows(hips: Mapping[Side, Hip], quantity: Quantity, words: Words, *, own: bool) -> list[tuple[str, str, Interval]]:
    """Name, side and angle of the measured hips, then of the studies, which have no side."""
    whose = "own" if own else "other"
    measured = [
        (words("result.study.you", case=whose, side=words(f"app.side.{side.value}").lower()), words(f"app.side.{side.value}"), span)
        for side in SHOWN_SIDES
        if (span := hips[side][quantity]) is not None
    ]
    studies = [
        (words(f"result.study.{study.group}", n=study.n), "", Interval(study.mean_deg, study.low_deg, study.high_deg))
        for study in norms.STUDIES
        if study.quantity is quantity
    ]
    return [*measured, *studies]


def reference_text(hips: Mapping[Side, Hip], quantity: Quantity, words: Words, *, own: bool) -> str:
    """The chart beside the studies as text, for those who cannot see it."""
    return "; ".join(f"{name}: {range_text(span)}" for name, _, span in _reference_rows(hips, quantity, words, own=own))
