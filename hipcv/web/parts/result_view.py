"""One result on the screen, from a visit or a received file: what it comes to first, then what can be read at a glance, then the details."""

from collections.abc import Sequence

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Severity, Verdict
from hipcv.findings import norms
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language import plain, sentences
from hipcv.language.plain import Advice
from hipcv.language.sentences import whole
from hipcv.measurement import Finding, Measurement
from hipcv.records.record import Record
from hipcv.web.parts import charts, coach_view, drawn, hip_arcs, result_pictures, session
from hipcv.web.parts.result_table import caption, table

_ALERTS = {
    Severity.SERIOUS: (st.error, ":material/error:"),
    Severity.WARNING: (st.warning, ":material/warning:"),
    Severity.INFO: (st.info, ":material/info:"),
}


def show(record: Record, words: Words, *, drawing: bool = False, own: bool) -> None:
    """Show everything, the most important first.

    `drawing` says that the overlay and stills are still being drawn; `own`, that whoever reads it was filmed.
    """
    measurement = record.measurement
    headline(measurement, words, own=own)
    serious = [one for one in measurement.findings if one.severity is Severity.SERIOUS]
    others = [one for one in measurement.findings if one.severity is not Severity.SERIOUS]
    if serious:  # the numbers may mislead: that stands before them
        finding_alerts(serious, words)
        _film_again(words, own=own)
    left, right = st.columns(2, gap="medium")
    with left:
        if arcs := hip_arcs.show(measurement, words):
            st.html(arcs)
    with right:
        st.html(table(measurement, words))
        st.caption(caption(measurement, words))
    if others:
        left, right = st.columns(2, gap="medium")
        with left:
            st.header(words("result.findings"))
            finding_alerts(others, words)
            if any(one.severity is Severity.WARNING for one in others) and not serious:
                _film_again(words, own=own)
        with right:
            result_pictures.stills(record, words, drawing)
    else:
        if not serious:
            st.write(words("result.no_findings"))
        result_pictures.stills(record, words, drawing, wide=True)
    coach_view.show(measurement, words)
    _details(record, words, drawing=drawing, own=own)


def headline(measurement: Measurement, words: Words, *, own: bool) -> None:
    """Show one sentence that claims no more than the interval allows."""
    st.markdown(f"## {session.plain(plain.headline(measurement, words, own=own))}")


# ---------------------------------------------------------------------- what to do better
def _film_again(words: Words, *, own: bool) -> None:
    """Show the way back to the coach, to whoever was filmed here."""
    if own:
        st.html(f'<a class="hipcv-button hipcv-strong" href="/film/?lang={words.language}" target="_self">{words("result.film_again")}</a>')


def finding_alerts(findings: Sequence[Finding], words: Words) -> None:
    """Show findings by their weight, each advice once."""
    for one in plain.advice(findings, words):
        _alert(one)


def _alert(one: Advice) -> None:
    show_alert, icon = _ALERTS[one.severity]
    if len(one.seen) > 1:
        lines = "\n".join(f"- {session.plain(seen)}" for seen in one.seen)
        show_alert(f"{lines}\n\n{session.plain(one.to_do)}", icon=icon)
    else:
        show_alert(session.plain(one.text), icon=icon)


# ---------------------------------------------------------------------- details
def _details(record: Record, words: Words, *, drawing: bool, own: bool) -> None:
    """Show what is unfolded only by those who want it: curves, film, difference, and what the numbers mean."""
    measurement = record.measurement
    with st.expander(words("result.over_time"), key="fold-over-time", on_change="rerun") as unfolded:
        if unfolded.open:
            result_pictures.over_time(record, words, drawing)
    if record.overlay is not None:
        with st.expander(words("result.video"), key="fold-video", on_change="rerun") as unfolded:
            if unfolded.open:
                result_pictures.film(record, words)
    if measurement.asymmetry.found():
        with st.expander(words("result.difference_fold"), key="fold-difference", on_change="rerun") as unfolded:
            if unfolded.open:
                _differences(measurement, words)
    with st.expander(words("result.meaning"), key="fold-meaning", on_change="rerun") as unfolded:
        if unfolded.open:
            _meaning(measurement, words, own=own)


def _differences(measurement: Measurement, words: Words) -> None:
    drawn.chart(
        charts.differences(measurement.asymmetry, measurement.settings, words),
        alt=words("result.difference_alt", values=charts.differences_text(measurement.asymmetry, words)),
    )
    st.caption(words("result.difference_band", **_bounds(measurement)))
    if any(difference.verdict is Verdict.NONE for difference in measurement.asymmetry.found().values()):
        st.caption(words("result.difference_hollow"))
    for sentence in sentences.verdict_sentences(measurement.asymmetry, words):
        st.markdown(f"- {session.plain(sentence)}")


def _bounds(measurement: Measurement) -> dict[str, str]:
    """Limits up to which a difference counts as usual."""
    return {"direction": whole(measurement.settings.notice_direction_deg), "total": whole(measurement.settings.notice_total_deg)}


def _meaning(measurement: Measurement, words: Words, *, own: bool) -> None:
    for name in (*Quantity, "interval", "difference"):
        st.markdown(f"- {words(f'result.mean.{name}', **_bounds(measurement))}")
    st.write(words("result.mean.not"))
    for side in SHOWN_SIDES:
        if sentence := sentences.change_sentence(measurement.hips[side], words):
            st.write(session.plain(sentence))
    st.markdown(f"**{words('result.reference_heading')}**")
    for quantity in Quantity:
        values = charts.reference_text(measurement.hips, quantity, words, own=own)
        alt = words("result.reference_alt", case="own" if own else "other", quantity=words(f"app.quantity.{quantity}"), values=values)
        drawn.chart(charts.beside_studies(measurement.hips, quantity, words, own=own), alt=alt)
    st.caption(f"{words('result.reference_help')} {'; '.join(dict.fromkeys(study.source for study in norms.STUDIES))}.")
