"""The inbox of the desk: files come in, and the list of what waits."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.take_in import Fate, take_in
from hipcv.errors import HipcvError, UploadGone
from hipcv.jobs.peek import peek
from hipcv.records import sealed_file
from hipcv.settings import Turn
from hipcv.store import inbox
from hipcv.store.inbox import Show
from hipcv.store.job import Camera, Request
from hipcv.store.people import People
from hipcv.video.container import shown_name
from hipcv.web.parts import inbox_rows, row_list, session
from hipcv.web.server import uploads
from hipcv.web.server.service import Service

_TIMES, _TOLD, _LISTED, _PAGE = "inbox-times", "inbox-told", "inbox-listed", "inbox-page"
_AT_ONCE = 25


def listed(service: Service, counts: Mapping[Show, int], words: Words) -> None:
    """Show the filters with their counts, then the visits of the chosen one."""
    show = st.pills(
        words("inbox.show"),
        list(Show),
        default=Show.WAITING,
        format_func=lambda one: words(f"inbox.filter.{one.value}", count=counts[one]),
        label_visibility="collapsed",
        required=True,
        key="inbox-show",
    )
    search = st.text_input(words("inbox.search"), key="inbox-search", placeholder=words("inbox.search_hint"))
    if st.session_state.get(_LISTED) != (show, search):
        st.session_state[_LISTED], st.session_state[_PAGE] = (show, search), 0
    lines = inbox.lines(service.store, show, search, most=_AT_ONCE + 1, after=_AT_ONCE * _page())
    if not lines and _page():  # the list became shorter meanwhile
        st.session_state[_PAGE] = 0
        lines = inbox.lines(service.store, show, search, most=_AT_ONCE + 1)
    if not lines:
        st.write(words("inbox.no_match" if search else f"inbox.empty.{show.value}"))
        return
    st.caption(words("inbox.keys"))
    row_list.show("visits", inbox_rows.rows(service.store, lines[:_AT_ONCE], words), "review", "visit")
    _turn_pages(len(lines) > _AT_ONCE, words)


def _page() -> int:
    return int(st.session_state.get(_PAGE, 0))


def _turn_pages(more: bool, words: Words) -> None:
    with st.container(horizontal=True):
        for name, step, possible in (("earlier", -1, _page() > 0), ("later", 1, more)):
            if possible and st.button(words(f"inbox.{name}"), key=f"inbox-{name}"):
                st.session_state[_PAGE] = _page() + step
                st.rerun()


# ---------------------------------------------------------------------- what comes in
def receive(service: Service, words: Words, *, unfolded: bool) -> None:
    """Show the control that takes files, and what became of those that came."""
    times = st.session_state.setdefault(_TIMES, 0)
    with st.expander(words("inbox.take_in"), expanded=unfolded, key="inbox-take-in"):
        files = _asked(words, times)  # also while it is folded: files may still be on their way
    if files:
        st.session_state[_TIMES] += 1  # the same files must not come twice
        with st.spinner(words("inbox.taking_in", n=len(files))):
            st.session_state[_TOLD] = [_take(service, file, words) for file in files]
        st.rerun()
    _tell(st.session_state.get(_TOLD, ()), words)


def _asked(words: Words, times: int) -> Sequence[Any]:
    """Show the control; returns the files that were given to it."""
    st.write(words("inbox.take_in_help"))
    folder = st.toggle(words("inbox.whole_folder"), key="inbox-folder")
    many: Any = "directory" if folder else True
    kinds = [sealed_file.ENDING, "video"]
    files: Sequence[Any] = st.file_uploader(
        words("inbox.files"), type=kinds, accept_multiple_files=many, key=f"inbox-files-{times}-{folder}"
    )
    return files


def _take(service: Service, upload: Any, words: Words) -> tuple[bool, str]:
    """Take in one file; returns whether that went well, and the sentence about it."""
    name = shown_name(upload.name)
    try:
        file = uploads.received(upload, service.store.uploads)
        try:
            if not name.lower().endswith(sealed_file.ENDING):
                glance = peek(file)
                service.queue.add(file, name, Request(Camera.UNKNOWN, turn=glance.needed if glance else Turn.NONE))
                return True, words("inbox.fate.video", name=session.plain(name))
            taken = take_in(service.store, file, name)
        finally:
            file.unlink(missing_ok=True)
    except UploadGone:
        return False, words("measure.upload_gone")
    except HipcvError as problem:
        return False, session.plain(problem.said(words.language))
    except OSError as problem:
        return False, words("measure.not_kept", why=problem.strerror or type(problem).__name__)
    whose = People(service.store).person(taken.person_id).code if taken.person_id else ""
    case = "known" if whose else "unknown"
    text = words(f"inbox.fate.{taken.fate.value}_{case}", name=session.plain(name), person=session.plain(whose))
    return taken.fate is not Fate.SAME, text


def _tell(told: Sequence[tuple[bool, str]], words: Words) -> None:
    if not told:
        return
    good, bad = ([text for fine, text in told if fine is wanted] for wanted in (True, False))
    if bad:
        st.warning("\n".join([words("inbox.not_taken", n=len(bad)), *(f"- {text}" for text in bad)]), icon=":material/warning:")
    if good:
        st.success("\n".join([words("inbox.taken", n=len(good)), *(f"- {text}" for text in good)]), icon=":material/check_circle:")
    st.button(words("inbox.dismiss"), on_click=lambda: st.session_state.pop(_TOLD, None))
