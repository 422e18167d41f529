"""The form of the page Measure: its questions, and the control that takes the video."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import UploadGone
from hipcv.records.visit import OWN_KINDS, Kind
from hipcv.store.job import Camera, Request
from hipcv.video import limits
from hipcv.video.container import shown_name
from hipcv.web.parts import jobs_view, session
from hipcv.web.server import uploads
from hipcv.web.server.service import Service

_SAMPLES = [Path(__file__).parents[n] / "samples" / "p06_asym.mp4" for n in (2, 3)]
"""The sample clip in an installed package, and in a checkout."""
_TURN = "uploads_so_far"
"""A new number makes Streamlit build a new, empty control."""
_UNFOLDED = "form_unfolded"
"""Whether the person asked for the form while a job is active."""
_PROBLEM = "upload_problem"
"""Why the last video was not accepted, to be shown once."""


def offer(service: Service, words: Words, *, folded: bool) -> None:
    """Show the form; while the page follows a job, only on request, or a phone would show nothing but the form."""
    if not folded:
        st.session_state[_UNFOLDED] = False
    if folded and not st.session_state.get(_UNFOLDED):
        st.button(words("measure.another"), icon=":material/add:", on_click=st.session_state.update, args=({_UNFOLDED: True},))
    else:
        _form(service, words)


def _form(service: Service, words: Words) -> None:
    """Show the form; a chosen video, or the sample, becomes a job at once."""
    turn = st.session_state.setdefault(_TURN, 0)
    request = _asked(words, turn)
    hint = st.empty()  # reserves the place: a control that moves up is rebuilt and loses a file just chosen
    if request is None:
        hint.caption(words("measure.ask.camera_first"))
    upload = st.file_uploader(words("measure.upload"), type=["video"], key=f"upload-{turn}", disabled=request is None)
    allowed = words("measure.limits", minutes=round(limits.MAX_DURATION_S / 60), megabytes=round(limits.MAX_BYTES / 1e6))
    st.caption(f"{allowed} {words('measure.privacy')}")
    st.caption(words("measure.from_phone"))
    if upload is not None and request is not None:
        st.session_state[_TURN] += 1  # even if it cannot be queued: the same upload must not come twice
        _add(lambda: service.queue.add(uploads.received(upload, service.store.uploads), shown_name(upload.name), request), words)
    if st.button(words("measure.sample"), icon=":material/play_circle:"):
        clip = next(path for path in _SAMPLES if path.is_file())
        _add(lambda: service.queue.add(clip, clip.name, Request(Camera.BACK, kind=Kind.SAMPLE), copy=True), words)


def _add(add: Callable[[], str], words: Words) -> None:
    """Add a job and follow it, or show why it could not be added."""
    try:
        job_id = add()
    except UploadGone:
        st.session_state[_PROBLEM] = words("measure.upload_gone")
    except OSError as problem:
        st.session_state[_PROBLEM] = words("measure.not_kept", why=problem.strerror or type(problem).__name__)
    else:
        st.session_state[_UNFOLDED] = False
        jobs_view.follow_from_now(job_id)
    st.rerun()


def _asked(words: Words, turn: int) -> Request | None:
    """The answers for one video; the next starts with empty ones. None until the camera is stated, even if as unknown."""
    place = st.empty()
    if problem := st.session_state.pop(_PROBLEM, ""):
        place.error(session.plain(problem), icon=":material/error:")
    camera = st.radio(
        words("measure.ask.camera"),
        list(Camera),
        index=None,
        format_func=lambda camera: words(f"measure.ask.{camera.value}"),
        help=words("measure.ask.camera_help"),
        horizontal=True,
        key=f"camera-{turn}",
    )
    kind = st.selectbox(words("measure.ask.kind"), OWN_KINDS, format_func=lambda kind: words(f"app.kind.{kind.value}"), key=f"kind-{turn}")
    with st.expander(words("measure.ask.more")):
        title = st.text_input(words("measure.ask.title"), max_chars=200, placeholder=words("measure.ask.title_hint"), key=f"title-{turn}")
        day = st.date_input(words("measure.ask.day"), None, max_value="today", key=f"day-{turn}")
        note = st.text_area(words("measure.ask.note"), max_chars=2000, key=f"note-{turn}")
        keep = st.checkbox(words("measure.ask.keep"), key=f"keep-{turn}")
    return Request(camera, title.strip(), kind or Kind.SINGLE, note.strip(), keep, day) if camera else None
