"""A reminder of the next measurement, for the person's own calendar."""

from datetime import date, timedelta

import icalendar
import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.language.dates import day_text
from hipcv.store.store import new_id

WEEKS = (1, 2, 4, 6, 8, 12)
_USUAL = 2
"""Place in `WEEKS` of what is chosen at first: exercise needs weeks to show."""


def show(words: Words, today: date) -> None:
    """Show the weeks to choose from and the entry to download."""
    with st.expander(words("visits.remind"), key="fold-remind", on_change="rerun") as unfolded:
        if not unfolded.open:
            return
        weeks = st.selectbox(words("visits.remind_in"), WEEKS, _USUAL, format_func=lambda n: words("visits.remind_weeks", n=n))
        day = today + timedelta(weeks=weeks or WEEKS[_USUAL])
        st.download_button(
            words("visits.remind_entry", day=day_text(day, words)),
            lambda: entry(day, words),
            file_name=words("visits.remind_file"),
            mime="text/calendar",
            on_click="ignore",
            icon=":material/event:",
        )


def entry(day: date, words: Words) -> bytes:
    """A calendar (RFC 5545) with one entry for the whole day, which rings in the morning; it says nothing about the person."""
    event = icalendar.Event.new(
        summary=words("visits.remind_title"), description=words("visits.remind_text"), start=day, end=day + timedelta(days=1), uid=new_id()
    )
    alarm = icalendar.Alarm.new(description=words("visits.remind_title"))
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(hours=9))
    event.add_component(alarm)
    return bytes(icalendar.Calendar.new(subcomponents=[event], prodid="-//hipcv//hipcv//EN").to_ical())
