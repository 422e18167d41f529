"""Charts of the hips over the visits."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import altair as alt
import pandas as pd

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.dates import day_text
from hipcv.measurement import Interval
from hipcv.records.visit import Visit
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.store import changes
from hipcv.store.changes import Document, Obstacle
from hipcv.web.parts.charts import HOLLOW, PURPLE, SHAPES, AnyChart, difference_text, line_at_zero, range_text, side_scale

_HEIGHT = 300
_SIDE_PX, _SAME_DAY_PX = 5, 22
"""How far the sides of a visit, and the visits of one day, are drawn apart: the axis shows weeks."""
_MOST_APART = 2
"""Visits of one day that are drawn apart; more would reach into other days."""
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Point(Interval):
    """One angle of one visit, or one difference between its sides."""

    visit: str
    """Number and day, so that two visits within a minute stay apart."""
    at: datetime
    """When it was measured, in local time."""
    nth: int
    """How many visits of that day came before."""
    side: str
    """Name of the side in the person's language; empty for a difference."""
    sound: bool
    """If not, drawn hollow: the recording was seriously flawed, or no verdict on the sides is possible."""
    alike: bool
    """If not, drawn dashed: filmed or measured differently from the latest visit."""


def of_hips(visits: Sequence[Visit], quantity: Quantity, words: Words) -> list[Point]:
    """One quantity of both hips, where measured; the last visit is the latest."""
    return [
        Point(
            **_span(found),
            **place,
            side=words(f"app.side.{side.value}"),
            sound=not changes.is_doubtful(document),
        )
        for place, document in _placed(visits, words)
        for side in SHOWN_SIDES
        if (found := document["hips"][side.value][quantity.field])
    ]


def of_difference(visits: Sequence[Visit], quantity: Quantity, words: Words) -> list[Point]:
    """Right minus left of one quantity, where measured; the last visit is the latest."""
    return [
        Point(
            **_span(found),
            **place,
            side="",
            sound=changes.has_verdict(document, quantity) and not changes.is_doubtful(document),
        )
        for place, document in _placed(visits, words)
        if (found := document["asymmetry"][quantity.field])
    ]


def _placed(visits: Sequence[Visit], words: Words) -> Iterator[tuple[dict[str, Any], Document]]:
    """Name, time and set-up of each visit, and its document."""
    n_of_day: dict[date, int] = {}
    for number, visit in enumerate(visits, 1):
        nth = n_of_day[visit.day] = n_of_day.get(visit.day, -1) + 1
        at = visit.measured_at.astimezone().replace(tzinfo=None)
        alike = not changes.unlike_set_up(visit.document, visits[-1].document)
        yield {"visit": f"{number}. {day_text(visit.day, words)}", "at": at, "nth": nth, "alike": alike}, visit.document


def _span(document: Document) -> dict[str, Any]:
    return {name: document[name] for name in ("value", "low", "high")}


# ---------------------------------------------------------------------- the chart
def trend(points: Sequence[Point], quantity: Quantity, words: Words) -> AnyChart:
    """Every point at its day: the two sides in their colours, or one difference with a line at zero; shaded is what varies by itself."""
    of_sides = any(point.side for point in points)
    groups: dict[tuple[str, int], list[Point]] = {}
    for point in points:
        groups.setdefault((point.side, point.nth), []).append(point)
    days = ticks(point.at for point in points)
    marks = [mark for (side, nth), group in groups.items() for mark in _marks(group, _apart_px(side, nth, words), days, words)]
    return alt.layer(*_bands(points, quantity, words), *([] if of_sides else [line_at_zero("y")]), *marks).properties(height=_HEIGHT)


def _apart_px(side: str, nth: int, words: Words) -> float:
    """How far beside its day a point is drawn."""
    sides = [words(f"app.side.{one.value}") for one in SHOWN_SIDES]
    of_side = _SIDE_PX * (2 * sides.index(side) - 1) if side else 0
    return of_side + _SAME_DAY_PX * min(nth, _MOST_APART)


def _marks(points: Sequence[Point], apart_px: float, days: Sequence[alt.DateTime], words: Words) -> Iterator[alt.Chart]:
    """Intervals and points of one side: dashed where filmed or measured otherwise than the latest, hollow where doubtful."""
    y = alt.Y("value:Q", **_y(words))
    base = _base(points, days, words)
    dash = alt.condition("datum.alike", alt.value([1, 0]), alt.value([4, 4]))
    yield base.mark_rule(strokeWidth=3, xOffset=apart_px).encode(alt.Y("low:Q", **_y(words)), alt.Y2("high:Q"), strokeDash=dash)
    marked = base.encode(y)
    if points[0].side:
        marked = marked.encode(alt.Shape("side:N", scale=side_scale(SHAPES, words), title=None))
    yield marked.transform_filter("datum.sound").mark_point(filled=True, size=110, opacity=1, xOffset=apart_px)
    yield marked.transform_filter("!datum.sound").mark_point(**HOLLOW, size=150, opacity=1, xOffset=apart_px)


def _y(words: Words) -> dict[str, Any]:
    return {"title": words("visits.trend_axis"), "scale": alt.Scale(zero=False)}


