"""What a signed visit can be handed on as: the patient's answer, the page for the record, resources for a clinical system."""

from typing import TypeVar

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk import fhir_export, record_page, reply
from hipcv.desk.review_state import Review
from hipcv.records.sealed_file import ENDING
from hipcv.store.access import Action
from hipcv.store.people import People
from hipcv.web.parts import downloads
from hipcv.web.server.service import Service

_Made = TypeVar("_Made", str, bytes)


def show(service: Service, review: Review, words: Words) -> None:
    """Show the downloads of the version that is in force; each is made, and entered in the log, when it is asked for."""
    if not review.is_locked:
        return
    signed, store, visit = review.signatures[-1], service.store, review.visit
    person = People(store).person(visit.person_id) if visit.person_id else None
    n = len(signed.edits)
    st.header(words("review.out.heading"))
    st.caption(words("review.out.help", version=signed.version, n=n, case="" if n else "none"))
    name = downloads.file_label(review.record, visit, with_words=False)

    def noted(kind: str, made: _Made) -> _Made:
        """Enter an export in the log, once it has been made."""
        store.visit(visit.id)  # it may have been deleted in another window
        store.gate.note(Action.EXPORTED, visit.id, {"format": kind, "version": signed.version})
        return made

    def page() -> bytes:
        return noted("pdf", record_page.record_page(store, signed, words))

    def answer() -> bytes:
        return noted("reply", downloads.written(lambda out: reply.write_reply(store, signed, out)))

    def fhir() -> str:
        return noted("fhir", fhir_export.of_visit(store, person, visit, signed))

    with st.container(horizontal=True):
        st.download_button(
            words("review.out.pdf"), page, file_name=f"{name}-{signed.version}.pdf", mime="application/pdf", on_click="ignore"
        )
        st.download_button(
            words("review.out.reply"), answer, file_name=f"{name}-{signed.version}{ENDING}", mime="application/zip", on_click="ignore"
        )
        st.download_button(words("review.out.fhir"), fhir, file_name=f"{name}.fhir.json", mime="application/fhir+json", on_click="ignore")
