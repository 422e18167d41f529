"""Readings of a goniometer or inclinometer at a visit, beside what was measured."""

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.desk.review_state import Review
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import edited_mark, whole
from hipcv.store.reviews import Instrument, Reading, Reviews
from hipcv.web.parts import session
from hipcv.web.server.service import Service


def show(service: Service, review: Review, words: Words) -> None:
    """Show the readings beside the numbers, and a form for the next one."""
    reviews = Reviews(service.store)
    found, key = reviews.readings(review.visit.id), f"readings-{review.visit.id}"
    with st.expander(words("readings.heading"), expanded=bool(found), key=key, on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        st.caption(words("readings.help"))
        for reading in found:
            text, place = st.columns([5, 1], vertical_alignment="center")
            text.write(_text(review, reading, words))
            if place.button(words("readings.delete"), key=f"delete-reading-{reading.id}"):
                reviews.delete_reading(review.visit.id, reading.id)
                st.rerun()
        if new := _asked(words):
            reviews.add_reading(review.visit.id, new)
            st.rerun()


def _text(review: Review, reading: Reading, words: Words) -> str:
    span = review.measurement.hips[reading.side][reading.quantity]
    case = "measured" if span else "alone"
    return words(
        "readings.text",
        case=case,
        side=words(f"app.side.{reading.side.value}"),
        quantity=words(f"app.short.{reading.quantity}"),
        read=words.short(reading.value_deg),
        instrument=words(f"readings.{reading.instrument.value}"),
        mode=words("readings.passive" if reading.passive else "readings.active"),
        measured=whole(span.value) if span else "",
        mark=edited_mark(span) if span else "",
        low=whole(span.low) if span else "",
        high=whole(span.high) if span else "",
    )


def _asked(words: Words) -> Reading | None:
    with st.form("reading", clear_on_submit=True, border=False):
        first, second, third = st.columns(3)
        side = first.selectbox(words("readings.side"), list(SHOWN_SIDES), format_func=lambda one: words(f"app.side.{one.value}"))
        quantity = second.selectbox(
            words("readings.quantity"), [Quantity.INTERNAL, Quantity.EXTERNAL], format_func=lambda one: words(f"app.quantity.{one}")
        )
        degrees = third.number_input(words("readings.degrees"), 0.0, 120.0, None, 1.0, format="%.1f")
        instrument = (
            first.selectbox(words("readings.instrument"), list(Instrument), format_func=lambda one: words(f"readings.{one.value}"))
            or Instrument.GONIOMETER
        )
        passive = second.selectbox(
            words("readings.mode"), [False, True], format_func=lambda one: words("readings.passive" if one else "readings.active")
        )
        reader = third.text_input(words("readings.reader"), session.reviewer(), max_chars=120)
        if st.form_submit_button(words("readings.add"), icon=":material/straighten:") and degrees is not None:
            return Reading(side, quantity, degrees, instrument, passive, session.one_line(reader))
    return None
