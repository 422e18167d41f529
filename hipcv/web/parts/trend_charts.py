"""Charts of the hips over the visits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
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

_MOST_NAMES = 14
"""Most slanted labels that fit side by side on 300 pixels."""


@dataclass(frozen=True, slots=True)
class Point(Interval):
    """One angle of one visit, or one difference between its sides."""

    visit: str
    """Number and day, so that two visits within a minute stay apart."""
    side: str
    """Name of the side in the person's language; empty for a difference."""
    sound: bool
    """If not, drawn hollow: the recording was seriously flawed, or no verdict on the sides is possible."""
    alike: bool
    """If not, drawn dashed: filmed or measured differently from the latest visit."""


def of_hips(visits: Sequence[Visit], quantity: Quantity, words: Words) -> list[Point]:
    """One quantity of both hips, where measured; the last visit is the latest."""
    return [
        Point(**_span(found), visit=name, side=words(f"app.side.{side.value}"), sound=not changes.is_doubtful(document), alike=alike)
        for name, document, alike in _named(visits, words)
        for side in SHOWN_SIDES
        if (found := document["hips"][side.value][quantity.field])
    ]


def of_difference(visits: Sequence[Visit], quantity: Quantity, words: Words) -> list[Point]:
    """Right minus left of one quantity, where measured; the last visit is the latest."""
    return [
        Point(
            **_span(found),
            visit=name,
            side="",
            sound=changes.has_verdict(document, quantity) and not changes.is_doubtful(document),
            alike=alike,
        )
        for name, document, alike in _named(visits, words)
        if (found := document["asymmetry"][quantity.field])
    ]


def _named(visits: Sequence[Visit], words: Words) -> Iterator[tuple[str, Document, bool]]:
    """Name and document of each visit, and whether it was filmed and measured like the latest one."""
    for number, visit in enumerate(visits, 1):
        day = day_text(visit.day, words)
        yield f"{number}. {day}", visit.document, not changes.unlike_set_up(visit.document, visits[-1].document)


def _span(document: Document) -> dict[str, float]:
    return {name: document[name] for name in ("value", "low", "high")}


def trend(points: Sequence[Point], words: Words) -> AnyChart:
    """Every point over its visit: the two sides next to each other in their colours, or one difference with a line at zero."""
    of_sides = any(point.side for point in points)
    base = _over_visits(points, words)
    if of_sides:
        base = _by_side(base, words)
    y: dict[str, Any] = {"title": words("visits.trend_axis"), "scale": alt.Scale(zero=False)}
    dash = alt.condition("datum.alike", alt.value([1, 0]), alt.value([4, 4]))
    spans = base.mark_rule(strokeWidth=3).encode(alt.Y("low:Q", **y), alt.Y2("high:Q"), strokeDash=dash)
    marked = base.encode(alt.Y("value:Q", **y))
    if of_sides:
        marked = marked.encode(alt.Shape("side:N", scale=side_scale(SHAPES, words), title=None))
    size = 110 if _have_room(points) else 40
    sound = marked.transform_filter("datum.sound").mark_point(filled=True, size=size, opacity=1)
    hollow = marked.transform_filter("!datum.sound").mark_point(**HOLLOW, size=1.4 * size, opacity=1)
    return alt.layer(*([] if of_sides else [line_at_zero("y")]), spans, sound, hollow).properties(height=300)


def _over_visits(points: Sequence[Point], words: Words) -> alt.Chart:
    """The points over their visits; every visit is labelled as long as there is room."""
    visits = list(dict.fromkeys(point.visit for point in points))
    axis = alt.Axis(labelAngle=-40, labelOverlap=not _have_room(points))
    return alt.Chart(pd.DataFrame({**asdict(point), "text": _text(point, words)} for point in points)).encode(
        x=alt.X("visit:O", sort=visits, title=None, axis=axis),
        color=alt.value(PURPLE),
        tooltip=[alt.Tooltip("visit:N", title=words("visits.trend_visit")), alt.Tooltip("text:N", title=words("visits.trend_axis"))],
    )


def _have_room(points: Sequence[Point]) -> bool:
    """Whether labels and points of all visits fit side by side on a phone."""
    return len({point.visit for point in points}) <= _MOST_NAMES


def _by_side(base: alt.Chart, words: Words) -> alt.Chart:
    """The chart in the sides' colours, each side shifted by seven pixels, or less where many visits are close together."""
    apart = "min(7, bandwidth('x') / 4)"
    places = [alt.ExprRef(f"bandwidth('x') / 2 {sign} {apart}") for sign in "-+"]
    scale = side_scale(SIDE_COLOURS, words)
    return base.encode(
        color=alt.Color("side:N", scale=scale, title=None, legend=alt.Legend(orient="top")),
        xOffset=alt.XOffset("side:N", scale=alt.Scale(type="point", domain=scale.domain, range=places, padding=0)),
    )


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
    if doubtful := _numbers(changes.is_doubtful(one) for one in documents):
        yield words("visits.trend_doubtful", visits=doubtful)
    if quantity and (
        unjudged := _numbers(one["asymmetry"][quantity.field] and not changes.has_verdict(one, quantity) for one in documents)
    ):
        yield words("visits.trend_no_verdict", visits=unjudged)
    if reasons := _why_unlike(documents, words):
        yield "\n".join([words("visits.trend_unlike", latest=len(visits)), *(f"- {reason}" for reason in reasons)])


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
