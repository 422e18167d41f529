"""Signing a review, and what is signed already."""

from collections.abc import Sequence

import streamlit as st

from hipcv.catalogues.words import Words, languages
from hipcv.desk import lines, review_state
from hipcv.desk.review_state import Review
from hipcv.errors import HipcvError
from hipcv.records.visit import Kind
from hipcv.store import inbox, settings
from hipcv.store.inbox import Show
from hipcv.store.reviews import MOST_COMMENT, MOST_NAME, Outcome, Reviews, Signature, Verdict
from hipcv.web.parts import problem, session, stored_view, typing_pause
from hipcv.web.server.service import Service

_FILM_AGAIN = ("feet", "both_knees", "straight_on", "light", "clothes", "trunk", "hold", "own_legs")
"""What to film again, as keys of sentences for the patient."""
_READERS = ("patient", "record")
"""Whom a comment is for."""
_FIELDS = ("usable", "again", *_READERS, "name", "typed-name")


def sign(service: Service, review: Review, words: Words) -> None:
    """Show the form, or of a signed visit what was signed and the way to a new version."""
    st.header(words("review.sign.heading"))
    _signed(review.signatures, words)
    if review.is_locked:
        _show_unsent(review, words)
        if st.button(words("review.sign.reopen"), icon=":material/lock_open:", help=words("review.sign.reopen_help")):
            Reviews(service.store).reopen(review.visit.id)
            st.rerun()
        return
    session.forget(_field("unsent", review))
    _form(service, review, words)


@st.fragment
def _form(service: Service, review: Review, words: Words) -> None:
    """Ask for the verdict; what to film again is asked only if the video is not usable."""
    with st.container(border=True):
        outcome = _outcome(review, words)
        again = _to_film_again(review, words) if outcome is Outcome.NOT_USABLE else []
        to_patient, to_record = (
            st.text_area(
                words(f"review.sign.comment_{whom}"),
                max_chars=MOST_COMMENT,
                height=80,
                key=_field(whom, review),
                persist_state="session",
            )
            for whom in _READERS
        )
        name = _name(review, words)
        # Its key names what is shown. If the first press of a double click is refused for something newer, the second must not sign that.
        shown = "-".join(map(str, (words.language, len(review.signatures), *review.known)))
        signed = st.button(words("review.sign.sign"), type="primary", icon=":material/draw:", key=f"sign-{review.visit.id}-{shown}")
    if signed:
        _sign(service, review, Verdict(outcome, name.strip(), to_patient, to_record, " ".join(again)), words)


def _field(name: str, review: Review) -> str:
    return f"{name}-{review.visit.id}"


def _outcome(review: Review, words: Words) -> Outcome:
    """Whether it is usable; if so, the corrections say in which way."""
    if_usable, key = Outcome.CORRECTED if review.is_corrected else Outcome.ACCEPTED, _field("usable", review)
    texts = {usable: words(f"review.outcome.{one.value}") for usable, one in ((True, if_usable), (False, Outcome.NOT_USABLE))}
    session.keep_choice(key, list(texts.values()))
    usable = st.radio(
        words("review.sign.outcome"), list(texts), format_func=texts.__getitem__, horizontal=True, key=key, persist_state="session"
    )
    return if_usable if usable else Outcome.NOT_USABLE


def _name(review: Review, words: Words) -> str:
    """The name typed here, or that of the last signature when the page was opened.

    A signature made elsewhere meanwhile must not change it: a press would then sign with a name that is not shown.
    """
    key, at_first, typed = (_field(name, review) for name in ("name", "name-at-first", "typed-name"))
    if key not in st.session_state:
        st.session_state[key] = st.session_state[at_first] = st.session_state.get(typed, session.reviewer())
    name = st.text_input(words("review.sign.name"), max_chars=MOST_NAME, key=key, live=typing_pause.LIVE)
    if name != st.session_state[at_first]:
        st.session_state[typed] = name
    return name


def _to_film_again(review: Review, words: Words) -> list[str]:
    sentences = [words(f"review.film_again.{name}") for name in _FILM_AGAIN]
    key = _field("again", review)
    chosen = st.session_state.get(key, [])
    if chosen != (now := _in_language(chosen, words)):
        st.session_state[key] = now
    return st.multiselect(
        words("review.sign.film_again"),
        sentences,
        accept_new_options=True,
        placeholder=words("review.sign.film_again_hint"),
        key=key,
        persist_state="session",
    )


def _in_language(chosen: Sequence[str], words: Words) -> list[str]:
    """Translate the ready-made sentences that were chosen in another language; a reviewer's own stay as they are."""
    names = {one(f"review.film_again.{name}"): name for one in map(Words, languages()) for name in _FILM_AGAIN}
    return [words(f"review.film_again.{names[one]}") if one in names else one for one in chosen]


def _sign(service: Service, review: Review, verdict: Verdict, words: Words) -> None:
    missing = not verdict.reviewer or (verdict.outcome is Outcome.NOT_USABLE and not verdict.film_again)
    if missing:
        st.error(words("review.sign.name_missing" if not verdict.reviewer else "review.sign.film_again_missing"), icon=":material/error:")
        return
    try:
        review_state.sign(service.store, review, verdict)
        session.forget(*(_field(name, review) for name in _FIELDS))
        settings.remember(service.store, settings.REVIEWER, verdict.reviewer)
    except HipcvError as fault:
        problem.keep(fault.said(words.language))
    st.rerun()


def _show_unsent(review: Review, words: Words) -> None:
    """Show the comments that were not sent when another window signed, so that they can be copied; the next version begins without them."""
    written = [str(st.session_state.get(_field(whom, review), "")).strip() for whom in _READERS]
    if any(written):
        st.session_state[_field("unsent", review)] = "\n\n".join(filter(None, written))
    session.forget(*(_field(name, review) for name in _FIELDS))
    if text := st.session_state.get(_field("unsent", review)):
        st.info(words("review.sign.unsent", text=session.plain(text)), icon=":material/edit_note:")


def _signed(signatures: Sequence[Signature], words: Words) -> None:
    for one in reversed(signatures):
        with st.container(border=True):
            st.markdown(f"**{session.plain(lines.version_text(one, words))}**")
            for name in ("film_again", "comment_patient", "comment_record"):
                if text := getattr(one.verdict, name):
                    st.write(words(f"review.sign.said_{name}", text=session.plain(text)))


def go_on(service: Service, review: Review, words: Words) -> None:
    """Show the way to the next visit that waits, and back to the list."""
    following = inbox.next_waiting(service.store, review.visit.id)
    this_waits = not review.is_locked and review.visit.kind is not Kind.SAMPLE
    n = inbox.counts(service.store)[Show.WAITING] - this_waits
    with st.container(horizontal=True):
        if following and st.button(words("review.next", n=n), type="primary" if review.is_locked else "secondary", key="next-visit"):
            st.switch_page(session.page("review"), query_params={"visit": following})
        # A link, so that Back finds the visit again: where the server changes the page, the address that is left loses it.
        st.page_link(session.page("inbox"), label=words("review.to_inbox"), icon=":material/inbox:")
        if st.button(words("visits.delete"), icon=":material/delete:", key="delete-visit"):
            stored_view.confirm_delete(service, review.visit, words)
