"""One result on the screen, from a visit or a received file, in sections that can be read at a glance."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity, Verdict
from hipcv.findings import norms
from hipcv.kinematics.representative import representative_rep
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language import sentences
from hipcv.language.sentences import edited_mark, end, whole
from hipcv.measurement import Difference, Finding, Measurement, Range
from hipcv.records.record import OVERLAY, Record
from hipcv.values import Direction
from hipcv.web.parts import charts, coach_view, drawn, session
from hipcv.web.server import media_routes

_ALERTS = {
    Severity.SERIOUS: (st.error, ":material/error:"),
    Severity.WARNING: (st.warning, ":material/warning:"),
    Severity.INFO: (st.info, ":material/info:"),
}


def show(record: Record, words: Words, drawing: bool = False) -> None:
    """Show everything, the most important first; `drawing` says that the overlay and stills are still being drawn."""
    measurement = record.measurement
    headline(measurement, words)
    for finding in measurement.findings:
        if finding.severity is Severity.SERIOUS:
            finding_alert(finding, words)
    st.html(table(measurement, words))
    st.caption(words("result.interval"))
    _differences(measurement, words)
    _stills(record, words, drawing)
    _over_time(record, words, drawing)
    _video(record, words)
    _findings(measurement.findings, words)
    coach_view.show(measurement, words)
    _meaning(measurement, words)


def headline(measurement: Measurement, words: Words) -> None:
    """Show one sentence that claims no more than the interval allows."""
    measured = [side for side in SHOWN_SIDES if any(measurement.hips[side][quantity] for quantity in Quantity)]
    if sentence := session.plain(sentences.headline(measurement.asymmetry, words)):
        st.markdown(f"#### {sentence}")
    elif len(measured) == 1:
        st.markdown(f"#### {words('result.headline.one_side', side=words(f'app.side.{measured[0].value}').lower())}")
    else:
        st.markdown(f"#### {words('result.headline.no_side')}")


# ---------------------------------------------------------------------- numbers
def table(measurement: Measurement, words: Words) -> str:
    """A table of both hips side by side, in the same whole degrees as the command line prints."""
    marks = {side: f'<span class="hipcv-mark hipcv-{side.value}" aria-hidden="true"></span>' for side in SHOWN_SIDES}
    heads = "".join(f'<th scope="col">{marks[side]}{words(f"app.side.{side.value}")}</th>' for side in SHOWN_SIDES)
    rows = []
    for quantity in Quantity:
        cells = "".join(_cell(measurement.hips[side][quantity], words) for side in SHOWN_SIDES)
        difference = _difference_cell(measurement.asymmetry[quantity], words)
        rows.append(f'<tr><th scope="row">{words(f"app.quantity.{quantity}")}</th>{cells}{difference}</tr>')
    heading = words("result.difference_heading")
    return (
        f'<table class="hipcv-table"><thead><tr><td></td>{heads}<th scope="col">{heading}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(span: Range | None, words: Words) -> str:
    if span is None:
        return f"<td><small>{words('result.not_tested')}</small></td>"
    return (
        f'<td><span class="value">{whole(span.value)}°{edited_mark(span)}</span><small>{whole(span.low)} … {whole(span.high)}</small></td>'
    )


def _difference_cell(difference: Difference | None, words: Words) -> str:
    if difference is None:
        return "<td>–</td>"
    low, high = (words.marked(end(one)) for one in (difference.low, difference.high))
    return (
        f'<td><span class="value">{whole(difference.value, signed=True)}°{edited_mark(difference)}</span><small>{low} … {high}</small></td>'
    )


def _differences(measurement: Measurement, words: Words) -> None:
    if not measurement.asymmetry.found():
        return
    st.subheader(words("result.difference_heading"))
    drawn.chart(
        charts.differences(measurement.asymmetry, measurement.settings, words),
        alt=words("result.difference_alt", values=charts.differences_text(measurement.asymmetry, words)),
    )
    st.caption(words("result.difference_band", **_bounds(measurement)))
    if any(difference.verdict is Verdict.NONE for difference in measurement.asymmetry.found().values()):
        st.caption(words("result.difference_hollow"))
    for sentence in sentences.verdict_sentences(measurement.asymmetry, words):
        if sentence != sentences.headline(measurement.asymmetry, words):  # the headline already says that one
            st.markdown(f"- {session.plain(sentence)}")


def _bounds(measurement: Measurement) -> dict[str, str]:
    """Limits up to which a difference counts as usual."""
    return {"direction": whole(measurement.settings.notice_direction_deg), "total": whole(measurement.settings.notice_total_deg)}


# ---------------------------------------------------------------------- pictures
def _stills(record: Record, words: Words, drawing: bool) -> None:
    chosen = [
        (side, index)
        for side in SHOWN_SIDES
        for direction in Direction
        if (index := representative_rep(record.measurement.hips[side], direction)) is not None
    ]
    shown = [(side, index) for side, index in chosen if record.still(side, index)]
    if not chosen:
        return
    st.subheader(words("result.stills"))
    if not shown or (drawing and len(shown) < len(chosen)):  # shown together once all are there
        st.caption(_no_picture(words, drawing))
        return
    st.html(f'<div class="hipcv-stills">{"".join(_still(record, side, index, words) for side, index in shown)}</div>')


def _no_picture(words: Words, drawing: bool) -> str:
    """Why a still is missing."""
    return words("result.no_still" if drawing else "result.no_pictures")


def _still(record: Record, side: Side, index: int, words: Words) -> str:
    rep = record.measurement.hips[side].reps[index]
    direction = words(f"app.direction.{rep.direction.value}")
    angle, mark = whole(rep.end_range_deg), edited_mark(rep)
    alt = words("result.stills_alt", hip=words(f"app.hip.{side.value}"), direction=direction, angle=angle)
    picture = record.still(side, index)
    source = media_routes.address(record.folder, picture.name) if picture else ""
    return (
        f'<figure class="hipcv-figure"><img src="{source}" alt="{escape(alt)}" loading="lazy">'
        f"<figcaption>{words(f'app.hip.{side.value}')}, {direction}: {angle}°{mark}</figcaption></figure>"
    )


def _over_time(record: Record, words: Words, drawing: bool) -> None:
    """Show the chart, and the still of the repetition chosen in it or, by keyboard, in the list below it."""
    rows = charts.rep_rows(record.measurement, words)
    st.subheader(words("result.over_time"))
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


def _video(record: Record, words: Words) -> None:
    if record.overlay is None:
        return
    st.subheader(words("result.video"))
    poster = next((media_routes.address(record.folder, path.name) for path in sorted(record.folder.glob("*.jpg"))), "")
    st.html(
        f'<figure class="hipcv-figure hipcv-video"><video controls playsinline preload="metadata" poster="{poster}" '
        f'src="{media_routes.address(record.folder, OVERLAY)}"></video><figcaption>{words("result.video_help")}</figcaption></figure>'
    )


# ---------------------------------------------------------------------- words
def _findings(findings: Sequence[Finding], words: Words) -> None:
    st.subheader(words("result.findings"))
    if not findings:
        st.write(words("result.no_findings"))
    for finding in findings:
        finding_alert(finding, words)


def finding_alert(finding: Finding, words: Words) -> None:
    """Show one finding by its weight."""
    show_alert, icon = _ALERTS[finding.severity]
    show_alert(session.plain(finding.said(words.language)), icon=icon)


def _meaning(measurement: Measurement, words: Words) -> None:
    st.subheader(words("result.meaning"))
    for name in (*Quantity, "interval", "difference"):
        st.markdown(f"- {words(f'result.mean.{name}', **_bounds(measurement))}")
    st.write(words("result.mean.not"))
    for side in SHOWN_SIDES:
        if sentence := sentences.change_sentence(measurement.hips[side], words):
            st.write(session.plain(sentence))
    st.markdown(f"##### {words('result.reference_heading')}")
    for quantity in Quantity:
        values = charts.reference_text(measurement.hips, quantity, words)
        alt = words("result.reference_alt", quantity=words(f"app.quantity.{quantity}"), values=values)
        drawn.chart(charts.beside_studies(measurement.hips, quantity, words), alt=alt)
    st.caption(f"{words('result.reference_help')} {'; '.join(dict.fromkeys(study.source for study in norms.STUDIES))}.")
