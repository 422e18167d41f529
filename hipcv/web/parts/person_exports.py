"""What can be taken out of the desk about one person: a table, and resources for another clinical system."""

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk import fhir_export
from hipcv.desk.course import Course, course_of
from hipcv.desk.person_csv import person_csv
from hipcv.store.access import Action
from hipcv.web.server.service import Service


def show(service: Service, course: Course, words: Words) -> None:
    """Show the downloads of the signed visits; each is made, and entered in the log, when it is asked for."""
    st.header(words("person.exports"))
    person = course.person
    if not course.visits:
        st.write(words("person.nothing_signed"))
        return
    n_edited = sum(one.is_edited for one in course.visits)
    edited = words("person.export_edited", n=n_edited, case="" if n_edited else "none")
    st.caption(f"{words('person.export_help', n=len(course.visits))} {edited}")
    name = re.sub(r"[^\w-]+", "-", person.code).strip("-") or "person"

    def exported(kind: str, make: Callable[[Course], str]) -> str:
        """Make it from the course read afresh: the person may have been erased in another window."""
        made = make(course_of(service.store, person.id))
        service.store.gate.note(Action.EXPORTED, person.id, {"format": kind})
        return made

    table = partial(exported, "csv", person_csv)
    fhir = partial(exported, "fhir", partial(fhir_export.of_course, service.store))

    with st.container(horizontal=True):
        st.download_button(words("person.csv"), table, file_name=f"{name}.csv", mime="text/csv", on_click="ignore")
        st.download_button(words("person.fhir"), fhir, file_name=f"{name}.fhir.json", mime="application/fhir+json", on_click="ignore")
