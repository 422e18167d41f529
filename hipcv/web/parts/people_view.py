"""The people of a practice: the list, and the form of one."""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk import lines
from hipcv.errors import HipcvError
from hipcv.language.dates import day_text
from hipcv.store.people import MOST_CODE, MOST_NOTE, PainfulSide, People, Person, PersonLine, birth_years, found
from hipcv.web.parts import row_list, session
from hipcv.web.server.service import Service

_AT_ONCE = 40
_LONGEST_NOTE = 160


class Order(Enum):
    """Orders of the list."""

    CODE = "code"
    LAST = "last"
    WAITING = "waiting"


def add(service: Service, words: Words) -> None:
    """Show the form for a new person, and open their page when it is filled in."""

    def keep(person: Person) -> None:
        made = People(service.store).add(person)
        st.switch_page(session.page("person"), query_params={"person": made.id})

    with st.expander(words("people.add"), key="add-person", on_change="rerun") as unfolded:
        if unfolded.open:
            form(Person("", ""), keep, words, key="new-person")


def told_apart(people: Sequence[Person], words: Words) -> dict[str, str]:
    """A label of each person by id, no two alike: a list takes equal labels for one choice."""
    known: dict[str, str] = {}
    alike = Counter(person.code for person in people)
    taken: Counter[str] = Counter()
    for person in people:
        born = f", {words('people.born', year=person.birth_year)}" if alike[person.code] > 1 and person.birth_year else ""
        label = f"{person.code}{born}"
        taken[label] += 1
        known[person.id] = label if taken[label] == 1 else f"{label} ({taken[label]})"
    return known


def form(person: Person, keep: Callable[[Person], None], words: Words, *, key: str) -> None:
    """Show the details of a person to be filled in; `keep` gets them."""
    with st.form(key, border=False):
        code = st.text_input(words("people.code"), person.code, max_chars=MOST_CODE, help=words("people.code_help"))
        left, right = st.columns(2)
        year = left.number_input(words("people.birth_year"), *birth_years(), person.birth_year, step=1)
        sides = list(PainfulSide)
        side = right.selectbox(
            words("people.painful_side"),
            sides,
            sides.index(person.painful_side),
            format_func=lambda one: words(f"people.side.{one.value or 'unknown'}"),
        )
        note = st.text_area(words("people.note"), person.note, max_chars=MOST_NOTE, height=100)
        archived = st.checkbox(words("people.archived"), person.archived) if person.id else False
        if st.form_submit_button(words("people.keep"), type="primary"):
            try:
                keep(Person(person.id, code, year, side, note, archived))
            except HipcvError as problem:
                st.error(session.plain(problem.said(words.language)), icon=":material/error:")


def listed(service: Service, words: Words) -> None:
    """Show everybody who matches, to be opened."""
    everybody = People(service.store).lines()
    if not everybody:
        st.write(words("people.none"))
        return
    first, second, third = st.columns([4, 2, 2], vertical_alignment="bottom")
    search = first.text_input(words("people.search"), placeholder=words("people.search_hint"), key="people-search")
    order = second.selectbox(words("people.order"), list(Order), format_func=lambda one: words(f"people.order_by.{one.value}"))
    archived = third.toggle(words("people.with_archive"))
    matching = in_order(found(everybody, search, archived=archived), order or Order.CODE)
    st.caption(words("people.count", n=len(matching)))
    if not matching:
        return
    shown = matching[:_AT_ONCE]
    row_list.show("people", [_row(line, words) for line in shown], "person", "person")
    if len(matching) > len(shown):
        st.caption(words("people.more", n=len(matching) - len(shown)))


def in_order(lines: Sequence[PersonLine], order: Order) -> list[PersonLine]:
    """The list in an order; those who are equal stay as they were, by code."""
    if order is Order.LAST:
        return sorted(lines, key=lambda line: -(line.last_at.timestamp() if line.last_at else 0))
    return sorted(lines, key=lambda line: -line.n_waiting) if order is Order.WAITING else list(lines)


def _row(line: PersonLine, words: Words) -> dict[str, Any]:
    person = line.person
    when = words("people.last", day=day_text(line.last_at, words)) if line.last_at else ""
    state = words("people.waiting", n=line.n_waiting) if line.n_waiting else words("people.nothing_waits")
    note = person.note if len(person.note) <= _LONGEST_NOTE else person.note[: _LONGEST_NOTE - 1] + "…"
    texts = [about(person, line.n_visits, words), *([note] if note else [])]
    return {
        "id": person.id,
        "href": f"/person?person={person.id}",
        "grave": 0,
        "who": person.code,
        "when": when,
        "state": "waiting" if line.n_waiting else "done",
        "state_text": words("people.in_archive") if person.archived else state,
        "lines": [{"kind": "about", "text": text} for text in texts],
        "pictures": [],
        "spoken": ". ".join(part for part in (person.code, when, state, *texts) if part),
    }


def about(person: Person, n_visits: int, words: Words) -> str:
    """Year of birth, painful side and number of visits in one line."""
    return " · ".join(part for part in (lines.about(person, words), words("people.visits", n=n_visits)) if part)
