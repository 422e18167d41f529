"""How the hips went over the visits, as charts."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from hipcv.landmarks import SHOWN_SIDES
from hipcv.visit import Visit
from hipcv.web.charts import COLOURS, PURPLE, SHAPES, AnyChart, line_at_zero, scales
from hipcv.words import Words


def trend(visits: Sequence[Visit], quantity: str, words: Words) -> AnyChart:
    """One quantity of both hips over the visits, each with its interval."""
    rows = [
        {
            "day": visit.measured_at.astimezone(),
            "side": words(f"app.side.{side.value}"),
            **_span(visit.document["hips"][side.value][quantity]),
        }
        for visit in visits
        for side in SHOWN_SIDES
    ]
    frame = pd.DataFrame([row for row in rows if "value" in row], columns=["day", "side", "value", "low", "high"])
    scale = scales(words, color=COLOURS, shape=SHAPES)
    shift = alt.XOffset("side:N")
    colour = alt.Color("side:N", scale=scale["color"], title=None, legend=alt.Legend(orient="top"))
    return _over_visits(frame, words, colour, shift, alt.Shape("side:N", scale=scale["shape"], title=None))


def trend_of_difference(visits: Sequence[Visit], quantity: str, words: Words) -> AnyChart:
    """Right minus left of one quantity over the visits."""
    rows = [{"day": visit.measured_at.astimezone(), **_span(visit.document["asymmetry"][quantity])} for visit in visits]
    frame = pd.DataFrame([row for row in rows if "value" in row], columns=["day", "value", "low", "high"])
    chart = _over_visits(frame, words, alt.value(PURPLE))
    return alt.layer(line_at_zero("y"), chart)


def _span(document: Mapping[str, Any] | None) -> dict[str, float]:
    return {name: document[name] for name in ("value", "low", "high")} if document else {}


def _over_visits(frame: pd.DataFrame, words: Words, colour: Any, *channels: Any) -> AnyChart:
    frame = frame.assign(day=frame["day"].map(lambda day: day.strftime(words("app.date_format"))))
    base = alt.Chart(frame).encode(
        x=alt.X("day:O", sort=None, title=words("visits.trend_date"), axis=alt.Axis(labelAngle=-40)), color=colour
    )
    offset = [one for one in channels if isinstance(one, alt.XOffset)]
    shape = [one for one in channels if isinstance(one, alt.Shape)]
    y = alt.Y("value:Q", title=words("visits.trend_axis"), scale=alt.Scale(zero=False))
    spans = base.mark_rule(strokeWidth=3).encode(alt.Y("low:Q", title=words("visits.trend_axis")), alt.Y2("high:Q"), *offset)
    points = base.mark_point(filled=True, size=110, opacity=1).encode(y, *offset, *shape)
    return alt.layer(spans, points).properties(height=300)
