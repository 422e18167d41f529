"""The chart of a person's course: both hips over the days, with treatments and exercises between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk.course import Course
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.dates import visit_text
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.store import changes
from hipcv.store.people import CourseNote, NoteKind
from hipcv.web.parts.charts import GREY, HOLLOW, SHAPES, AnyChart, document_range_text, side_scale
from hipcv.web.parts.trend_charts import band

_HEIGHT = 320
_DASHES = {NoteKind.TREATMENT: [1, 0], NoteKind.EXERCISE: [6, 4], NoteKind.OTHER: [2, 3]}


def rows(course: Course, quantity: Quantity, words: Words) -> list[dict[str, Any]]:
    """One row per visit and side that has a number."""
    set_ups = course.new_set_ups()
    found = []
    for one in course.visits:
        for side in SHOWN_SIDES:
            if span := one.visit.document["hips"][side.value][quantity.field]:
                found.append(
                    {
                        "at": one.visit.measured_at.astimezone().replace(tzinfo=None),
                        "day": visit_text(one.visit, words),
                        "side": words(f"app.side.{side.value}"),
                        **{name: span[name] for name in ("value", "low", "high")},
                        "text": document_range_text(span),
                        "sound": not changes.is_doubtful(one.visit.document),
                        "set_up": one.visit.id in set_ups,
                        "signed": one.signature is not None,
                    }
                )
    return found


def chart(rows: Sequence[Mapping[str, Any]], notes: Sequence[CourseNote], quantity: Quantity, words: Words) -> AnyChart:
    """Points with intervals; the band is what people vary by themselves around the first visit; upright lines are notes."""
    frame = pd.DataFrame(rows)
    scale, legend = side_scale(SIDE_COLOURS, words), alt.Legend(orient="top", title=None)
    x = alt.X("at:T", title=None, axis=alt.Axis(format=words("app.axis_day"), labelAngle=-40, grid=False))
    y: dict[str, Any] = {"title": words("course.axis"), "scale": alt.Scale(zero=False)}
    base = alt.Chart(frame).encode(x=x, color=alt.Color("side:N", scale=scale, legend=legend))
    told = [alt.Tooltip("day:N", title=" "), alt.Tooltip("side:N", title=" "), alt.Tooltip("text:N", title=" ")]
    spans = base.mark_rule(strokeWidth=3, opacity=0.8).encode(y=alt.Y("low:Q", **y), y2="high:Q")
    lines = base.mark_line(strokeWidth=1.5).encode(y=alt.Y("value:Q", **y))
    points = base.encode(y=alt.Y("value:Q", **y), shape=alt.Shape("side:N", scale=side_scale(SHAPES, words), legend=legend), tooltip=told)
    sure = "datum.sound && datum.signed"
    hollow = points.transform_filter(f"!({sure})").mark_point(**HOLLOW, size=140, opacity=1)
    return alt.layer(
        *_bands(frame, quantity, words),
        *_notes(notes, words),
        *_set_ups(frame, x),
        lines,
        spans,
        points.transform_filter(sure).mark_point(filled=True, size=110, opacity=1),
        *([] if (frame["sound"] & frame["signed"]).all() else [hollow]),
    ).properties(height=_HEIGHT)


def _bands(frame: pd.DataFrame, quantity: Quantity, words: Words) -> list[alt.Chart]:
    """What people vary by themselves between days, around each side's first visit."""
    half_deg, bands = changes.variation_deg(quantity, same_day=False), []
    for side in SHOWN_SIDES:
        of_side = frame[frame["side"] == words(f"app.side.{side.value}")]
        if not of_side.empty:
            bands.append(band(list(frame["at"]), of_side["value"].iloc[0], half_deg, SIDE_COLOURS[side], words))
    return bands


def _notes(notes: Sequence[CourseNote], words: Words) -> Sequence[alt.Chart]:
    if not notes:
        return []
    frame = pd.DataFrame(
        {"at": pd.Timestamp(note.day), "kind": words(f"course.kind.{note.kind.value}"), "text": note.note} for note in notes
    )
    names = [words(f"course.kind.{kind.value}") for kind in NoteKind]
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=names, range=list(_DASHES.values())), legend=alt.Legend(orient="bottom", title=None)
    )
    told = [alt.Tooltip("kind:N", title=" "), alt.Tooltip("text:N", title=" ")]
    return [alt.Chart(frame).mark_rule(color=GREY, strokeWidth=2).encode(x="at:T", strokeDash=dash, tooltip=told)]


def _set_ups(frame: pd.DataFrame, x: alt.X) -> Sequence[alt.Chart]:
    """A triangle at the foot of a visit that was filmed or measured otherwise than the one before."""
    changed = frame[frame["set_up"]]
    if changed.empty:
        return []
    mark = alt.Chart(changed).mark_point(shape="triangle-up", color=GREY, filled=True, size=140, opacity=1, yOffset=-8)
    return [mark.encode(x=x, y=alt.value("height"))]


def text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The chart as text, for those who cannot see it."""
    return "; ".join(f"{row['day']}, {row['side']}: {row['text']}" for row in rows)
