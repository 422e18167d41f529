"""The pictures of a result: the stills of the end ranges, the curves with their repetitions, and the film."""

from html import escape

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.kinematics.representative import representative_rep
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import edited_mark, whole
from hipcv.measurement import Measurement, Rep
from hipcv.records.record import OVERLAY, Record
from hipcv.rendering.report_pictures import leg_window
from hipcv.values import Direction
from hipcv.web.parts import charts, drawn
from hipcv.web.server import media_routes

_PLAINLY_DEG = 3.0
"""Difference between two directions in a picture that people notice without a protractor."""


def stills(record: Record, words: Words, drawing: bool, *, wide: bool = False) -> None:
    """Show one still for each end range that has a number, all at once when all are there; `wide` where they have the page for themselves."""
    chosen = _ends(record.measurement)
    shown = [(side, index) for side, index in chosen if record.still(side, index)]
    if not chosen:
        return
    st.header(words("result.stills"))
    if not shown or (drawing and len(shown) < len(chosen)):
        st.caption(_no_picture(words, drawing))
        return
    figures = "".join(_still(record, side, index, words, beside_mean=True) for side, index in shown)
    st.html(f'<div class="hipcv-stills{" hipcv-stills-wide" * wide}">{figures}</div>')
    if _is_corrected(record.measurement):
        st.caption(words("result.as_measured"))


def _ends(measurement: Measurement) -> list[tuple[Side, int]]:
    """The repetition that stands for each end range, by side and index."""
    chosen = [(side, representative_rep(measurement.hips[side], direction)) for side in SHOWN_SIDES for direction in Direction]
    return [(side, index) for side, index in chosen if index is not None]


def _is_corrected(measurement: Measurement) -> bool:
    return any(rep.edited for hip in measurement.hips.values() for rep in hip.reps)


def _no_picture(words: Words, drawing: bool) -> str:
    """Why a still is missing."""
    return words("result.no_still" if drawing else "result.no_pictures")


def _still(record: Record, side: Side, index: int, words: Words, *, beside_mean: bool = False) -> str:
    """The legs in a still, with the end range that is written in it, and where asked for the mean that stands in the table."""
    rep = record.measurement.hips[side].reps[index]
    direction = words(f"app.direction.{rep.direction.value}")
    hip, angle = words(f"app.hip.{side.value}"), whole(rep.end_range_deg)
    alt = words("result.stills_alt", hip=hip, direction=direction, angle=angle)
    mark = edited_mark(rep)
    span = record.measurement.hips[side][Quantity.of(rep.direction)]
    if beside_mean and span:
        mean, mark2 = whole(span.value), edited_mark(span)
        caption = words("result.still", hip=hip, direction=direction, angle=angle, mark=mark, n=span.n_reps, mean=mean, mark2=mark2)
    else:
        caption = words("result.still_alone", hip=hip, direction=direction, angle=angle, mark=mark)
    picture = record.still(side, index)
    source = media_routes.address(record.folder, picture.name) if picture else ""
    image = f'<img src="{source}" alt="{escape(alt)}" loading="lazy" style="{_crop(record.measurement, side, index)}">'
    flat = words("result.still_flat", angle=whole(rep.planar_deg)) if _looks_otherwise(rep) else ""
    remark = f"<small>{flat}</small>" if flat else ""
    return f'<figure class="hipcv-figure"><div class="hipcv-crop">{image}</div><figcaption>{caption}</figcaption>{remark}</figure>'


def _looks_otherwise(rep: Rep) -> bool:
    """Whether the leg plainly lies otherwise in the picture than its hip turns: seen from aside, or with a pelvis that tilted."""
    return not rep.edited and abs(rep.planar_deg - rep.end_range_deg) >= _PLAINLY_DEG  # not where it is unknown: NaN


def _crop(measurement: Measurement, side: Side, index: int) -> str:
    """Where the whole image lies behind a square window that shows the legs, in shares of the window."""
    width, height = measurement.landmarks.width_px, measurement.landmarks.height_px
    left, top, size = leg_window(measurement, side, index, width, height)
    return f"width: {100 * width / size:.1f}%; left: {-100 * left / size:.1f}%; top: {-100 * top / size:.1f}%"


# ---------------------------------------------------------------------- over time
def over_time(record: Record, words: Words, drawing: bool) -> None:
    """Show the chart, and the still of the repetition chosen in it or, by keyboard, in the list below it."""
    rows = charts.rep_rows(record.measurement, words)
    st.caption(words("result.over_time_help"))
    _chart_and_rep(record, words, {row["rep"]: row["name"] for row in rows}, drawing)


@st.fragment
def _chart_and_rep(record: Record, words: Words, names: dict[str, str], drawing: bool) -> None:
    event = drawn.chart(
        charts.over_time(record.measurement, words),
        on_select="rerun",
        selection_mode=charts.PICK,
        key="over_time",
        alt=words("result.over_time_alt", reps=charts.over_time_text(record.measurement, words)),
    )
    clicked = [one["rep"] for one in event.selection.get(charts.PICK, []) if one.get("rep") in names]
    if clicked and clicked != st.session_state.get("clicked_rep"):
        st.session_state["rep"] = clicked[0]
    st.session_state["clicked_rep"] = clicked
    chosen = st.selectbox(
        words("result.rep"), list(names), index=None, format_func=names.__getitem__, placeholder=words("result.rep_none"), key="rep"
    )
    if chosen:
        _rep(record, chosen, words, drawing)


def _rep(record: Record, chosen: str, words: Words, drawing: bool) -> None:
    name, _, number = chosen.partition("-")
    side, index = Side(name), int(number)
    rep = record.measurement.hips[side].reps[index]
    picture, text = st.columns([2, 3])
    with picture:
        if record.still(side, index):
            st.html(_still(record, side, index, words))
        else:
            st.caption(_no_picture(words, drawing))
    with text:
        held = words(
            "result.rep_held", start=words.number(rep.hold_start_s), end=words.number(rep.hold_end_s), angle=whole(rep.end_range_deg)
        )
        st.write(held + edited_mark(rep))
        if rep.reasons:
            st.write(words("result.rep_caveat" if rep.usable else "result.rep_not_counted", reasons=rep.reasons))


# ---------------------------------------------------------------------- film
def film(record: Record, words: Words) -> None:
    """Show the film with the angles, no higher than the screen."""
    poster = next((media_routes.address(record.folder, path.name) for path in sorted(record.folder.glob("*.jpg"))), "")
    st.html(
        f'<figure class="hipcv-figure hipcv-video"><video controls playsinline preload="metadata" poster="{poster}" '
        f'aria-label="{escape(words("result.video"))}" src="{media_routes.address(record.folder, OVERLAY)}"></video>'
        f"<figcaption>{words('result.video_help')}</figcaption></figure>"
    )
