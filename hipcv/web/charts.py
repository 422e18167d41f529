"""The charts of the pages, as Altair draws them: no page state, only a result in and a chart out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hipcv import reference
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.measurement import Asymmetry, Difference, Hip, Measurement
from hipcv.report import QUANTITIES, whole
from hipcv.settings import Settings
from hipcv.words import Words

AnyChart = alt.LayerChart | alt.FacetChart

COLOURS = {Side.RIGHT: "#0072B2", Side.LEFT: "#D55E00"}
"""Of Okabe and Ito; both stand out by 3 and more from a white and from a dark page."""
SHAPES = {Side.RIGHT: "square", Side.LEFT: "circle"}
"""Sides differ in colour and in shape."""
GREY, PURPLE = "#8A949C", "#7A4FA3"
"""Purple is what belongs to neither side."""
PICK = "rep"
"""Name of the selection in the chart over time."""
_REP_COLUMNS = ["rep", "side", "name", "start", "end", "held_from", "held_to", "level", "counts"]
_MOST_POINTS = 900
"""Of a curve: a screen shows no more."""


def scales(words: Words, **values: Mapping[Side, str]) -> dict[str, alt.Scale]:
    """How the sides look in each channel that is named."""
    names = [words(f"app.side.{side.value}") for side in SHOWN_SIDES]
    return {name: alt.Scale(domain=names, range=[of[side] for side in SHOWN_SIDES]) for name, of in values.items()}


def differences(asymmetry: Asymmetry, settings: Settings, words: Words) -> AnyChart:
    """Right minus left of each quantity with its interval, over the band inside which it means nothing."""
    rows = []
    for name in QUANTITIES:
        difference = getattr(asymmetry, name)
        if difference is None:
            continue
        band = settings.notice_total_deg if name == "total_deg" else settings.notice_direction_deg
        rows.append(
            {
                "quantity": words(f"app.quantity.{name}"),
                "value": difference.value,
                "low": difference.low,
                "high": difference.high,
                "from": -band,
                "to": band,
                "text": _text(difference),
            }
        )
    limit = max([20.0, *(abs(row[end]) + 4 for row in rows for end in ("low", "high"))])
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("quantity:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False, orient="left"))
    )
    axis: dict[str, Any] = {"title": words("result.difference_axis"), "scale": alt.Scale(domain=[-limit, limit], nice=False)}
    return alt.layer(
        base.mark_bar(color=GREY, opacity=0.25, height=26).encode(x=alt.X("from:Q", **axis), x2="to:Q"),
        line_at_zero("x"),
        base.mark_rule(strokeWidth=4, color=PURPLE).encode(x=alt.X("low:Q", **axis), x2="high:Q"),
        base.mark_point(filled=True, size=130, shape="diamond", color=PURPLE, opacity=1).encode(
            x=alt.X("value:Q", **axis), tooltip=["quantity:N", "text:N"]
        ),
    ).properties(height=alt.Step(46))


def line_at_zero(channel: str) -> alt.Chart:
    """Across the whole chart."""
    rule: alt.Chart = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=GREY, strokeWidth=1.5).encode(**{channel: "value:Q"})
    return rule


def over_time(measurement: Measurement, words: Words) -> AnyChart:
    """Both hips over time; the repetitions are shaded and can be chosen."""
    curves = pd.DataFrame(
        {"t": t, "deg": deg, "side": words(f"app.side.{side.value}")}
        for side in SHOWN_SIDES
        for t, deg in _thinned(measurement.rotation[side].time_s, measurement.rotation[side].internal_rotation_deg)
    )
    reps = pd.DataFrame(rep_rows(measurement, words), columns=_REP_COLUMNS)
    scale = scales(words, color=COLOURS)
    colour = alt.Color("side:N", scale=scale["color"], title=None, legend=alt.Legend(orient="top"))
    pick = alt.selection_point(name=PICK, fields=["rep"], on="click", toggle=False)
    x = alt.X("t:Q", title=words("result.time_axis"), axis=alt.Axis(grid=False))
    y = alt.Y("deg:Q", title=words("result.angle_axis"))
    shaded = (
        alt.Chart(reps)
        .mark_rect(cursor="pointer")
        .encode(
            x=alt.X("start:Q", title=words("result.time_axis")),
            x2="end:Q",
            color=alt.Color("side:N", scale=scale["color"], legend=None),
            opacity=alt.condition(pick, alt.value(0.4), alt.value(0.13), empty=False),
            tooltip=[alt.Tooltip("name:N", title=words("result.rep"))],
        )
        .add_params(pick)
    )
    lines = alt.Chart(curves).mark_line(strokeWidth=2, tooltip=False).encode(x=x, y=y, color=colour, detail="side:N")
    plateaus = (
        alt.Chart(reps[reps["counts"]])
        .mark_rule(strokeWidth=6)
        .encode(x="held_from:Q", x2="held_to:Q", y="level:Q", color=alt.Color("side:N", scale=scale["color"], legend=None))
    )
    return alt.layer(shaded, line_at_zero("y"), lines, plateaus).properties(height=320)


def rep_rows(measurement: Measurement, words: Words) -> list[dict[str, Any]]:
    """One row a repetition, in order of time, named `right-0` as its picture is."""
    rows = []
    for side in SHOWN_SIDES:
        for index, rep in enumerate(measurement.hips[side].reps):
            number = 1 + sum(other.direction is rep.direction for other in measurement.hips[side].reps[:index])
            name = words(
                "result.rep_name",
                side=words(f"app.side.{side.value}"),
                direction=words(f"app.direction.{rep.direction.value}"),
                number=number,
            )
            rows.append(
                {
                    "rep": f"{side.value}-{index}",
                    "side": words(f"app.side.{side.value}"),
                    "name": name,
                    "start": rep.start_s,
                    "end": rep.end_s,
                    "held_from": rep.hold_start_s,
                    "held_to": rep.hold_end_s,
                    "level": rep.direction.sign * rep.end_range_deg,
                    "counts": rep.usable,
                }
            )
    return sorted(rows, key=lambda row: row["start"])


def _thinned(time_s: np.ndarray, deg: np.ndarray) -> Iterable[tuple[float, float | None]]:
    step = max(1, len(time_s) // _MOST_POINTS)
    for t, value in zip(time_s[::step].tolist(), deg[::step].tolist(), strict=True):
        yield t, None if value != value else value


def beside_studies(hips: Mapping[Side, Hip], quantity: str, words: Words) -> AnyChart:
    """One quantity of each hip with its interval, over the published ranges."""
    bands = pd.DataFrame(
        {
            "row": words(f"result.study.{study.group}", n=study.n),
            "low": study.low_deg,
            "mean": study.mean_deg,
            "high": study.high_deg,
        }
        for study in reference.STUDIES
        if study.quantity == quantity
    )
    own = pd.DataFrame(
        (
            {
                "row": words("result.study.you", side=words(f"app.side.{side.value}")),
                "side": words(f"app.side.{side.value}"),
                "value": span.value,
                "low": span.low,
                "high": span.high,
            }
            for side in SHOWN_SIDES
            if (span := getattr(hips[side], quantity)) is not None
        ),
        columns=["row", "side", "value", "low", "high"],
    )
    scale = scales(words, color=COLOURS, shape=SHAPES)
    y = alt.Y("row:N", sort=[*own["row"], *bands["row"]], title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    x: dict[str, Any] = {"scale": alt.Scale(domain=[0, 110]), "title": words("result.reference_axis")}
    band = alt.Chart(bands).mark_bar(color=GREY, opacity=0.35, height=14).encode(x=alt.X("low:Q", **x), x2="high:Q", y=y)
    mean = alt.Chart(bands).mark_tick(color=GREY, thickness=2, height=14).encode(x=alt.X("mean:Q", **x), y=y)
    colour = alt.Color("side:N", scale=scale["color"], legend=None)
    span = alt.Chart(own).mark_rule(strokeWidth=4).encode(x=alt.X("low:Q", **x), x2="high:Q", y=y, color=colour)
    point = (
        alt.Chart(own)
        .mark_point(filled=True, size=110, opacity=1)
        .encode(x=alt.X("value:Q", **x), y=y, color=colour, shape=alt.Shape("side:N", scale=scale["shape"], legend=None))
    )
    title = alt.TitleParams(words(f"app.quantity.{quantity}"), anchor="start")
    return alt.layer(band, mean, span, point).properties(title=title, height=alt.Step(26))


def values_text(asymmetry: Asymmetry, words: Words) -> str:
    """What the chart of differences shows, for those who do not see it."""
    parts: Sequence[str] = [
        f"{words(f'app.quantity.{name}')} {_text(difference)}"
        for name in QUANTITIES
        if (difference := getattr(asymmetry, name)) is not None
    ]
    return "; ".join(parts)


def _text(difference: Difference) -> str:
    value, low, high = (whole(one, signed=True) for one in (difference.value, difference.low, difference.high))
    return f"{value}° ({low} … {high})"
