"""The form of the page Measure: what is asked, and the one control that takes the video."""

from pathlib import Path

import streamlit as st

from hipcv import limits
from hipcv.container import shown_name
from hipcv.job import Camera, Request
from hipcv.visit import OWN_KINDS, Kind
from hipcv.web import uploads
from hipcv.web.jobs_view import JOB
from hipcv.web.service import Service
from hipcv.words import Words

_SAMPLES = [Path(__file__).parents[1] / "samples", Path(__file__).parents[2] / "samples"]
"""In an installed package, and in a checkout."""
_SAMPLE = "p06_asym.mp4"
_TURN = "uploads_so_far"
"""A new number makes a new, empty control."""


def form(service: Service, words: Words) -> None:
    """A video that is chosen, or the sample, becomes a job at once."""
    turn = st.session_state.setdefault(_TURN, 0)
    request = _asked(words, turn)
    upload = st.file_uploader(words("measure.upload"), type=["video"], key=f"upload-{turn}")
    st.caption(f"{_limits(words)} {words('measure.privacy')}")
    if upload is not None:
        clip = uploads.received(upload, service.uploads)
        _start(service.queue.add(clip, shown_name(upload.name), request))
    if st.button(words("measure.sample"), icon=":material/play_circle:"):
        clip = sample_clip()
        _start(service.queue.add(clip, clip.name, Request(title=words("measure.sample_name"), kind=Kind.SAMPLE), copy=True))


def sample_clip() -> Path:
    """The clip that is shipped."""
    return next(path for folder in _SAMPLES if (path := folder / _SAMPLE).is_file())


def _asked(words: Words, turn: int) -> Request:
    """The answers belong to one video: the next one starts with empty ones."""
    camera = st.radio(
        words("measure.ask.camera"),
        list(Camera),
        format_func=lambda camera: words(f"measure.ask.{camera.value}"),
        help=words("measure.ask.camera_help"),
        horizontal=True,
        key=f"camera-{turn}",
    )
    kind = st.selectbox(words("measure.ask.kind"), OWN_KINDS, format_func=lambda kind: words(f"app.kind.{kind.value}"), key=f"kind-{turn}")
    with st.expander(words("measure.ask.more")):
        title = st.text_input(words("measure.ask.title"), max_chars=200, placeholder=words("measure.ask.title_hint"), key=f"title-{turn}")
        note = st.text_area(words("measure.ask.note"), max_chars=2000, key=f"note-{turn}")
        keep = st.checkbox(words("measure.ask.keep"), key=f"keep-{turn}")
    return Request(camera or Camera.BACK, title.strip(), kind or Kind.SINGLE, note.strip(), keep)


def _limits(words: Words) -> str:
    return words("measure.limits", minutes=round(limits.MAX_DURATION_S / 60), megabytes=round(limits.MAX_BYTES / 1e6))


def _start(job_id: str) -> None:
    """From here on this page follows the job, also after a refresh."""
    st.session_state[_TURN] += 1
    st.query_params[JOB] = job_id
    st.rerun()
