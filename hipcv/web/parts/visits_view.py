"""The page Visits: trend, comparison and list."""

from collections.abc import Iterator, Sequence

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk.change_sentences import Earlier, since_sentence
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.dates import day_text
from hipcv.language.sentences import whole
from hipcv.records.visit import Kind, Visit, before_and_after
from hipcv.store import changes
from hipcv.store.changes import Change, Document
from hipcv.web.parts import drawn, problem, session, stored_view, trend_charts, visit_form
from hipcv.web.server.service import Service


def trend(visits: Sequence[Visit], words: Words) -> None:
    """Show one quantity of both hips, or of their difference, over the visits."""
    st.header(words("visits.trend"))
    st.markdown(f"**{session.plain(since_sentence(visits[0], visits[-1], words, Earlier.FIRST))}**")
    quantity = st.pills(
        words("visits.trend_quantity"),
        list(Quantity),
        format_func=lambda name: words(f"app.quantity.{name}"),
        default=Quantity.TOTAL,
        required=True,
        key="trend",
    )
    of_sides = st.checkbox(words("visits.trend_asymmetry"), key="trend-sides")
    points = (trend_charts.of_difference if of_sides else trend_charts.of_hips)(visits, quantity, words)
    if not points:
        st.write(words("visits.trend_none"))
        return
    name = words("visits.trend_of_sides" if of_sides else "visits.trend_of_hips", quantity=words(f"app.quantity.{quantity}"))
    drawn.chart(
        trend_charts.trend(points, quantity, words), alt=words("visits.trend_alt", what=name, values=trend_charts.trend_text(points, words))
    )
    st.caption(words("visits.trend_help"))
    for sentence in trend_charts.caveats(visits, quantity if of_sides else None, words):
        st.warning(sentence, icon=":material/warning:")


def compare(visits: Sequence[Visit], words: Words) -> None:
    """Compare two visits; at first the latest before-and-after pair of one day is selected."""
    with st.expander(words("visits.compare"), key="fold-compare", on_change="rerun") as unfolded:
        if unfolded.open:
            _chosen_two(visits, words)


def _chosen_two(visits: Sequence[Visit], words: Words) -> None:
    earlier, later = [(visits[-2], visits[-1]), *before_and_after(visits)][-1]
    # Numbered, as two visits may have the same label.
    labels = {visit.id: f"{number}. {visit_form.label(visit, words)}" for number, visit in enumerate(visits, 1)}
    ids = list(labels)
    left, right = st.columns(2)
    first = left.selectbox(words("visits.compare_earlier"), ids, ids.index(earlier.id), format_func=labels.__getitem__, key="earlier")
    second = right.selectbox(words("visits.compare_later"), ids, ids.index(later.id), format_func=labels.__getitem__, key="later")
    chosen = {visit.id: visit for visit in visits}
    if first != second:
        before, after = sorted((chosen[first], chosen[second]), key=lambda visit: (visit.measured_at, visit.id))
        _changes(before, after, words)


def _changes(earlier: Visit, later: Visit, words: Words) -> None:
    same_day = earlier.day == later.day
    if same_day and (earlier.kind, later.kind) == (Kind.BEFORE, Kind.AFTER):
        st.markdown(f"**{words('visits.pair', day=day_text(earlier.day, words))}**")
    if found := changes.obstacles(earlier.document, later.document):
        st.warning(
            "\n".join([words("visits.cannot"), *(f"- {words(f'visits.obstacle.{one.value}')}" for one in found)]), icon=":material/block:"
        )
        return
    st.html(table(earlier.document, later.document, words, same_day=same_day))
    st.caption(f"{words('visits.bounds')} {words('sentences.rounded')}")


def table(earlier: Document, later: Document, words: Words, *, same_day: bool) -> str:
    """A table of changes per quantity: right, left, and their difference."""
    heads = "".join(f'<th scope="col">{words(f"visits.column.{name}")}</th>' for name in ("what", "change", "verdict"))
    groups = []
    for quantity in Quantity:
        rows = "".join(_rows(earlier, later, quantity, words, same_day=same_day))
        group = f'<tr><th scope="rowgroup" colspan="3">{words(f"app.quantity.{quantity}")}</th></tr>'
        groups.append(f"<tbody>{group}{rows}</tbody>" if rows else "")
    return f'<table class="hipcv-table hipcv-changes"><thead><tr>{heads}</tr></thead>{"".join(groups)}</table>'


def _rows(earlier: Document, later: Document, quantity: Quantity, words: Words, *, same_day: bool) -> Iterator[str]:
    for side in SHOWN_SIDES:
        if change := changes.change_of_hip(earlier, later, side, quantity, same_day=same_day):
            yield _row(words(f"app.side.{side.value}"), change, words)
    if earlier["asymmetry"][quantity.field] and later["asymmetry"][quantity.field]:
        yield _row(words("result.difference_heading"), changes.change_of_difference(earlier, later, quantity, same_day=same_day), words)


def _row(name: str, change: Change | None, words: Words) -> str:
    """A row of the table; no change is shown for a difference that has no verdict in one of the visits."""
    if change is None:
        return f'<tr><th scope="row">{name}</th><td>–</td><td>{words("visits.no_verdict")}</td></tr>'
    value = whole(change.value_deg, signed=True)
    verdict = f"{words(f'visits.verdict.{change.verdict.value}')} ({whole(change.bound_deg)}°)"
    return f'<tr><th scope="row">{name}</th><td><span class="value">{value}°</span></td><td>{verdict}</td></tr>'


def listed(service: Service, visits: Sequence[Visit], words: Words) -> None:
    """Show every visit, the latest first and unfolded, to open, change or delete; numbered as in the trend."""
    st.header(words("visits.all"))
    problem.show()
    own = [visit.id for visit in visits if visit.kind is not Kind.SAMPLE]
    # A visit that arrives later must not fold the one that somebody is using.
    unfolded_first = st.session_state.get(session.UNFOLDED_FIRST)
    if unfolded_first not in {visit.id for visit in visits}:
        st.session_state[session.UNFOLDED_FIRST] = unfolded_first = visits[-1].id
    for visit in reversed(visits):
        number = f"{own.index(visit.id) + 1}. " if visit.id in own else ""
        name = session.plain(number + visit_form.label(visit, words))
        with st.expander(f"**{name}**", expanded=visit.id == unfolded_first, key=f"visit-{visit.id}", on_change="rerun") as unfolded:
            if unfolded.open:
                _visit(service, visit, words)


def _visit(service: Service, visit: Visit, words: Words) -> None:
    st.write(session.plain(_numbers(visit, words)))
    with st.container(horizontal=True):
        with st.container(key=f"go-{visit.id}", width="content"):
            st.page_link(session.page("result"), label=words("visits.open"), query_params={"visit": visit.id})
        if st.button(words("visits.delete"), key=f"delete-{visit.id}"):
            stored_view.confirm_delete(service, visit, words)
        with st.popover(words("visits.edit")):
            visit_form.edit(service, visit, words)


def _numbers(visit: Visit, words: Words) -> str:
    """The end ranges of a visit as text: `Right: IR 26°, ER 35° · Left: …`."""
    parts = []
    for side in SHOWN_SIDES:
        hip = visit.document["hips"][side.value]
        known = [
            f"{words(f'app.short.{one}')} {whole(hip[one.field]['value'])}°"
            for one in (Quantity.INTERNAL, Quantity.EXTERNAL)
            if hip[one.field]
        ]
        if known:
            parts.append(f"{words(f'app.side.{side.value}')}: {', '.join(known)}")
    return " · ".join(parts)
