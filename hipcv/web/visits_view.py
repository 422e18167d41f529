"""The page Visits: trend, comparison and list."""

from collections.abc import Sequence

import streamlit as st

from hipcv import changes
from hipcv.changes import Change
from hipcv.landmarks import SHOWN_SIDES
from hipcv.measurement import QUANTITIES
from hipcv.report import whole
from hipcv.visit import Kind, Visit
from hipcv.web import drawn, session, stored_view, trend_charts, visit_form
from hipcv.web.service import Service
from hipcv.words import Words


def trend(visits: Sequence[Visit], words: Words) -> None:
    """One quantity of both hips, or of their difference, over the visits."""
    st.subheader(words("visits.trend"))
    quantity = st.segmented_control(
        words("visits.trend_quantity"),
        list(QUANTITIES),
        format_func=lambda name: words(f"app.quantity.{name}"),
        default="total_deg",
        required=True,
        key="trend",
    )
    of_sides = st.toggle(words("visits.trend_asymmetry"), key="trend-sides")
    name = words(f"app.quantity.{quantity}")
    chart = trend_charts.trend_of_difference(visits, quantity, words) if of_sides else trend_charts.trend(visits, quantity, words)
    drawn.chart(chart, alt=words("visits.trend_alt", quantity=name))
    st.caption(words("visits.trend_help"))


def compare(visits: Sequence[Visit], words: Words) -> None:
    """Two visits, first of all the latest pair of one day."""
    st.subheader(words("visits.compare"))
    pair = latest_pair(visits)
    earlier, later = pair or (visits[-2], visits[-1])
    labels = {visit.id: f"{number}. {_label(visit, words)}" for number, visit in enumerate(visits, 1)}  # two may bear the same words
    ids = list(labels)
    left, right = st.columns(2)
    first = left.selectbox(words("visits.compare_earlier"), ids, ids.index(earlier.id), format_func=labels.__getitem__, key="earlier")
    second = right.selectbox(words("visits.compare_later"), ids, ids.index(later.id), format_func=labels.__getitem__, key="later")
    chosen = {visit.id: visit for visit in visits}
    if first != second:
        before, after = sorted((chosen[first], chosen[second]), key=lambda visit: (visit.measured_at, visit.id))
        _changes(before, after, words)


def latest_pair(visits: Sequence[Visit]) -> tuple[Visit, Visit] | None:
    """The last before and after of one day."""
    for later in reversed(visits):
        if later.kind is Kind.AFTER:
            for earlier in reversed(visits):
                if earlier.kind is Kind.BEFORE and _same_day(earlier, later) and earlier.measured_at <= later.measured_at:
                    return earlier, later
    return None


def _same_day(a: Visit, b: Visit) -> bool:
    return a.measured_at.astimezone().date() == b.measured_at.astimezone().date()


def _label(visit: Visit, words: Words) -> str:
    kind = "" if visit.kind is Kind.SINGLE else f" · {words(f'app.kind.{visit.kind.value}')}"
    return f"{session.date_text(visit.measured_at, words)} · {visit.name}{kind}"


def _changes(earlier: Visit, later: Visit, words: Words) -> None:
    same_day = _same_day(earlier, later)
    if same_day and (earlier.kind, later.kind) == (Kind.BEFORE, Kind.AFTER):
        st.markdown(f"**{words('visits.pair', day=earlier.measured_at.astimezone().strftime(words('app.day_format')))}**")
    if found := changes.obstacles(earlier.document, later.document):
        st.warning(
            "\n".join([words("visits.cannot"), *(f"- {words(f'visits.obstacle.{one.value}')}" for one in found)]), icon=":material/block:"
        )
        return
    rows = []
    for quantity in QUANTITIES:
        for side in SHOWN_SIDES:
            if change := changes.change_of_hip(earlier.document, later.document, side, quantity, same_day=same_day):
                rows.append(_row(f"{words(f'app.hip.{side.value}')}: {words(f'app.quantity.{quantity}')}", change, words))
        if change := changes.change_of_difference(earlier.document, later.document, quantity, same_day=same_day):
            rows.append(_row(f"{words('result.difference_heading')}: {words(f'app.quantity.{quantity}')}", change, words))
    st.html(f'<table class="hipcv-table"><tbody>{"".join(rows)}</tbody></table>')
    st.caption(words("visits.bounds"))


def _row(name: str, change: Change, words: Words) -> str:
    verdict = words(f"visits.verdict.{change.verdict.value}")
    return (
        f'<tr><th scope="row">{name}</th><td><span class="value">{whole(change.value_deg, signed=bool(round(change.value_deg)))}°</span></td>'
        f"<td>{verdict} ({whole(change.bound_deg)}°)</td></tr>"
    )


def listed(service: Service, visits: Sequence[Visit], words: Words) -> None:
    """Every visit, the latest first, to open, change or delete."""
    st.subheader(words("visits.all"))
    for visit in reversed(visits):
        with st.container(border=True):
            st.markdown(f"**{session.plain(_label(visit, words))}**")
            st.caption(session.plain(_numbers(visit, words)))
            with st.container(horizontal=True):
                if st.button(words("visits.open"), key=f"open-{visit.id}", type="primary"):
                    st.switch_page(session.page("result"), query_params={"visit": visit.id})
                if st.button(words("visits.delete"), key=f"delete-{visit.id}"):
                    stored_view.confirm_delete(service, visit, words)
            with st.expander(words("visits.edit")):
                visit_form.edit(service, visit, words)


def _numbers(visit: Visit, words: Words) -> str:
    """`Right IR 26° ER 35° total 60°`."""
    parts = []
    for side in SHOWN_SIDES:
        hip = visit.document["hips"][side.value]
        known = [f"{words(f'app.short.{name}')} {whole(hip[name]['value'])}°" for name in QUANTITIES if hip[name]]
        if known:
            parts.append(f"{words(f'app.side.{side.value}')}: {', '.join(known)}")
    return " · ".join(parts)