def _base(points: Sequence[Point], days: Sequence[alt.DateTime], words: Words) -> alt.Chart:
    """Points over time, in the colour of their side, with ticks at the days."""
    rows = pd.DataFrame({**asdict(point), "text": _text(point, words)} for point in points)
    axis = alt.Axis(format=words("app.axis_day"), labelAngle=-40, grid=False, values=days, labelOverlap=True)
    colour = alt.Color("side:N", scale=side_scale(SIDE_COLOURS, words), title=None, legend=alt.Legend(orient="top"))
    return alt.Chart(rows).encode(
        x=alt.X("at:T", title=None, axis=axis, scale=alt.Scale(padding=24)),
        color=colour if points[0].side else alt.value(PURPLE),
        tooltip=[alt.Tooltip("visit:N", title=words("visits.trend_visit")), alt.Tooltip("text:N", title=words("visits.trend_axis"))],
    )


def ticks(times: Iterable[datetime]) -> list[alt.DateTime]:
    """The first visit of each day, of many days some: where an axis of time has its labels."""
    firsts: dict[date, datetime] = {}
    for at in sorted(times):
        firsts.setdefault(at.date(), at)
    chosen = list(firsts.values())[:: math.ceil(len(firsts) / _MOST_TICKS)]
    return [alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour, minutes=at.minute, seconds=at.second) for at in chosen]


def _bands(points: Sequence[Point], quantity: Quantity, words: Words) -> Iterator[alt.Chart]:
    """Around each side's first number that can be relied on, what people vary by themselves."""
    times = [point.at for point in points]
    variation_deg = changes.variation_deg(quantity, same_day=len({at.date() for at in times}) == 1)
    colours = {words(f"app.side.{side.value}"): SIDE_COLOURS[side] for side in SHOWN_SIDES}
    firsts: dict[str, Point] = {}
    for point in points:
        if point.sound and point.alike:
            firsts.setdefault(point.side, point)
    for side, first in firsts.items():
        half_deg = variation_deg if side else 2**0.5 * variation_deg
        yield band(times, first.value, half_deg, colours.get(side, PURPLE), words)


def band(times: Sequence[datetime], middle_deg: float, half_deg: float, colour: str, words: Words) -> alt.Chart:
    """A faint area with a dashed outline around an angle, over all times."""
    ends = pd.DataFrame({"at": [min(times), max(times)], "from": middle_deg - half_deg, "to": middle_deg + half_deg})
    look: dict[str, Any] = {"fill": colour, "fillOpacity": 0.08, "stroke": colour, "strokeDash": [3, 3]}
    drawn: alt.Chart = alt.Chart(ends).mark_area(**look).encode(x="at:T", y=alt.Y("from:Q", **_y(words)), y2="to:Q")
    return drawn


def _text(point: Point, words: Words) -> str:
    return f"{point.side}: {range_text(point)}" if point.side else difference_text(point, words)


def trend_text(points: Sequence[Point], words: Words) -> str:
    """The chart as text, visit by visit, for those who cannot see it."""
    of_visit: dict[str, list[str]] = {}
    for point in points:
        of_visit.setdefault(point.visit, []).append(_text(point, words))
    return "; ".join(f"{visit}: {', '.join(texts)}" for visit, texts in of_visit.items())


def caveats(visits: Sequence[Visit], quantity: Quantity | None, words: Words) -> Iterator[str]:
    """Sentences on the points drawn differently, one per reason; `quantity` is given if the chart shows the difference of the sides."""
    documents = [visit.document for visit in visits]
    yield from _doubts(documents, quantity, words)
    if others := _numbers(changes.other_body(one, documents[-1]) for one in documents):
        yield words("visits.trend_other_body", visits=others, latest=len(visits))
    if reasons := _why_unlike(documents, words):
        yield "\n".join([words("visits.trend_unlike", latest=len(visits)), *(f"- {reason}" for reason in reasons)])


def _doubts(documents: Sequence[Document], quantity: Quantity | None, words: Words) -> Iterator[str]:
    """Why points are hollow."""
    if doubtful := _numbers(changes.is_doubtful(one) for one in documents):
        yield words("visits.trend_doubtful", visits=doubtful)
    if quantity and (
        unjudged := _numbers(one["asymmetry"][quantity.field] and not changes.has_verdict(one, quantity) for one in documents)
    ):
        yield words("visits.trend_no_verdict", visits=unjudged)


def _why_unlike(documents: Sequence[Document], words: Words) -> list[str]:
    """How earlier visits differ from the latest one in filming or measuring, and which do."""
    found = [changes.unlike_set_up(one, documents[-1]) for one in documents]
    return [
        words("visits.trend_why", visits=unlike, why=words(f"visits.obstacle.{obstacle.value}"))
        for obstacle in Obstacle
        if (unlike := _numbers(obstacle in of_visit for of_visit in found))
    ]


def _numbers(chosen: Iterable[bool]) -> str:
    """Numbers of the chosen visits, as on the axis and in the lists: `2, 5`."""
    return ", ".join(str(number) for number, one in enumerate(chosen, 1) if one)
